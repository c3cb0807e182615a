"""What is not understood or not the shop's business: asks once to say it differently, then offers
topics and a person.
"""

from __future__ import annotations

from actions import human, ways_back
from actions.about_me import goes_on_with_size, is_bare_size
from actions.answer import Answer, reads_first
from actions.choices import is_a_number
from actions.conversation import Conversation
from actions.learning import keeps_dislikes
from actions.product_stock import stock_of
from actions.recommend import recommend
from marketing import card_numbers

LONGEST = 1000
"""Characters beyond which a message is no single request (as the unknown-text guard has it)."""
LONGEST_NUMBER = 10


@reads_first
def says_no_card_is_needed(conversation: Conversation) -> bool:
    """Whoever has typed the number of a card is told so before anything else; it was masked when
    it came in."""
    if not card_numbers.was_masked(conversation.turn.text):
        return False
    conversation.say("utter_card_number")
    return True


class OutOfScope(Answer):
    """Rasa's core fallback, too."""

    called = "action_out_of_scope"
    is_aside = True

    def answer(self, conversation: Conversation) -> None:
        """Make something of the words that are known, else ask once, then offer topics and a
        person."""
        if conversation.intent == "nlu_fallback":
            if len(conversation.turn.text) > LONGEST:
                conversation.say("utter_too_long")
                return
            if _made_something_of(conversation):
                return
        if conversation.count_misunderstanding():
            human.offer(conversation, human.MISUNDERSTOOD, "utter_offer_person")
            conversation.keep_open(ways_back.TOPICS, {"reason": human.MISUNDERSTOOD})
        elif is_a_number(conversation.turn.text):
            conversation.say("utter_what_number", number=_number(conversation.turn.text))
        else:
            conversation.say("utter_rephrase")


def _number(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())[:LONGEST_NUMBER]


def _made_something_of(conversation: Conversation) -> bool:
    """Answer a message that tells what they do not like, or is hardly more than a product, a kind
    of product or a size."""
    named = conversation.named_products()
    if keeps_dislikes(conversation):
        return True
    if named:
        stock_of(conversation, named[0])
    elif conversation.term("category", "categories"):
        recommend(conversation)
    elif conversation.open_question == "shoe_size" and is_bare_size(conversation):
        goes_on_with_size(conversation)
    else:
        return False
    return True
