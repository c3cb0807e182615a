"""What the assistant is and can do."""

from __future__ import annotations

from actions.answer import Answer
from actions.conversation import Conversation


class AskHelp(Answer):
    """Says what can be asked, with topics to choose from."""

    called = "action_ask_help"
    is_aside = True

    def answer(self, conversation: Conversation) -> None:
        """Help."""
        conversation.say("utter_help")
