"""The notice that a consent was taken down, by text to the number itself: the sender, what was
agreed to, and the date (정보통신망법 §50⑦, RULES KR-5). It is no advertisement.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from marketing import formats
from memory import addresses, catalogue, outbox, turns
from memory.engine import Connection
from memory.gate import sender_for
from memory.links import Link
from web import live_words

RESPONSES = {"marketing": "utter_consent_given", "night": "utter_night_consent_given"}
_WITHIN = timedelta(days=14)


def tell(
    connection: Connection, link: Link, purpose: str, *, language: str, day: str, now: datetime
) -> None:
    """Write the notice and make it part of the conversation. `day` is the date in words."""
    values = {"day": day, "way_out": _way_out(connection, link, language)}
    body = live_words.told(
        connection, RESPONSES[purpose], language=language, channel="sms", **values
    )
    if body is None:
        return
    (seq,) = turns.append(
        connection,
        link.customer_id,
        [turns.Utterance(text=body, payload={turns.NOTICE: "consent_result"})],
        direction="out",
        channel="sms",
        language=language,
        at=now,
    )
    outbox.put(
        connection,
        key=f"consent_result:{link.customer_id}:{seq}",
        customer_id=link.customer_id,
        address_id=link.address_id,
        message_class="service",
        purpose="consent_result",
        body=body,
        now=now,
        not_after=now + _WITHIN,
    )


def _way_out(connection: Connection, link: Link, language: str) -> str:
    """An answer where answers arrive, the free call elsewhere (RULES US-10, KR-2)."""
    store = catalogue.store_profile(connection)
    number = addresses.get(connection, link.customer_id, link.address_id).value
    sender, free_call = sender_for(store, number), store.get("opt_out_phone")
    if (sender is not None and sender.is_two_way) or not free_call:
        return live_words.told(connection, "utter_way_out_by_answer", language=language) or ""
    phone = formats.phone(str(free_call))
    return (
        live_words.told(connection, "utter_way_out_by_call", language=language, phone=phone) or ""
    )
