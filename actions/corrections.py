"""What was just asked, put right ("아니 260 말고 270", "no, I meant the blue one"): the answer is
given again for what is meant.
"""

from __future__ import annotations

import re

from actions.answer import reads_first
from actions.conversation import Conversation, Entity
from actions.product_stock import stock_of

_CORRECTS = re.compile(
    r"말고|아니|잘못|다시|정정|\bmeant?\b|^\W*(?:no|sorry|oops|wait|actually|i mean)\b|\bnot\b"
    r"|\binstead\b|\brather\b",
    re.IGNORECASE,
)
_NOT_THIS = re.compile(r"(?:사이즈|색상|색|으로|로)?(?:이|가)?\s*(?:말고|아니[고라]|대신)")
_NOT_THAT = re.compile(r"\b(?:not|instead of|rather than)\s+(?:the|in|a|size)?\s*$", re.IGNORECASE)
_NUMBER_AT_THE_END = re.compile(r"(?<![\d.])(\d{1,2}(?:\.5)?)\W*$")
_PUT_RIGHT = frozenset({"size", "colour", "width"})
_ASKED = frozenset({"ask_stock", "ask_price", "ask_product"})
_MAY_CORRECT = frozenset(
    {"tell_about_me", "deny", "unsure", "nlu_fallback", "ask_stock", "change_order", "ask_return"}
)
"""What such a message is taken for. In none of these is anything carried out by it."""


@reads_first
def corrects_the_question(conversation: Conversation) -> bool:
    """Answers again about the one product that was just asked about."""
    if not _is_correction(conversation):
        return False
    shown = conversation.shown_before()
    meant = [one for one in conversation.entities if not _is_taken_back(conversation, one)]
    meant += [] if meant else _number_at_the_end(conversation.turn.text)
    named = {str(one["entity"]) for one in meant}
    if len(shown) != 1 or not named & _PUT_RIGHT or not named <= _PUT_RIGHT:
        return False
    conversation.entities = meant
    stock_of(conversation, shown[0])
    return True


def _is_correction(conversation: Conversation) -> bool:
    return (
        conversation.intent in _MAY_CORRECT
        and conversation.open_question is None
        and not conversation.offers_at_hand()
        and _CORRECTS.search(conversation.turn.text) is not None
        and _asked_before(conversation) in _ASKED
    )


def _asked_before(conversation: Conversation) -> str | None:
    """The intent of what they wrote last."""
    lately = conversation.turn.recalled.lately
    said = (one for one in reversed(lately) if one["direction"] == "in")
    return next((one.get("intent") for one in said), None)


def _number_at_the_end(text: str) -> list[Entity]:
    """The size of "sorry, I meant 10"."""
    found = _NUMBER_AT_THE_END.search(text)
    if found is None:
        return []
    size = {"entity": "size", "value": found.group(1)}
    return [{**size, "start": found.start(1), "end": found.end(1)}]


def _is_taken_back(conversation: Conversation, entity: Entity) -> bool:
    """True for the 260 of "260 말고 270"."""
    text = conversation.turn.text
    start, end = int(entity.get("start") or 0), int(entity.get("end") or 0)
    return _NOT_THIS.match(text, end) is not None or _NOT_THAT.search(text[:start]) is not None
