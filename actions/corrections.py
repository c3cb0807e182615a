"""What was just asked or told, put right ("아니 260 말고 270", "no, I meant the blue one", "sorry,
July 2"): the answer is given again for what is meant, and the day is kept instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions.answer import reads_first
from actions.conversation import Conversation, Entity
from actions.learning import keep, told_in
from actions.product_stock import stock_of
from marketing.told import Told

_CORRECTS = re.compile(
    r"말고|아니|잘못|다시|정정|\bmeant?\b|^\W*(?:no|sorry|oops|wait|actually|i mean)\b|\bnot\b"
    r"|\binstead\b|\brather\b",
    re.IGNORECASE,
)
_NOT_THIS = re.compile(r"(?:사이즈|색상|색|으로|로)?(?:이|가)?\s*(?:말고|아니[고라]|대신)")
_NOT_THAT = re.compile(r"\b(?:not|instead of|rather than)\s+(?:the|in|a|size)?\s*$", re.IGNORECASE)
_NUMBER_AT_THE_END = re.compile(r"(?<![\d.])(\d{1,2}(?:\.5)?)\W*$")
_PUT_RIGHT = frozenset({"size", "colour", "width"})
_DAYS = frozenset({"birthday", "anniversary"})
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


@reads_first
def corrects_a_day(conversation: Conversation) -> bool:
    """Keeps a birthday or an anniversary that was just told with the day that is meant."""
    if not _puts_right(conversation) or told_in(conversation):
        return False
    before = _said_before(conversation)
    recalled = conversation.turn.recalled.facts
    told = [one for one in recalled if one.kind in _DAYS and one.source_seq == before.get("seq")]
    days = [one for one in conversation.entities if one["entity"] == "date"]
    meant = [str(one["value"]) for one in days if not _is_taken_back(conversation, one)]
    if len(told) != 1 or len(meant) != 1:
        return False
    *year, month, day = (int(part) for part in meant[0].split("-"))
    value = {**told[0].value, **({"year": year[0]} if year else {}), "month": month, "day": day}
    keep(conversation, [Told(kind=told[0].kind, value=value, subject=told[0].subject)])
    return True


def _is_correction(conversation: Conversation) -> bool:
    is_of_a_question = _said_before(conversation).get("intent") in _ASKED
    return is_of_a_question and _puts_right(conversation)


def _puts_right(conversation: Conversation) -> bool:
    return (
        conversation.intent in _MAY_CORRECT
        and conversation.open_question is None
        and not conversation.offers_at_hand()
        and _CORRECTS.search(conversation.turn.text) is not None
    )


def _said_before(conversation: Conversation) -> Mapping[str, Any]:
    """What they wrote last; nothing if that was long ago."""
    lately = conversation.turn.recalled.lately
    return next((one for one in reversed(lately) if one["direction"] == "in"), {})


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
