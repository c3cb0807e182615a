"""Codes that prove a telephone number: sent by text, typed in the chat. Few tries, a short life,
real time (in the spirit of RULES OF-2).
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

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


_CHECKED = ("code_id", "key_id", "sealed", "salt", "digest", "tries")


def check(connection: Connection, customer_id: str, typed: str) -> tuple[Checked, str | None]:
    """Compare what was typed with the code that waits, and count the try; the number it proves, if
    it is right."""
    now = datetime.now(UTC)
    row = connection.execute(
        select(*(codes.c[name] for name in _CHECKED))
        .where(
            codes.c.customer_id == customer_id,
            codes.c.closed_at.is_(None),
            codes.c.expires_at > now,
        )
        .with_for_update()
    ).one_or_none()
    if row is None or row.tries >= MOST_TRIES:
        return Checked.SPENT, None
    if secrets.compare_digest(_digest(bytes(row.salt), typed), bytes(row.digest)):
        _close(connection, customer_id, now)
        return Checked.RIGHT, sealing.open_(connection, row.key_id, bytes(row.sealed))
    connection.execute(
        update(codes)
        .where(codes.c.customer_id == customer_id, codes.c.code_id == row.code_id)
        .values(tries=codes.c.tries + 1)
    )
    return (Checked.SPENT if row.tries + 1 >= MOST_TRIES else Checked.WRONG), None


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
