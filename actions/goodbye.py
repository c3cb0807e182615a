"""Goodbye and thank you."""

from __future__ import annotations

from actions.answer import Answer
from actions.conversation import Conversation
from actions.offer_reply import takes_thanks


class Goodbye(Answer):
    """Takes leave."""

    called = "action_goodbye"

    def answer(self, conversation: Conversation) -> None:
        """Say goodbye."""
        conversation.say("utter_goodbye")


class Thank(Answer):
    """Takes thanks."""

    called = "action_thank"
    is_aside = True

    def answer(self, conversation: Conversation) -> None:
        """Answer a thank-you."""
        if not takes_thanks(conversation):
            conversation.say("utter_thank")
