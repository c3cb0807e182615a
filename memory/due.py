"""What is due: a row for every occasion to come, once each. The planner looks at a row when its
business time has come and decides then; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from memory import bell, consents, decisions
from memory.decisions import Decision
from memory.tables import due

BROWSE = "browse"
"""They looked at a product and left."""
_SETTLED = ("planned", "sent", "in_open_chat", "already_told", "bought")
"""An occasion that ended for one of these reasons does not come again under its name."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """One occasion."""

    customer_id: str
    due_id: int
    kind: str
    occurrence: str
    about: Mapping[str, Any]
    due_at: datetime
    latest: datetime | None


_COLUMNS = tuple(due.c[name] for name in Due.__dataclass_fields__)


def put(
    connection: Connection,
    customer_id: str,
    *,
    kind: str,
    occurrence: str,
    due_at: datetime,
    now: datetime,
    about: Mapping[str, Any] | None = None,
    latest: datetime | None = None,
) -> bool:
    """Write an occasion and ring the planner; False if this one has been settled. One that still
    waits under the same name is moved to the new time, if that is later; one that ended without an
    offer waits again."""
    values = {"about": dict(about or {}), "due_at": due_at, "latest": latest}
    written = connection.execute(
        insert(due)
        .values(customer_id=customer_id, kind=kind, occurrence=occurrence, created_at=now, **values)
        .on_conflict_do_update(
            index_elements=[due.c.customer_id, due.c.kind, due.c.occurrence],
            set_={**values, "state": "waiting", "reason": None, "closed_at": None},
            where=((due.c.state == "waiting") & (due.c.due_at <= due_at))
            | due.c.reason.not_in(_SETTLED),
        )
        .returning(func.pg_notify(bell.DUE, ""))
    ).one_or_none()
    return written is not None


def claim(connection: Connection, *, now: datetime) -> Due | None:
    """The occasion that has been due longest, its customer's permission row and itself locked to
    the end of the transaction, in that order as everywhere; None if nothing is due that could be
    had now."""
    waiting = connection.execute(
        select(*_COLUMNS)
        .where(due.c.state == "waiting", due.c.due_at <= now)
        .order_by(due.c.due_at, due.c.due_id)
        .limit(20)
    ).all()
    for found in waiting:
        if not consents.try_lock_permission(connection, found.customer_id):
            continue
        row = connection.execute(
            select(*_COLUMNS)
            .where(*_is(found.customer_id, found.due_id), due.c.due_at <= now)
            .with_for_update()
        ).one_or_none()
        if row is not None:
            return Due(**row._mapping)
    return None


def finish(connection: Connection, occasion: Due, *, reason: str, now: datetime) -> None:
    """It was dealt with."""
    _close(connection, occasion.customer_id, occasion.due_id, "done", reason, now)


def end(connection: Connection, occasion: Due, *, reason: str, now: datetime) -> None:
    """It is not wanted any more, with its reason on record. The caller has locked the permission
    row."""
    _close(connection, occasion.customer_id, occasion.due_id, "cancelled", reason, now)
    note(connection, occasion, "cancelled", reason, now=now)


def note(
    connection: Connection,
    occasion: Due,
    decision: str,
    reason: str,
    *,
    channel: str | None = None,
    now: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """A line of the record of why."""
    decisions.record(
        connection,
        occasion.customer_id,
        Decision(
            campaign=occasion.kind,
            occurrence=occasion.occurrence,
            decision=decision,
            reason=reason,
            channel=channel,
            details=details or {},
            at=now,
        ),
    )


def hold(connection: Connection, occasion: Due, *, until: datetime) -> None:
    """Look at it again at `until`, business time."""
    connection.execute(
        update(due).where(*_is(occasion.customer_id, occasion.due_id)).values(due_at=until)
    )


def cancel(
    connection: Connection,
    customer_id: str,
    *,
    reason: str,
    now: datetime,
    kinds: Sequence[str] | None = None,
    category: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> int:
    """End what still waits, of some kinds and about a category of products or all of it, each with
    its reason on record; returns how many there were. The caller has locked the permission row."""
    conditions: list[ColumnElement[bool]] = [
        due.c.customer_id == customer_id,
        due.c.state == "waiting",
    ]
    if kinds is not None:
        conditions.append(due.c.kind.in_(kinds))
    if category is not None:
        conditions.append(due.c.about["category"].astext == category)
    ended = connection.execute(
        update(due)
        .where(*conditions)
        .values(state="cancelled", reason=reason, closed_at=now)
        .returning(
            due.c.kind, due.c.occurrence, due.c.about["product_id"].astext.label("product_id")
        )
    ).all()
    for row in ended:
        decisions.record(
            connection,
            customer_id,
            Decision(
                campaign=row.kind,
                occurrence=row.occurrence,
                decision="cancelled",
                reason=reason,
                details={"product_id": row.product_id, **(details or {})},
                at=now,
            ),
        )
    return len(ended)


def next_moment(connection: Connection, *, until: datetime) -> datetime | None:
    """When the next occasion is due, up to `until`; None if none is."""
    found: datetime | None = connection.scalar(
        select(func.min(due.c.due_at)).where(due.c.state == "waiting", due.c.due_at <= until)
    )
    return found


def count(connection: Connection, *, now: datetime) -> int:
    """How many occasions are due and have not been dealt with."""
    counted = select(func.count()).where(due.c.state == "waiting", due.c.due_at <= now)
    return int(connection.scalar(counted) or 0)


def to_come(connection: Connection, customer_id: str) -> list[Due]:
    """What waits for its time with a customer, the next first."""
    rows = connection.execute(
        select(*_COLUMNS)
        .where(due.c.customer_id == customer_id, due.c.state == "waiting")
        .order_by(due.c.due_at, due.c.due_id)
    )
    return [Due(**row._mapping) for row in rows]


def _is(customer_id: str, due_id: int) -> tuple[ColumnElement[bool], ...]:
    return (due.c.customer_id == customer_id, due.c.due_id == due_id, due.c.state == "waiting")


def _close(
    connection: Connection, customer_id: str, due_id: int, state: str, reason: str, now: datetime
) -> None:
    connection.execute(
        update(due)
        .where(*_is(customer_id, due_id))
        .values(state=state, reason=reason, closed_at=now)
    )
