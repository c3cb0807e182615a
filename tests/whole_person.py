"""A person with a row in every table there is: what exports, erases and purges must find them in
each, also in a table that is added later.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    Interval,
    LargeBinary,
    Numeric,
    Table,
    Text,
    insert,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from memory import addresses, customers, personal, sealing
from memory.tables import conversations

WRITTEN_AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
PHONE = "+821055557788"
EMAIL = "hanbyul.canary@mail.example"
NAME = "한별카나리아"
SAID = "우리 집 고양이 이름은 별사탕카나리아예요"
"""Words of this person that nobody else has said."""

_OF_TABLES: Mapping[str, Mapping[str, Any]] = {
    "addresses": {"sealed": None, "key_id": None},
    "points": {"from_account": "issued", "to_account": "customer"},
    "outbox": {"state": "ready", "lease_until": None},
    "customers": {"merged_into": None, "erased_at": None},
    "merges": {"gone": "cus_gone"},
    "offers": {"of_customer_id": None, "of_offer_id": None},
    "facts": {"valid_to": None},
    "inbox": {"proof": "inbound"},
    "orders": {"order_id": "A-1", "store": "강남", "currency": "KRW"},
    "order_lines": {"order_id": "A-1", "product_id": "sori-road", "sku": None},
}
"""What has to be something in particular."""
_MADE_WITH_A_CUSTOMER = ("customers", "conversations", "permissions")


def written(connection: Connection, *, language: str = "ko") -> str:
    """A new customer with PHONE, EMAIL, NAME and, in every table, a row in which SAID stands
    wherever words can stand; returns the id."""
    customer_id = customers.create(connection, now=WRITTEN_AT, name=NAME, language=language)
    for kind, value in (("phone", PHONE), ("email", EMAIL)):
        addresses.add(
            connection,
            customer_id=customer_id,
            kind=kind,
            value=value,
            proof="code",
            now=WRITTEN_AT,
        )
    for table in personal.tables():
        if table.name not in (*_MADE_WITH_A_CUSTOMER, "erasures"):
            row = row_of(table, customer_id)
            if "sealed" in row and row["sealed"] is not None:
                sealed = sealing.seal(connection, PHONE)
                row |= {"sealed": sealed.data, "key_id": sealed.key_id}
            connection.execute(insert(table).values(row))
    connection.execute(
        update(conversations)
        .where(conversations.c.customer_id == customer_id)
        .values(last_seq=1, tracker={"latest_message": SAID})
    )
    return customer_id


def row_of(table: Table, customer_id: str, said: str = SAID) -> dict[str, Any]:
    """A row of that table, `said` wherever any text may be."""
    special = _OF_TABLES.get(table.name, {})
    row = {
        column.name: special.get(column.name, _value(table, column, said))
        for column in table.c
        if column.identity is None
    }
    if "provider_id" in row:
        row["provider_id"] = f"SM-{customer_id}"
    return {**row, "customer_id": customer_id}


def _value(table: Table, column: Column[Any], said: str) -> Any:
    kind = column.type
    if isinstance(kind, Text):
        return _known(table, column) or said
    values: tuple[tuple[type[Any], Any], ...] = (
        (JSONB, {"said": said}),
        (ARRAY, said.split()),
        (LargeBinary, said.encode()),
        (Boolean, False),
        (Float, 0.5),
        (Numeric, 1),
        (Integer, 1),
        (Interval, timedelta(seconds=1)),
        (DateTime, WRITTEN_AT),
        (Date, date(2026, 11, 20)),
    )
    return next(value for of, value in values if isinstance(kind, of))


def _known(table: Table, column: Column[Any]) -> str | None:
    """The first of the words that a column may hold, if only some may stand there."""
    for constraint in table.constraints:
        if isinstance(constraint, CheckConstraint):
            before, _, listed = str(constraint.sqltext).partition(" IN ")
            if before == column.name:
                return listed.strip("()").split(",")[0].strip("' ")
    return None
