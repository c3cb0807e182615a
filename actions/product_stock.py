"""What is said of stock: one product, those last shown, or a whole kind, in the size, width and
colour asked for or remembered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.conversation import Conversation
from actions.product_words import in_size, size_of
from actions.recommend import things_wished, wish_of
from actions.shop import Product
from marketing import recommendation, stock
from marketing.recommendation import Wish
from marketing.stock import Asked


def is_about(conversation: Conversation, *products: Product) -> None:
    """What the next "it" means."""
    conversation.shown = [str(one["product_id"]) for one in products]
    conversation.category = str(products[0]["category"])


def stock_of(conversation: Conversation, product: Product) -> None:
    """Say whether a product is there in the size, width and colour asked for or remembered."""
    name = conversation.shop.name_of(product)
    is_about(conversation, product)
    asked = asked_for(conversation, product)
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
        _keep_looked_up(conversation, product, asked)
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
        _keep_looked_up(conversation, product, asked)
        sizes = shop.size_labels(available)
        conversation.say("utter_out_of_stock", product=name, size=size, sizes=sizes)
    elif left <= stock.FEW:
        _keep_looked_up(conversation, product, asked)
        conversation.say("utter_last_few", product=name, size=size, count=left, price=price)
    else:
        _keep_looked_up(conversation, product, asked)
        conversation.say("utter_in_stock", product=name, size=size, price=price)


def _keep_looked_up(conversation: Conversation, product: Product, asked: Asked) -> None:
    """ "I'll take it" after "do you have it in 10?" means the 10, and so does "tell me when it's
    back"."""
    conversation.looked_up = {
        "product": str(product["product_id"]),
        "size": asked.size,
        "width": asked.width,
        "colour": asked.colour,
    }


def asked_for(conversation: Conversation, product: Product) -> Asked:
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


def stock_among(conversation: Conversation, products: Sequence[Product]) -> None:
    """Which of those last shown are there like that."""
    there = [one for one in products if stock.left(one, asked_for(conversation, one)) > 0]
    size = asked_for(conversation, products[0]).size
    if size is None and not there:
        stock_of_kind(conversation)
    elif size is None:
        conversation.say("utter_these_shown_are_there", products=there)
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
