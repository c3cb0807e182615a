"""Buying: the way to the product's page. The chat itself takes no order and says so."""

from __future__ import annotations

import re
from typing import Any

from actions.conversation import Answer, Conversation
from actions.product_info import says_brand_is_not_carried
from actions.product_stock import stock_of
from actions.product_words import size_of
from actions.recommend import wish_of
from actions.shop import Product
from marketing import recommendation, stock
from marketing.stock import Asked

_PLACES = (
    re.compile(r"첫|\bfirst\b|1번", re.IGNORECASE),
    re.compile(r"두\s?번째|둘째|\bsecond\b|2번", re.IGNORECASE),
    re.compile(r"세\s?번째|셋째|\bthird\b|3번", re.IGNORECASE),
)


class Buy(Answer):
    """Leads to the page where it can be ordered."""

    called = "action_buy"

    def answer(self, conversation: Conversation) -> None:
        """Give the link, if it is there."""
        if says_brand_is_not_carried(conversation):
            return
        product = _chosen(conversation)
        if product is None:
            conversation.ask("product", "utter_order_which")
            return
        wish = wish_of(conversation)
        size = conversation.size_said() or recommendation.size_for(product, wish)
        width = wish.width if stock.is_made(product, Asked(width=wish.width)) else None
        asked = Asked(size=size, width=width, colour=wish.colour)
        if stock.left(product, asked) == 0:
            stock_of(conversation, product)
        else:
            _lead(conversation, product, asked)


def _lead(conversation: Conversation, product: Product, asked: Asked) -> None:
    shop = conversation.shop
    conversation.shown = [str(product["product_id"])]
    told: dict[str, Any] = {
        "product": shop.name_of(product),
        "price": shop.price_of(product),
        "link": shop.page_of(product),
    }
    if asked.size is None or stock.is_in_one_size(product):
        conversation.say("utter_order_link", **told)
    else:
        size = size_of(conversation, product, asked)
        conversation.say("utter_order_link_in_size", size=size, **told)


def _chosen(conversation: Conversation) -> Product | None:
    """The product named; else the one of those last shown that is pointed at, or the only one."""
    named = conversation.named_products()
    if named:
        return named[0]
    shown = conversation.shown_before()
    for place, pattern in enumerate(_PLACES[: len(shown)]):
        if pattern.search(conversation.turn.text):
            return shown[place]
    return shown[0] if len(shown) == 1 else None
