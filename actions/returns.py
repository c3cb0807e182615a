"""Something that was bought is to be given back or exchanged: the shop's rule, whether there is
still time, and the wish handed to a person who decides. The chat takes nothing back and never says
that it did.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from actions import own_orders
from actions.answer import Answer, reads
from actions.asking_again import asks_anew
from actions.choices import holds_a_question, place_in
from actions.conversation import Conversation
from actions.order_requests import begin, follows, is_waiting, order_of, step_for
from actions.order_status import tell, tell_refund
from actions.shop import Product
from marketing import stock
from marketing.order_state import DELIVERED, Stage
from marketing.return_period import Period, ReturnPeriod, return_period
from marketing.stock import Asked
from memory.orders import Order, OrderLine

WHICH_ITEM = "which_item"
EXCHANGE_FOR = "exchange_for"
_EXCHANGE = re.compile(
    r"교환|바꾸|바꿔|바꿀|다른\s?(?:사이즈|색)|\d으?로\s"
    r"|\bexchang\w*|\bswap\w*|\btrad(?:e|ing)\b|\binstead\b|\b(?:different|larger|bigger|smaller)\b"
    r"|\bhalf size\b|\bcan (?:i|you) (?:get|have|send)\b.*\b(?:in|a)\s+\d",
    re.IGNORECASE,
)
_WISH = re.compile(
    r"반품|환불|돌려|도로|교환|바꾸|바꿔|보내"
    r"|\breturn\w*|\brefund\w*|\bback\b|\bexchang\w*|\bswap\w*|\btrad\w*|\binstead\b",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"\b(?:for|to|in|get|have)\s+(?:an?\s+|the\s+)?(?:size\s+)?(\d{1,2}(?:\.5)?)\b(?!\s*(?:days?|p|a)\b)",
    re.IGNORECASE,
)
_TO = re.compile(r"\s*(?:사이즈)?\s*으?로")


class AskReturn(Answer):
    """Somebody wants to give something back, or another size."""

    called = "action_ask_return"

    def answer(self, conversation: Conversation) -> None:
        """Tell the rule; then find out what is meant, if it is shown who writes."""
        rule = conversation.shop.told("returns", "text")
        if rule:
            conversation.say("utter_store_text", answer=rule)
        if not own_orders.may_hear(conversation):
            return
        if own_orders.says_it_is_not_theirs(conversation):
            return
        text = conversation.turn.text
        wish = "exchange" if _EXCHANGE.search(text) else "return"
        orders = _meant(conversation)
        if not orders:
            conversation.say("utter_no_orders")
            conversation.say("utter_order_ask_person")
        else:
            is_plain = _WISH.search(text) is not None
            begin(conversation, wish, orders, is_plain=is_plain, **_named_instead(conversation))


@follows("return")
def give_back(conversation: Conversation, order: Order, about: Mapping[str, Any]) -> None:
    """Tell whether there is time, and a person, unless it is settled already."""
    if not _is_settled(conversation, order, about):
        _tell_period(conversation, order)
        step_for(about)(conversation, order, about)


@follows("exchange")
def exchange(conversation: Conversation, order: Order, about: Mapping[str, Any]) -> None:
    """The same, once it is known what is exchanged, and for what."""
    if _is_settled(conversation, order, about):
        return
    lines = _lines_meant(conversation, order)
    if len(lines) > 1:
        _ask_item(conversation, order, about, lines)
    elif lines:
        _exchange_item(conversation, order, about, lines[0])
    else:
        _tell_period(conversation, order)
        step_for(about)(conversation, order, about)


def _ask_item(
    conversation: Conversation, order: Order, about: Mapping[str, Any], lines: Sequence[OrderLine]
) -> None:
    items = [own_orders.item(conversation, line) for line in lines]
    kept = {**about, "orders": [order.order_id], "items": [one.product_id for one in lines]}
    conversation.ask(WHICH_ITEM, "utter_which_item", about=kept, choices=items)


@asks_anew(WHICH_ITEM)
def _ask_item_again(conversation: Conversation) -> None:
    about = conversation.question_about
    order = order_of(conversation, about)
    lines = [one for one in order.lines if one.product_id in about["items"]] if order else []
    if order is not None and lines:
        _ask_item(conversation, order, about, lines)


@asks_anew(EXCHANGE_FOR)
def _ask_size_again(conversation: Conversation) -> None:
    about = conversation.question_about
    order = order_of(conversation, about)
    product = conversation.shop.product(about.get("product"))
    if order is not None and product is not None:
        _ask_size(conversation, order, about, product)


@reads(WHICH_ITEM)
def _read_item(conversation: Conversation) -> bool:
    """By its place in the list, or its name."""
    about = conversation.question_about
    order = order_of(conversation, about)
    ids = list(about.get("items") or ())
    place = place_in(conversation.turn.text, len(ids))
    names_one = not holds_a_question(conversation.turn.text)
    meant = [ids[place]] if place is not None else _named(conversation) if names_one else []
    lines = [one for one in order.lines if one.product_id in meant] if order else []
    if order is None or len(lines) != 1:
        return False
    _exchange_item(conversation, order, about, lines[0])
    return True


@reads(EXCHANGE_FOR)
def _read_size(conversation: Conversation) -> bool:
    """A size or a colour."""
    about = conversation.question_about
    order = order_of(conversation, about)
    product = conversation.shop.product(about.get("product"))
    if order is None or product is None:
        return False
    lines = [one for one in order.lines if one.product_id == product["product_id"]]
    if not lines or not _named_instead(conversation) or "?" in conversation.turn.text:
        return False
    _exchange_item(conversation, order, about, lines[0])
    return True


def _exchange_item(
    conversation: Conversation, order: Order, about: Mapping[str, Any], line: OrderLine
) -> None:
    """Ask for the size, unless there is only one; then the shop's people are told."""
    product = conversation.shop.product(line.product_id)
    wanted = _wanted(conversation, product, line, about) if product is not None else None
    details = {"product_id": line.product_id}
    if product is not None and wanted is not None:
        _tell_stock(conversation, product, *wanted)
        details["wanted"] = wanted[1]
    elif product is not None and not stock.is_in_one_size(product):
        _ask_size(conversation, order, about, product)
        return
    _tell_period(conversation, order)
    step_for(about)(conversation, order, about, **details)


def _tell_stock(conversation: Conversation, product: Product, asked: Asked, called: str) -> None:
    there = stock.sizes_left(product, asked)
    sizes = conversation.shop.size_labels(there) or conversation.phrase("utter_no_sizes")
    is_there = stock.left(product, asked) > 0
    conversation.say(
        "utter_exchange_in_stock" if is_there else "utter_exchange_not_in_stock",
        product=conversation.shop.name_of(product),
        wanted=called,
        sizes=sizes,
    )


def _ask_size(
    conversation: Conversation, order: Order, about: Mapping[str, Any], product: Product
) -> None:
    sizes = conversation.shop.size_labels(stock.sizes_left(product, Asked()))
    conversation.ask(
        EXCHANGE_FOR,
        "utter_exchange_for_what" if sizes else "utter_exchange_sold_out",
        about={**about, "orders": [order.order_id], "product": product["product_id"]},
        product=conversation.shop.name_of(product),
        sizes=sizes,
    )


def _wanted(
    conversation: Conversation, product: Product, line: OrderLine, about: Mapping[str, Any]
) -> tuple[Asked, str] | None:
    """The size, width and colour that are wanted instead, and what is said of them; what is not
    said stays as it was bought."""
    said = _named_instead(conversation) or {
        name: about[name] for name in ("size", "width", "colour") if name in about
    }
    if not stock.has_two_widths(product):
        said.pop("width", None)
    if not said:
        return None
    shop = conversation.shop
    of_sku = [one for one in product["variants"] if one["sku"] == line.sku]
    bought = {**of_sku[0], **said} if of_sku else said
    asked = Asked(size=bought.get("size"), width=bought.get("width"), colour=bought.get("colour"))
    words = [
        said.get("size"),
        shop.label("widths", said.get("width", "")),
        shop.label("colours", said.get("colour", "")),
    ]
    return asked, " ".join(one for one in words if one)


def _named_instead(conversation: Conversation) -> dict[str, str]:
    """The size, width and colour that a message names."""
    named = {
        "size": _size_wanted(conversation),
        "width": conversation.term("width", "widths"),
        "colour": conversation.term("colour", "colours"),
    }
    return {name: value for name, value in named.items() if value is not None}


def _size_wanted(conversation: Conversation) -> str | None:
    """The size they want, of all that are named: "L로", "for a 10"; the one they have comes first
    otherwise."""
    text = conversation.turn.text
    after_for = _FOR.search(text)
    if after_for is not None:
        return after_for.group(1)
    sizes = [one for one in conversation.entities if one.get("entity") == "size"]
    to_it = [one for one in sizes if _TO.match(text, int(one.get("end") or 0))]
    named = to_it or sizes[-1:]
    return str(named[-1]["value"]) if named else conversation.size_said()


def _meant(conversation: Conversation) -> Sequence[Order]:
    """The order that is named; else those with the product that is; else all that were not
    cancelled and for which there is time, or the last one."""
    numbered = own_orders.numbered(conversation)
    if numbered:
        return numbered
    found = [
        one
        for one in own_orders.newest(conversation)
        if own_orders.stage(one) is not Stage.CANCELLED
    ]
    named = own_orders.with_what_is_named(conversation, found)
    in_time = [one for one in found if _is_in_time(conversation, one)]
    return named or in_time or found[:1]


def _lines_meant(conversation: Conversation, order: Order) -> Sequence[OrderLine]:
    named = _named(conversation)
    return [one for one in order.lines if one.product_id in named] or order.lines


def _named(conversation: Conversation) -> list[str]:
    return [str(one["product_id"]) for one in conversation.named_products()]


def _is_settled(conversation: Conversation, order: Order, about: Mapping[str, Any]) -> bool:
    """Say how it stands, if there is nothing left to ask for."""
    if own_orders.stage(order) is Stage.CANCELLED:
        tell(conversation, order)
    elif order.refunded >= order.total > 0:
        tell_refund(conversation, order, called=own_orders.called(conversation, order))
    else:
        return is_waiting(conversation, order, str(about["wish"]))
    return True


def _tell_period(conversation: Conversation, order: Order) -> None:
    """Say whether there is still time, as far as that is sure."""
    found = _period(conversation, order)
    if found is not None:
        last_day = own_orders.day_said(conversation, found.last_day)
        days = conversation.shop.told("returns", "days")
        conversation.say(f"utter_return_{found.state}", last_day=last_day, days=days)


def _period(conversation: Conversation, order: Order) -> ReturnPeriod | None:
    """None where the shop has told no time."""
    shop = conversation.shop
    days = shop.told("returns", "days")
    if days is None:
        return None
    delivered = [one.occurred_at for one in order.told if one.name == DELIVERED]
    return return_period(
        ordered_on=own_orders.day(conversation, order.ordered_at),
        delivered_on=own_orders.day(conversation, delivered[-1]) if delivered else None,
        days=days,
        longest_delivery_days=shop.told("delivery", "days_at_most") or 0,
        today=own_orders.day(conversation, conversation.turn.now),
    )


def _is_in_time(conversation: Conversation, order: Order) -> bool:
    found = _period(conversation, order)
    return found is None or found.state is not Period.OVER
