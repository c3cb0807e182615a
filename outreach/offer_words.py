"""An offer in words: the response of its campaign with its blanks filled in, no more personal than
the way it goes. The law's marks come around it later.
"""

from __future__ import annotations

import re

from marketing import advertisement, campaigns, recommendation, stock
from marketing.recommendation import Wish
from marketing.stock import Asked
from outreach.case import Case, Product
from outreach.ideas import Idea
from outreach.live_words import said

REGULAR = "regular"
"""The width that goes without saying."""
_SPACES = re.compile(r" {2,}")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s")


def body(case: Case, idea: Idea, *, channel: str, size: Asked | None, may_name: bool) -> str:
    """What is said of the offer: in `size` if they told us one it is there in, by name if it
    `may_name` them. What an empty blank leaves is mended. Raises WordingBroken."""
    values = {
        "product": case.name_of(idea.product),
        "price": case.price_of(idea.product),
        "good_for": _good_for(idea.product, case.language),
        "size_phrase": _size_phrase(case, idea.product, size, channel) if size else "",
        "customer_name_phrase": _name_phrase(case, channel) if may_name else "",
        **idea.blanks,
    }
    text = said(case.words, idea.response, language=case.language, channel=channel, values=values)
    return _closed_up(text)


def _closed_up(text: str) -> str:
    closed_up = _SPACES.sub(" ", text).strip()
    return closed_up[:1].upper() + closed_up[1:]


def for_anybody(case: Case, product: Product) -> str:
    """What is said of the product to whoever opens the offer's link: nothing of the customer, not
    even what day it is for them. Raises WordingBroken."""
    values = {
        "product": case.name_of(product),
        "price": case.price_of(product),
        "good_for": _good_for(product, case.language),
        "size_phrase": "",
    }
    return _closed_up(
        said(
            case.words,
            campaigns.words(campaigns.BROWSE),
            language=case.language,
            channel="web",
            values=values,
        )
    )


def size_that_fits(case: Case, product: Product) -> Asked | None:
    """The size, and for shoes the width, that they told us, if the product is there in it."""
    told = {kind: str(fact.value) for kind, fact in case.facts.items() if fact.said}
    wish = Wish(shoe_size=told.get("shoe_size"), clothing_size=told.get("clothing_size"))
    size = recommendation.size_for(product, wish)
    if size is None:
        return None
    width = told.get("width") if stock.has_two_widths(product) else None
    asked = Asked(size=size, width=width)
    return asked if stock.left(product, asked) > 0 else None


def _good_for(product: Product, language: str) -> str:
    """The first sentence of its description."""
    return _SENTENCE_END.split(str(product["description"][language]).strip())[0]


def _size_phrase(case: Case, product: Product, size: Asked, channel: str) -> str:
    american = stock.variants(product, size)[0].get("size_us") if case.language == "en" else None
    values = {"size": " ".join([str(american or size.size), *_special_width(case, size)])}
    return said(
        case.words, campaigns.SIZE_PHRASE, language=case.language, channel=channel, values=values
    )


def _special_width(case: Case, size: Asked) -> list[str]:
    """The shop's word for a width that is worth saying."""
    widths = [] if size.width == REGULAR else case.store.get("widths", ())
    return [str(one["label"][case.language]) for one in widths if one["id"] == size.width]


def _name_phrase(case: Case, channel: str) -> str:
    """Nothing if it has signs that a Korean text cannot carry."""
    name = case.name
    if name is None or advertisement.not_encodable(name):
        return ""
    values = {"customer_name": name}
    return said(
        case.words, campaigns.NAME_PHRASE, language=case.language, channel=channel, values=values
    )
