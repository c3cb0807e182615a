"""What a customer asked to be told later: one occasion for each kind of goods, on the day that they
were promised, and once. Ended when it is forgotten or bought meanwhile; what could not be sent is
told at the next visit.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Connection, literal, select, update

from marketing.campaigns import REMINDER
from marketing.decisions import Reason
from marketing.reminders import WITHIN
from memory import consents, due
from memory.due import Due
from memory.tables import due as due_table
from memory.tables import turns

PAYLOAD = "reminder"
"""Key of the payload of what was told: the `due_id`."""
FACT = "promise"
WHICH = "product_id"
"""Key of what a promise is about that has no day: it is told when the shop has that product again
(`stock_alerts`)."""
_NAMES = tuple(Due.__dataclass_fields__)
_TOLD_AT = "told_at"
_SETTLED = (
    *(Reason.PLANNED, Reason.SENT, Reason.IN_OPEN_CHAT, Reason.FACT_FORGOTTEN, Reason.MUTED),
    *(Reason.REFUSED, Reason.BOUGHT_ELSEWHERE, "merged"),
)
"""How something ended of which nothing is to be said any more."""


def keep(
    connection: Connection,
    customer_id: str,
    *,
    category: str | None,
    called: str | None,
    day: date,
    asked_on: date,
    due_at: datetime,
    now: datetime,
) -> None:
    """Tell them at `due_at`, on `day` by their clock, of what they `called` so on the day that they
    asked; what was promised of the same kind before is not any more. Locks the permission row."""
    consents.lock_permission(connection, customer_id)
    forget(connection, customer_id, [category], now=now)
    due.put(
        connection,
        customer_id,
        kind=REMINDER,
        occurrence=f"{day.isoformat()}:{category or 'anything'}:{now.isoformat()}",
        about={
            "category": category,
            "called": called,
            "asked_on": asked_on.isoformat(),
            "asked_at": now.isoformat(),
        },
        due_at=due_at,
        latest=due_at + WITHIN,
        now=now,
    )


def forget(
    connection: Connection, customer_id: str, categories: Iterable[str | None], *, now: datetime
) -> None:
    """These are not to be told any more on their day. The caller has locked the permission row."""
    wanted = set(categories)
    for one in waiting(connection, customer_id):
        if one.about.get("category") in wanted and WHICH not in one.about:
            due.end(connection, one, reason=Reason.FACT_FORGOTTEN, now=now)


def waiting(connection: Connection, customer_id: str) -> list[Due]:
    """What is still to be told, the next first."""
    return [one for one in due.to_come(connection, customer_id) if one.kind == REMINDER]


def is_waiting(connection: Connection, customer_id: str, category: str) -> bool:
    """True if goods of that kind are to be told of on a day to come."""
    found = connection.execute(
        select(literal(1)).where(
            due_table.c.customer_id == customer_id,
            due_table.c.kind == REMINDER,
            due_table.c.state == "waiting",
            due_table.c.about["category"].astext == category,
            ~due_table.c.about.has_key(WHICH),
        )
    )
    return found.first() is not None


def untold(connection: Connection, customer_id: str) -> list[tuple[Due, str]]:
    """What was not sent and is to be said at the next visit, each with the reason."""
    columns = [due_table.c[name] for name in _NAMES]
    rows = connection.execute(
        select(due_table.c.reason, *columns)
        .where(
            due_table.c.customer_id == customer_id,
            due_table.c.kind == REMINDER,
            due_table.c.state != "waiting",
            due_table.c.reason.not_in(_SETTLED),
            ~due_table.c.about.has_key(_TOLD_AT),
        )
        .order_by(due_table.c.due_id)
    ).all()
    return [(Due(**{name: row._mapping[name] for name in _NAMES}), row.reason) for row in rows]


def told_at_visit(connection: Connection, occasion: Due, *, now: datetime) -> None:
    """It was said at a visit, and is not said again."""
    connection.execute(
        update(due_table)
        .where(
            due_table.c.customer_id == occasion.customer_id,
            due_table.c.due_id == occasion.due_id,
        )
        .values(about=due_table.c.about.concat({_TOLD_AT: now.isoformat()}))
    )
    due.note(connection, occasion, "sent", Reason.AT_NEXT_VISIT, channel="web", now=now)


def could_not_send(connection: Connection, occasion: Due, *, reason: str, now: datetime) -> None:
    """It was decided at the last moment not to send it, or the provider refused it."""
    connection.execute(
        update(due_table)
        .where(
            due_table.c.customer_id == occasion.customer_id,
            due_table.c.due_id == occasion.due_id,
        )
        .values(reason=reason)
    )
    due.note(connection, occasion, "not_sent", reason, channel="sms", now=now)


def get(connection: Connection, customer_id: str, due_id: int) -> Due:
    """That occasion. Raises sqlalchemy.exc.NoResultFound."""
    row = connection.execute(
        select(*(due_table.c[name] for name in _NAMES)).where(
            due_table.c.customer_id == customer_id, due_table.c.due_id == due_id
        )
    ).one()
    return Due(**row._mapping)


def told_in(connection: Connection, customer_id: str, seq: int) -> Due | None:
    """The occasion that was told in that utterance of the shop's, if it was one."""
    due_id = connection.scalar(
        select(turns.c.payload[PAYLOAD].as_integer()).where(
            turns.c.customer_id == customer_id, turns.c.seq == seq
        )
    )
    return get(connection, customer_id, due_id) if due_id is not None else None
