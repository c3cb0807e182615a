"""The code that is texted to the number which a link went to, for whoever opens the link elsewhere,
and the language in which the number's owner is spoken to.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from memory import addresses, codes, customers, outbox
from memory.engine import Connection
from web import languages, live_words

CODE_WITHIN = timedelta(minutes=10)


def send(
    connection: Connection, customer_id: str, address_id: int, *, proves: str, now: datetime
) -> str:
    """Text a code to a number of the customer's, for `proves` to type. Returns what became of it:
    `code_sent` or `too_many`."""
    number = addresses.get(connection, customer_id, address_id).value
    try:
        code = codes.issue(connection, proves, number)
    except codes.TooMany:
        return "too_many"
    language = language_of(connection, customer_id, address_id)
    body = live_words.told(
        connection, "utter_code_text", language=language, channel="sms", code=code
    )
    outbox.put(
        connection,
        key=f"link_code:{proves}:{now.timestamp():.3f}",
        customer_id=customer_id,
        address_id=address_id,
        message_class="service",
        purpose="code",
        body=body or code,
        now=now,
        not_after=now + CODE_WITHIN,
    )
    return "code_sent"


def language_of(connection: Connection, customer_id: str, address_id: int | None) -> str:
    """What they write; else what is spoken where their number is."""
    known = languages.chosen(customers.get(connection, customer_id).language or "")
    if known is not None or address_id is None:
        return known or languages.KOREAN
    return languages.spoken_at(addresses.get(connection, customer_id, address_id).value)
