"""Too dear: price, stock and one step down, once for an offer however often it is said (STORIES 3).
The shop's own profile says how far it comes down.
"""

from __future__ import annotations

from typing import Any

from actions import checkout, open_offers
from actions.conversation import Conversation
from actions.product_stock import is_about
from actions.shop import Product
from actions.voices import hear_refusal
from marketing import recommendation, voices
from memory import coupons, offers
from memory.coupons import Coupon
from memory.offers import Offer


def come_down(conversation: Conversation, offer: Offer) -> None:
    """The first step of the ladder, once; there is no second (STORIES 3)."""
    product = checkout.product_of(conversation, offer)
    if offer.concession == 0:
        hear_refusal(conversation, product, topic=voices.PRICE)
    asked = checkout.wanted(conversation, product, offer)
    if checkout.is_gone(product, asked):
        checkout.say_it_is_gone(conversation, product)
        return
    coupon = _first_step(conversation, offer) if offer.concession == 0 else None
    if coupon is None:
        _stay(conversation, product, offer)
        return
    shop = conversation.shop
    told: dict[str, Any] = {
        "what": checkout.called(conversation, product, asked),
        "price": shop.price_of(product),
        "percent": coupon.percent,
        "reduced": shop.money(recommendation.reduced(product, shop.currency, coupon.percent)),
    }
    if checkout.needs_size(product, asked):
        conversation.say("utter_price_step_without_size", **told)
        checkout.ask_size(conversation, product, offer)
    else:
        link = checkout.link_to(conversation, product, asked, coupon)
        conversation.say("utter_price_step", link=link, **told)
    is_about(conversation, product)


def _first_step(conversation: Conversation, offer: Offer) -> Coupon | None:
    """The coupon that the shop gives to those who find it dear; None if it gives none."""
    percent = int(conversation.shop.store.get("price_concession_percent") or 0)
    if percent <= 0:
        return None
    turn = conversation.turn
    customer_id, offer_id = open_offers.owner(offer)
    coupon = coupons.issue(
        turn.connection,
        customer_id,
        offer_id=offer_id,
        percent=percent,
        product_id=offer.product_id,
        now=turn.now,
    )
    offers.set_concession(turn.connection, offer, 1)
    return coupon


def _stay(conversation: Conversation, product: Product, offer: Offer) -> None:
    """No further step; what was given is still given."""
    shop = conversation.shop
    asked = checkout.wanted(conversation, product, offer)
    coupon = checkout.coupon_of(conversation, offer)
    told: dict[str, Any] = {
        "what": checkout.called(conversation, product, asked),
        "price": shop.price_of(product),
        "link": checkout.link_to(conversation, product, asked, coupon),
    }
    if coupon is None:
        conversation.say("utter_price_stays", **told)
    else:
        reduced = shop.money(recommendation.reduced(product, shop.currency, coupon.percent))
        conversation.say(
            "utter_price_stays_reduced", percent=coupon.percent, reduced=reduced, **told
        )
    is_about(conversation, product)
