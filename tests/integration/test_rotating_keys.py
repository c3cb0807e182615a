"""A new secret key: everything is sealed again while it stays in use, however often the command is
broken off; what cannot be hashed again keeps its key.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from rich.console import Console
from sqlalchemy import Engine, select, text

from command import keys
from memory import addresses, codes, customers, resealing, sealing, suppressions
from memory.engine import open_engine
from memory.sealing import Key, Keyring
from memory.tables import address_lookup
from memory.tables import addresses as addresses_table

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
OLD, NEW = Key("the key until today"), Key("the key from today")
PEOPLE = 30


def _number(place: int) -> str:
    return f"+1503555{place:04d}"


@pytest.fixture
def before(database_url: str) -> Iterator[Engine]:
    opened = open_engine(database_url, keyring=Keyring((OLD,)))
    with opened.begin() as connection:
        for place in range(PEOPLE):
            customer_id = customers.create(connection, now=NOW, customer_id=f"cus_{place}")
            for kind, value in (("phone", _number(place)), ("email", f"p{place}@mail.example")):
                addresses.add(
                    connection,
                    customer_id=customer_id,
                    kind=kind,
                    value=value,
                    proof="shop",
                    now=NOW,
                )
        codes.issue(connection, "cus_0", _number(0))
        for value in (_number(0), "+15035559999"):
            suppressions.suppress(connection, "phone", value, reason="list", now=NOW)
    yield opened
    opened.dispose()


@pytest.fixture
def both(before: Engine, database_url: str) -> Iterator[Engine]:
    opened = open_engine(database_url, keyring=Keyring((NEW, OLD)))
    yield opened
    opened.dispose()


def _rotated(engine: Engine) -> str:
    said = io.StringIO()
    keys.rotate(engine, Console(file=said, width=200))
    return said.getvalue()


def test_everything_is_under_the_new_key_and_opens_with_it_alone(
    both: Engine, database_url: str
) -> None:
    said = _rotated(both)
    assert f"{2 * PEOPLE + 1} sealed again" in said
    alone = open_engine(database_url, keyring=Keyring((NEW,)))
    with alone.begin() as connection:
        for place in range(PEOPLE):
            found = addresses.find(connection, "phone", _number(place))
            assert found is not None
            assert (found.customer_id, found.value) == (f"cus_{place}", _number(place))
        assert codes.waiting_for(connection, "cus_0") == _number(0)
        assert suppressions.is_suppressed(connection, "phone", _number(0))
        values = connection.scalars(select(address_lookup.c.value)).all()
    assert len(values) == 2 * PEOPLE
    assert all(value.startswith(NEW.key_id) for value in values)
    alone.dispose()


def test_a_hash_whose_number_is_known_no_more_keeps_its_key_and_it_is_said(both: Engine) -> None:
    said = _rotated(both)
    assert f"The key {OLD.key_id} stays needed for 1 suppressed" in said
    with both.begin() as connection:
        assert suppressions.is_suppressed(connection, "phone", "+15035559999")
        connection.execute(text("DELETE FROM suppressions"))
    assert "not needed any more" in _rotated(both)


def test_broken_off_it_goes_on_from_there(both: Engine) -> None:
    with both.begin() as connection:
        assert resealing.seal_some_again(connection, limit=7) == 8  # and the one code
    with both.connect() as connection:
        assert resealing.waiting(connection) == 2 * PEOPLE - 7
        resealing.seal_some_again(connection)  # and is killed before the commit
    assert f"{2 * PEOPLE - 7} sealed again" in _rotated(both)
    assert "0 sealed again" in _rotated(both)


def test_half_way_everybody_is_found_and_nobody_becomes_two(both: Engine) -> None:
    with both.begin() as connection:
        resealing.seal_some_again(connection, limit=PEOPLE)
    with both.begin() as connection:
        for place in range(PEOPLE):
            found = customers.of_address(
                connection, "phone", _number(place), proof="inbound", now=NOW
            )
            assert found.customer_id == f"cus_{place}"


def test_a_row_that_somebody_holds_is_not_waited_for(both: Engine) -> None:
    with both.begin() as holder, both.begin() as other:
        held = select(addresses_table.c.address_id).where(addresses_table.c.customer_id == "cus_1")
        holder.execute(held.with_for_update()).all()
        while resealing.seal_some_again(other):
            pass
        assert resealing.waiting(other) == 2


def test_without_the_old_key_it_refuses_to_begin(before: Engine, database_url: str) -> None:
    alone = open_engine(database_url, keyring=Keyring((NEW,)))
    with pytest.raises(sealing.WrongKey):
        keys.rotate(alone, Console(file=io.StringIO()))
    alone.dispose()
