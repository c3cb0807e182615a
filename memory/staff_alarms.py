"""Texts to the shop's own people: somebody waits for one of them. Each is sent at most once, as a
message to a customer is; nothing of the customer stands in it, nor in its row.

ready → sending → accepted, rejected or unknown; or cancelled, once somebody has taken it up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from memory import bell
from memory.tables import hand_overs, staff_alarms


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """A text that must now be sent exactly once."""

    alarm_id: int
    kind: str
    """`waits`, or `promise`: it is about to be broken."""
    recipient: str
    """E.164."""
    attempts: int
    promised_at: datetime | None
    """When the customer is to be answered at the latest."""
    waiting: int
    """How many wait for a person."""


def plan(
    connection: Connection,
    hand_over_id: int,
    recipients: Sequence[str],
    *,
    at: datetime,
    again_at: datetime | None,
) -> None:
    """Have each of them told at that business time, and again at the other; once each."""
    moments = [("waits", at)] + ([("promise", again_at)] if again_at else [])
    rows = [
        {
            "key": f"{kind}:{hand_over_id}:{recipient}",
            "hand_over_id": hand_over_id,
            "kind": kind,
            "recipient": recipient,
            "due_at": due_at,
        }
        for kind, due_at in moments
        for recipient in dict.fromkeys(recipients)
    ]
    if rows:
        connection.execute(insert(staff_alarms), rows)
        bell.ring(connection, bell.OUTBOX)


def begin_sending(connection: Connection, *, now: datetime, lease: timedelta) -> Alarm | None:
    """Take the next that is due and mark it `sending`; the caller commits before calling the
    provider (RULES §3.4). What nobody waits for any more is cancelled. None if nothing is due."""
    is_waiting = _is_waiting()
    connection.execute(
        update(staff_alarms)
        .where(staff_alarms.c.state == "ready", staff_alarms.c.due_at <= now, ~is_waiting)
        .values(state="cancelled", reason="nobody_waits")
    )
    found = (
        select(staff_alarms.c.alarm_id)
        .where(
            staff_alarms.c.state == "ready",
            staff_alarms.c.due_at <= now,
            staff_alarms.c.retry_at <= func.clock_timestamp(),
            is_waiting,
        )
        .order_by(staff_alarms.c.due_at, staff_alarms.c.alarm_id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    row = connection.execute(
        update(staff_alarms)
        .where(staff_alarms.c.alarm_id == found)
        .values(
            state="sending",
            attempts=staff_alarms.c.attempts + 1,
            lease_until=datetime.now(UTC) + lease,
        )
        .returning(
            staff_alarms.c.alarm_id,
            staff_alarms.c.kind,
            staff_alarms.c.recipient,
            staff_alarms.c.attempts,
            select(hand_overs.c.promised_at)
            .where(hand_overs.c.hand_over_id == staff_alarms.c.hand_over_id)
            .scalar_subquery()
            .label("promised_at"),
            select(func.count())
            .select_from(hand_overs)
            .where(hand_overs.c.state == "waiting")
            .scalar_subquery()
            .label("waiting"),
        )
    ).one_or_none()
    return Alarm(**row._mapping) if row else None


def record(
    connection: Connection,
    alarm_id: int,
    state: str,
    *,
    reason: str,
    provider_id: str | None = None,
    code: int | None = None,
) -> None:
    """What became of it: `accepted`, `rejected` or `unknown`. States never go back."""
    connection.execute(
        update(staff_alarms)
        .where(
            staff_alarms.c.alarm_id == alarm_id, staff_alarms.c.state.in_(("sending", "unknown"))
        )
        .values(
            state=state,
            reason=reason,
            provider_id=provider_id,
            error_code=code,
            sent_at=datetime.now(UTC) if state == "accepted" else None,
        )
    )


def set_back(
    connection: Connection, alarm_id: int, *, attempts: int, reason: str, wait: timedelta
) -> None:
    """The provider provably did not take it at that attempt: try again after `wait`."""
    connection.execute(
        update(staff_alarms)
        .where(
            staff_alarms.c.alarm_id == alarm_id,
            staff_alarms.c.state.in_(("sending", "unknown")),
            staff_alarms.c.attempts == attempts,
        )
        .values(state="ready", reason=reason, retry_at=datetime.now(UTC) + wait, lease_until=None)
    )


def reap(connection: Connection) -> list[int]:
    """Whoever was sending these has died: nobody knows whether they went out, and they are never
    sent again. Returns which."""
    lost = connection.scalars(
        update(staff_alarms)
        .where(
            staff_alarms.c.state == "sending",
            staff_alarms.c.lease_until < datetime.now(UTC),
        )
        .values(state="unknown", reason="sender_lost")
        .returning(staff_alarms.c.alarm_id)
    )
    return list(lost)


def next_moment(connection: Connection, *, after: datetime, until: datetime) -> datetime | None:
    """When the next one is due in that time; None if none is."""
    found: datetime | None = connection.scalar(
        select(func.min(staff_alarms.c.due_at)).where(
            staff_alarms.c.state == "ready",
            staff_alarms.c.due_at > after,
            staff_alarms.c.due_at <= until,
        )
    )
    return found


def count_due(connection: Connection, *, now: datetime) -> int:
    """How many are being sent or could be now."""
    sending = staff_alarms.c.state == "sending"
    ready = (
        (staff_alarms.c.state == "ready")
        & (staff_alarms.c.due_at <= now)
        & (staff_alarms.c.retry_at <= func.clock_timestamp())
    )
    return int(
        connection.scalar(select(func.count()).select_from(staff_alarms).where(sending | ready))
        or 0
    )


def _is_waiting() -> ColumnElement[bool]:
    return (
        select(hand_overs.c.hand_over_id)
        .where(
            hand_overs.c.hand_over_id == staff_alarms.c.hand_over_id,
            hand_overs.c.state == "waiting",
        )
        .exists()
    )
