"""From every released revision, with what a shop had at that time: upgraded, all of it is there and
today's verbs read it. Killed half-way, by whatever, and run again: the same.

`released/NNNN.sql` is what revision NNNN added to the data; later ones stand on earlier ones.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from memory import (
    addresses,
    consents,
    coupons,
    customers,
    due,
    facts,
    hand_overs,
    inbox,
    links,
    migrate,
    offers,
    orders,
    outbox,
    releases,
    sessions,
    turns,
)
from memory import engine as memory_engine
from memory.embedded import EmbeddedServer
from memory.engine import DatabaseUnreachable
from memory.recall import recall
from memory.sealing import Keyring
from memory.tables import metadata
from tests.fork_server import ForkServer, fork_server
from tests.keyring import KEYRING
from tests.postgres import ask, connect, fresh_database, wait_for

RELEASED = Path(__file__).with_name("released")
REVISIONS = sorted(path.stem for path in RELEASED.glob("*.sql"))
NOW = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)
Rows = dict[str, list[dict[str, Any]]]

MADE_ANEW: Mapping[str, frozenset[str]] = {
    "addresses": frozenset({"value", "sealed"}),
    "address_lookup": frozenset({"value"}),
}
"""Sealed and hashed under a key: looked at by what they open to."""
GIVEN_UP = frozenset({"codes"})
"""Codes are asked for anew."""


def raise_to(url: str, revision: str, keyring: Keyring | None) -> None:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        configuration = migrate._configuration()
        configuration.attributes.update(connection=connection, keyring=keyring)
        command.upgrade(configuration, revision)
    engine.dispose()


def make(url: str, revision: str) -> None:
    """A database of that revision with what a shop had then."""
    raise_to(url, revision, None)
    with connect(url) as plain:
        for name in REVISIONS:
            if name <= revision:
                plain.execute((RELEASED / f"{name}.sql").read_bytes())


def everything(url: str) -> Rows:
    """Every row of every table, as PostgreSQL writes it."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if "alembic" not in name]
        partitions = set(
            connection.scalars(text("SELECT inhrelid::regclass::text FROM pg_inherits"))
        )
        found = {
            name: [
                dict(row._mapping)
                for row in connection.execute(text(f"SELECT * FROM {name} t ORDER BY t::text"))
            ]
            for name in names
            if name not in partitions
        }
    engine.dispose()
    return found


def without_what_is_made_anew(rows: Rows) -> dict[str, list[str]]:
    return {
        name: sorted(
            str({key: cell for key, cell in row.items() if key not in MADE_ANEW.get(name, ())})
            for row in listed
        )
        for name, listed in rows.items()
    }


def cells(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> list[str]:
    return sorted(str([row[column] for column in columns]) for row in rows)


def is_no_partition(name: str | None, kind: str, _: object) -> bool:
    return not (kind == "table" and name and name[-3:-2] == "_" and name[-2:].isdigit())


def test_every_table_of_that_time_has_rows(postgres_url: str) -> None:
    assert REVISIONS[:2] == ["0001", "0002"]
    for revision in REVISIONS:
        with fresh_database(postgres_url) as url:
            make(url, revision)
            assert [name for name, rows in everything(url).items() if not rows] == []


@pytest.mark.parametrize("revision", REVISIONS)
def test_all_of_it_is_there_afterwards(postgres_url: str, revision: str) -> None:
    with fresh_database(postgres_url) as url:
        make(url, revision)
        before = everything(url)
        assert migrate.upgrade(url, KEYRING) is True
        after = everything(url)
        assert migrate.upgrade(url, KEYRING) is False
        engine = create_engine(url, poolclass=NullPool)
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"include_name": is_no_partition})
            assert compare_metadata(context, metadata) == []
        engine.dispose()
    for name, rows in before.items():
        if name in GIVEN_UP:
            continue
        kept = set(after[name][0]) - MADE_ANEW.get(name, frozenset())
        assert len(after[name]) == len(rows), name
        columns = [column for column in rows[0] if column in kept]
        assert cells(after[name], columns) == cells(rows, columns), name


@pytest.fixture(params=REVISIONS)
def upgraded(request: pytest.FixtureRequest, postgres_url: str) -> Iterator[tuple[str, Engine]]:
    """The revision it came from, and an engine on what has become of it."""
    with fresh_database(postgres_url) as url:
        make(url, request.param)
        migrate.upgrade(url, KEYRING)
        engine = memory_engine.open_engine(url, keyring=KEYRING)
        yield request.param, engine
        engine.dispose()


def test_todays_verbs_read_it(upgraded: tuple[str, Engine]) -> None:
    _, engine = upgraded
    with engine.begin() as connection:
        people(connection)
        dialogue(connection)
        permission(connection)
        past(connection)


def people(connection: Connection) -> None:
    for given in ("demo-001", "+821023456789", "seoyeon@example.com", "cus_gone", "cus_seoyeon"):
        assert customers.resolve(connection, given) == "cus_seoyeon", given
    assert customers.get(connection, "cus_ann").name == "Ann O'Neil"
    found = addresses.of_customer(connection, "cus_ann")
    assert [(one.kind, one.value, one.proof) for one in found] == [
        ("login", "demo-002", "shop"),
        ("phone", "+15035550142", "inbound"),
        ("phone", "+15035550143", "none"),
    ]
    assert [one.stopped_at is not None for one in found] == [False, True, False]
    session = sessions.find(connection, "token of seoyeon")
    assert session is not None
    assert (session.customer_id, session.is_proven) == ("cus_seoyeon", True)
    assert sessions.find(connection, "token of long ago") is None
    new = addresses.add(
        connection, customer_id="cus_visitor", kind="phone", value="+821077778888", proof="code",
        now=NOW,
    )  # fmt: skip
    assert new is not None
    assert new > 6


def dialogue(connection: Connection) -> None:
    said = [turn.text for turn in turns.after(connection, "cus_seoyeon", -1000)]
    assert said[0] == "발볼이 넓은 등산화 있어요?"
    assert said[2:4] == ["저는 270 신어요 👟", "270으로 기억할게요."]
    assert len(said) == 6
    assert turns.last_seq(connection, "cus_seoyeon") == 4
    held = {(one.subject, one.kind): one.value for one in facts.known(connection, "cus_seoyeon")}
    assert held == {
        ("self", "shoe_size"): 270,
        ("self", "anniversary"): {"month": 12, "day": 24, "year": 2015},
        ("wife", "shoe_size"): 240,
    }
    assert facts.learn(connection, "cus_seoyeon", kind="shoe_size", value=275, now=NOW)
    recalled = recall(connection, "cus_seoyeon", now=NOW, before_seq=5, is_proven=True)
    assert (recalled.name, recalled.marketing) == ("김서연", "given")
    assert [one["order_id"] for one in recalled.orders] == ["A-1"]
    claimed = inbox.claim(connection)
    assert claimed is not None
    assert claimed.text == "추천해 주세요"


def permission(connection: Connection) -> None:
    seoyeon, ann = (
        addresses.find(connection, "phone", number) for number in ("+821023456789", "+15035550142")
    )
    assert seoyeon is not None
    assert ann is not None
    assert consents.lock_permission(connection, "cus_ann") == "refused"
    standing = consents.standing(connection, "cus_seoyeon", seoyeon.address_id, now=NOW)
    assert (standing.marketing, standing.night) == (True, False)
    assert not consents.standing(connection, "cus_ann", ann.address_id, now=NOW).marketing


def past(connection: Connection) -> None:
    assert orders.total(connection, "cus_ann", "B-1") == Decimal("318.50")
    assert releases.live(connection).release_id == 2
    assert releases.model_bytes(connection, 2) == b"\x00\xff"
    going = outbox.begin_sending(connection, now=NOW, lease=timedelta(minutes=1))
    assert isinstance(going, outbox.Outgoing)
    assert (going.recipient, going.body) == ("+821023456789", "곧 알려 드릴게요.")


def test_offers_and_what_belongs_to_them_are_read(upgraded: tuple[str, Engine]) -> None:
    revision, engine = upgraded
    with engine.begin() as connection:
        found = offers.of_customer(connection, "cus_seoyeon")
        if revision == "0001":
            assert found == []
            return
        assert [(one.state, one.concession, one.about) for one in found] == [
            ("open", 1, {"size": "270", "width": "wide"})
        ]
        assert [one.kind for one in due.to_come(connection, "cus_seoyeon")] == ["anniversary"]
        link = links.find(connection, "offer-token", now=NOW)
        assert link is not None
        assert (link.customer_id, link.offer_id) == ("cus_seoyeon", 1)
        coupon = coupons.valid(connection, "SUP-7K2M", now=NOW)
        assert coupon is not None
        assert coupon.percent == 10
        assert coupons.valid(connection, "SUP-9Q4X", now=NOW) is None
        [waiting] = hand_overs.queue(connection)
        assert (waiting.customer_id, waiting.taken_by) == ("cus_ann", "mina")


def test_what_was_liked_once_is_one_of_several_now(postgres_url: str) -> None:
    with fresh_database(postgres_url) as url:
        make(url, "0002")
        raise_to(url, "0007", KEYRING)
        with connect(url) as plain:
            plain.execute(
                "INSERT INTO facts (customer_id, kind, item, value, source, confidence, valid_from)"
                " VALUES ('cus_ann', 'colour', '', '\"Green\"', 'said', 1, '2026-10-02'),"
                " ('cus_ann', 'activity', '', '\"running\"', 'said', 1, '2026-10-02'),"
                " ('cus_ann', 'activity', 'hiking', '\"hiking\"', 'said', 1, '2026-11-02'),"
                " ('cus_seoyeon', 'colour', '', '\"green\"', 'said', 1, '2026-10-02'),"
                " ('cus_seoyeon', 'colour_disliked', 'green', '\"green\"', 'said', 1, '2026-11-02')"
            )
        migrate.upgrade(url, KEYRING)
        rows = ask(
            url,
            "SELECT customer_id, kind, item, valid_to FROM facts"
            " WHERE kind LIKE 'colour%' OR kind = 'activity' ORDER BY 1, 2, 3",
        )
    turned = datetime(2026, 11, 2, tzinfo=UTC)
    assert rows == [
        ("cus_ann", "activity", "hiking", None),
        ("cus_ann", "activity", "running", None),
        ("cus_ann", "colour_liked", "green", None),
        ("cus_seoyeon", "colour_disliked", "green", None),
        ("cus_seoyeon", "colour_liked", "green", turned),
    ]


def test_no_number_is_left_in_clear(upgraded: tuple[str, Engine]) -> None:
    _, engine = upgraded
    with engine.connect() as connection:
        for table in ("addresses", "address_lookup", "codes"):
            rows = str(connection.execute(text(f"SELECT t::text FROM {table} t")).all())
            assert "821023456789" not in rows
            assert "seoyeon@" not in rows


@pytest.fixture(scope="module")
def forks() -> Iterator[ForkServer]:
    with fork_server("tests.dying_migration") as started:
        yield started


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_killed_migration_changes_nothing_and_the_next_one_is_as_if_it_had_never_been(
    postgres_url: str, revision: str, forks: ForkServer
) -> None:
    """Before every ninth of its statements."""
    with fresh_database(postgres_url) as undisturbed, fresh_database(postgres_url) as url:
        make(undisturbed, revision)
        make(url, revision)
        before = everything(url)
        migrate.upgrade(undisturbed, KEYRING)
        dies_before, deaths, status = 2, 0, -signal.SIGKILL
        while status:
            forks.begin(
                "tests.dying_migration:run", url=url, victim="process", dies_before=dies_before
            )
            status = forks.ended()
            assert status in (0, -signal.SIGKILL)
            if status:
                assert everything(url) == before
                deaths += 1
            dies_before += 9
        assert deaths > 10
        assert without_what_is_made_anew(everything(url)) == without_what_is_made_anew(
            everything(undisturbed)
        )


@pytest.mark.parametrize("dies_before", [5, 40, 80])
def test_a_killed_database_is_upgraded_when_it_is_back(
    server: EmbeddedServer, dies_before: int, forks: ForkServer
) -> None:
    """kill -9 of the database's own process: the server throws everybody out and recovers."""
    of_server = server.start()
    revision = REVISIONS[-1]
    with fresh_database(of_server) as undisturbed, fresh_database(of_server) as url:
        make(undisturbed, revision)
        make(url, revision)
        before = everything(url)
        migrate.upgrade(undisturbed, KEYRING)
        wanted = without_what_is_made_anew(everything(undisturbed))
        forks.begin("tests.dying_migration:run", url=url, victim="backend", dies_before=dies_before)
        assert forks.ended() == 1
        wait_for(lambda: answers(url), seconds=30)
        assert everything(url) == before
        assert migrate.upgrade(url, KEYRING) is True
        assert without_what_is_made_anew(everything(url)) == wanted


def answers(url: str) -> bool:
    engine = memory_engine.open_engine(url, pool_size=1, connect_seconds=2)
    try:
        memory_engine.check(engine)
    except DatabaseUnreachable:
        return False
    finally:
        engine.dispose()
    return True
