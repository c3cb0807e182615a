"""What customers want done with an order of theirs: cancelled, changed, given back, exchanged. The
chat does none of it. It finds out which order, hands the wish to a person of the shop, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from actions import human, own_orders
from actions.answer import reads
from actions.asking_again import asks_anew
from actions.choices import holds_a_question, place_in
from actions.conversation import Conversation
from actions.own_orders import day_said
from marketing.order_state import REQUESTED
from memory import events
from memory.orders import Order

WHICH = "which_order"
MAY_ASK = "pass_on_request"
_ASKS = re.compile(
    r"어떻게|어디로|(?:되|돼|될까|가능|있)\S{0,3}\s*(?:나요|요\?|까요|\?)|되나|남았|돼요\W*$|까요"
    r"|\b(?:how|where|can i|could i|am i|is it too late|do i)\b",
    re.IGNORECASE,
)

Next = Callable[[Conversation, Order, Mapping[str, Any]], None]
"""What follows once it is known which order is meant."""
_NEXT: dict[str, Next] = {}


def follows(*wishes: str) -> Callable[[Next], Next]:
    """Marks what is done for these wishes once the order is known."""

    def mark(step: Next) -> Next:
        _NEXT.update(dict.fromkeys(wishes, step))
        return step

    return mark


def begin(
    conversation: Conversation,
    wish: str,
    orders: Sequence[Order],
    *,
    is_plain: bool,
    **details: str,
) -> None:
    """Go on with the only order, or ask which one is meant. Unless the wish `is_plain`, and no
    question, it is asked before anybody is told. `details` are kept for later."""
    text = conversation.turn.text
    asks = not is_plain or _ASKS.search(text) is not None
    about: dict[str, Any] = {**details, "wish": wish, "said": text, "asks": asks}
    if len(orders) == 1:
        _NEXT[wish](conversation, orders[0], about)
    else:
        _ask_which(conversation, orders, about)


def _ask_which(
    conversation: Conversation, orders: Sequence[Order], about: Mapping[str, Any]
) -> None:
    choices = [
        conversation.phrase(
            "utter_order_choice",
            order=own_orders.called(conversation, one),
            day=day_said(conversation, one.ordered_at),
        )
        for one in orders
    ]
    numbers = [one.order_id for one in orders]
    conversation.ask(
        WHICH, "utter_which_order", about={**about, "orders": numbers}, choices=choices
    )


def is_waiting(conversation: Conversation, order: Order, wish: str) -> bool:
    """Say so if a person is going to answer that wish already."""
    last = own_orders.request_waiting(conversation, order)
    if last is None or last.properties["wish"] != wish:
        return False
    conversation.say(
        "utter_request_passed_on_before",
        order=own_orders.called(conversation, order),
        wish=conversation.phrase(f"utter_wish_{wish}"),
        day=day_said(conversation, last.occurred_at),
    )
    return True


def offer_to_pass_on(
    conversation: Conversation, order: Order, about: Mapping[str, Any], **details: str
) -> None:
    """They have only asked about it: whether a person is to be told is for them to say."""
    wish = str(about["wish"])
    conversation.ask(
        MAY_ASK,
        "utter_may_pass_request_on",
        about={**about, "orders": [order.order_id], "details": details},
        order=own_orders.called(conversation, order),
        wish=conversation.phrase(f"utter_wish_{wish}"),
    )


def step_for(about: Mapping[str, Any]) -> Callable[..., None]:
    """Asking first or passing on at once, as they have asked or wished."""
    return offer_to_pass_on if about["asks"] else pass_on


def order_of(conversation: Conversation, about: Mapping[str, Any]) -> Order | None:
    """The one order that an open question is about, if it is theirs still."""
    found = _still_theirs(conversation, about)
    return found[0] if len(found) == 1 else None


def pass_on(
    conversation: Conversation, order: Order, about: Mapping[str, Any], **details: str
) -> None:
    """Keep the wish, put the customer in the queue of the shop's people, and say that a person
    decides."""
    turn, wish = conversation.turn, str(about["wish"])
    events.record(
        turn.connection,
        turn.customer_id,
        REQUESTED,
        {"order_id": order.order_id, "wish": wish, **details},
        occurred_at=turn.now,
    )
    called = own_orders.called(conversation, order)
    worded = conversation.phrase(f"utter_wish_{wish}")
    what = called
    if "wanted" in details:
        what = conversation.phrase("utter_order_for", order=called, wanted=details["wanted"])
    said = conversation.phrase(
        "utter_request_for_team", order=what, wish=worded, said=str(about["said"])
    )
    human.queue(conversation, said)
    conversation.say("utter_request_passed_on", order=called, wish=worded)
    human.tell_when(conversation)


@asks_anew(WHICH)
def _ask_which_again(conversation: Conversation) -> None:
    about = conversation.question_about
    if listed := _still_theirs(conversation, about):
        _ask_which(conversation, listed, about)


@asks_anew(MAY_ASK)
def _ask_whether_again(conversation: Conversation) -> None:
    about = conversation.question_about
    order = order_of(conversation, about)
    if order is not None:
        offer_to_pass_on(conversation, order, about, **about["details"])


@reads(WHICH)
def _read_which(conversation: Conversation) -> bool:
    """By its place in the list, its number, or a product of it."""
    about = conversation.question_about
    listed = _still_theirs(conversation, about)
    text = conversation.turn.text
    place = place_in(text, len(listed))
    meant = [listed[place]] if place is not None else own_orders.numbered(conversation)
    if not meant and not holds_a_question(text):
        meant = own_orders.with_what_is_named(conversation, listed)
    if len(meant) != 1:
        return False
    _NEXT[str(about["wish"])](conversation, meant[0], about)
    return True


@reads(MAY_ASK)
def _read_may_ask(conversation: Conversation) -> bool:
    """A yes or a no, or the wish itself."""
    about = conversation.question_about
    order = order_of(conversation, about)
    if conversation.intent == "deny":
        conversation.say("utter_request_left")
    elif conversation.intent == "affirm" and order is not None:
        pass_on(conversation, order, about, **about["details"])
    else:
        return False
    return True


def _still_theirs(conversation: Conversation, about: Mapping[str, Any]) -> list[Order]:
    """In the order they were told."""
    recalled = conversation.turn.recalled
    if not recalled.is_proven:
        return []
    numbers = list(about.get("orders") or ())
    found = {one.order_id: one for one in own_orders.of_numbers(conversation, numbers)}
    return [found[number] for number in numbers if number in found]
