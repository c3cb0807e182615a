"""The shop's own people: the tokens by which a program shows whose it is, and what they have seen
and done, in a ledger that cannot be changed and in which each line vouches for the one before
(RULES AU-1). Real time.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, insert, select, update

from memory.tables import staff_accesses, staff_tokens

PREFIX = "dst_"
"""So that a token that was lost is known for what it is."""
LIFETIME = timedelta(days=30)
LONGEST_NAME = 60
_ONE_AT_A_TIME = 7_301_114
"""Of PostgreSQL's advisory locks: lines are written one after the other."""


@dataclass(frozen=True, kw_only=True)
class Token:
    """A token of one of the shop's people, but for itself."""

    name: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Access:
    """Somebody has seen or done something."""

    access_id: int
    at: datetime
    name: str
    way: str
    """`api` or `command`."""
    action: str
    whose: str | None
    """The customer; None for nobody in particular."""


def issue(connection: Connection, name: str, *, lifetime: timedelta = LIFETIME) -> str:
    """A new token (256 random bits) for that person; only its digest is kept."""
    token = PREFIX + secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    connection.execute(
        insert(staff_tokens).values(
            token_digest=_digest(token), name=name, created_at=now, expires_at=now + lifetime
        )
    )
    return token


def name_of(connection: Connection, token: str) -> str | None:
    """Whose token that is; None if it is made up, expired or revoked."""
    name: str | None = connection.scalar(
        select(staff_tokens.c.name).where(
            staff_tokens.c.token_digest == _digest(token),
            staff_tokens.c.revoked_at.is_(None),
            staff_tokens.c.expires_at > datetime.now(UTC),
        )
    )
    return name


def revoke(connection: Connection, name: str) -> int:
    """End every token of that person; returns how many there were."""
    ended = connection.execute(
        update(staff_tokens)
        .where(staff_tokens.c.name == name, staff_tokens.c.revoked_at.is_(None))
        .values(revoked_at=datetime.now(UTC))
    )
    return ended.rowcount


def tokens(connection: Connection) -> list[Token]:
    """All of them, the oldest first."""
    columns = (staff_tokens.c[name] for name in Token.__dataclass_fields__)
    rows = connection.execute(select(*columns).order_by(staff_tokens.c.created_at))
    return [Token(**row._mapping) for row in rows]


def note(
    connection: Connection, *, name: str, way: str, action: str, whose: str | None = None
) -> None:
    """Write down what they see or do, in the transaction in which they do it."""
    connection.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    before = connection.scalar(
        select(staff_accesses.c.digest).order_by(staff_accesses.c.access_id.desc()).limit(1)
    )
    at = datetime.now(UTC)
    connection.execute(
        insert(staff_accesses).values(
            at=at,
            name=name,
            way=way,
            action=action,
            whose=whose,
            digest=_chained(before or b"", at, name, way, action, whose),
        )
    )


def accesses(connection: Connection, *, whose: str | None = None) -> list[Access]:
    """What was seen and done, of one customer or of all, the earliest first."""
    columns = (staff_accesses.c[name] for name in Access.__dataclass_fields__)
    asked = select(*columns).order_by(staff_accesses.c.access_id)
    if whose is not None:
        asked = asked.where(staff_accesses.c.whose == whose)
    return [Access(**row._mapping) for row in connection.execute(asked)]


def first_broken(connection: Connection) -> int | None:
    """The first line that does not follow from the one before: it was changed, or one before it
    was taken out. None if all do."""
    before = b""
    rows = connection.execute(select(staff_accesses).order_by(staff_accesses.c.access_id))
    for row in rows:
        if row.digest != _chained(before, row.at, row.name, row.way, row.action, row.whose):
            return int(row.access_id)
        before = row.digest
    return None


def _chained(
    before: bytes, at: datetime, name: str, way: str, action: str, whose: str | None
) -> bytes:
    line = json.dumps([at.astimezone(UTC).isoformat(), name, way, action, whose])
    return hashlib.sha256(before + line.encode()).digest()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
