"""What is not understood or not the shop's business: asks once to say it differently, then offers
a person.
"""

from __future__ import annotations

from actions import human
from actions.about_me import goes_on_with_size, is_bare_size
from actions.conversation import Answer, Conversation
from actions.product_stock import stock_of
from actions.recommend import recommend

LONGEST = 1000
"""Characters beyond which a message is no single request (as the unknown-text guard has it)."""


class OutOfScope(Answer):
    """Rasa's core fallback, too."""

    called = "action_out_of_scope"

    def answer(self, conversation: Conversation) -> None:
        """Make something of the words that are known, else ask once, then offer a person."""
        if conversation.intent == "nlu_fallback":
            if len(conversation.turn.text) > LONGEST:
                conversation.say("utter_too_long")
                return
            if _made_something_of(conversation):
                return
        before = int(conversation.slots.get("misunderstandings") or 0)
        conversation.misunderstandings = before + 1
        if before == 0:
            conversation.say("utter_rephrase")
        else:
            human.offer(conversation, "misunderstood", "utter_offer_person")


def _made_something_of(conversation: Conversation) -> bool:
    """Answer a message that is hardly more than a product, a kind of product or a size."""
    named = conversation.named_products()
    if named:
        stock_of(conversation, named[0])
    elif conversation.term("category", "categories"):
        recommend(conversation)
    elif conversation.open_question == "shoe_size" and is_bare_size(conversation):
        goes_on_with_size(conversation)
    else:
        return False
    return True
