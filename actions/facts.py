"""How facts are put into words: each kind in its own way, those of somebody close with whose they
are. Says which of them may be told here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time
from decimal import Decimal
from typing import Any

from actions.conversation import Conversation
from actions.product_words import things
from marketing import formats, sizes
from marketing.disclosure import may_say
from marketing.errors import NothingLive
from marketing.told import Told
from memory.facts import Fact

KINDS = frozenset(
    {
        *("name", "shoe_size", "clothing_size", "width", "activity"),
        *("colour_liked", "colour_disliked", "brand_liked", "brand_disliked"),
        *("style_liked", "style_disliked", "likes", "dislikes", "birthday", "anniversary"),
        *("budget", "family", "age", "allergy", "need", "city", "preferred_time"),
        *("preferred_channel", "pet", "objection", "intention", "promise", "has", "language"),
    }
)
"""Kinds of fact that are told; each has `utter_fact_…` and `utter_kind_…` in domain.yml."""

_SHOPS_OWN: Mapping[str, tuple[str, ...]] = {
    "width": ("widths",),
    "activity": ("activities",),
    "colour_liked": ("colours",),
    "colour_disliked": ("colours",),
    "brand_liked": ("brands", "other_brands"),
    "brand_disliked": ("brands", "other_brands"),
}
"""Kinds whose values the shop has words for, and in which sections of its vocabulary."""


def worded(
    conversation: Conversation, kind: str, value: Any, subject: str = "self", item: str = ""
) -> str:
    """`신발 사이즈 270`, `your son's birthday May 3`."""
    response = f"utter_fact_{kind}"
    if kind == "family":
        return conversation.phrase(response, value=_family(conversation, value, item))
    if subject == "self":
        return conversation.phrase(response, value=told(conversation, kind, value))
    said = _length(conversation, value) if kind == "shoe_size" else None
    fact = conversation.phrase(response, value=said or told(conversation, kind, value))
    return _of(conversation, subject, fact)


def _of(conversation: Conversation, subject: str, fact: str) -> str:
    """Whose it is: `son`, `son:민준`, `child:first`, `son:2021`."""
    who, _, which = subject.partition(":")
    if which in ("first", "second", "third", "youngest"):
        return conversation.phrase(f"utter_fact_of_{which}", fact=fact)
    if which.isdigit():
        return conversation.phrase("utter_fact_of_born_in", fact=fact, year=which)
    if which:
        return conversation.phrase("utter_fact_of_named", fact=fact, name=which)
    return _known_phrase(conversation, f"utter_fact_of_{who}", fact=fact) or conversation.phrase(
        "utter_fact_of_somebody", fact=fact
    )


def kind_word(conversation: Conversation, kind: str) -> str:
    """`신발 사이즈`, `birthday`."""
    return conversation.phrase(f"utter_kind_{kind}")


def told(conversation: Conversation, kind: str, value: Any) -> str:
    """The value of a fact in the customer's language."""
    way = _WAYS.get(kind)
    if way is not None:
        return way(conversation, value)
    for section in _SHOPS_OWN.get(kind, ()):
        label = conversation.shop.label(section, str(value))
        if label is not None:
            return label
    return _word(conversation, value)


def is_as_known(fact: Fact, one: Told) -> bool:
    """True if the fact stands in the place of what was told."""
    return (fact.kind, fact.subject, fact.item) == (one.kind, one.subject, one.item)


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


def _word(conversation: Conversation, value: Any) -> str:
    """The word for a value, else the value as it was said."""
    return _known_phrase(conversation, f"utter_word_{value}") or str(value)


def _known_phrase(conversation: Conversation, response: str, **values: object) -> str | None:
    try:
        return conversation.phrase(response, **values)
    except NothingLive:
        return None


def _day(conversation: Conversation, value: Any) -> str:
    return formats.day_of_year(value, conversation.turn.language)


def _money(conversation: Conversation, value: Any) -> str:
    language = conversation.turn.language
    return formats.money(Decimal(str(value["amount"])), str(value["currency"]), language)


def _family(conversation: Conversation, count: Any, who: str) -> str:
    word = _word(conversation, who)
    if int(count) == 1:
        return word
    return conversation.phrase("utter_several", value=word, count=count)


def _pet(conversation: Conversation, value: Any) -> str:
    word = _word(conversation, value["animal"])
    if value["name"] is None:
        return word
    return conversation.phrase("utter_word_with", value=word, name=value["name"])


def _plan(conversation: Conversation, value: Any) -> str:
    what = told(conversation, "activity", value["what"])
    if value["when"] is None:
        return what
    when = formats.month_or_day(str(value["when"]), conversation.turn.language)
    return conversation.phrase("utter_word_when", value=what, when=when)


def _promise(conversation: Conversation, value: Any) -> str:
    if value["when"] is None:
        return conversation.phrase("utter_word_news")
    return formats.month_or_day(str(value["when"]), conversation.turn.language)


def _thing(conversation: Conversation, value: Any) -> str:
    return things(conversation, str(value["category"]))


def _time(conversation: Conversation, value: Any) -> str:
    order, _, at = str(value).rpartition(" ")
    if ":" not in at:
        return _word(conversation, value)
    said = formats.clock_time(time.fromisoformat(at), conversation.turn.language)
    return conversation.phrase(f"utter_word_{order}", time=said) if order else said


_WAYS: Mapping[str, Callable[[Conversation, Any], str]] = {
    "shoe_size": _shoe_size,
    "birthday": _day,
    "anniversary": _day,
    "budget": _money,
    "pet": _pet,
    "intention": _plan,
    "promise": _promise,
    "has": _thing,
    "preferred_time": _time,
}
