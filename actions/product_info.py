"""Prices, stock and descriptions. "It" is the product last shown; what the shop does not have is
said so, with what comes near.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from actions.about_me import goes_on_with_size, is_bare_size
from actions.conversation import Answer, Conversation
from actions.product_words import in_size, not_carried_brand, size_of, things
from actions.recommend import things_wished, wish_of
from actions.shop import Product
from marketing import formats, recommendation, stock
from marketing.recommendation import MOST, Wish
from marketing.stock import Asked

_DO_YOU_SELL = re.compile(
    r"팔아|파나|파세요|판매|취급|\bsell\b|\bcarry\b|\bstock\s+\w|\bdo you have (?:any )?[a-z]+s\b",
    re.IGNORECASE,
)
_COLOUR = re.compile(r"무슨 색|색상|색깔|다른 색|colou?rs?\b", re.IGNORECASE)
_BEYOND_THE_CATALOGUE = frozenset(
    {"weight", "care", "parts", "capacity", "warranty", "reviews", "warmth"}
)
"""Topics on which a product's description may well be silent."""


class AskPrice(Answer):
    """Says what things cost."""

    called = "action_ask_price"

    def answer(self, conversation: Conversation) -> None:
        """Say the price."""
        if says_brand_is_not_carried(conversation):
            return
        products = in_question(conversation)
        category = conversation.term("category", "categories")
        if len(products) == 1:
            price_of(conversation, products[0])
        elif products:
            conversation.say("utter_prices", products=products[:MOST])
        elif category is not None:
            _price_range(conversation, category)
        else:
            _ask_which(conversation)


class AskStock(Answer):
    """Says whether there is one."""

    called = "action_ask_stock"

    def answer(self, conversation: Conversation) -> None:
        """Say what is there."""
        if conversation.slots.get("open_question") == "shoe_size" and is_bare_size(conversation):
            goes_on_with_size(conversation)
            return
        if says_brand_is_not_carried(conversation):
            return
        products = in_question(conversation)
        if len(products) == 1:
            stock_of(conversation, products[0])
        elif products:
            _stock_among(conversation, products)
        elif _names_a_kind(conversation):
            stock_of_kind(conversation)
        else:
            _ask_which(conversation)


class AskProduct(Answer):
    """Describes products."""

    called = "action_ask_product"

    def answer(self, conversation: Conversation) -> None:
        """Describe what is asked about."""
        if says_brand_is_not_carried(conversation):
            return
        products = in_question(conversation)
        if not products and _names_a_kind(conversation):
            stock_of_kind(conversation)
        elif not products:
            _ask_which(conversation)
        else:
            topics = conversation.values("product_topic")
            described = products[: 2 if "comparison" in topics else 1]
            for product in described:
                describe(conversation, product)
            _is_about(conversation, *described)
            if "fit" in topics and conversation.shop.told("size_help"):
                conversation.say("utter_store_text", answer=conversation.shop.told("size_help"))
            if _BEYOND_THE_CATALOGUE & set(topics):
                conversation.say("utter_more_from_the_store")


def in_question(conversation: Conversation) -> list[Product]:
    """The products named; else, if nothing else is named, those last shown."""
    named = conversation.named_products()
    if named or _names_a_kind(conversation):
        return named
    if _DO_YOU_SELL.search(conversation.turn.text):
        return []
    return conversation.shown_before()


def _names_a_kind(conversation: Conversation) -> bool:
    in_store = (("category", "categories"), ("brand", "brands"))
    return any(conversation.term(name, section) for name, section in in_store)


def _ask_which(conversation: Conversation) -> None:
    shop = conversation.shop
    if not shop.products:
        conversation.say("utter_no_products")
    elif conversation.size_said() and not _DO_YOU_SELL.search(conversation.turn.text):
        stock_of_kind(conversation)
    elif _DO_YOU_SELL.search(conversation.turn.text):
        kinds = [things(conversation, term["id"]) for term in shop.store.get("categories", ())]
        categories = formats.listing(kinds, shop.language)
        conversation.say("utter_not_carried", categories=categories)
    else:
        conversation.ask("product", "utter_which_product")


def says_brand_is_not_carried(conversation: Conversation) -> bool:
    """Say that a brand is not carried and what is there instead; False if none such was named."""
    brand = not_carried_brand(conversation)
    if brand is None or conversation.named_products():
        return False
    conversation.say("utter_brand_not_carried", brand=brand)
    if conversation.term("category", "categories") or conversation.size_said():
        stock_of_kind(conversation)
    else:
        conversation.ask("category", "utter_ask_category")
    return True


def price_of(conversation: Conversation, product: Product) -> None:
    """Say what one product costs."""
    shop = conversation.shop
    conversation.say("utter_price", product=shop.name_of(product), price=shop.price_of(product))
    _is_about(conversation, product)


def _is_about(conversation: Conversation, *products: Product) -> None:
    """What the next "it" means."""
    conversation.shown = [str(one["product_id"]) for one in products]
    conversation.category = str(products[0]["category"])


def _price_range(conversation: Conversation, category: str) -> None:
    shop = conversation.shop
    wish = replace(wish_of(conversation), category=category)
    choice = recommendation.choose(shop.products, wish)
    conversation.category = category
    if not choice.products:
        conversation.say("utter_recommend_nothing")
        return
    prices = [recommendation.price(one, shop.currency) for one in shop.in_category(category)]
    conversation.say(
        "utter_price_range",
        products=choice.products,
        what=things(conversation, category),
        lowest=shop.money(min(prices)),
        highest=shop.money(max(prices)),
    )


def stock_of(conversation: Conversation, product: Product) -> None:
    """Say whether a product is there in the size, width and colour asked for or remembered."""
    name = conversation.shop.name_of(product)
    _is_about(conversation, product)
    asked = _asked(conversation, product)
    colour = conversation.shop.label("colours", asked.colour or "")
    if not stock.is_made(product, Asked(colour=asked.colour)):
        colours = conversation.shop.colours_of(product)
        conversation.say("utter_no_such_colour", product=name, colour=colour, colours=colours)
        return
    if not stock.is_made(product, Asked(width=asked.width)):
        width = conversation.shop.label("widths", asked.width or "")
        conversation.say("utter_no_such_width", product=name, width=width)
        asked = replace(asked, width=None)
        if asked.size is not None and stock.left(product, asked) > 0:
            size = size_of(conversation, product, asked)
            price = conversation.shop.price_of(product)
            conversation.say("utter_in_stock_otherwise", size=size, price=price)
            return
    _stock_in_size(conversation, product, asked)


def _stock_in_size(conversation: Conversation, product: Product, asked: Asked) -> None:
    shop = conversation.shop
    name, price = shop.name_of(product), shop.price_of(product)
    left = stock.left(product, asked)
    available = stock.sizes_left(product, asked)
    size = size_of(conversation, product, asked)
    if not available:
        conversation.say("utter_sold_out", product=name)
        _show_similar(conversation, product)
    elif stock.is_in_one_size(product):
        conversation.say("utter_in_stock_one_size", product=name, price=price)
    elif asked.size is None:
        sizes = shop.size_labels(available)
        conversation.say("utter_sizes_in_stock", product=name, sizes=sizes)
    elif not stock.is_made(product, Asked(size=asked.size)):
        sizes = shop.size_labels(stock.all_sizes(product))
        conversation.say("utter_no_such_size", product=name, size=asked.size, sizes=sizes)
    elif left == 0:
        sizes = shop.size_labels(available)
        conversation.say("utter_out_of_stock", product=name, size=size, sizes=sizes)
    elif left <= stock.FEW:
        conversation.say("utter_last_few", product=name, size=size, count=left, price=price)
    else:
        conversation.say("utter_in_stock", product=name, size=size, price=price)


def _asked(conversation: Conversation, product: Product) -> Asked:
    """What is asked for of this product: this message first, then what is remembered."""
    wish = wish_of(conversation)
    wish = replace(wish, for_child=product["for_whom"] == "children")
    width = wish.width if stock.has_widths(product) else None
    said = conversation.size_said()
    size = said if said is not None else recommendation.size_for(product, wish)
    return Asked(size=size, width=width, colour=wish.colour)


def _show_similar(conversation: Conversation, product: Product) -> None:
    wish = replace(wish_of(conversation), category=str(product["category"]), colour=None)
    itself = frozenset([str(product["product_id"])])
    choice = recommendation.choose(conversation.shop.products, wish, already_shown=itself)
    if choice.products:
        conversation.say("utter_similar_instead", products=choice.products)


def _stock_among(conversation: Conversation, products: Sequence[Product]) -> None:
    """Which of those last shown are there like that."""
    there = [one for one in products if stock.left(one, _asked(conversation, one)) > 0]
    size = _asked(conversation, products[0]).size
    if size is None:
        stock_of(conversation, products[0])
    elif there:
        wish = wish_of(conversation)
        shown_in = in_size(conversation, size, there[0], wish.width)
        conversation.say("utter_in_size_among_shown", products=there, in_size=shown_in)
    else:
        conversation.say("utter_none_among_shown", size=size)


def stock_of_kind(conversation: Conversation) -> None:
    """What there is of a category or a brand in a size said or remembered."""
    shop = conversation.shop
    wish = wish_of(conversation)
    what = things_wished(conversation, wish)
    conversation.category = wish.category
    said = conversation.size_said()
    if said is not None and not _is_made_at_all(conversation, wish, said):
        made = [one for one in shop.products if _is_of_kind(one, wish)]
        variants = [variant for one in made for variant in stock.all_sizes(one)]
        sizes = shop.size_labels(stock.one_per_size(variants))
        conversation.say("utter_size_unknown", size=said, what=what, sizes=sizes)
        return
    choice = recommendation.choose(shop.products, wish)
    size = recommendation.size_for(choice.products[0], wish) if choice.products else None
    if not choice.products and wish.shoe_size is None:
        conversation.say("utter_recommend_nothing")
    elif not choice.products:
        conversation.say("utter_none_in_size", what=what, size=wish.shoe_size)
    elif choice.given_up:
        conversation.say("utter_recommend_close", products=choice.products, link=shop.url)
    elif size is not None:
        shown_in = in_size(conversation, size, choice.products[0], wish.width)
        conversation.say("utter_in_size", products=choice.products, what=what, in_size=shown_in)
    else:
        conversation.say("utter_have_these", products=choice.products, what=what)


def _is_of_kind(product: Product, wish: Wish) -> bool:
    if wish.category is not None:
        return bool(product["category"] == wish.category)
    return stock.has_widths(product) and product["for_whom"] != "children"


def _is_made_at_all(conversation: Conversation, wish: Wish, size: str) -> bool:
    kind = [one for one in conversation.shop.products if _is_of_kind(one, wish)]
    return any(stock.is_made(one, Asked(size=size)) for one in kind)


def describe(conversation: Conversation, product: Product) -> None:
    """Say what a product is; only its colours if that is the question."""
    shop = conversation.shop
    name = shop.name_of(product)
    if _COLOUR.search(conversation.turn.text):
        conversation.say("utter_colours", product=name, colours=shop.colours_of(product))
    else:
        conversation.say(
            "utter_product",
            products=[product],
            product=name,
            description=product["description"][shop.language],
            material=product["material"][shop.language],
            price=shop.price_of(product),
            link=shop.page_of(product),
        )
