"""Buying: the way to the shop's own checkout, with what was chosen in the basket."""

from __future__ import annotations

from actions import offer_reply, remind
from actions.answer import Answer
from actions.checkout import order
from actions.conversation import Conversation
from actions.pointing import pointed_at
from actions.product_info import says_brand_is_not_carried
from actions.shop import Product


class Buy(Answer):
    """Leads to where it can be ordered."""

    called = "action_buy"

    def answer(self, conversation: Conversation) -> None:
        """Give the link, if it is there."""
        if says_brand_is_not_carried(conversation):
            return
        if remind.says_yes(conversation):
            return
        product = _chosen(conversation)
        if product is not None:
            order(conversation, product, offer_reply.offer_of(conversation, product))
        elif not offer_reply.takes_yes(conversation):
            conversation.ask("product", "utter_order_which")


def _chosen(conversation: Conversation) -> Product | None:
    """The product named; else the one of those last shown that is pointed at, or the only one."""
    named = conversation.named_products()
    if named:
        return named[0]
    one = pointed_at(conversation)
    if one is not None:
        return one
    shown = conversation.shown_before()
    return shown[0] if len(shown) == 1 else None
