"""What a merge changed in rows besides moving them (a fact closed, an offer withdrawn, a name
filled in), written down so that it can be undone: by comparing the rows before and after, whatever
the merge did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError

from memory.tables import (
    conversations,
    customers,
    due,
    facts,
    hand_overs,
    metadata,
    offers,
    outbox,
    permissions,
)

Rows = Mapping[tuple[str, Any], Mapping[str, Any]]
Change = dict[str, Any]

_KEYS: Mapping[str, str] = {
    **dict.fromkeys((one.name for one in (conversations, customers, permissions)), "customer_id"),
    facts.name: "fact_id",
    offers.name: "offer_id",
    outbox.name: "outbox_id",
    due.name: "due_id",
    hand_overs.name: "hand_over_id",
}
_MOVED = frozenset({"customer_id", "source_seq", "tracker", "merged_into"})
"""What moving changes, or nobody misses."""


def seen(connection: Connection, both: Sequence[str]) -> Rows:
    """The rows of two customers that a merge may change, by table and key."""
    found: dict[tuple[str, Any], Mapping[str, Any]] = {}
    for name, key in _KEYS.items():
        table = metadata.tables[name]
        rows = connection.execute(
            select(table.c[key], func.to_jsonb(table.table_valued(), type_=JSONB)).where(
                _theirs(table, both)
            )
        )
        found |= {(name, row[0]): row[1] for row in rows}
    return found


def _theirs(table: Table, both: Sequence[str]) -> ColumnElement[bool]:
    theirs = table.c.customer_id.in_(both)
    if table is offers:
        return theirs | offers.c.of_customer_id.in_(both)
    return theirs & (outbox.c.state != "delivered") if table is outbox else theirs


def between(before: Rows, after: Rows) -> list[Change]:
    """What is different: of each row the columns as they were and as they are."""
    changes = []
    for (table, key), was in before.items():
        became = after.get((table, key), was)
        names = [name for name in was if name not in _MOVED and was[name] != became[name]]
        if names:
            changes.append(
                {
                    "table": table,
                    "key": key,
                    "was": {name: was[name] for name in names},
                    "became": {name: became[name] for name in names},
                }
            )
    return changes


def undo(connection: Connection, changes: Sequence[Change]) -> int:
    """Give rows their columns back, where nobody has touched them since; returns how many. One
    that would now contradict another (a fact of a kind of which a newer one holds) is left."""
    return sum(_undone(connection, change) for change in changes)


def _undone(connection: Connection, change: Change) -> bool:
    name = change["table"]
    key = _KEYS[name]
    columns = ", ".join(f'"{column}" = was."{column}"' for column in change["was"])
    statement = text(
        f'UPDATE "{name}" row SET {columns} FROM jsonb_populate_record(NULL::"{name}", :was) was'  # noqa: S608
        f' WHERE row."{key}" = :key AND to_jsonb(row) @> :became'
    ).bindparams(bindparam("was", type_=JSONB), bindparam("became", type_=JSONB))
    attempt = connection.begin_nested()
    try:
        given = {"key": change["key"], "was": change["was"], "became": change["became"]}
        done = connection.execute(statement, given).rowcount
    except IntegrityError:
        attempt.rollback()
        return False
    attempt.commit()
    return done > 0
