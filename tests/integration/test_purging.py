"""After a purge no file has a byte of the person: on the real embedded server, while a neighbour
goes on writing, and with everything that keeps values elsewhere: indexes, overflow, statistics.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, text, update
from sqlalchemy.exc import DBAPIError

from memory import byte_search, customers, erasing, facts, merging, migrate, purging, turns
from memory import engine as memory_engine
from memory.byte_search import Needle
from memory.embedded import EmbeddedServer, Reach
from memory.purging import StillRead
from memory.sealing import Keyring
from memory.tables import conversations, events
from memory.turns import Utterance
from tests import whole_person
from tests.fork_server import fork_server
from tests.postgres import fresh_database, temporary_home, wait_for
from tests.whole_person import EMAIL, NAME, PHONE, SAID

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
KEYRING = Keyring.of(("a secret of sixteen",))
NEEDLES = [
    Needle(kind="phone", text=PHONE),
    Needle(kind="email", text=EMAIL),
    Needle(kind="name", text=NAME),
    Needle(kind="said", text=SAID),
]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with temporary_home() as folder:
        yield folder


@pytest.fixture
def engine(home: Path) -> Iterator[Engine]:
    with fresh_database(EmbeddedServer(home).start()) as url:
        migrate.upgrade(url, KEYRING)
        opened = memory_engine.open_engine(url, keyring=KEYRING)
        yield opened
        opened.dispose()


@pytest.fixture
def reach(home: Path, engine: Engine) -> Reach:
    found = EmbeddedServer(home).reach_of(engine.url.render_as_string(hide_password=False))
    assert found is not None
    return found


def places(reach: Reach, home: Path) -> set[str]:
    """What of the person is in any file of the database, its log or the home."""
    found = byte_search.search([reach.cluster, reach.logs, home], NEEDLES)
    return {one.needle.kind for one in found}


def lived_on(engine: Engine, customer_id: str) -> None:
    """They wrote, were learnt from and browsed, until it fills pages, overflows and is common."""
    for round_ in range(3):
        with engine.begin() as connection:
            long = f"{SAID} {NAME} " * 400
            said = [Utterance(text=SAID), Utterance(text=f"{SAID} {round_}"), Utterance(text=long)]
            turns.append(
                connection,
                customer_id,
                said * 20,
                direction="in",
                channel="web",
                language="ko",
                at=NOW,
            )
            connection.execute(
                update(conversations)
                .where(conversations.c.customer_id == customer_id)
                .values(tracker={"latest_message": SAID, "round": round_})
            )
            for number in range(30):
                facts.learn(
                    connection,
                    customer_id,
                    kind="name",
                    value=f"{NAME}{number}",
                    now=NOW,
                    said=SAID,
                )
            connection.execute(
                insert(events),
                [
                    {
                        "customer_id": customer_id,
                        "name": "Product Viewed",
                        "properties": {"query": SAID, "email": EMAIL},
                        "occurred_at": NOW,
                    }
                ]
                * 200,
            )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


@contextmanager
def busy_neighbour(engine: Engine) -> Iterator[list[int]]:
    """Somebody else who writes all the time, and is counted."""
    stop, written = threading.Event(), [0]
    with engine.begin() as connection:
        neighbour = customers.create(connection, now=NOW, name="이웃")

    def write() -> None:
        while not stop.is_set():
            with engine.begin() as connection:
                turns.append(
                    connection,
                    neighbour,
                    [Utterance(text=f"이웃의 말 {written[0]} " * 20)],
                    direction="in",
                    channel="web",
                    language="ko",
                    at=NOW,
                )
                facts.learn(
                    connection, neighbour, kind="shoe_size", value=written[0], now=NOW, said="…"
                )
            written[0] += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield written
    finally:
        stop.set()
        thread.join(30)


def erased(engine: Engine, customer_id: str) -> list[str]:
    with engine.begin() as connection:
        whose = list(erasing.hold(connection, customer_id))
        erasing.erase(connection, customer_id, now=NOW)
    return whose


def test_no_byte_is_left_while_a_neighbour_writes(engine: Engine, reach: Reach, home: Path) -> None:
    with engine.begin() as connection:
        customer_id = whole_person.written(connection)
        gone = customers.create(connection, now=NOW, name=NAME)
    lived_on(engine, gone)
    with engine.begin() as connection:
        merging.merge(connection, gone=gone, stays=customer_id, proof="code", now=NOW)
    lived_on(engine, customer_id)
    assert places(reach, home) == {"email", "name", "said"}  # a number is sealed
    with busy_neighbour(engine) as written:
        whose = erased(engine, customer_id)
        assert places(reach, home) == {"email", "name", "said"}
        before = written[0]
        done = purging.purge(engine, whose, reach=reach)
        assert places(reach, home) == set()
        assert written[0] > before
    assert places(reach, home) == set()
    assert done.left_to_operator == []
    with engine.connect() as connection:
        kept = connection.scalar(text("SELECT count(*) FROM turns WHERE text LIKE '이웃의 말%'"))
    assert kept == written[0]


def test_only_the_partitions_of_the_person_are_written_anew(engine: Engine, reach: Reach) -> None:
    with engine.connect() as connection:
        names = purging.relations_of(connection, ["cus_one"])
    assert len([name for name in names if name.startswith("turns_")]) == 1
    assert len([name for name in names if name.startswith("events_")]) == 1
    assert {"facts", "addresses", "inbox", "outbox", "orders", "customers"} <= set(names)


def test_whoever_may_still_see_the_rows_is_waited_for(
    engine: Engine, reach: Reach, home: Path
) -> None:
    with engine.begin() as connection:
        customer_id = whole_person.written(connection)
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as reader:
        reader.execute(text("SELECT 1 FROM customers"))
        whose = erased(engine, customer_id)
        with pytest.raises(StillRead):
            purging.purge(engine, whose, reach=reach, patience=0.5)
    purging.purge(engine, whose, reach=reach)
    assert places(reach, home) == set()


@pytest.mark.parametrize("table", [1, 7, 15])
def test_killed_in_the_middle_and_run_again_it_leaves_no_byte(
    engine: Engine, reach: Reach, home: Path, table: int
) -> None:
    with engine.begin() as connection:
        customer_id = whole_person.written(connection)
    whose = erased(engine, customer_id)
    with fork_server("tests.dying_purge") as forks:
        forks.begin(
            "tests.dying_purge:run",
            url=engine.url.render_as_string(hide_password=False),
            home=str(home),
            whose=whose,
            dies_at=table,
        )
        assert forks.ended() == -signal.SIGKILL
    assert places(reach, home) != set()
    purging.purge(engine, whose, reach=reach)
    assert places(reach, home) == set()


def test_a_server_that_is_killed_under_it_leaves_no_byte_once_it_is_run_again(
    engine: Engine, reach: Reach, home: Path
) -> None:
    with engine.begin() as connection:
        customer_id = whole_person.written(connection)
    whose = erased(engine, customer_id)
    server = EmbeddedServer(home)

    def kill_the_server(line: str) -> None:
        if line.startswith("7/"):
            pid = server.status().pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            wait_for(lambda: server.status().pid is None)

    with pytest.raises(DBAPIError):
        purging.purge(engine, whose, reach=reach, say=kill_the_server)
    server.start()
    engine.dispose()
    assert places(reach, home) != set()
    purging.purge(engine, whose, reach=reach)
    assert places(reach, home) == set()


def test_when_it_was_done_is_on_record(engine: Engine) -> None:
    with engine.begin() as connection:
        customer_id = customers.create(connection, now=NOW)
        erasing.erase(connection, customer_id, now=NOW)
        purging.record(connection, [customer_id], now=NOW)
        found = connection.scalar(
            text("SELECT purged_at FROM erasures WHERE customer_id = :id"), {"id": customer_id}
        )
    assert found == NOW


def test_on_a_server_that_is_not_ours_it_is_said_what_is_left(engine: Engine) -> None:
    done = purging.purge(engine, ["cus_one"], reach=None)
    assert set(done.left_to_operator) >= {"wal", "backups"}


def test_a_database_elsewhere_is_not_in_reach(home: Path, engine: Engine) -> None:
    assert EmbeddedServer(home).reach_of("postgresql+psycopg://me@db.example/shop") is None
