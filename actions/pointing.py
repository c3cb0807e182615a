"""Which of the products shown last a message points at: by its place or by its price ("두 번째
거", "the last one", "the cheapest one").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.choices import place_in
from actions.conversation import Conversation
from actions.shop import Product
from marketing import recommendation

_LAST = re.compile(r"마지막\s*(?:거|꺼|것|걸|상품|신발|에)|\blast (?:one|pair)\b", re.IGNORECASE)
_CHEAPEST = re.compile(
    r"(?:제일|가장|젤)\s*(?:싼|저렴)|최저가|\bcheapest\b"
    r"|\bleast expensive\b|\blowest price",
    re.IGNORECASE,
)
_DEAREST = re.compile(
    r"(?:제일|가장|젤)\s*(?:비싼|비싸)|\bmost expensive\b|\bpriciest\b", re.IGNORECASE
)


def wants_cheapest(text: str) -> bool:
    """True for "제일 싼 거 보여줘", "the cheapest one"."""
    return _CHEAPEST.search(text) is not None


def cheapest_shown(conversation: Conversation) -> Product | None:
    """The cheapest of several products that were shown last; None if no more than one was."""
    listed = _listed(conversation)
    return _by_price(conversation, listed)[0] if len(listed) > 1 else None


def pointed_at(conversation: Conversation) -> Product | None:
    """The product that is pointed at; None if there is none, or nothing to point at."""
    listed = _listed(conversation)
    if not listed:
        return None
    text = conversation.turn.text
    place = place_in(text, len(listed))
    if place is not None:
        return listed[place]
    if len(listed) == 1:
        return None
    if _LAST.search(text):
        return listed[-1]
    by_price = _by_price(conversation, listed)
    if wants_cheapest(text):
        return by_price[0]
    return by_price[-1] if _DEAREST.search(text) else None


def _by_price(conversation: Conversation, listed: Sequence[Product]) -> list[Product]:
    currency = conversation.shop.currency
    return sorted(listed, key=lambda one: recommendation.price(one, currency))


def _listed(conversation: Conversation) -> list[Product]:
    """What was shown last; once one of several was looked at, still those several, so that "the
    third one" may follow "the second one"."""
    shown = conversation.shown_before()
    if len(shown) != 1:
        return shown
    newest = (conversation.slots.get("already_shown") or ())[-recommendation.MOST :]
    found = [one for one in map(conversation.shop.product, newest) if one is not None]
    return found if shown[0] in found else shown
