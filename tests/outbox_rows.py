"""Customers with a number and messages to them, for tests of what goes out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, text

from memory import clock, customers, outbox
from memory import engine as memory_engine
from memory.addresses import Address
from memory.tables import metadata
from tests.postgres import fresh_database

NOW = datetime.now(UTC)
APPEND_ONLY = frozenset({"consents", "points", "staff_accesses"})


@contextmanager
def module_engine(server_url: str, template: str) -> Iterator[Engine]:
    """An engine on a database for the tests of one module: see `emptied`."""
    with fresh_database(server_url, template=template, is_durable=False) as url:
        opened = memory_engine.open_engine(url, pool_size=8)
        try:
            yield opened
        finally:
            opened.dispose()


def emptied(engine: Engine) -> Engine:
    """The same engine, with nothing left of earlier tests but the ledger of people who are gone,
    and its clock at NOW: quicker than a database for each test."""
    with engine.begin() as connection:
        for name, table in metadata.tables.items():
            if name not in APPEND_ONLY:
                connection.execute(table.delete())
        clock.set_offset(connection, NOW - datetime.now(UTC))
    return engine


def number(place: int) -> str:
    """A number that is never given out."""
    return f"+1503555{place:04d}"


def customer(engine: Engine, place: int = 142) -> Address:
    """Somebody who has written from a number."""
    with engine.begin() as connection:
        return customers.of_address(connection, "phone", number(place), proof="inbound", now=NOW)


def put(
    engine: Engine,
    address: Address,
    key: str,
    *,
    body: str | None = None,
    message_class: str = "reply",
    not_after: datetime | None = None,
) -> int:
    """A message that waits to be sent; returns its outbox_id."""
    with engine.begin() as connection:
        outbox_id = outbox.put(
            connection,
            key=key,
            customer_id=address.customer_id,
            address_id=address.address_id,
            message_class=message_class,
            body=body or f"text {key}",
            now=NOW,
            not_after=not_after,
        )
    if outbox_id is None:
        raise AssertionError(f"{key} was there")
    return outbox_id


def row(engine: Engine, outbox_id: int) -> dict[str, Any]:
    """Everything the outbox holds of a message."""
    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT * FROM outbox WHERE outbox_id = :id"), {"id": outbox_id}
        ).one()
    return dict(found._mapping)


def states(engine: Engine, outbox_ids: Iterable[int]) -> list[str]:
    """The states of some messages, in their order."""
    return [str(row(engine, outbox_id)["state"]) for outbox_id in outbox_ids]


def end_leases(engine: Engine, ago: timedelta = timedelta(seconds=1)) -> None:
    """As if the leases of what is being sent had run out."""
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE outbox SET lease_until = :then WHERE state = 'sending'"),
            {"then": datetime.now(UTC) - ago},
        )
