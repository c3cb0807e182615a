"""Where an order is, and where its refund: what the shop's system has told, and plainly what it has
not. Never a guess when something arrives.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions import own_orders
from actions.answer import Answer
from actions.conversation import Conversation
from actions.own_orders import day_said
from marketing import formats
from marketing.order_state import CANCELLED, DELIVERED, REFUNDED, REQUESTED, SHIPPED, Stage
from memory.events import Happened
from memory.orders import Order

MOST_TOLD = 2
_REFUND = re.compile(
    r"환불|돌려\s?받|(?:돈|카드).{0,12}(?:언제|아직|들어|취소)|취소.{0,12}(?:돈|금액)"
    r"|\brefund\w*|\bmoney\b|\bpaid back\b",
    re.IGNORECASE,
)
_TOLD_BY = {Stage.SHIPPED: SHIPPED, Stage.DELIVERED: DELIVERED, Stage.CANCELLED: CANCELLED}
_LATE_AFTER_DAYS = 4
"""Beyond the usual time: a weekend and a holiday are no reason to worry."""


class AskOrderStatus(Answer):
    """Tells how far an order has come."""

    called = "action_ask_order_status"
    is_aside = True

    def answer(self, conversation: Conversation) -> None:
        """Tell of the order that is meant, else of those under way, else of the last one."""
        is_refund = _REFUND.search(conversation.turn.text) is not None
        if not own_orders.may_hear(conversation):
            if is_refund:
                _say_rule(conversation)
            return
        if own_orders.says_it_is_not_theirs(conversation):
            return
        meant = _meant(conversation, is_refund=is_refund)
        if not meant:
            conversation.say("utter_no_orders")
        for order in meant[:MOST_TOLD]:
            if is_refund:
                called = own_orders.called(conversation, order)
                tell_refund(conversation, order, called=called)
            else:
                tell(conversation, order)
        conversation.say("utter_order_ask_person")


def tell(conversation: Conversation, order: Order) -> None:
    """What is known of an order, and what is not."""
    stage = own_orders.stage(order)
    called = own_orders.called(conversation, order)
    if stage is Stage.TAKEN:
        day = day_said(conversation, order.ordered_at)
        conversation.say("utter_order_taken", order=called, day=day)
        _tell_usual_time(conversation, order)
    else:
        told = _last(order, _TOLD_BY[stage])
        assert told is not None
        conversation.say(
            f"utter_order_{stage}",
            order=called,
            day=day_said(conversation, told.occurred_at),
            tracking=_tracking(conversation, told),
        )
    if order.refunded or stage is Stage.CANCELLED:
        tell_refund(conversation, order, called=conversation.phrase("utter_this_order"))
    else:
        tell_request(conversation, order)


def tell_refund(conversation: Conversation, order: Order, *, called: str) -> None:
    """Whether the shop's system has told of a refund, how much, and when."""
    is_cancelled = own_orders.stage(order) is Stage.CANCELLED
    paid_back = _last(order, REFUNDED)
    if order.refunded_at is not None and order.refunded and not is_cancelled:
        money = formats.money(order.refunded, order.currency, conversation.turn.language)
        is_all = order.refunded >= order.total
        conversation.say(
            "utter_refund_all" if is_all else "utter_refund_part",
            order=called,
            amount=money,
            day=day_said(conversation, order.refunded_at),
        )
    elif paid_back is not None:
        day = day_said(conversation, paid_back.occurred_at)
        conversation.say("utter_refund_of_cancelled", order=called, day=day)
    else:
        conversation.say("utter_refund_none", order=called)
        tell_request(conversation, order)
        _say_rule(conversation)


def tell_request(conversation: Conversation, order: Order) -> None:
    """What the shop's people are going to answer."""
    last = own_orders.request_waiting(conversation, order)
    if last is None:
        return
    wish = conversation.phrase(f"utter_wish_{last.properties['wish']}")
    day = day_said(conversation, last.occurred_at)
    conversation.say("utter_order_request_waits", wish=wish, day=day)


def _meant(conversation: Conversation, *, is_refund: bool) -> Sequence[Order]:
    numbered = own_orders.numbered(conversation)
    found = numbered or own_orders.newest(conversation)
    named = numbered or own_orders.with_what_is_named(conversation, found)
    if named:
        return named
    if is_refund:
        likely = [one for one in found if one.refunded or _is_given_back(one)]
    else:
        likely = [one for one in found if own_orders.is_under_way(conversation, one)]
    return likely or found[:1]


def _is_given_back(order: Order) -> bool:
    """True if it was cancelled, or they have asked to give it back."""
    return any(one.name in (CANCELLED, REFUNDED, REQUESTED) for one in order.told)


def _last(order: Order, name: str) -> Happened | None:
    return next((one for one in reversed(order.told) if one.name == name), None)


def _tracking(conversation: Conversation, shipped: Happened) -> str:
    """The carrier and its number, as far as the shop's system has told them."""
    number = shipped.properties.get("tracking_number")
    if not isinstance(number, str | int) or not str(number).strip():
        return conversation.phrase("utter_tracking_unknown")
    carrier = shipped.properties.get("carrier")
    by = carrier.strip() if isinstance(carrier, str) else ""
    return conversation.phrase("utter_tracking", carrier=by, number=str(number)).strip()


def _tell_usual_time(conversation: Conversation, order: Order) -> None:
    shop = conversation.shop
    at_least = shop.told("delivery", "days_at_least")
    at_most = shop.told("delivery", "days_at_most")
    if at_least is None or at_most is None:
        return
    days = own_orders.days_since(conversation, order)
    is_late = days > at_most + _LATE_AFTER_DAYS
    response = "utter_order_late" if is_late else "utter_order_usual_time"
    conversation.say(response, at_least=at_least, at_most=at_most, days=days)


def _say_rule(conversation: Conversation) -> None:
    rule = conversation.shop.told("refunds", "text")
    if rule:
        conversation.say("utter_store_text", answer=rule)
