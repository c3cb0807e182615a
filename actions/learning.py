"""What customers say of themselves and of those close to them, read and kept with their words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from actions.conversation import Conversation, Entity
from actions.facts import may_be_told, worded
from actions.family import SELF, is_child, whose
from marketing import dates, formats, sizes
from memory import facts

LONGEST_SAID = 300
IN_PASSING = 0.7
"""How sure we are of what was said as part of a wish."""
_SAID_IN_PASSING = ("shoe_size", "clothing_size", "width")
_WOMEN = re.compile(
    r"women|ladies|wife|mom|mother|daughter|여성|여자|아내|엄마|어머니", re.IGNORECASE
)
_NOT = re.compile(
    r"싫|안 |않|별로|못 |\bno\b|\bnot\b|n't|\bhate\b|\bnever\b|\bdislike\b", re.IGNORECASE
)
_USUAL = re.compile(r"보통|평범|\bregular\b|\bnormal\b|\bstandard\b", re.IGNORECASE)
_FOND = re.compile(r"좋아|선호|최애|favou?rite|\blike\b|\blove\b|\bprefer\b", re.IGNORECASE)
_DOES = re.compile(
    r"좋아|해요|합니다|해$|하는|다녀|가요|갑니다|빠졌|즐|준비|뛰|매일|자주|주말|취미|"
    r"\blike\b|\blove\b|\bevery|\boften\b|\bdo\b|\bgo\b|\btraining\b|\bmostly\b|\binto\b|\bi \w+",
    re.IGNORECASE,
)
_OCCASIONS = frozenset({"everyday", "gifts", "winter", "rain", "school"})
"""Activities of the catalogue that are occasions, not something a person is fond of."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """One fact as it was told."""

    kind: str
    value: Any
    subject: str


def told_in(conversation: Conversation) -> Iterator[Told]:
    """Every fact in the message, the last of a kind and person only."""
    found: dict[tuple[str, str], Told] = {}
    for entity in conversation.entities:
        for one in _fact(conversation, entity):
            found[one.kind, one.subject] = one
    yield from found.values()


def _fact(conversation: Conversation, entity: Entity) -> Iterator[Told]:
    name, value = str(entity["entity"]), str(entity["value"])
    subject = whose(conversation, int(entity.get("start") or 0))
    text, shop = conversation.turn.text, conversation.shop
    if name == "size":
        yield from _size(text, value, subject)
    elif name == "date":
        yield from _day(conversation, entity, subject)
    elif name == "name":
        yield Told(kind="name", value=value, subject=subject)
    elif name == "width" and shop.label("widths", value):
        yield Told(kind="width", value=value, subject=subject)
    elif name == "fact_kind" and value == "width" and _USUAL.search(text):
        yield Told(kind="width", value="regular", subject=subject)
    elif _NOT.search(text):
        return
    elif name == "colour" and shop.label("colours", value) and _FOND.search(text):
        yield Told(kind="colour", value=value, subject=subject)
    elif name == "activity" and shop.label("activities", value) and _is_fond_of(text, value):
        yield Told(kind="activity", value=value, subject=subject)


def _is_fond_of(text: str, activity: str) -> bool:
    return activity not in _OCCASIONS and _DOES.search(text) is not None


def _size(text: str, said: str, subject: str) -> Iterator[Told]:
    meant = sizes.meant(
        said,
        of_child=is_child(subject),
        of_woman=_WOMEN.search(text) is not None,
    )
    if isinstance(meant, sizes.ShoeSize):
        yield Told(kind="shoe_size", value=meant.millimetres, subject=subject)
    elif isinstance(meant, sizes.ClothingSize):
        yield Told(kind="clothing_size", value=meant.label, subject=subject)


def _day(conversation: Conversation, entity: Entity, subject: str) -> Iterator[Told]:
    kind = _kind_of_day(conversation, int(entity.get("start") or 0))
    day = dates.read(str(entity["value"]), today=conversation.turn.now.date())
    if kind is None or day is None:
        return
    yield Told(kind=kind, value=day.as_value(), subject=SELF if kind == "anniversary" else subject)


def _kind_of_day(conversation: Conversation, at: int) -> str | None:
    """Which day it is: by the word before the date, else by the one after it."""
    words = [
        (int(one.get("start") or 0), str(one["value"]))
        for one in conversation.entities
        if one["entity"] == "fact_kind" and one["value"] in ("birthday", "anniversary")
    ]
    before = [kind for start, kind in words if start < at]
    after = [kind for start, kind in words if start >= at]
    return before[-1] if before else next(iter(after), None)


def keep(conversation: Conversation, told: Sequence[Told]) -> None:
    """Learn the facts and say what was kept, what was changed and what was known already."""
    turn = conversation.turn
    said: dict[str, list[str]] = {}
    for one in told:
        held = turn.recalled.fact(one.kind, one.subject)
        response = "utter_corrected" if _learn(conversation, one) else "utter_kept_already"
        if held is None or not may_be_told(conversation, held):
            response = "utter_kept"
        words = worded(conversation, one.kind, one.value, one.subject)
        said.setdefault(response, []).append(words)
    for response, kept in said.items():
        conversation.say(response, facts=formats.listing(kept, turn.language))


def keep_in_passing(conversation: Conversation) -> None:
    """Keep the sizes and widths in a wish, where none is known yet, and say so: they need not be
    asked for again. Nothing that is known is changed by a wish: it may be for somebody else."""
    recalled = conversation.turn.recalled
    new = [
        one
        for one in told_in(conversation)
        if one.kind in _SAID_IN_PASSING and recalled.fact(one.kind, one.subject) is None
    ]
    for one in new:
        _learn(conversation, one, confidence=IN_PASSING)
    words = [worded(conversation, one.kind, one.value, one.subject) for one in new]
    if words:
        facts_said = formats.listing(words, conversation.turn.language)
        conversation.say("utter_kept", facts=facts_said)


def _learn(conversation: Conversation, one: Told, confidence: float = 1.0) -> bool:
    turn = conversation.turn
    return facts.learn(
        turn.connection,
        turn.customer_id,
        kind=one.kind,
        value=one.value,
        subject=one.subject,
        now=turn.now,
        said=turn.text[:LONGEST_SAID],
        source_seq=turn.seq,
        confidence=confidence,
    )
