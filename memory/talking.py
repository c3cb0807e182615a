"""What a person of the shop says to a customer whom they have taken, and what cannot be said."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import Connection

from marketing.errors import BadInput
from memory import addresses, answer_notices, customers, hand_overs
from memory.hand_overs import HandOver

LONGEST = 1600
"""Characters that a provider takes in one text message."""


class CannotSay(BadInput):
    """That cannot be said to this customer now."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        """`not_taken`, `say_nothing`, `say_too_long`, `number_stopped` or `key_used`, by another
        text."""


def say(
    connection: Connection,
    found: HandOver,
    text: str,
    *,
    shop_url: str,
    now: datetime,
    key: str | None = None,
) -> bool:
    """Say it on the channel that the customer asked on; True if they have left the chat and are
    told of it by text. What was said with this `key` is not said again. Raises CannotSay."""
    if key is None:
        return _say(connection, found, text, shop_url=shop_url, now=now)
    key, said = (hashlib.sha256(one.encode()).hexdigest() for one in (key, text))
    before = hand_overs.said_before(connection, found, key)
    if before is None:
        is_told = _say(connection, found, text, shop_url=shop_url, now=now)
        kept = {"said": said, "told_by_text": is_told}
        hand_overs.keep_said(connection, found, key, kept)
        return is_told
    if before["said"] != said:
        raise CannotSay("key_used")
    return bool(before["told_by_text"])


def _say(
    connection: Connection, found: HandOver, text: str, *, shop_url: str, now: datetime
) -> bool:
    words = text.strip()
    if found.taken_by is None:
        raise CannotSay("not_taken")
    if not words:
        raise CannotSay("say_nothing")
    if len(words) > LONGEST:
        raise CannotSay("say_too_long")
    if _is_stopped(connection, found):
        raise CannotSay("number_stopped")
    language = customers.get(connection, found.customer_id).language
    hand_overs.reply(connection, found, words, language=language, now=now)
    return answer_notices.tell(connection, found, shop_url=shop_url, now=now)


def _is_stopped(connection: Connection, found: HandOver) -> bool:
    if found.address_id is None:
        return False
    address = addresses.get(connection, found.customer_id, found.address_id)
    return address.stopped_at is not None
