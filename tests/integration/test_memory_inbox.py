"""The inbox: stored once, claimed in the order of each customer, given up after three tries."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine, create_engine

from memory import customers, inbox, turns
from tests.postgres import ask

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = create_engine(database_url, pool_size=10)
    yield opened
    opened.dispose()


def _said(connection: Connection, customer_id: str, provider_id: str) -> inbox.Accepted:
    message = inbox.Incoming(
        channel="web",
        provider_id=provider_id,
        customer_id=customer_id,
        text=provider_id,
        proof="none",
    )
    return inbox.accept(connection, message, now=NOW)


def test_the_same_provider_id_is_stored_once(engine: Engine) -> None:
    with engine.begin() as connection:
        customer = customers.create(connection, now=NOW)
        first = _said(connection, customer, "SM1")
        again = _said(connection, customer, "SM1")
    assert (first.is_new, again.is_new) == (True, False)
    assert (first.inbox_id, first.seq) == (again.inbox_id, again.seq)
    with engine.connect() as connection:
        assert [turn.text for turn in turns.after(connection, customer, 0)] == ["SM1"]


def test_the_same_provider_id_at_the_same_moment_is_stored_once(engine: Engine) -> None:
    with engine.begin() as connection:
        customer = customers.create(connection, now=NOW)
    results: list[inbox.Accepted] = []

    def deliver() -> None:
        with engine.begin() as connection:
            results.append(_said(connection, customer, "SM1"))

    threads = [threading.Thread(target=deliver) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [result.is_new for result in results].count(True) == 1
    assert len({result.inbox_id for result in results}) == 1


def test_a_later_message_waits_while_an_earlier_one_is_being_answered(engine: Engine) -> None:
    with engine.begin() as connection:
        anna, bo = (customers.create(connection, now=NOW) for _ in range(2))
        for provider_id, customer in [("a1", anna), ("a2", anna), ("b1", bo)]:
            _said(connection, customer, provider_id)
    with engine.begin() as first, engine.begin() as second, engine.begin() as third:
        claimed = [inbox.claim(connection) for connection in (first, second, third)]
    assert [found.text if found else None for found in claimed] == ["a1", "b1", None]


def test_many_workers_answer_everything_once_and_in_order(engine: Engine) -> None:
    people, each = 7, 12
    with engine.begin() as connection:
        ids = [customers.create(connection, now=NOW) for _ in range(people)]
        for number in range(each):
            for person, customer in enumerate(ids):
                _said(connection, customer, f"{person}/{number}")
    answered: dict[str, list[str]] = defaultdict(list)

    def work() -> None:
        while True:
            with engine.begin() as connection:
                found = inbox.claim(connection)
                if found is None:
                    waiting = ask_ready(engine)
                    if not waiting:
                        return
                    continue
                answered[found.customer_id].append(found.text)
                inbox.finish(connection, found.inbox_id)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for person, customer in enumerate(ids):
        assert answered[customer] == [f"{person}/{number}" for number in range(each)]


def ask_ready(engine: Engine) -> int:
    url = engine.url.render_as_string(hide_password=False)
    ((count,),) = ask(url, "SELECT count(*) FROM inbox WHERE state = 'ready'")
    assert isinstance(count, int)
    return count


def test_a_rolled_back_turn_leaves_the_message_ready(engine: Engine) -> None:
    with engine.begin() as connection:
        customer = customers.create(connection, now=NOW)
        _said(connection, customer, "a1")
    with engine.connect() as connection:
        found = inbox.claim(connection)
        assert found is not None
        inbox.finish(connection, found.inbox_id)
        connection.rollback()
    with engine.begin() as connection:
        again = inbox.claim(connection)
    assert again is not None
    assert again.text == "a1"


def test_a_message_that_breaks_the_turn_three_times_is_given_up(engine: Engine) -> None:
    with engine.begin() as connection:
        customer = customers.create(connection, now=NOW)
        stored = _said(connection, customer, "a1")
    tries = []
    for _ in range(3):
        with engine.begin() as connection:
            tries.append(inbox.set_back(connection, stored.inbox_id, "BrokenTurn"))
    assert tries == [True, True, False]
    with engine.begin() as connection:
        assert inbox.claim(connection) is None


def test_seq_never_commits_out_of_order(engine: Engine) -> None:
    """A reader who has seen N can never be handed a smaller one afterwards."""
    with engine.begin() as connection:
        customer = customers.create(connection, now=NOW)
    seen: list[int] = []
    ended = threading.Event()

    def write(name: str) -> None:
        for number in range(25):
            with engine.begin() as connection:
                _said(connection, customer, f"{name}{number}")

    def read() -> None:
        while True:
            is_last = ended.is_set()
            with engine.connect() as connection:
                seen.extend(
                    turn.seq for turn in turns.after(connection, customer, seen[-1] if seen else 0)
                )
            if is_last:
                return

    reader = threading.Thread(target=read)
    reader.start()
    writers = [threading.Thread(target=write, args=(name,)) for name in "xyz"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    ended.set()
    reader.join()
    assert seen == list(range(1, 76))
