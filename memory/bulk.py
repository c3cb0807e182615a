"""Statements about thousands of rows at once: the values travel as one text, so that a statement is
read, and its plan made, once.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, Text, any_, literal, text
from sqlalchemy.dialects.postgresql import ARRAY


def among(column: Column[Any], values: Collection[str]) -> ColumnElement[bool]:
    """The column, a text, is one of the values."""
    return column == any_(literal(list(values), ARRAY(Text)))


def insert(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    returning: str | None = None,
    skip_known: bool = False,
) -> list[Any]:
    """Insert rows, which have the same columns all; returns the column `returning` of those that
    were. `skip_known` leaves out rows that break a rule of uniqueness."""
    if not rows:
        return []
    columns = ", ".join(f'"{name}"' for name in rows[0])
    statement = (
        f'INSERT INTO "{table.name}" ({columns}) SELECT {columns} '  # noqa: S608 - no values in it
        f'FROM json_populate_recordset(CAST(NULL AS "{table.name}"), CAST(:rows AS json))'
        + (" ON CONFLICT DO NOTHING" if skip_known else "")
        + (f' RETURNING "{returning}"' if returning else "")
    )
    found = connection.execute(text(statement), {"rows": as_text(rows)})
    return list(found.scalars()) if returning else []


def as_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as `json_to_recordset` and its like read them."""
    return json.dumps(rows, ensure_ascii=False, default=_cell)


def _cell(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)
