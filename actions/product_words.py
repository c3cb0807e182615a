"""Words for products, kinds of products and sizes that several flows need."""

from __future__ import annotations

from actions.conversation import Conversation
from actions.shop import Product
from marketing import stock

WIDE = "wide"


def things(conversation: Conversation, category: str | None) -> str:
    """What a category is called in mid-sentence; `상품`, `things` for any."""
    label = conversation.shop.label("categories", category) if category else None
    if label is None:
        return conversation.phrase("utter_what_things")
    return label.lower() if conversation.turn.language == "en" else label


def size_of(conversation: Conversation, product: Product, asked: stock.Asked) -> str:
    """The size asked for as it is called here, with the width where it is not the usual one."""
    found = stock.variants(product, asked)
    size = asked.size or ""
    if found and asked.size is not None:
        size = conversation.shop.size_label(found[0])
    if asked.width != WIDE or not stock.has_two_widths(product):
        return size
    wide = conversation.shop.label("widths", WIDE) or WIDE
    return f"{size} {wide}".strip()


def in_size(conversation: Conversation, size: str, product: Product, width: str | None) -> str:
    """`270 사이즈로`, `in 9 wide`."""
    has_width = width == WIDE and stock.has_two_widths(product)
    asked = stock.Asked(size=size, width=width if has_width else None)
    called = size_of(conversation, product, stock.Asked(size=asked.size))
    response = "utter_in_wide_size" if has_width else "utter_in_plain_size"
    return conversation.phrase(response, size=called)


def not_carried_brand(conversation: Conversation) -> str | None:
    """The first brand named that the shop does not carry."""
    brand = conversation.term("brand", "other_brands")
    return conversation.shop.label("other_brands", brand) if brand else None
