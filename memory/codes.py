"""Codes that prove a telephone number: sent by text, typed in the chat. Few tries, a short life,
real time (in the spirit of RULES OF-2).
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update

from memory import sealing
from memory.tables import codes

LIFETIME = timedelta(minutes=10)
MOST_TRIES = 5
IN_TIME = timedelta(hours=1)
MOST_ASKED = 3
"""Codes that one customer is given in a while."""
MOST_SENT = 12
"""Codes to one number in a while, whoever asks. A stranger spends three of them at most, so that
whose number it is gets theirs; and nobody's telephone rings all day."""

_TURN_WITHIN = timedelta(days=1)
"""A code that was typed in time counts, however late the turn of its message is."""
_LENGTH = 6
_LETTER = re.compile(r"[^\W\d_]")
_IN_A_SENTENCE = re.compile(
    r"(?<![\d.,$₩#-])(\d{3})[\s-]?(\d{3})(?!\s*[\d원만천]|[.,-]\d)", re.ASCII
)
_READ = ("code_id", "key_id", "sealed", "salt", "digest", "tries", "typed_at")


class TooMany(Exception):
    """Too many codes were asked for lately; whoever asks must wait."""


class Checked(StrEnum):
    """What typing a code came to."""

    RIGHT = "right"
    WRONG = "wrong"
    SPENT = "spent"
    """No code waits: too old, used, or tried too often."""


def issue(connection: Connection, customer_id: str, phone: str) -> str:
    """A new code of six digits for that number (E.164); the one before it ends. Raises TooMany."""
    now = datetime.now(UTC)
    asked = _count(connection, codes.c.customer_id == customer_id, now)
    to_it = codes.c.phone_index.in_(sealing.blind_indexes(connection, phone))
    if asked >= MOST_ASKED or _count(connection, to_it, now) >= MOST_SENT:
        raise TooMany
    _close(connection, customer_id, now)
    code, salt = f"{secrets.randbelow(10**6):06}", secrets.token_bytes(16)
    sealed = sealing.seal(connection, phone)
    connection.execute(
        insert(codes).values(
            customer_id=customer_id,
            phone_index=sealing.blind_index(connection, phone),
            sealed=sealed.data,
            key_id=sealed.key_id,
            salt=salt,
            digest=_digest(salt, code),
            sent_at=now,
            expires_at=now + LIFETIME,
        )
    )
    return code


def waiting_for(connection: Connection, customer_id: str) -> str | None:
    """The number that a code was sent to and that waits for it to be typed."""
    row = connection.execute(
        select(codes.c.key_id, codes.c.sealed).where(
            codes.c.customer_id == customer_id,
            codes.c.closed_at.is_(None),
            codes.c.tries < MOST_TRIES,
            codes.c.expires_at > datetime.now(UTC),
        )
    ).one_or_none()
    return sealing.open_(connection, row.key_id, bytes(row.sealed)) if row else None


def typed_in(text: str) -> str | None:
    """The code that stands in a message: six digits, whatever their script, alone or in a sentence;
    None if there is none. A telephone number and a price are not read as one."""
    digits = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)
    if not _LETTER.search(digits):
        alone = "".join(sign for sign in digits if sign.isdecimal())
        return alone if len(alone) == _LENGTH else None
    found = _IN_A_SENTENCE.search(digits)
    return found.group(1) + found.group(2) if found else None


def typed(connection: Connection, customer_id: str, text: str) -> bool:
    """Look at a message that is just coming in: is it, or does it hold, the code that waits? If
    not, a try is counted. The number is linked when the message has its turn (`take`)."""
    code = typed_in(text)
    row = _waiting(connection, customer_id) if code else None
    if code is None or row is None or row.typed_at is not None:
        return False
    is_right = _fits(row, code)
    now = datetime.now(UTC)
    values = (
        {"typed_at": now, "expires_at": now + _TURN_WITHIN}
        if is_right
        else {"tries": row.tries + 1}
    )
    connection.execute(
        update(codes)
        .where(codes.c.customer_id == customer_id, codes.c.code_id == row.code_id)
        .values(**values)
    )
    return is_right


def take(connection: Connection, customer_id: str, text: str) -> tuple[Checked, str | None]:
    """What the code in a message came to when it came in (`typed`); the number it proves, if it was
    right. Counts no try: that was done."""
    row, code = _open(connection, customer_id), typed_in(text)
    if row is None or code is None or row.tries >= MOST_TRIES:
        return Checked.SPENT, None
    if row.typed_at is None or not _fits(row, code):
        return Checked.WRONG, None
    _close(connection, customer_id, datetime.now(UTC))
    return Checked.RIGHT, sealing.open_(connection, row.key_id, bytes(row.sealed))


def _waiting(connection: Connection, customer_id: str) -> Row[Any] | None:
    """The code that may still be tried."""
    row = _open(connection, customer_id)
    return row if row is not None and row.tries < MOST_TRIES else None


def _open(connection: Connection, customer_id: str) -> Row[Any] | None:
    """The newest code, unless it is too old or its turn is over; locked."""
    return connection.execute(
        select(*(codes.c[name] for name in _READ))
        .where(
            codes.c.customer_id == customer_id,
            codes.c.closed_at.is_(None),
            codes.c.expires_at > datetime.now(UTC),
        )
        .with_for_update()
    ).one_or_none()


def _fits(row: Row[Any], code: str) -> bool:
    return secrets.compare_digest(_digest(bytes(row.salt), code), bytes(row.digest))


def _count(connection: Connection, whose: ColumnElement[bool], now: datetime) -> int:
    asked = select(func.count()).select_from(codes).where(whose, codes.c.sent_at > now - IN_TIME)
    return int(connection.scalar(asked) or 0)


def _close(connection: Connection, customer_id: str, now: datetime) -> None:
    connection.execute(
        update(codes)
        .where(codes.c.customer_id == customer_id, codes.c.closed_at.is_(None))
        .values(closed_at=now)
    )


def _digest(salt: bytes, code: str) -> bytes:
    return hashlib.sha256(salt + code.encode("utf-8", "surrogatepass")).digest()
