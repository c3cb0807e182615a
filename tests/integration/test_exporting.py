"""What a person takes away: every table there is, but for what is left out with a reason."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, LargeBinary

from memory import customers, exporting, merging, outbox, personal
from memory import engine as memory_engine
from memory.sealing import Keyring
from memory.tables import metadata
from tests import whole_person
from tests.postgres import fresh_database
from tests.whole_person import EMAIL, NAME, PHONE, SAID

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
SECRETS = ("digest", "salt", "token", "sealed", "key_id", "index")
OF_NOBODY = {
    "clock": "business time",
    "event_messages": "ids of messages of the shop's system, of nobody in particular",
    "imports": "files of the shop",
    "parts": "processes",
    "products": "the catalogue",
    "releases": "dialogue files, words and models",
    "shop": "what the shop says about itself",
    "staff_accesses": "what the shop's people have seen: the id of whoever it was, nothing else",
    "staff_alarms": "texts to the shop's people: nothing of the customer",
    "staff_tokens": "of the shop's people",
    "suppressions": "keyed hashes that outlive an erasure",
    "word_frequencies": "words that several customers have used",
}
"""Tables without a person."""


@pytest.fixture
def engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with fresh_database(postgres_url, template=migrated_template, is_durable=False) as url:
        opened = memory_engine.open_engine(url, keyring=Keyring.of(("a secret of sixteen",)))
        yield opened
        opened.dispose()


def exported(engine: Engine, customer_id: str) -> dict[str, Any]:
    out = io.StringIO()
    with engine.begin() as connection:
        exporting.as_json(connection, customer_id, now=NOW, out=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_every_table_is_a_persons_and_written_or_has_a_reason() -> None:
    """Whoever adds a table says here, or in memory/exporting.py and exporting.yml, what it is."""
    of_people = {table.name for table in personal.tables()}
    assert {table.name for table in metadata.sorted_tables} == of_people | set(OF_NOBODY)
    assert not of_people & set(OF_NOBODY)
    written = {table.name for table in exporting.tables()}
    assert written | set(exporting.LEFT_OUT_TABLES) == of_people
    told = exporting.readme()
    assert all(f"{name}.json — " in told for name in written)


def test_no_column_that_holds_a_secret_is_written() -> None:
    for table in exporting.tables():
        for column in exporting.columns(table):
            assert not isinstance(column.type, LargeBinary), column
            assert not any(word in column.name for word in SECRETS), column


def test_what_is_left_out_exists_and_has_a_reason() -> None:
    for name, reason in exporting.LEFT_OUT_COLUMNS.items():
        table, _, column = name.partition(".")
        assert column in metadata.tables[table].c
        assert reason
    assert set(exporting.LEFT_OUT_TABLES) <= set(metadata.tables)


def test_a_person_with_a_row_in_every_table_has_it_in_every_table(engine: Engine) -> None:
    with engine.begin() as connection:
        customer_id = whole_person.written(connection)
    tables = exported(engine, customer_id)["tables"]
    assert {name for name, rows in tables.items() if not rows} == {"erasures"}
    assert tables["customers"][0]["name"] == NAME
    assert {PHONE, EMAIL} < {row["value"] for row in tables["addresses"]}
    assert tables["turns"][0]["text"] == SAID
    assert tables["turns"][0]["at"] == whole_person.WRITTEN_AT.isoformat()
    assert tables["points"][0]["amount"] == 1


def test_nobody_elses_rows_are_in_it(engine: Engine) -> None:
    with engine.begin() as connection:
        whole_person.written(connection)
        other = customers.create(connection, now=NOW, name="이웃")
    told = json.dumps(exported(engine, other), ensure_ascii=False)
    assert "이웃" in told
    assert not any(words in told for words in (SAID, NAME, PHONE, EMAIL))


def test_rows_under_an_earlier_id_belong_to_it(engine: Engine) -> None:
    with engine.begin() as connection:
        gone = customers.create(connection, now=NOW, name="먼저")
        stays = customers.create(connection, now=NOW)
        merging.merge(connection, gone=gone, stays=stays, proof="code", now=NOW)
    found = exported(engine, stays)
    assert found["about"]["also_known_as"] == [gone]
    assert {row["customer_id"] for row in found["tables"]["customers"]} == {gone, stays}


def test_a_code_that_was_texted_is_not_in_it(engine: Engine) -> None:
    with engine.begin() as connection:
        address = customers.of_address(connection, "phone", PHONE, proof="inbound", now=NOW)
        for purpose, body in (("code", "482913"), ("answer", "안녕하세요")):
            outbox.put(
                connection,
                key=purpose,
                customer_id=address.customer_id,
                address_id=address.address_id,
                message_class="service",
                purpose=purpose,
                body=body,
                now=NOW,
            )
    rows = exported(engine, address.customer_id)["tables"]["outbox"]
    assert [row["body"] for row in rows] == [None, "안녕하세요"]


def test_the_zip_holds_the_same_with_a_page_to_read_first(engine: Engine) -> None:
    with engine.begin() as connection:
        customer_id = whole_person.written(connection)
        out, seen = io.BytesIO(), []
        counted = exporting.as_zip(
            connection,
            customer_id,
            now=NOW,
            out=out,
            progress=lambda table, rows: seen.append((table, rows)),
        )
    with zipfile.ZipFile(out) as archive:
        names = set(archive.namelist())
        tables = {name: json.loads(archive.read(f"{name}.json")) for name in counted}
    assert names == {"about.json", "README.txt", *(f"{name}.json" for name in counted)}
    assert tables == exported(engine, customer_id)["tables"]
    assert ("turns", 1) in seen


def test_many_rows_are_written_without_being_held_at_once(engine: Engine) -> None:
    with engine.begin() as connection:
        customer_id = customers.create(connection, now=NOW)
        table = metadata.tables["events"]
        row = whole_person.row_of(table, customer_id)
        connection.execute(table.insert(), [row] * 1200)
    seen: list[int] = []
    with engine.begin() as connection:
        out = io.StringIO()
        counted = exporting.as_json(
            connection,
            customer_id,
            now=NOW,
            out=out,
            progress=lambda name, rows: seen.append(rows) if name == "events" else None,
        )
    assert counted["events"] == len(json.loads(out.getvalue())["tables"]["events"]) == 1200
    assert seen == [500, 1000, 1200]
