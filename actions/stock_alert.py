"""What is sold out is told of once, when it is back; what is there is said to be there. The promise
is a reminder without a day (`remind` cancels it, and tells it at a visit).
"""

from __future__ import annotations

from actions.about_me import is_bare_size
from actions.answer import Answer, reads
from actions.asking_again import asks_anew
from actions.checkout import called, needs_size, wanted
from actions.conversation import Conversation
from actions.opt_out import is_clear_refusal
from actions.product_info import in_question, says_brand_is_not_carried
from actions.product_stock import is_about, stock_of
from actions.remind import is_reachable
from actions.shop import Product
from marketing import stock
from memory import stock_alerts

QUESTION = "stock_alert"


class StockAlert(Answer):
    """Somebody wants to know when it is back."""

    called = "action_stock_alert"

    def answer(self, conversation: Conversation) -> None:
        """Promise it for the product that is named or was shown; ask for what is missing."""
        if is_clear_refusal(conversation) or says_brand_is_not_carried(conversation):
            return
        products = in_question(conversation)
        if conversation.turn.recalled.is_silent:
            conversation.say("utter_number_silent", shop_url=conversation.turn.shop_url)
        elif len(products) != 1:
            conversation.ask(QUESTION, "utter_stock_alert_which", about={})
        else:
            _wait_for(conversation, products[0])


@asks_anew(QUESTION)
def _ask_again(conversation: Conversation) -> None:
    product = conversation.shop.product(conversation.question_about.get("product"))
    if product is None:
        conversation.ask(QUESTION, "utter_stock_alert_which", about={})
    else:
        _ask_size(conversation, product)


def _ask_size(conversation: Conversation, product: Product) -> None:
    shop = conversation.shop
    conversation.ask(
        QUESTION,
        "utter_stock_alert_size",
        about={"product": product["product_id"]},
        product=shop.name_of(product),
        sizes=shop.size_labels(stock.all_sizes(product)),
    )
    is_about(conversation, product)


@reads(QUESTION)
def _read_answer(conversation: Conversation) -> bool:
    """A product, or its size."""
    asked_of = conversation.shop.product(conversation.question_about.get("product"))
    named = conversation.named_products()
    product = named[0] if named else asked_of
    if product is None or "?" in conversation.turn.text:
        return False
    if not named and not is_bare_size(conversation):
        return False
    _wait_for(conversation, product)
    return True


def _wait_for(conversation: Conversation, product: Product) -> None:
    asked = wanted(conversation, product, None)
    if not stock.is_made(product, asked):
        stock_of(conversation, product)
    elif needs_size(product, asked):
        _ask_size(conversation, product)
    elif stock.left(product, asked) > 0:
        stock_of(conversation, product)
    else:
        _promise(conversation, product, asked)


def _promise(conversation: Conversation, product: Product, asked: stock.Asked) -> None:
    turn = conversation.turn
    what = called(conversation, product, asked)
    is_new = stock_alerts.keep(
        turn.connection,
        turn.customer_id,
        product=product,
        asked=asked,
        called=what,
        asked_on=conversation.today,
        now=turn.now,
    )
    is_about(conversation, product)
    if not is_new:
        conversation.say("utter_stock_alert_known", product=what)
    elif is_reachable(conversation):
        conversation.say("utter_stock_alert_kept", product=what)
    else:
        conversation.ask("phone", "utter_stock_alert_kept_for_visit", product=what)
