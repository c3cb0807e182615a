"""Prices, stock and descriptions. "It" is the product last shown; what the shop does not have is
said so, with what comes near.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from actions import remembered
from actions.about_me import goes_on_with_size, is_bare_size
from actions.answer import NOTHING_ASKED, Answer, reads
from actions.choices import is_a_number, only_points
from actions.conversation import Conversation
from actions.offer_reply import reply_to_offer
from actions.pointing import pointed_at
from actions.product_stock import is_about, stock_among, stock_of, stock_of_kind
from actions.product_words import not_carried_brand, things
from actions.recommend import shows_cheapest, wish_of
from actions.shop import Product
from marketing import formats, recommendation
from marketing.recommendation import MOST

_DO_YOU_SELL = re.compile(
    r"팔아|파나|파세요|판매|취급|\bsell\b|\bcarry\b|\bstock\s+\w|\bdo you have (?:any )?[a-z]+s\b",
    re.IGNORECASE,
)
_RESTOCK = re.compile(r"입고|들어오|들어와|restock|back in stock|get more", re.IGNORECASE)
_NOT_TOLD = re.compile(
    r"포인트|쿠폰|적립|할인|깎아|에누리|\bpoints?\b|\bcoupons?\b|\bdiscount", re.IGNORECASE
)
"""What neither the catalogue nor the store profile says anything about."""
_COLOUR = re.compile(r"무슨 색|색상|색깔|다른 색|colou?rs?\b", re.IGNORECASE)
_BEYOND_THE_CATALOGUE = frozenset(
    {"weight", "care", "parts", "capacity", "warranty", "reviews", "warmth"}
)
"""Topics on which a product's description may well be silent."""
_DECIDES = frozenset({"accept_offer", "affirm", "buy", "deny", "decline_offer"})
"""Intents that do more than point."""
_POINTS_FOR = timedelta(hours=24)


class AskPrice(Answer):
    """Says what things cost."""

    called = "action_ask_price"
    is_aside = True

    def answer(self, conversation: Conversation) -> None:
        """Say the price."""
        if _is_about_reduction(conversation) and reply_to_offer(conversation, "object_price"):
            return
        if _is_not_told(conversation) or says_brand_is_not_carried(conversation):
            return
        points = pointed_at(conversation) is not None and not _names_a_kind(conversation)
        if not points and shows_cheapest(conversation):
            return
        products = in_question(conversation)
        category = conversation.term("category", "categories")
        if len(products) == 1:
            price_of(conversation, products[0])
            remembered.mention(conversation, products[0])
        elif products:
            conversation.say("utter_prices", products=products[:MOST])
        elif category is not None:
            _price_range(conversation, category)
        else:
            _ask_which(conversation)


class AskStock(Answer):
    """Says whether there is one."""

    called = "action_ask_stock"
    is_aside = True

    def answer(self, conversation: Conversation) -> None:
        """Say what is there."""
        if conversation.open_question == "shoe_size" and is_bare_size(conversation):
            goes_on_with_size(conversation)
            return
        if _is_not_told(conversation) or says_brand_is_not_carried(conversation):
            return
        products = in_question(conversation)
        if products and _COLOUR.search(conversation.turn.text):
            _colours_of(conversation, products[0])
        elif len(products) == 1:
            stock_of(conversation, products[0])
            remembered.mention(conversation, products[0])
            if _RESTOCK.search(conversation.turn.text):
                conversation.say("utter_store_not_known")
        elif products:
            stock_among(conversation, products)
        elif _names_a_kind(conversation):
            stock_of_kind(conversation)
        else:
            _ask_which(conversation)


class AskProduct(Answer):
    """Describes products."""

    called = "action_ask_product"
    is_aside = True

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
            are_compared = "comparison" in topics or len(conversation.named_products()) > 1
            described = products[: 2 if are_compared else 1]
            for product in described:
                describe(conversation, product)
            is_about(conversation, *described)
            remembered.mention(conversation, described[0])
            if "fit" in topics and conversation.shop.told("size_help"):
                conversation.say("utter_store_text", answer=conversation.shop.told("size_help"))
            if _BEYOND_THE_CATALOGUE & set(topics):
                conversation.say("utter_more_from_the_store")


@reads("shoe_size")
def _read_place(conversation: Conversation) -> bool:
    """ "2" after three products is the second of them: nobody wears so small a size."""
    return is_a_number(conversation.turn.text) and _describe_pointed_at(conversation)


@reads(NOTHING_ASKED)
def _read_pointing(conversation: Conversation) -> bool:
    """ "2" and "the first one", where nothing was asked: for a day, one of what was shown last."""
    turn = conversation.turn
    spans = [(int(one["start"]), int(one["end"])) for one in conversation.entities if "end" in one]
    told = [one for one in turn.recalled.lately if one["direction"] == "out"]
    told_at = max((datetime.fromisoformat(str(one["at"])) for one in told), default=None)
    return (
        conversation.intent not in _DECIDES
        and only_points(turn.text, spans)
        and told_at is not None
        and told_at > turn.now - _POINTS_FOR
        and not conversation.offers_at_hand()
        and _describe_pointed_at(conversation)
    )


def _describe_pointed_at(conversation: Conversation) -> bool:
    product = pointed_at(conversation)
    if product is None:
        return False
    describe(conversation, product)
    is_about(conversation, product)
    return True


def _is_about_reduction(conversation: Conversation) -> bool:
    return _NOT_TOLD.search(conversation.turn.text) is not None


def _is_not_told(conversation: Conversation) -> bool:
    """Say that discounts, points and coupons are not known here, if that is the question."""
    if not _is_about_reduction(conversation):
        return False
    conversation.say("utter_store_not_known")
    return True


def in_question(conversation: Conversation) -> list[Product]:
    """The products named; else those of earlier visits, if the message refers to them; else, if
    nothing else is named, those last shown."""
    named = conversation.named_products()
    earlier = [] if named else remembered.meant(conversation)
    if named or earlier or _names_a_kind(conversation):
        return named or earlier
    if _DO_YOU_SELL.search(conversation.turn.text):
        return []
    one = pointed_at(conversation)
    return conversation.shown_before() if one is None else [one]


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
    is_about(conversation, product)


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


def describe(conversation: Conversation, product: Product) -> None:
    """Say what a product is; only its colours if that is the question."""
    shop = conversation.shop
    if _COLOUR.search(conversation.turn.text):
        _colours_of(conversation, product)
        return
    conversation.say(
        "utter_product",
        products=[product],
        product=shop.name_of(product),
        description=product["description"][shop.language],
        material=product["material"][shop.language],
        price=shop.price_of(product),
        link=shop.page_of(product),
    )


def _colours_of(conversation: Conversation, product: Product) -> None:
    shop = conversation.shop
    colours = shop.colours_of(product)
    conversation.say("utter_colours", product=shop.name_of(product), colours=colours)
    is_about(conversation, product)
