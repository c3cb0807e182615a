"""Hello, goodbye, thank you. A name is said only after a proof (DESIGN rule 13)."""

from __future__ import annotations

from actions.conversation import Answer, Conversation
from actions.facts import told
from actions.shop import Product


class Greet(Answer):
    """Welcomes by what may be said here: name and size after a proof, a page seen before it."""

    called = "action_greet"

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


def _page_seen(conversation: Conversation) -> Product | None:
    """What was looked at last in this browser, where nobody has logged in."""
    turn = conversation.turn
    if turn.channel != "web" or turn.recalled.is_proven:
        return None
    seen = (conversation.shop.product(product_id) for product_id in turn.recalled.viewed)
    return next((product for product in seen if product is not None), None)


class Goodbye(Answer):
    """Takes leave."""

    called = "action_goodbye"

    def answer(self, conversation: Conversation) -> None:
        """Say goodbye."""
        conversation.say("utter_goodbye")


class Thank(Answer):
    """Takes thanks."""

    called = "action_thank"

    def answer(self, conversation: Conversation) -> None:
        """Answer a thank-you."""
        conversation.say("utter_thank")
