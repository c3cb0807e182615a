"""Yes and no where nothing was asked: never taken for an agreement to anything."""

from __future__ import annotations

from actions.conversation import Answer, Conversation


class Affirm(Answer):
    """Asks what is meant."""

    called = "action_affirm"

    def answer(self, conversation: Conversation) -> None:
        """Ask."""
        conversation.say("utter_what_yes")


class Deny(Answer):
    """Asks what would be better."""

    called = "action_deny"

    def answer(self, conversation: Conversation) -> None:
        """Ask."""
        conversation.say("utter_what_no")
