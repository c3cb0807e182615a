"""What customers tell of themselves and of those close to them is kept, with their words; said
back briefly, so that they can correct it.
"""

from __future__ import annotations

import re

from actions.answer import Answer
from actions.conversation import Conversation
from actions.learning import keep, size_told, told_in
from actions.recommend import recommend
from marketing import dates, sizes
from marketing.told import Told
from memory import facts

_SIZE_WITHOUT_ENTITY = re.compile(
    r"(?:사이즈|치수|신발|발은|\bsize|\bwear|\btake)\D{0,12}?(\d{1,4})(?![\d.]|\s*(?:월|년|살|만|개))"
    r"|(?<!\d)(\d{2,4})\s*(?:mm|사이즈|신어|신습)",
    re.IGNORECASE,
)
_ASKS = re.compile(r"있|재고|남았|얼마|\?|have|stock|any\b|left|available", re.IGNORECASE)


class TellAboutMe(Answer):
    """Keeps what is told, and goes on with what was asked before."""

    called = "action_tell_about_me"
    is_aside = True

    def answer(self, conversation: Conversation) -> None:
        """Learn."""
        was_asked = conversation.open_question == "shoe_size"
        told = told_in(conversation)
        if not told and (was_asked or is_bare_size(conversation)):
            told = size_told(conversation)
        odd = _impossible(conversation, told)
        keep(conversation, told)
        if odd is not None:
            conversation.say(odd[0], said=odd[1])
        elif not told and _wishes_something(conversation):
            recommend(conversation)
        elif not told:
            conversation.say("utter_nothing_to_keep")
        elif was_asked and any(one.kind == "shoe_size" for one in told):
            recommend(conversation)


def _wishes_something(conversation: Conversation) -> bool:
    """True for "my kid needs a winter jacket" and "my budget is $100"."""
    has_kind = conversation.term("category", "categories") is not None
    return has_kind or conversation.most_to_spend() is not None


class StopLearning(Answer):
    """Keeps nothing new from now on."""

    called = "action_stop_learning"

    def answer(self, conversation: Conversation) -> None:
        """Stop, and say how it is switched on again."""
        turn = conversation.turn
        if not turn.recalled.may_learn:
            conversation.say("utter_learning_stopped_already")
            return
        facts.stop_learning(turn.connection, turn.customer_id, now=turn.now)
        conversation.say("utter_learning_stopped")


class ResumeLearning(Answer):
    """Keeps what they say again."""

    called = "action_resume_learning"

    def answer(self, conversation: Conversation) -> None:
        """Go on as before."""
        turn = conversation.turn
        facts.stop_learning(turn.connection, turn.customer_id, now=None)
        conversation.say("utter_learning_resumed")


def is_bare_size(conversation: Conversation) -> bool:
    """True for an answer that consists of a size and asks nothing."""
    return (
        conversation.first("size") is not None
        and not conversation.named_products()
        and _ASKS.search(conversation.turn.text) is None
    )


def goes_on_with_size(conversation: Conversation) -> None:
    """Keep the size that was asked for, and recommend in it."""
    keep(conversation, size_told(conversation))
    recommend(conversation)


def _impossible(conversation: Conversation, told: list[Told]) -> tuple[str, str] | None:
    """The response and the words for a size or a date that cannot be."""
    text = conversation.turn.text
    day = dates.impossible(text, today=conversation.today)
    if day is not None:
        return "utter_impossible_date", day
    if any(one.kind.endswith("size") for one in told):
        return None
    said = conversation.first("size")
    if said is not None and sizes.meant(said) is None:
        return "utter_impossible_size", said
    match = None if told else _SIZE_WITHOUT_ENTITY.search(text)
    if match is None:
        return None
    return "utter_impossible_size", match.group(1) or match.group(2)
