"""What was told, made of what nlu has read of it: values with their units, days placed in the
calendar of the day on which they were said, and whose they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from marketing import dates, sizes

MUTED_TOPIC = "muted_topic"
"""Kind of what is never made a fact: only the topic is kept that is not spoken of any more."""
CHILDREN = frozenset({"child", "son", "daughter", "nephew_or_niece", "grandchild"})
"""Those who wear children's sizes."""
OPPOSITE: Mapping[str, str] = {
    "colour_liked": "colour_disliked",
    "colour_disliked": "colour_liked",
    "brand_liked": "brand_disliked",
    "brand_disliked": "brand_liked",
    "style_liked": "style_disliked",
    "style_disliked": "style_liked",
    "likes": "dislikes",
    "dislikes": "likes",
}
"""Kinds of which one and the same item cannot be both."""
ITEM_KINDS = frozenset(
    {
        *OPPOSITE,
        *("activity", "allergy", "need", "family", "pet", "objection", "intention", "promise"),
        "has",
        MUTED_TOPIC,
    }
)
"""Kinds of which several hold at once, told apart by their item."""
WOMENS_CLOTHES = frozenset({"44", "55", "66", "77", "88"})
"""Korean sizes of women's clothes."""
_YOUNGEST, _OLDEST = 14, 120
"""Of those who write themselves; children under 14 may not agree to anything (PIPA §22-2)."""
_LONGEST_TEXT = 60
_NOT_SO: Mapping[str, tuple[str, ...]] = {
    "he": ("wife", "mother", "daughter", "parents"),
    "she": ("husband", "father", "son", "parents"),
    "they": ("parents",),
}
"""Pronouns, and those who are never meant by them."""
_A_WHOLE_WEEK = re.compile(r"week[+-]\d+")
_GONE_BY = re.compile("(?:days|week|month|year)-")
_DONE_ON_TRIPS = frozenset(
    {"camping", "hiking", "skiing", "fishing", "golf", "cycling", "climbing"}
)

Read = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Told:
    """One fact as it was told."""

    kind: str
    value: Any
    subject: str
    item: str = ""
    rule: str | None = None
    confidence: float = 1.0


def is_child(subject: str) -> bool:
    """True for somebody who wears children's sizes."""
    return relation(subject) in CHILDREN


def relation(subject: str) -> str:
    """`son` of `son:민준`."""
    return subject.partition(":")[0]


def settled(read: Iterable[Read], *, today: date, close: Sequence[str] = ()) -> list[Told]:
    """The facts in what was read, in order. Nothing of a size, a day or a sum that cannot be.

    `close` are the people of whom something is known, whoever was spoken of last first: of them is
    what is told of "she", 걔 or a name alone, and of nobody where there is none such."""
    found = list(_settled(read, today, close))
    # A wedding whose day is known is an anniversary, and no mere plan.
    said_better = {("intention", "wedding")} if _has(found, "anniversary") else set()
    # A camping trip is camping.
    if any(one.kind == "intention" and one.item in _DONE_ON_TRIPS for one in found):
        said_better.add(("intention", "trip"))
    return [one for one in found if (one.kind, one.item) not in said_better]


def _has(found: Iterable[Told], kind: str) -> bool:
    return any(one.kind == kind for one in found)


def _settled(read: Iterable[Read], today: date, close: Sequence[str]) -> Iterator[Told]:
    for one in read:
        subject = _who(_subject(str(one["subject"]), today), close)
        if subject is None:
            continue
        kind, value = _KINDS.get(str(one["reading"]), _as_it_is)(one, subject, today)
        if value is None:
            continue
        yield Told(
            kind=kind,
            value=value,
            subject=subject,
            item=relation(str(one["value"])) if kind == "family" else item_of(kind, value),
            rule=str(one["rule"]),
            confidence=float(one["confidence"]),
        )


def item_of(kind: str, value: Any) -> str:
    """By what a fact is told apart from others of its kind; empty where one holds at a time."""
    if kind not in ITEM_KINDS:
        return ""
    if kind == "pet" and isinstance(value, Mapping):
        return str(value["name"] or value["animal"])
    if kind == "intention" and isinstance(value, Mapping):
        return str(value["what"])
    if kind == "has" and isinstance(value, Mapping):
        return str(value["category"])
    if kind == "promise" and isinstance(value, Mapping):
        return str(value["about"] or "")
    return str(value).casefold()


def _subject(said: str, today: date) -> str:
    """`son/age5` becomes `son:2021`, who is told apart by the year of birth."""
    who, _, age = said.partition("/age")
    return f"{who}:{today.year - int(age)}" if age else who


def _who(said: str, close: Sequence[str]) -> str | None:
    """Of the people close by the one who is meant by a pronoun or by a name alone."""
    kind, _, name = said.partition(":")
    if kind == "called":
        alike = (one for one in close if one.partition(":")[2].casefold() == name.casefold())
        return next(alike, None)
    if said not in _NOT_SO:
        return said
    return next((one for one in close if relation(one) not in ("self", *_NOT_SO[said])), None)


def _size(one: Read, subject: str, _today: date) -> tuple[str, Any]:
    said = str(one["value"])
    if said in WOMENS_CLOTHES:
        return "clothing_size", said
    if one.get("of_shoe") and said.isdigit() and int(said) in sizes.CHILDRENS_SHOES_MM:
        return "shoe_size", int(said)
    meant = sizes.meant(said, of_child=is_child(subject), of_woman=bool(one.get("of_woman")))
    if meant is None and relation(subject) in ("son", "daughter"):
        meant = sizes.meant(said, of_woman=bool(one.get("of_woman")))
    if isinstance(meant, sizes.ShoeSize):
        return "shoe_size", meant.millimetres
    if isinstance(meant, sizes.ClothingSize):
        return "clothing_size", meant.label
    return "shoe_size", None


def _day(one: Read, _subject: str, today: date) -> tuple[str, Any]:
    kind = str(one["kind"])
    if _A_WHOLE_WEEK.fullmatch(str(one["value"])):
        return kind, None
    read = dates.read_wedding if kind == "anniversary" else dates.read
    day = read(str(one["value"]), today=today)
    return kind, None if day is None else day.as_value()


def _money(one: Read, _subject: str, _today: date) -> tuple[str, Any]:
    amount, _, currency = str(one["value"]).partition(" ")
    try:
        number = Decimal(amount)
    except InvalidOperation:
        return str(one["kind"]), None
    value = int(number) if number == int(number) else float(number)
    return str(one["kind"]), {"amount": value, "currency": currency}


def _number(one: Read, subject: str, _today: date) -> tuple[str, Any]:
    """An age; "I'm 9" tells a size, if anything."""
    number = int(str(one["value"]))
    youngest = _YOUNGEST if subject == "self" else 0
    return str(one["kind"]), number if youngest <= number <= _OLDEST else None


def _family(one: Read, _subject: str, _today: date) -> tuple[str, Any]:
    return str(one["kind"]), int(one.get("count") or 1)


def _text(one: Read, _subject: str, _today: date) -> tuple[str, Any]:
    said = " ".join(str(one["value"]).split())
    return str(one["kind"]), said if 0 < len(said) <= _LONGEST_TEXT else None


def _city(one: Read, subject: str, today: date) -> tuple[str, Any]:
    kind, said = _text(one, subject, today)
    return kind, said.title() if said and said.isascii() else said


def _intention(one: Read, _subject: str, today: date) -> tuple[str, Any]:
    when = one.get("when")
    if when and _GONE_BY.match(str(when)):
        return str(one["kind"]), None
    at = dates.later(str(when), today=today) if when else None
    return str(one["kind"]), {"what": one["value"], "when": at}


def _promise(one: Read, _subject: str, today: date) -> tuple[str, Any]:
    when = dates.later(str(one["value"]), today=today)
    return str(one["kind"]), {"when": when, "about": one.get("about")} if when else None


def _pet(one: Read, _subject: str, _today: date) -> tuple[str, Any]:
    return str(one["kind"]), {"animal": one["value"], "name": one.get("name")}


def _as_it_is(one: Read, _subject: str, _today: date) -> tuple[str, Any]:
    return str(one["kind"]), one["value"]


_KINDS: Mapping[str, Callable[[Read, str, date], tuple[str, Any]]] = {
    "size": _size,
    "day": _day,
    "money": _money,
    "number": _number,
    "family": _family,
    "text": _text,
    "name": _text,
    "city": _city,
    "intention": _intention,
    "promise": _promise,
    "pet": _pet,
}
