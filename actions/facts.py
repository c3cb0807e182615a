"""How facts are put into words: each kind in its own way, those of somebody close with whose they
are. Says which of them may be told here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from actions.conversation import Conversation
from marketing import formats, sizes
from marketing.disclosure import may_say
from memory.facts import Fact

KINDS: Mapping[str, tuple[str, str]] = {
    "name": ("utter_fact_name", "utter_kind_name"),
    "shoe_size": ("utter_fact_shoe_size", "utter_kind_shoe_size"),
    "clothing_size": ("utter_fact_clothing_size", "utter_kind_clothing_size"),
    "width": ("utter_fact_width", "utter_kind_width"),
    "activity": ("utter_fact_activity", "utter_kind_activity"),
    "colour": ("utter_fact_colour", "utter_kind_colour"),
    "birthday": ("utter_fact_birthday", "utter_kind_birthday"),
    "anniversary": ("utter_fact_anniversary", "utter_kind_anniversary"),
}
"""Kind of fact → the wording of one and the word for the kind."""

_WHOSE: Mapping[str, str] = {
    "child": "utter_fact_of_child",
    "daughter": "utter_fact_of_daughter",
    "son": "utter_fact_of_son",
    "partner": "utter_fact_of_partner",
    "mother": "utter_fact_of_mother",
    "father": "utter_fact_of_father",
}
_SOMEBODY = "utter_fact_of_somebody"


def worded(conversation: Conversation, kind: str, value: Any, subject: str = "self") -> str:
    """`신발 사이즈 270`, `your son's birthday May 3`."""
    response = KINDS[kind][0]
    if subject == "self":
        return conversation.phrase(response, value=told(conversation, kind, value))
    said = _length(conversation, value) if kind == "shoe_size" else None
    fact = conversation.phrase(response, value=said or told(conversation, kind, value))
    return conversation.phrase(_WHOSE.get(subject, _SOMEBODY), fact=fact)


def kind_word(conversation: Conversation, kind: str) -> str:
    """`신발 사이즈`, `birthday`."""
    return conversation.phrase(KINDS[kind][1])


def told(conversation: Conversation, kind: str, value: Any) -> str:
    """The value of a fact in the customer's language."""
    way = _WAYS.get(kind)
    return way(conversation, value) if way else str(value)


def may_be_told(conversation: Conversation, fact: Fact) -> bool:
    """True if this fact may be told here. What concerns somebody else is never harmless."""
    recalled = conversation.turn.recalled
    return fact.kind in KINDS and may_say(
        fact.kind if fact.subject == "self" else "family",
        is_proven=recalled.is_proven,
        learnt_at=fact.valid_from,
        visit_began_at=recalled.visit_began_at,
    )


def _shoe_size(conversation: Conversation, value: Any) -> str:
    """An American size is a man's: the length beside it leaves no doubt."""
    millimetres = str(value)
    is_grown_up = millimetres.isdigit() and int(millimetres) in sizes.SHOES_MM
    if not is_grown_up or conversation.turn.language != "en":
        return millimetres
    american = sizes.american(int(millimetres))
    return conversation.phrase("utter_american_size", us=american, millimetres=millimetres)


def _length(conversation: Conversation, value: Any) -> str:
    """Of somebody whose American size may be a man's, a woman's or a child's."""
    return conversation.phrase("utter_millimetres", millimetres=value)


def _width(conversation: Conversation, value: Any) -> str:
    return conversation.shop.label("widths", str(value)) or str(value)


def _activity(conversation: Conversation, value: Any) -> str:
    return conversation.shop.label("activities", str(value)) or str(value)


def _colour(conversation: Conversation, value: Any) -> str:
    return conversation.shop.label("colours", str(value)) or str(value)


def _day(conversation: Conversation, value: Any) -> str:
    return formats.day_of_year(value, conversation.turn.language)


_WAYS: Mapping[str, Callable[[Conversation, Any], str]] = {
    "shoe_size": _shoe_size,
    "width": _width,
    "activity": _activity,
    "colour": _colour,
    "birthday": _day,
    "anniversary": _day,
}
