"""A customer's own orders, for the flows that speak of them: only after a proof, and never a word
about an order of somebody else.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from actions.conversation import Conversation
from marketing import formats, stock
from marketing.order_state import REQUESTED, Stage, stage_of
from memory import hand_overs, orders
from memory.events import Happened
from memory.orders import Order, OrderLine

MOST = 5
"""Orders that are looked through, the newest first."""
UNDER_WAY_FOR = timedelta(days=30)


def may_hear(conversation: Conversation) -> bool:
    """True if it is shown who writes; else that is asked for."""
    recalled = conversation.turn.recalled
    if recalled.is_silent:
        conversation.say("utter_number_silent", shop_url=conversation.turn.shop_url)
    elif not recalled.is_proven:
        conversation.say("utter_orders_need_proof")
    return recalled.is_proven and not recalled.is_silent


def newest(conversation: Conversation) -> list[Order]:
    """Their orders, the newest first."""
    turn = conversation.turn
    return orders.newest(turn.connection, turn.customer_id, limit=MOST)


def numbered(conversation: Conversation) -> list[Order]:
    """Those of theirs whose number stands in the message; six digits alone may be one, too."""
    numbers = [*conversation.values("order_number"), *conversation.values("code")]
    return of_numbers(conversation, numbers) if numbers else []


def says_it_is_not_theirs(conversation: Conversation) -> bool:
    """Say so if a number was named that none of their orders has; whether anybody else's has it is
    not told."""
    named = [
        str(one["value"])
        for one in conversation.entities
        if one.get("entity") == "order_number" and one.get("role") != "bare"
    ]
    if not named or numbered(conversation):
        return False
    conversation.say("utter_order_not_yours", number=named[0])
    return True


def with_what_is_named(conversation: Conversation, found: Sequence[Order]) -> list[Order]:
    """Those with a product, or a product of a kind, that the message names; none if it names
    none."""
    named = {str(one["product_id"]) for one in conversation.named_products()}
    category = conversation.term("category", "categories")
    if not named and category is not None:
        named = {str(one["product_id"]) for one in conversation.shop.in_category(category)}
    return [one for one in found if any(line.product_id in named for line in one.lines)]


def request_waiting(conversation: Conversation, order: Order) -> Happened | None:
    """What they have asked the shop's people for, while one is going to answer and nothing was told
    of the order since."""
    last = order.told[-1] if order.told else None
    if last is None or last.name != REQUESTED:
        return None
    turn = conversation.turn
    return last if hand_overs.of_customer(turn.connection, turn.customer_id) else None


def stage(order: Order) -> Stage:
    """How far it has come."""
    return stage_of(one.name for one in order.told)


def is_under_way(conversation: Conversation, order: Order) -> bool:
    """True if it was ordered lately and nobody has told that it has come or was cancelled."""
    is_over = stage(order) in (Stage.DELIVERED, Stage.CANCELLED)
    return not is_over and order.ordered_at > conversation.turn.now - UNDER_WAY_FOR


def called(conversation: Conversation, order: Order) -> str:
    """`주문번호 1043(소리 로드 270)`, `Order 1043 (Sori Road in 9)`."""
    names = list(dict.fromkeys(item(conversation, line) for line in order.lines))
    return conversation.phrase(
        "utter_order_called",
        number=order.order_id,
        products=formats.listing(names, conversation.turn.language)
        or conversation.phrase("utter_order_unknown_item"),
    )


def item(conversation: Conversation, line: OrderLine) -> str:
    """`소리 로드 270`, `Sori Road in 9`; what is not sold any more has no name here."""
    shop = conversation.shop
    product = shop.product(line.product_id)
    if product is None:
        return conversation.phrase("utter_order_unknown_item")
    name = shop.name_of(product)
    bought = next((one for one in product["variants"] if one["sku"] == line.sku), None)
    if bought is None or stock.is_in_one_size(product):
        return name
    size = shop.size_label(bought)
    return conversation.phrase("utter_product_in_size", product=name, size=size)


def day(conversation: Conversation, at: datetime) -> date:
    """The day of a moment where the shop is."""
    zone = str(conversation.shop.told("time_zone") or "UTC")
    return at.astimezone(ZoneInfo(zone)).date()


def day_said(conversation: Conversation, at: datetime | date) -> str:
    """The date; its year only if it is another one."""
    then = day(conversation, at) if isinstance(at, datetime) else at
    today = day(conversation, conversation.turn.now)
    year = then.year if then.year != today.year else None
    value = {"year": year, "month": then.month, "day": then.day}
    return formats.day_of_year(value, conversation.turn.language)


def of_numbers(conversation: Conversation, numbers: Collection[str]) -> list[Order]:
    """Theirs among these numbers."""
    turn = conversation.turn
    wanted = [number.upper() for number in numbers]
    return orders.newest(turn.connection, turn.customer_id, limit=MOST, numbers=wanted)


def days_since(conversation: Conversation, order: Order) -> int:
    """How many days ago it was ordered."""
    return (day(conversation, conversation.turn.now) - day(conversation, order.ordered_at)).days
