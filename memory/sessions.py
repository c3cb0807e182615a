"""Web sessions: a token, kept as its digest only, says whose memory may be read. Real time."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from memory.tables import sessions

LIFETIME = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class Session:
    """Who is on the other end of a token, and how well that is proven."""

    customer_id: str
    proof: str

    @property
    def is_proven(self) -> bool:
        """True after a log-in or a code."""
        return self.proof != "none"


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A session that was revoked, and when."""

    customer_id: str
    revoked_at: datetime


def open_session(connection: Connection, customer_id: str, *, proof: str = "none") -> str:
    """A new session; returns its token (256 random bits), which is not stored (RULES ID-1)."""
    token = secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    connection.execute(
        insert(sessions).values(
            token_digest=_digest(token),
            customer_id=customer_id,
            proof=proof,
            created_at=now,
            expires_at=now + LIFETIME,
        )
    )
    return token


def find(connection: Connection, token: str) -> Session | None:
    """The live session of a token; None if it is forged, expired or revoked."""
    row = connection.execute(
        select(sessions.c.customer_id, sessions.c.proof).where(
            sessions.c.token_digest == _digest(token),
            sessions.c.revoked_at.is_(None),
            sessions.c.expires_at > datetime.now(UTC),
        )
    ).one_or_none()
    return Session(customer_id=row.customer_id, proof=row.proof) if row else None


def prolong(connection: Connection, token: str) -> None:
    """A visitor who comes back has another LIFETIME; a log-in or a code is not drawn out so."""
    now = datetime.now(UTC)
    connection.execute(
        update(sessions)
        .where(
            sessions.c.token_digest == _digest(token),
            sessions.c.proof == "none",
            sessions.c.revoked_at.is_(None),
            sessions.c.expires_at > now,
            sessions.c.expires_at < now + LIFETIME - timedelta(days=1),
        )
        .values(expires_at=now + LIFETIME)
    )


def prove(connection: Connection, customer_id: str, *, proof: str) -> None:
    """Whoever sits at this anonymous customer's browser has shown who they are."""
    connection.execute(
        update(sessions)
        .where(
            sessions.c.customer_id == customer_id,
            sessions.c.proof == "none",
            sessions.c.revoked_at.is_(None),
        )
        .values(proof=proof)
    )


def prove_one(connection: Connection, token: str, *, proof: str) -> None:
    """Whoever shows that token has shown who they are."""
    connection.execute(
        update(sessions).where(sessions.c.token_digest == _digest(token)).values(proof=proof)
    )


def renew(connection: Connection, token: str, *, proof: str) -> str:
    """A new token in place of one that may have been planted: that one ends (RULES ID-2). Raises
    sqlalchemy.exc.NoResultFound."""
    customer_id = connection.execute(
        select(sessions.c.customer_id).where(sessions.c.token_digest == _digest(token))
    ).scalar_one()
    revoke(connection, token)
    return open_session(connection, customer_id, proof=proof)


def ended(connection: Connection, token: str) -> Ended | None:
    """The session of a token that was revoked; None if it lives, is too old or never was."""
    row = connection.execute(
        select(sessions.c.customer_id, sessions.c.revoked_at).where(
            sessions.c.token_digest == _digest(token), sessions.c.revoked_at.is_not(None)
        )
    ).one_or_none()
    return Ended(**row._mapping) if row else None


def revoke(connection: Connection, token: str) -> None:
    """End a session: log-out, or rotation at log-in (RULES ID-2)."""
    connection.execute(
        update(sessions)
        .where(sessions.c.token_digest == _digest(token))
        .values(revoked_at=datetime.now(UTC))
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
