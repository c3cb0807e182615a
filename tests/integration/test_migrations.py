"""The migrations: from nothing they give exactly the tables, once, and the ledger holds."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DatabaseError

from memory import consents, customers, migrate
from memory.tables import metadata

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def test_from_nothing_the_migrations_give_exactly_the_tables(empty_database_url: str) -> None:
    assert migrate.upgrade(empty_database_url) is True
    engine = create_engine(empty_database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": _is_no_partition})
        differences = compare_metadata(context, metadata)
        assert _partitions(connection) == {
            table.name: 16
            for table in metadata.sorted_tables
            if table.dialect_options["postgresql"]["partition_by"]
        }
    engine.dispose()
    assert differences == []


def _is_no_partition(name: str | None, kind: str, _: object) -> bool:
    return kind != "table" or re.fullmatch(r"(turns|events)_\d\d", name or "") is None


def _partitions(connection: Connection) -> dict[str, int]:
    rows = connection.execute(
        text(
            "SELECT inhparent::regclass::text AS whole, count(*) AS parts FROM pg_inherits "
            "JOIN pg_class ON pg_class.oid = inhrelid WHERE relkind = 'r' GROUP BY 1"
        )
    )
    return {row.whole: row.parts for row in rows}


def test_a_second_upgrade_does_nothing(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url)
    assert migrate.upgrade(empty_database_url) is False


def test_several_processes_may_start_at_once(empty_database_url: str) -> None:
    moved: list[bool] = []
    threads = [
        threading.Thread(target=lambda: moved.append(migrate.upgrade(empty_database_url)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(moved) == [False, False, False, True]


def test_the_file_names_are_dated_and_numbered_without_gaps() -> None:
    names = [path.stem for path in (migrate.FOLDER / "versions").glob("*.py")]
    names.sort(key=lambda name: name[-5:])
    assert names, "no migrations"
    assert [name[-5:] for name in names] == [f"_{n:04d}" for n in range(1, len(names) + 1)]
    dates = [datetime.strptime(name[:10], "%Y-%m-%d").replace(tzinfo=UTC) for name in names]
    assert dates == sorted(dates)


def test_the_newest_revision_is_alembics_head_and_the_database_is_at_it(
    empty_database_url: str,
) -> None:
    head = ScriptDirectory.from_config(migrate._configuration()).get_current_head()
    assert migrate.newest() == head
    engine = create_engine(empty_database_url)
    with engine.connect() as connection:
        assert migrate.current(connection) is None
    migrate.upgrade(empty_database_url)
    with engine.connect() as connection:
        assert migrate.current(connection) == head
        assert MigrationContext.configure(connection).get_current_revision() == head
    engine.dispose()


def test_every_per_customer_table_leads_with_the_customer() -> None:
    listed = {"inbox", "outbox", "address_lookup", "sessions", "links", "coupons"}
    page = (Path(__file__).parents[2] / "ARCHITECTURE.md").read_text(encoding="utf-8")
    for table in metadata.sorted_tables:
        if "customer_id" not in table.c:
            continue
        leads = next(iter(table.primary_key.columns)).name == "customer_id"
        assert leads is (table.name not in listed), table.name
        assert leads or f"`{table.name}`" in page


@pytest.mark.parametrize(
    "statement", ["UPDATE consents SET action = 'given'", "DELETE FROM consents"]
)
def test_the_ledger_of_consents_cannot_be_changed(database_url: str, statement: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        customer = customers.create(connection, now=NOW)
        consents.record(
            connection, customer, purpose="marketing", action="refused", evidence={}, now=NOW
        )
    with engine.connect() as connection, pytest.raises(DatabaseError, match="append-only"):
        connection.execute(text(statement))
    engine.dispose()
