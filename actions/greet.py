"""Hello. A name is said only after a proof (DESIGN rule 13)."""

from __future__ import annotations

from datetime import datetime

from actions import open_offers
from actions.answer import Answer
from actions.checkout import is_gone, wanted
from actions.conversation import Conversation
from actions.facts import told
from actions.shop import Product
from memory.offers import Offer

DAYS_OF_A_WEEK = 7


class Greet(Answer):
    """Welcomes by what may be said here: name and size after a proof, a page seen before it."""

    called = "action_greet"
    is_aside = True

    def answer(self, conversation: Conversation) -> None:
        """Greet."""
        name = conversation.slots.get("customer_name")
        seen = _page_seen(conversation)
        if conversation.turn.recalled.is_proven and name:
            _greet_by_name(conversation, str(name))
        elif seen is not None:
            conversation.say("utter_greet_page_seen", product=conversation.shop.name_of(seen))
            conversation.shown = [str(seen["product_id"])]
        else:
            conversation.say("utter_greet")
        _mention_offer(conversation)


def _greet_by_name(conversation: Conversation, name: str) -> None:
    size = conversation.remembered("shoe_size")
    if size is None:
        conversation.say("utter_greet_by_name", customer_name=name)
        return
    conversation.say(
        "utter_greet_by_name_and_size",
        customer_name=name,
        size=told(conversation, "shoe_size", size),
    )


def _mention_offer(conversation: Conversation) -> None:
    """The newest open offer that is still to be had."""
    for offer in open_offers.usable(conversation.turn):
        product = conversation.shop.product(offer.product_id)
        if product is None or is_gone(product, wanted(conversation, product, offer)):
            continue
        conversation.ask(
            "offer",
            "utter_greet_offer",
            about={"offers": [offer.offer_id], "meant": "accept"},
            product=conversation.shop.name_of(product),
            when=conversation.phrase(_when(offer, conversation.turn.now)),
        )
        conversation.shown = [offer.product_id]
        return


def _when(offer: Offer, now: datetime) -> str:
    """The word for how long ago an offer was made."""
    days = (now - (offer.opened_at or now)).days
    if days < 1:
        return "utter_when_lately"
    return "utter_when_days_ago" if days < DAYS_OF_A_WEEK else "utter_when_a_week_ago"


def _page_seen(conversation: Conversation) -> Product | None:
    """What was looked at last in this browser, where nobody has logged in."""
    turn = conversation.turn
    if turn.channel != "web" or turn.recalled.is_proven:
        return None
    seen = (conversation.shop.product(product_id) for product_id in turn.recalled.viewed)
    return next((product for product in seen if product is not None), None)
