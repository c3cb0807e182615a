"""What is in the basket of the shop, after a proof: what they have put there themselves. Of what
they only looked at there is no word.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from actions.answer import Answer
from actions.conversation import Conversation
from actions.shop import Product
from marketing import basket, recommendation, stock
from marketing.basket import Line
from marketing.stock import Variant
from memory import events
from memory.events import Happened

KNOWN_FOR = timedelta(days=30)
MOST_TOLD = 5


class AskBasket(Answer):
    """Tells what is in it, with the way to the checkout."""

    called = "action_ask_basket"
    is_aside = True

    def answer(self, conversation: Conversation) -> None:
        """By what the shop's pages have told."""
        recalled = conversation.turn.recalled
        if recalled.is_silent or not recalled.is_proven:
            conversation.say("utter_basket_needs_proof")
            return
        found = _held(conversation, _told(conversation))
        if not found:
            conversation.say("utter_basket_unknown")
            return
        worded = [_worded(conversation, *one) for one in found[:MOST_TOLD]]
        conversation.say("utter_basket", items="\n".join(worded))
        if len(found) == 1:
            conversation.shown = [str(found[0][0]["product_id"])]


def worth(conversation: Conversation, *, touched_since: datetime) -> tuple[Decimal, str] | None:
    """What the basket comes to, and a name that it keeps as long as it is filled; None if nothing
    was done with it since then. To be asked for only after a proof."""
    told = _told(conversation)
    if not told or told[-1].name == basket.BOUGHT or told[-1].occurred_at < touched_since:
        return None
    ends = [place for place, one in enumerate(told) if one.name == basket.BOUGHT]
    begun = told[ends[-1] + 1 if ends else 0]
    currency = conversation.shop.currency
    amount = sum(
        recommendation.price(product, currency) * quantity
        for product, _, quantity in _held(conversation, told)
        if currency in product["price"]
    )
    return Decimal(amount), f"basket {begun.occurred_at.isoformat()}"


def _told(conversation: Conversation) -> list[Happened]:
    turn = conversation.turn
    since = turn.now - KNOWN_FOR
    return events.since(turn.connection, turn.customer_id, basket.TOLD, since=since)


def _held(
    conversation: Conversation, told: Sequence[Happened]
) -> list[tuple[Product, Variant | None, int]]:
    lines = basket.basket_of((one.name, one.properties) for one in told)
    return [one for line in lines if (one := _found(conversation, line)) is not None]


def _found(conversation: Conversation, line: Line) -> tuple[Product, Variant | None, int] | None:
    """The listed product, and which of its kinds if that was told or there is only one."""
    shop = conversation.shop
    for product in shop.products:
        variants = product["variants"]
        of_sku = next((one for one in variants if one["sku"] == line.sku), None)
        if of_sku is not None or product["product_id"] == line.product_id:
            only = variants[0] if len(variants) == 1 else None
            return product, of_sku or only, line.quantity
    return None


def _worded(
    conversation: Conversation, product: Product, variant: Variant | None, quantity: int
) -> str:
    shop = conversation.shop
    name = shop.name_of(product)
    if variant is not None and not stock.is_in_one_size(product):
        size = shop.size_label(variant)
        name = conversation.phrase("utter_product_in_size", product=name, size=size)
    return conversation.phrase(
        "utter_basket_line",
        product=name,
        quantity=quantity,
        price=shop.price_of(product),
        link=shop.checkout_of(variant, None, quantity) if variant else shop.page_of(product),
    )
