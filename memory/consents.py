"""The ledger of consents, append-only with its evidence, and the permission row that every send
locks. Lock order: inbox row, then permission row (DESIGN rule 3).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects.postgresql import distinct_on

from memory.tables import consents, permissions

_STATE = {"given": "given", "reopened": "given", "refused": "refused", "withdrawn": "refused"}
REFUSALS = ("refused", "withdrawn")
"""Lines that count for the person, on whatever address they were said (RULES US-3)."""
CONFIRM_WITHIN = timedelta(hours=24)
"""A consent that was asked for and is not confirmed on its address by then was not given."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the ledger says of one address now."""

    marketing: bool = False
    night: bool = False
    asked: frozenset[str] = frozenset()
    """Purposes that wait to be confirmed on the address itself (RULES US-7)."""
    asked_at: datetime | None = None
    """When the newest of them was asked for."""


def try_lock_permission(connection: Connection, customer_id: str) -> bool:
    """Lock the permission row as `lock_permission` does, without waiting; False if somebody else
    holds it."""
    found = connection.execute(
        select(permissions.c.customer_id)
        .where(permissions.c.customer_id == customer_id)
        .with_for_update(skip_locked=True)
    )
    return found.one_or_none() is not None


def lock_permission(connection: Connection, customer_id: str) -> str:
    """The state of marketing (`none`, `given`, `refused`), locked to the end of the transaction."""
    return str(
        connection.execute(
            select(permissions.c.marketing)
            .where(permissions.c.customer_id == customer_id)
            .with_for_update()
        ).scalar_one()
    )


def record(
    connection: Connection,
    customer_id: str,
    *,
    purpose: str,
    action: str,
    evidence: Mapping[str, object],
    now: datetime,
    address_id: int | None = None,
) -> None:
    """Append to the ledger; a line about marketing moves the permission row with it.

    A refusal counts for the person on every channel (RULES US-3).
    """
    connection.execute(
        insert(consents).values(
            customer_id=customer_id,
            address_id=address_id,
            purpose=purpose,
            action=action,
            evidence=dict(evidence),
            at=now,
        )
    )
    if purpose == "marketing" and action in _STATE:
        connection.execute(
            update(permissions)
            .where(permissions.c.customer_id == customer_id)
            .values(marketing=_STATE[action], changed_at=now)
        )


def has_given(connection: Connection, customer_id: str, purpose: str, *, address_id: int) -> bool:
    """True if the ledger holds a consent for that purpose, of the person or for that address, from
    before (RULES US-5)."""
    found = connection.scalar(
        select(consents.c.consent_id)
        .where(
            consents.c.customer_id == customer_id,
            consents.c.purpose == purpose,
            consents.c.action == "given",
            consents.c.address_id.is_(None) | (consents.c.address_id == address_id),
        )
        .limit(1)
    )
    return found is not None


def given_at(connection: Connection, customer_id: str, purpose: str) -> datetime | None:
    """When the person last agreed to that purpose, on any address; None if they never did, or have
    taken it back since."""
    rows = connection.execute(
        select(consents.c.action, consents.c.at)
        .where(
            consents.c.customer_id == customer_id,
            consents.c.purpose == purpose,
            consents.c.action.in_(_STATE),
        )
        .order_by(consents.c.consent_id.desc())
    ).all()
    if not rows or _STATE[rows[0].action] != "given":
        return None
    return next((row.at for row in rows if row.action == "given"), None)


def standing(
    connection: Connection, customer_id: str, address_id: int, *, now: datetime
) -> Standing:
    """What this address may be sent, by the newest line of each purpose: its own, or a refusal of
    the person's, which also ends what was asked for and is not confirmed yet."""
    rows = connection.execute(
        select(consents.c.purpose, consents.c.action, consents.c.at)
        .where(
            consents.c.customer_id == customer_id,
            (consents.c.address_id == address_id) | consents.c.action.in_(REFUSALS),
            consents.c.purpose.in_(("marketing", "night")),
        )
        .ext(distinct_on(consents.c.purpose))
        .order_by(consents.c.purpose, consents.c.consent_id.desc())
    )
    return standing_of([(row.purpose, row.action, row.at) for row in rows], now=now)


def standing_of(newest: Iterable[tuple[str, str, datetime]], *, now: datetime) -> Standing:
    """The same from the newest line of each purpose: purpose, action, when."""
    lines = list(newest)
    given = {purpose for purpose, action, _ in lines if _STATE.get(action) == "given"}
    asked = {
        purpose: at
        for purpose, action, at in lines
        if action == "requested" and at > now - CONFIRM_WITHIN
    }
    return Standing(
        marketing="marketing" in given,
        night="night" in given,
        asked=frozenset(asked),
        asked_at=max(asked.values(), default=None),
    )


def asked_evidence(
    connection: Connection, customer_id: str, purpose: str, *, address_id: int
) -> dict[str, object]:
    """What was shown when a consent was last asked for on an address: the words, their digest,
    version and language (RULES US-7); empty if it never was."""
    found = connection.scalar(
        select(consents.c.evidence)
        .where(
            consents.c.customer_id == customer_id,
            consents.c.address_id == address_id,
            consents.c.purpose == purpose,
            consents.c.action == "requested",
        )
        .order_by(consents.c.consent_id.desc())
        .limit(1)
    )
    return dict(found or {})
