"""What somebody wants to be told of once it is back in stock: a promise like that of a reminder,
whose day is the one on which the shop has it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from marketing import stock
from marketing.campaigns import REMINDER
from marketing.decisions import Reason
from marketing.stock import Asked
from memory import bell, consents, due, promises
from memory.due import Due
from memory.tables import due as due_table
from memory.tables import products

KEPT_FOR = timedelta(days=365)
"""A wish older than that is not held any more."""
TOLD_WITHIN = timedelta(days=3)
"""So long after it came back it may still be told."""
_WHICH = (promises.WHICH, "size", "width", "colour")
_NAMES = tuple(Due.__dataclass_fields__)


def keep(
    connection: Connection,
    customer_id: str,
    *,
    product: Mapping[str, Any],
    asked: Asked,
    called: str,
    asked_on: date,
    now: datetime,
) -> bool:
    """Tell them once when there is one like that, `called` so; False if it waits already. Locks the
    permission row."""
    consents.lock_permission(connection, customer_id)
    which = {
        promises.WHICH: str(product["product_id"]),
        "size": asked.size,
        "width": asked.width,
        "colour": asked.colour,
    }
    waits = waiting(connection, customer_id)
    if any({name: one.about[name] for name in _WHICH} == which for one in waits):
        return False
    variant = ":".join(value or "any" for value in which.values())
    due.put(
        connection,
        customer_id,
        kind=REMINDER,
        occurrence=f"stock:{variant}:{now.isoformat()}",
        about={
            **which,
            "category": str(product["category"]),
            "called": called,
            "asked_on": asked_on.isoformat(),
            "asked_at": now.isoformat(),
        },
        due_at=now + KEPT_FOR,
        latest=now + KEPT_FOR + TOLD_WITHIN,
        now=now,
    )
    return True


def waiting(connection: Connection, customer_id: str) -> list[Due]:
    """What somebody waits for."""
    return [one for one in promises.waiting(connection, customer_id) if is_one(one)]


def is_one(occasion: Due) -> bool:
    """True for a wish to be told of what is back; another reminder has a day of its own."""
    return promises.WHICH in occasion.about


def asked(occasion: Due) -> Asked:
    """Which one it is."""
    about = occasion.about
    return Asked(size=about["size"], width=about["width"], colour=about["colour"])


def is_there(product: Mapping[str, Any], occasion: Due) -> bool:
    """True if the shop has one like that now."""
    return stock.left(product, asked(occasion)) > 0


def back(connection: Connection, *, now: datetime) -> list[Due]:
    """The wishes that wait for what the shop has again."""
    columns = [due_table.c[name] for name in _NAMES]
    rows = connection.execute(
        select(*columns, products.c.product)
        .join(products, products.c.product_id == due_table.c.about[promises.WHICH].astext)
        .where(
            due_table.c.kind == REMINDER,
            due_table.c.state == "waiting",
            due_table.c.due_at > now + TOLD_WITHIN,
        )
    )
    wishes = ((Due(**{name: row._mapping[name] for name in _NAMES}), row.product) for row in rows)
    return [one for one, product in wishes if is_there(product, one)]


def begin(connection: Connection, occasion: Due, *, now: datetime) -> None:
    """It is due now, and rings the planner. Locks the permission row."""
    consents.lock_permission(connection, occasion.customer_id)
    _move(connection, occasion, due_at=now, latest=now + TOLD_WITHIN)
    bell.ring(connection, bell.DUE)


def wait_on(connection: Connection, occasion: Due) -> None:
    """It is gone again: it waits as before. The caller has locked the permission row."""
    until = datetime.fromisoformat(occasion.about["asked_at"]) + KEPT_FOR
    _move(connection, occasion, due_at=until, latest=until + TOLD_WITHIN)


def _move(connection: Connection, occasion: Due, *, due_at: datetime, latest: datetime) -> None:
    connection.execute(
        update(due_table)
        .where(
            due_table.c.customer_id == occasion.customer_id,
            due_table.c.due_id == occasion.due_id,
            due_table.c.state == "waiting",
        )
        .values(due_at=due_at, latest=latest)
    )


def forget(
    connection: Connection, customer_id: str, category: str | None, *, now: datetime
) -> None:
    """They do not wait for such goods any more; None: for nothing. Locks the permission row."""
    consents.lock_permission(connection, customer_id)
    for one in waiting(connection, customer_id):
        if category in (None, one.about["category"]):
            due.end(connection, one, reason=Reason.FACT_FORGOTTEN, now=now)
