"""What customers tell of themselves and of those close to them is kept, with their words; said
back briefly, so that they can correct it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from actions.conversation import Answer, Conversation, Entity
from actions.facts import may_be_told, worded
from actions.family import SELF, is_child, whose
from actions.recommend import recommend
from marketing import dates, formats, sizes
from memory import facts

LONGEST_SAID = 300
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
_SIZE_WITHOUT_ENTITY = re.compile(
    r"(?:사이즈|치수|신발|발은|\bsize|\bwear|\btake)\D{0,12}?(\d{1,4})(?![\d.]|\s*(?:월|년|살|만|개))"
    r"|(?<!\d)(\d{2,4})\s*(?:mm|사이즈|신어|신습)",
    re.IGNORECASE,
)
_ASKS = re.compile(r"있|재고|남았|얼마|\?|have|stock|any\b|left|available", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Told:
    """One fact as it was told."""

    kind: str
    value: Any
    subject: str


class TellAboutMe(Answer):
    """Keeps what is told, and goes on with what was asked before."""

    called = "action_tell_about_me"

    def answer(self, conversation: Conversation) -> None:
        """Learn."""
        was_asked = conversation.slots.get("open_question") == "shoe_size"
        told = list(_told(conversation))
        odd = _impossible(conversation, told)
        _keep(conversation, told)
        if odd is not None:
            conversation.say(odd[0], said=odd[1])
        elif not told and conversation.most_to_spend() is not None:
            recommend(conversation)
        elif not told:
            conversation.say("utter_nothing_to_keep")
        elif was_asked and any(one.kind == "shoe_size" for one in told):
            recommend(conversation)


def is_bare_size(conversation: Conversation) -> bool:
    """True for an answer that consists of a size and asks nothing."""
    return (
        conversation.first("size") is not None
        and not conversation.named_products()
        and _ASKS.search(conversation.turn.text) is None
    )


def goes_on_with_size(conversation: Conversation) -> None:
    """Keep the size that was asked for, and recommend in it."""
    _keep(conversation, [one for one in _told(conversation) if one.kind.endswith("size")])
    recommend(conversation)


def _told(conversation: Conversation) -> Iterator[Told]:
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


def _impossible(conversation: Conversation, told: list[Told]) -> tuple[str, str] | None:
    """The response and the words for a size or a date that cannot be."""
    text = conversation.turn.text
    day = dates.impossible(text, today=conversation.turn.now.date())
    if day is not None:
        return "utter_impossible_date", day
    if any(one.kind.endswith("size") for one in told):
        return None
    said = conversation.first("size")
    if said is not None:
        return "utter_impossible_size", said
    match = None if told else _SIZE_WITHOUT_ENTITY.search(text)
    if match is None:
        return None
    return "utter_impossible_size", match.group(1) or match.group(2)


def _keep(conversation: Conversation, told: list[Told]) -> None:
    """Learn the facts and say what was kept, what was changed and what was known already."""
    turn = conversation.turn
    said: dict[str, list[str]] = {}
    for one in told:
        held = turn.recalled.fact(one.kind, one.subject)
        is_new = facts.learn(
            turn.connection,
            turn.customer_id,
            kind=one.kind,
            value=one.value,
            subject=one.subject,
            now=turn.now,
            said=turn.text[:LONGEST_SAID],
            source_seq=turn.seq,
        )
        response = "utter_corrected" if is_new else "utter_kept_already"
        if held is None or not may_be_told(conversation, held):
            response = "utter_kept"
        words = worded(conversation, one.kind, one.value, one.subject)
        said.setdefault(response, []).append(words)
    for response, kept in said.items():
        conversation.say(response, facts=formats.listing(kept, turn.language))
