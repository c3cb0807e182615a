"""The notice that a consent or a refusal behind a link was taken down, by text to the number
itself: the sender, what was done, and the date (정보통신망법 §50⑦, RULES KR-5). No advertisement.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from marketing import formats
from marketing.message_classes import notice_not_before
from marketing.places import place_of
from memory import addresses, catalogue, notices, outbox, reserved_words, turns
from memory.engine import Connection
from memory.gate import sender_for
from memory.links import Link
from web import live_words

OPT_OUT = "opt_out"
RESPONSES = {
    "marketing": "utter_consent_given",
    "night": "utter_night_consent_given",
    OPT_OUT: "utter_opted_out_by_link",
}
_WITHIN = timedelta(days=14)


def tell(connection: Connection, link: Link, what: str, *, language: str, now: datetime) -> None:
    """Write the notice of `what` (`marketing`, `night`: given; OPT_OUT) and make it part of the
    conversation."""
    store = catalogue.store_profile(connection)
    values = {
        "day": notices.day(store, now, language),
        "way_out": _way_out(connection, link, language),
    }
    body = live_words.told(connection, RESPONSES[what], language=language, channel="sms", **values)
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
    number = addresses.get(connection, link.customer_id, link.address_id).value
    place = place_of(number)
    ends_texts = what == OPT_OUT and place.country != "KR"
    outbox.put(
        connection,
        key=f"consent_result:{link.customer_id}:{seq}",
        customer_id=link.customer_id,
        address_id=link.address_id,
        message_class="service",
        purpose="consent_result",
        body=body,
        now=now,
        hold_until=notice_not_before(now, place),
        not_after=now + (reserved_words.CONFIRM_WITHIN if ends_texts else _WITHIN),
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
