"""Hours, place, delivery, returns, payment: what the shop says about itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from actions.answer import Answer
from actions.conversation import Conversation
from marketing import formats, opening_hours
from marketing.opening_hours import Open

MOST_TOPICS = 2


class AskStoreInfo(Answer):
    """Answers questions about the shop."""

    called = "action_ask_store_info"
    is_aside = True

    def answer(self, conversation: Conversation) -> None:
        """Answer each topic named, or offer the topics."""
        if not tells_topics(conversation):
            conversation.say("utter_store_info")


def tells_topics(conversation: Conversation) -> bool:
    """Answer each topic named; False if none is."""
    topics = list(dict.fromkeys(conversation.values("store_topic")))
    for topic in topics[:MOST_TOPICS]:
        tell_topic(conversation, topic)
    return bool(topics)


def tell_topic(conversation: Conversation, topic: str) -> None:
    """Say what the shop has told of a topic, or that it has not."""
    _TOPICS.get(topic, _not_known)(conversation)


def _hours(conversation: Conversation) -> None:
    turn, shop = conversation.turn, conversation.shop
    hours = shop.told("opening_hours")
    if not hours:
        _not_known(conversation)
        return
    local_now = turn.now.astimezone(ZoneInfo(str(shop.told("time_zone"))))
    state = opening_hours.status(hours, local_now)
    told: dict[str, Any] = {
        "week": formats.week(hours, turn.language),
        "holidays": str(shop.told("holidays") or ""),
    }
    if isinstance(state, Open):
        closes = formats.clock_time(state.closes_at.timetz(), turn.language)
        conversation.say("utter_hours_open", closes=closes, **told)
    elif state.opens_at is not None:
        next_time = formats.moment(state.opens_at, local_now, turn.language)
        conversation.say("utter_hours_closed", next_time=next_time, **told)


def _place(conversation: Conversation) -> None:
    address = conversation.shop.told("address")
    if address:
        conversation.say("utter_place", address=address)
    else:
        _not_known(conversation)


def _contact(conversation: Conversation) -> None:
    conversation.say("utter_contact")


def _as_the_store_says(*path: str) -> Callable[[Conversation], None]:
    def answer(conversation: Conversation) -> None:
        said = conversation.shop.told(*path)
        if said:
            conversation.say("utter_store_text", answer=said)
        else:
            _not_known(conversation)

    return answer


def _not_known(conversation: Conversation) -> None:
    conversation.say("utter_store_not_known")


_TOPICS: Mapping[str, Callable[[Conversation], None]] = {
    "hours": _hours,
    "location": _place,
    "phone": _contact,
    "delivery": _as_the_store_says("delivery", "text"),
    "returns": _as_the_store_says("returns", "text"),
    "refunds": _as_the_store_says("refunds", "text"),
    "payment": _as_the_store_says("payment"),
    "gift_wrapping": _as_the_store_says("gift_wrapping", "text"),
}
