"""What is in the basket of the shop, after a proof: what they have put there themselves. Of what
they only looked at there is no word.
"""

from __future__ import annotations

from datetime import timedelta

from actions.conversation import Answer, Conversation
from actions.shop import Product
from marketing import basket, stock
from marketing.basket import Line
from marketing.stock import Variant
from memory import events

KNOWN_FOR = timedelta(days=30)
MOST_TOLD = 5


class AskBasket(Answer):
    """Tells what is in it, with the way to the checkout."""

    called = "action_ask_basket"

    def answer(self, conversation: Conversation) -> None:
        """By what the shop's pages have told."""
        turn, recalled = conversation.turn, conversation.turn.recalled
        if recalled.is_silent or not recalled.is_proven:
            conversation.say("utter_basket_needs_proof")
            return
        told = events.since(
            turn.connection, turn.customer_id, basket.TOLD, since=turn.now - KNOWN_FOR
        )
        lines = basket.basket_of((one.name, one.properties) for one in told)
        found = [one for line in lines if (one := _found(conversation, line)) is not None]
        if not found:
            conversation.say("utter_basket_unknown")
            return
        worded = [_worded(conversation, *one) for one in found[:MOST_TOLD]]
        conversation.say("utter_basket", items="\n".join(worded))
        if len(found) == 1:
            conversation.shown = [str(found[0][0]["product_id"])]


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
