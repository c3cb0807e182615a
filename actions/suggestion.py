"""What is known of somebody when something is suggested to them: what to leave out, and the reasons
that may be told, in the order said, bought. What was looked at is never told (DESIGN rule 13).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from actions.conversation import Conversation
from actions.facts import may_be_told, worded
from actions.shop import Product
from marketing import avoidance, formats, stock
from marketing.avoidance import Avoided
from memory.facts import Fact

MOST_REASONS = 3

_BRIGHT = avoidance.BRIGHT_COLOURS
_Matters = Callable[[Product, str], bool]
_MATTERS: Mapping[str, _Matters] = {
    "width": lambda product, _: stock.has_widths(product),
    "activity": lambda product, value: value in product["activities"],
    "brand_liked": lambda product, value: product["brand"] == value,
    "colour_liked": lambda product, value: value in stock.colours(product),
}
"""By kind of fact, whether it speaks for a product that is shown."""
_LEFT_OUT: Mapping[str, _Matters] = {
    "colour_disliked": lambda product, value: value in stock.colours(product),
    "brand_disliked": lambda product, value: product["brand"] == value,
    "allergy": avoidance.is_made_of,
    "style_disliked": lambda product, value: (
        avoidance.is_in_style(product, value)
        or (value == avoidance.BRIGHT and not _BRIGHT.isdisjoint(stock.colours(product)))
    ),
    "dislikes": avoidance.has_what_is_said,
}
"""By kind of fact, whether it speaks against a product that is not shown."""
_SAID_NOW = {"width": "width", "activity": "activity"}
"""Kinds that a message may tell itself, by the entity that does."""


def avoided(conversation: Conversation, whom: str) -> Avoided:
    """What is not to be proposed to them. What is named in this message is wanted after all."""
    recalled = conversation.turn.recalled
    wanted = frozenset(conversation.values("colour") + conversation.values("brand"))
    named = frozenset(str(one["product_id"]) for one in conversation.named_products())
    had = frozenset(recalled.just_bought) | frozenset(recalled.given_back)
    styles = frozenset(_values(conversation, "style_disliked", whom))
    colours = frozenset(_values(conversation, "colour_disliked", whom))
    return Avoided(
        colours=(colours | (_BRIGHT if avoidance.BRIGHT in styles else frozenset())) - wanted,
        brands=frozenset(_values(conversation, "brand_disliked", whom)) - wanted,
        allergens=frozenset(_values(conversation, "allergy", whom)),
        styles=styles,
        words=frozenset(_values(conversation, "dislikes", whom)),
        products=(had if whom == "self" else frozenset()) - named,
    )


def liked(conversation: Conversation, kind: str, whom: str) -> frozenset[str]:
    """The brands or colours they have said they like."""
    return frozenset(_values(conversation, kind, whom))


def brands_bought(conversation: Conversation) -> frozenset[str]:
    """Brands of what they bought and kept, for whoever has shown who they are."""
    return frozenset(str(one["brand"]) for one in _kept(conversation))


def say_because(
    conversation: Conversation, whom: str, shown: Sequence[Product], given_up: Sequence[str]
) -> None:
    """Say what was taken into account of what they told; else of what they bought. Nothing that had
    to be `given_up`."""
    said = [
        worded(conversation, fact.kind, fact.value, fact.subject)
        for fact in conversation.turn.recalled.facts
        if fact.subject == whom and fact.kind not in given_up and _speaks(conversation, fact, shown)
    ]
    if said:
        reasons = formats.listing(said[-MOST_REASONS:], conversation.turn.language)
        conversation.say("utter_because_said", reasons=reasons)
        return
    brands = {one["brand"] for one in shown}
    bought = next((one for one in _kept(conversation) if one["brand"] in brands), None)
    if bought is not None and whom == "self":
        conversation.say("utter_because_bought", product=conversation.shop.name_of(bought))


def _speaks(conversation: Conversation, fact: Fact, shown: Iterable[Product]) -> bool:
    """True if this fact has to do with what is shown, may be told here, and is no news."""
    if not may_be_told(conversation, fact) or conversation.values(_SAID_NOW.get(fact.kind, "")):
        return False
    if fact.kind in _MATTERS:
        return any(_MATTERS[fact.kind](one, str(fact.value)) for one in shown)
    if fact.kind in _LEFT_OUT:
        categories = {one["category"] for one in shown}
        return any(
            _LEFT_OUT[fact.kind](one, str(fact.value))
            for one in conversation.shop.products
            if one["category"] in categories
        )
    return False


def _values(conversation: Conversation, kind: str, whom: str) -> list[str]:
    facts = conversation.turn.recalled.facts
    return [str(one.value) for one in facts if one.kind == kind and one.subject == whom]


def _kept(conversation: Conversation) -> list[Product]:
    """What they bought and did not send back, the newest first."""
    recalled = conversation.turn.recalled
    orders: list[Mapping[str, Any]] = list(recalled.orders) if recalled.is_proven else []
    ids = [line["product_id"] for one in orders for line in one["lines"]]
    kept = (one for one in ids if one not in recalled.given_back)
    found = (conversation.shop.product(product_id) for product_id in kept)
    return [one for one in found if one is not None]
