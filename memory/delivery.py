"""What becomes of a message after its provider was called: callbacks in any order, senders that
died, and what has to be asked for. A state never goes back (RULES TW-2, TW-3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from memory import advertising, clock, offers
from memory.addresses import STORED, opened
from memory.tables import addresses, outbox

_STATUS_RANK = {
    "accepted": 0,
    "scheduled": 0,
    "queued": 1,
    "sending": 2,
    "sent": 3,
    "delivered": 4,
    "undelivered": 4,
    "failed": 4,
    "canceled": 4,
    "read": 5,
}
"""The provider's statuses in order; a callback never moves backwards (RULES TW-2, §2.3)."""


@dataclass(frozen=True, kw_only=True)
class Lost:
    """A message of which nobody knows whether the provider took it."""

    outbox_id: int
    channel: str
    recipient: str
    body: str
    lease_until: datetime
    """Real time: the provider was called within the lease that ended then."""


def reap(connection: Connection) -> list[int]:
    """Messages whose sender died between call and record become `unknown`, never `ready` again;
    returns their ids."""
    found = connection.scalars(
        update(outbox)
        .where(outbox.c.state == "sending", outbox.c.lease_until < datetime.now(UTC))
        .values(state="unknown", reason="sender_died")
        .returning(outbox.c.outbox_id)
    )
    return list(found)


def lost(connection: Connection, *, since: datetime, limit: int = 20) -> list[Lost]:
    """Messages in state `unknown` that are due to be asked for, those first that have been due
    longest, so that none waits for ever behind others; none whose lease ended before `since` (real
    time)."""
    rows = connection.execute(
        select(
            outbox.c.outbox_id,
            outbox.c.channel,
            *STORED,
            outbox.c.body,
            outbox.c.lease_until,
        )
        .join(
            addresses,
            (addresses.c.customer_id == outbox.c.customer_id)
            & (addresses.c.address_id == outbox.c.address_id),
        )
        .where(
            outbox.c.state == "unknown",
            outbox.c.lease_until > since,
            outbox.c.retry_at <= datetime.now(UTC),
        )
        .order_by(outbox.c.retry_at, outbox.c.outbox_id)
        .limit(limit)
    )
    return [
        Lost(
            outbox_id=row.outbox_id,
            channel=row.channel,
            recipient=opened(connection, row),
            body=row.body,
            lease_until=row.lease_until,
        )
        for row in rows
    ]


def ask_later(connection: Connection, outbox_id: int, wait: timedelta) -> None:
    """The provider did not know that message yet: ask again after `wait`."""
    connection.execute(
        update(outbox)
        .where(outbox.c.outbox_id == outbox_id, outbox.c.state == "unknown")
        .values(retry_at=datetime.now(UTC) + wait)
    )


def claimed_ids(connection: Connection, provider_ids: Sequence[str]) -> frozenset[str]:
    """Which of the provider's ids belong to a message of ours already."""
    found = connection.scalars(
        select(outbox.c.provider_id).where(outbox.c.provider_id.in_(provider_ids))
    )
    return frozenset(found)


def merge_status(
    connection: Connection,
    outbox_id: int,
    *,
    provider_id: str,
    status: str,
    error_code: int | None,
) -> bool:
    """Take a status callback into account, whatever its order; an `unknown` message is known
    again. Returns False if it changed nothing (a repeat, an older status, another message's)."""
    row = connection.execute(
        select(
            outbox.c.provider_status,
            outbox.c.provider_id,
            outbox.c.state,
            outbox.c.customer_id,
            outbox.c.offer_id,
            outbox.c.body,
        )
        .where(outbox.c.outbox_id == outbox_id)
        .with_for_update()
    ).one_or_none()
    if row is None or row.provider_id not in (None, provider_id):
        return False
    if _rank(status) <= _rank(row.provider_status):
        return False
    connection.execute(
        update(outbox)
        .where(outbox.c.outbox_id == outbox_id)
        .values(
            state=_state(status),
            provider_id=provider_id,
            provider_status=status,
            error_code=error_code,
        )
    )
    if row.offer_id is not None:
        _follow(connection, row, _state(status))
    return True


def _follow(connection: Connection, row: Any, state: str) -> None:
    """An offer's text was taken after all, or never arrived."""
    if state == "rejected":
        now = clock.business_now(connection)
        offers.not_sent(connection, row.customer_id, row.offer_id, reason="undelivered", now=now)
    elif row.state in {"sending", "unknown"}:
        advertising.keep_told(connection, row)


def _rank(status: str | None) -> int:
    return _STATUS_RANK.get(status or "", -1)


def _state(status: str) -> str:
    if status in {"delivered", "read"}:
        return "delivered"
    return "rejected" if status in {"undelivered", "failed", "canceled"} else "accepted"
