"""Tells by text a customer who has left the chat that a person has answered: a service text with a
link into the conversation, once for a burst of answers. Neither the answer nor anything remembered
stands in it.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, update

from marketing import service_texts
from marketing.message_classes import SERVICE, notice_not_before
from marketing.places import place_of
from memory import catalogue, customers, links, open_chats, outbox, prospects, releases
from memory.hand_overs import HandOver
from memory.tables import hand_overs, turns

log = logging.getLogger(__name__)

PURPOSE = "answer_notice"
BURST = timedelta(hours=1)
"""So long what a person adds is part of the same answer, unless the customer has said something."""


def tell(connection: Connection, found: HandOver, *, shop_url: str, now: datetime) -> bool:
    """Have them told of what has just been answered; False if they see it in the chat, want no
    text, have no number of their own, or have been told of this burst."""
    if found.address_id is not None or found.wants_text is False:
        return False
    if open_chats.is_open(connection, found.customer_id) or _is_told(connection, found, now):
        return False
    number = prospects.number(connection, found.customer_id, now=now)
    if number is None or not number.is_proven:
        return False
    language = customers.get(connection, found.customer_id).language or "en"
    token = links.issue(
        connection, found.customer_id, kind="answer", address_id=number.address_id, now=now
    )
    body = _body(connection, found, language, link=f"{shop_url}/l/{token}")
    if body is None:
        log.error(
            "There are no words to tell of an answer.",
            extra={"action": "answer_not_told", "customer_id": found.customer_id},
        )
        return False
    outbox.put(
        connection,
        key=f"answer:{found.hand_over_id}:{now.isoformat()}",
        customer_id=found.customer_id,
        address_id=number.address_id,
        message_class=SERVICE.name,
        purpose=PURPOSE,
        body=body,
        hold_until=notice_not_before(now, place_of(number.value)),
        now=now,
    )
    connection.execute(
        update(hand_overs)
        .where(
            hand_overs.c.customer_id == found.customer_id,
            hand_overs.c.hand_over_id == found.hand_over_id,
        )
        .values(told_at=now)
    )
    return True


def _is_told(connection: Connection, found: HandOver, now: datetime) -> bool:
    if found.told_at is None or now - found.told_at >= BURST:
        return False
    said = connection.scalar(
        select(func.max(turns.c.at)).where(
            turns.c.customer_id == found.customer_id, turns.c.direction == "in"
        )
    )
    return said is None or said <= found.told_at


def _body(connection: Connection, found: HandOver, language: str, *, link: str) -> str | None:
    """None if the live release has no such words."""
    name = catalogue.store_profile(connection).get("name", {}).get(language) or ""
    values = {"shop_name": name, "link": link}
    response = service_texts.ANSWER_ARRIVED_OF_NOTHING_NAMED
    if found.topic is not None:
        topic = releases.notice(
            connection, f"utter_topic_{found.topic}", language=language, channel="sms", values={}
        )
        if topic is not None:
            response, values = service_texts.ANSWER_ARRIVED, {**values, "topic": topic}
    return releases.notice(connection, response, language=language, channel="sms", values=values)
