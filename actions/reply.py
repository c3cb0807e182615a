"""Yes, no and neither: an answer to what was asked last, or to an offer that is open. Where there
is none, they are never taken for an agreement to anything.
"""

from __future__ import annotations

from actions import consent, human, link_phone, offer_reply, remind
from actions.answer import Answer
from actions.conversation import Conversation
from actions.learning import keeps_dislikes

_QUESTIONS_WITHOUT_YES = frozenset({"category", "product", "shoe_size"})
"""Asked last, they make a yes unclear, whatever else is open."""
_MAY_WAIT = frozenset({*_QUESTIONS_WITHOUT_YES, "code", "order_size", "phone", "remind_when"})
"""Questions that stay open while somebody hesitates: no bare yes can end anything by them."""


class Affirm(Answer):
    """Takes a yes for what it can only mean, else asks."""

    called = "action_affirm"

    def answer(self, conversation: Conversation) -> None:
        """Go through what may have been asked, the last first."""
        takers = (
            human.says_yes,
            remind.says_yes,
            link_phone.asks_again,
            consent.says_yes_vaguely,
            offer_reply.says_yes_to_question,
            consent.confirms,
            offer_reply.takes_yes,
            consent.reminds,
        )
        is_elsewhere = conversation.open_question in _QUESTIONS_WITHOUT_YES
        if is_elsewhere or not any(takes(conversation) for takes in takers):
            conversation.say("utter_what_yes")


class Deny(Answer):
    """Takes a no for what it can only mean, else asks what would be better."""

    called = "action_deny"

    def answer(self, conversation: Conversation) -> None:
        """Go through what may have been asked, the last first."""
        takers = (
            link_phone.drops_it,
            human.says_no,
            offer_reply.says_no_to_question,
            consent.says_no,
            offer_reply.takes_no,
        )
        if not any(takes(conversation) for takes in (*takers, keeps_dislikes)):
            conversation.say("utter_what_no")


class Unsure(Answer):
    """Takes nothing for anything, and says again what a plain answer would be about."""

    called = "action_unsure"

    def answer(self, conversation: Conversation) -> None:
        """What was asked or offered last stays open."""
        question = conversation.open_question
        if question in _MAY_WAIT:
            conversation.keep_open(question, conversation.question_about)
            conversation.say("utter_unsure_asked")
            return
        takers = (
            consent.says_why,
            consent.says_yes_vaguely,
            consent.confirms,
            offer_reply.asks_what_is_meant,
        )
        if not any(takes(conversation) for takes in takers):
            conversation.say("utter_unsure")
