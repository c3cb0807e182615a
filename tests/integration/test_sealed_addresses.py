"""Telephone numbers and e-mail addresses in the database: never in clear, found all the same, and
opened by the key they were sealed with and no other (RULES PII-1).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, create_engine, text

from memory import addresses, codes, customers, migrate, sealing
from memory.engine import open_engine
from memory.sealing import Keyring
from tests.keyring import KEYRING
from tests.postgres import ask

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
PHONE, EMAIL = "+821055501234", "canary.jihye@mail.example"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = open_engine(database_url, keyring=KEYRING)
    yield opened
    opened.dispose()


def _customer(connection: Connection) -> str:
    customer_id = customers.create(connection, now=NOW)
    for kind, value in (("phone", PHONE), ("email", EMAIL), ("login", "user-7")):
        addresses.add(
            connection, customer_id=customer_id, kind=kind, value=value, proof="shop", now=NOW
        )
    return customer_id


def _everything(url: str) -> str:
    tables = ask(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return "".join(str(ask(url, f'SELECT to_jsonb(t) FROM "{table}" t')) for (table,) in tables)


def test_what_is_stored_holds_neither_number_nor_address(engine: Engine, database_url: str) -> None:
    with engine.begin() as connection:
        customer_id = _customer(connection)
        codes.issue(connection, customer_id, PHONE)
    kept = _everything(database_url)
    assert customer_id in kept
    assert "user-7" in kept
    assert PHONE[3:] not in kept
    assert "canary" not in kept


def test_they_are_found_and_read_as_before(engine: Engine) -> None:
    with engine.begin() as connection:
        customer_id = _customer(connection)
        for kind, value in (("phone", PHONE), ("email", EMAIL), ("login", "user-7")):
            found = addresses.find(connection, kind, value)
            assert found is not None
            assert (found.customer_id, found.value) == (customer_id, value)
            assert customers.resolve(connection, value) == customer_id
        assert addresses.find(connection, "email", PHONE) is None
        codes.issue(connection, customer_id, PHONE)
        assert codes.waiting_for(connection, customer_id) == PHONE


def test_an_address_is_one_persons_also_in_one_batch(engine: Engine) -> None:
    with engine.begin() as connection:
        mine = _customer(connection)
        other = customers.create(connection, now=NOW)
        given = [
            addresses.NewAddress(customer_id=other, kind="phone", value=value, proof="shop")
            for value in (PHONE, "+821055505678", "+821055505678")
        ]
        ids = addresses.add_all(connection, given, now=NOW)
        assert [one is None for one in ids] == [True, False, True]
        assert [one.value for one in addresses.of_customer(connection, other)] == ["+821055505678"]
        assert len(addresses.of_customer(connection, mine)) == 3


def test_a_visitors_id_of_elsewhere_is_an_address_but_no_name_to_call_a_customer_by(
    engine: Engine,
) -> None:
    with engine.begin() as connection:
        made_up = customers.of_address(connection, "visitor", "user-7", proof="none", now=NOW)
        assert customers.of_address(connection, "visitor", "user-7", proof="none", now=NOW) == (
            made_up
        )
        customer_id = _customer(connection)
        assert customers.resolve(connection, "user-7") == customer_id


def test_another_key_neither_finds_nor_opens(engine: Engine, database_url: str) -> None:
    with engine.begin() as connection:
        customer_id = _customer(connection)
    strange = open_engine(database_url, keyring=Keyring.of(["the key of another shop"]))
    with strange.connect() as connection:
        assert addresses.find(connection, "phone", PHONE) is None
        with pytest.raises(sealing.WrongKey):
            addresses.of_customer(connection, customer_id)
    strange.dispose()


def test_under_a_new_key_what_the_old_one_sealed_is_found_and_stays_taken(
    engine: Engine, database_url: str
) -> None:
    with engine.begin() as connection:
        customer_id = _customer(connection)
    rotated = open_engine(database_url, keyring=Keyring((sealing.Key("new"), *KEYRING.keys)))
    with rotated.begin() as connection:
        found = customers.of_address(connection, "phone", PHONE, proof="inbound", now=NOW)
        assert found.customer_id == customer_id
        other = customers.create(connection, now=NOW)
        email = {"customer_id": other, "kind": "email", "value": EMAIL}
        assert addresses.add(connection, **email, proof="shop", now=NOW) is None
    rotated.dispose()


def test_the_migration_seals_what_was_in_clear(empty_database_url: str) -> None:
    _upgrade_to(empty_database_url, "0003")
    ask(
        empty_database_url,
        "INSERT INTO customers (customer_id, created_at) VALUES ('old', now());"
        "INSERT INTO addresses (customer_id, kind, value, proof, created_at)"
        f" SELECT 'old', k, v, 'shop', now() FROM (VALUES ('phone', '{PHONE}'),"
        f" ('email', '{EMAIL}'), ('login', 'user-7')) t (k, v);"
        "INSERT INTO address_lookup SELECT kind, value, customer_id, address_id FROM addresses;"
        "INSERT INTO codes (customer_id, phone, salt, digest, sent_at, expires_at)"
        f" VALUES ('old', '{PHONE}', '', '', now(), now())",
    )
    with pytest.raises(sealing.NoKeyring):
        migrate.upgrade(empty_database_url)
    assert migrate.upgrade(empty_database_url, KEYRING)
    engine = open_engine(empty_database_url, keyring=KEYRING)
    with engine.connect() as connection:
        values = [one.value for one in addresses.of_customer(connection, "old")]
        assert sorted(values) == sorted([PHONE, EMAIL, "user-7"])
        for kind, value in (("phone", PHONE), ("email", EMAIL), ("login", "user-7")):
            assert addresses.find(connection, kind, value) is not None
    engine.dispose()
    assert PHONE[3:] not in _everything(empty_database_url)


def _upgrade_to(url: str, revision: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        configuration = migrate._configuration()
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, revision)
    engine.dispose()


def test_a_sealed_kind_cannot_be_stored_in_clear(engine: Engine) -> None:
    clear = (
        "INSERT INTO addresses (customer_id, kind, value, proof, created_at)"
        " VALUES ('x', 'phone', '+1', 'none', now())"
    )
    with engine.connect() as connection, pytest.raises(Exception, match="sealed_if_personal"):
        connection.execute(text(clear))
