"""The way to the shop's own checkout, with the basket and the coupon filled in. The chat itself
takes no order and says so: it is one when the shop says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actions import open_offers
from actions.about_me import is_bare_size
from actions.answer import reads
from actions.conversation import Conversation
from actions.learning import keep_in_passing
from actions.product_stock import asked_for, is_about, stock_of
from actions.product_words import size_of
from actions.shop import Product
from marketing import recommendation, stock
from marketing.stock import Asked, Variant
from memory import coupons, offers
from memory.coupons import Coupon
from memory.offers import Offer

_SIZED_LIKE_THEMSELVES = frozenset({"everyone", "men"})
"""Whose sizes are counted as a fact about the customer's own is."""
_WANTS_IT = frozenset({"accept_offer", "affirm", "buy", "nlu_fallback"})
"""Intents of a message that names the product and asks nothing about it."""


def order(
    conversation: Conversation,
    product: Product,
    offer: Offer | None = None,
    asked: Asked | None = None,
) -> None:
    """Lead to the checkout, if it is there in the size wanted (`asked`, if that is known); an
    `offer` of it is accepted."""
    asked = asked or wanted(conversation, product, offer)
    if is_gone(product, asked):
        say_it_is_gone(conversation, product)
    elif needs_size(product, asked):
        ask_size(conversation, product, offer)
    else:
        _lead(conversation, product, asked, offer)


def product_of(conversation: Conversation, offer: Offer) -> Product:
    """The product of an offer at hand: those are listed."""
    product = conversation.shop.product(offer.product_id)
    assert product is not None
    return product


def wanted(conversation: Conversation, product: Product, offer: Offer | None) -> Asked:
    """The size, width and colour that are meant: said or remembered, else as they were offered. A
    width that matters to nobody is one that is there, the usual one first."""
    asked = _said_or_remembered(conversation, product, offer)
    if asked.size is None or asked.width is not None or is_gone(product, asked):
        return asked
    return replace(asked, width=_variant(product, asked).get("width"))


def _said_or_remembered(conversation: Conversation, product: Product, offer: Offer | None) -> Asked:
    asked = asked_for(conversation, product)
    if product["for_whom"] == "children":
        # A child grows: last year's size is not proposed.
        asked = Asked(size=conversation.size_said(), colour=asked.colour)
    looked_up = conversation.slots.get("last_looked_up") or {}
    if looked_up.get("product") == product["product_id"] and conversation.size_said() is None:
        asked = Asked(
            size=looked_up["size"],
            width=asked.width or looked_up["width"],
            colour=asked.colour or looked_up["colour"],
        )
    if not stock.is_made(product, Asked(width=asked.width)):
        asked = replace(asked, width=None)
    if asked.size is None and offer is not None and offer.about.get("size"):
        return replace(asked, size=str(offer.about["size"]))
    return asked


def is_gone(product: Product, asked: Asked) -> bool:
    """True if there is none like that."""
    return stock.left(product, asked) == 0


def say_it_is_gone(conversation: Conversation, product: Product) -> None:
    """Say what there is instead; another size may be chosen in answer."""
    stock_of(conversation, product)
    if stock.sizes_left(product, Asked()):
        conversation.keep_open("order_size", {"product": product["product_id"]})


def needs_size(product: Product, asked: Asked) -> bool:
    """True if nobody knows yet which size it is to be."""
    return asked.size is None and not stock.is_in_one_size(product)


def ask_size(conversation: Conversation, product: Product, offer: Offer | None) -> None:
    """Ask for what is missing."""
    quantity = conversation.first("quantity")
    is_guest = offer is not None and open_offers.is_of_somebody_unproven(conversation.turn, offer)
    conversation.ask(
        "order_size",
        "utter_ask_order_size_of_guest" if is_guest else "utter_ask_order_size",
        about={
            "product": product["product_id"],
            **({"quantity": quantity} if quantity else {}),
        },
        product=conversation.shop.name_of(product),
        sizes=conversation.shop.size_labels(stock.sizes_left(product, Asked())),
    )
    is_about(conversation, product)


def called(conversation: Conversation, product: Product, asked: Asked) -> str:
    """`릿지 GTX 275`, `Ridge GTX in 9.5`."""
    name = conversation.shop.name_of(product)
    if asked.size is None or stock.is_in_one_size(product):
        return name
    size = size_of(conversation, product, asked)
    return conversation.phrase("utter_product_in_size", product=name, size=size)


def link_to(
    conversation: Conversation,
    product: Product,
    asked: Asked,
    coupon: Coupon | None,
    quantity: int = 1,
) -> str:
    """The checkout of what is there like that; its page, while the size is not known."""
    if needs_size(product, asked) or is_gone(product, asked):
        return conversation.shop.page_of(product)
    variant = _variant(product, asked)
    return conversation.shop.checkout_of(variant, coupon.code if coupon else None, quantity)


def coupon_of(conversation: Conversation, offer: Offer | None) -> Coupon | None:
    """The coupon that was given with an offer, while it counts."""
    if offer is None:
        return None
    turn = conversation.turn
    held = coupons.of_offer(turn.connection, *open_offers.owner(offer))
    return coupons.valid(turn.connection, held.code, now=turn.now) if held else None


def _lead(conversation: Conversation, product: Product, asked: Asked, offer: Offer | None) -> None:
    shop, turn = conversation.shop, conversation.turn
    coupon = coupon_of(conversation, offer)
    quantity = _quantity(conversation, product, asked)
    what = called(conversation, product, asked)
    if quantity > 1:
        what = conversation.phrase("utter_several_of_product", what=what, quantity=quantity)
    told: dict[str, Any] = {
        "what": what,
        "price": shop.money(quantity * recommendation.price(product, shop.currency)),
        "link": link_to(conversation, product, asked, coupon, quantity),
    }
    if coupon is None:
        _say_if_coupon_is_over(conversation, offer)
        conversation.say("utter_order_link", **told)
    else:
        reduced = recommendation.reduced(product, shop.currency, coupon.percent, quantity)
        told = {**told, "percent": coupon.percent, "reduced": shop.money(reduced)}
        conversation.say("utter_order_link_with_coupon", **told)
    if offer is not None:
        offers.answer(turn.connection, offer, "accepted", reason="accepted", now=turn.now)
    conversation.led_to = str(product["product_id"])
    is_about(conversation, product)


def _quantity(conversation: Conversation, product: Product, asked: Asked) -> int:
    """How many are wanted, now or when the size was asked for; no more than are there."""
    before = None
    if conversation.open_question == "order_size":
        before = conversation.question_about.get("quantity")
    wanted = int(conversation.first("quantity") or before or 1)
    return max(1, min(wanted, int(_variant(product, asked)["stock"])))


def _say_if_coupon_is_over(conversation: Conversation, offer: Offer | None) -> None:
    """Whoever was promised a reduction is not led to the full price without a word."""
    turn = conversation.turn
    if offer is not None and coupons.has_expired(
        turn.connection, *open_offers.owner(offer), now=turn.now
    ):
        conversation.say("utter_coupon_over")


def _variant(product: Product, asked: Asked) -> Variant:
    """One that is there, of the usual width where none is wanted."""
    there = [one for one in stock.variants(product, asked) if one["stock"] > 0]
    return min(there, key=lambda one: one.get("width") not in (None, "regular"))


@reads("order_size")
def _read_size(conversation: Conversation) -> bool:
    """A size orders; the product's name alone leaves the question open."""
    product = conversation.shop.product(conversation.question_about.get("product"))
    if product is None:
        return False
    is_repeated = (
        conversation.intent in _WANTS_IT
        and conversation.named_products() == [product]
        and conversation.size_said() is None
    )
    if not is_repeated and not is_bare_size(conversation):
        return False
    usable = open_offers.usable(conversation.turn)
    offer = next((one for one in usable if one.product_id == product["product_id"]), None)
    order(conversation, product, offer)
    if not is_repeated and product["for_whom"] in _SIZED_LIKE_THEMSELVES:
        keep_in_passing(conversation)
    return True
