"""Past turns on a real database: found by their words, and given to the turn that needs them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, text

from memory import answers, customers, search, turns
from memory.answers import Understood
from memory.engine import open_engine
from memory.ranking import About
from memory.recall import recall

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = create_engine(database_url)
    yield opened
    opened.dispose()


def _says(
    connection: Connection,
    customer: str,
    said: str,
    *,
    answer: str = "…",
    days_ago: float = 1,
    words: Sequence[str] | None = None,
) -> int:
    """They say it, are answered, and the agent reads its words (here: split at spaces)."""
    at = NOW - timedelta(days=days_ago)
    (seq,) = turns.append(
        connection,
        customer,
        [turns.Utterance(text=said)],
        direction="in",
        channel="web",
        language="en",
        at=at,
    )
    understood = Understood(
        language="en",
        intent="ask_stock",
        confidence=0.9,
        entities=[{"entity": "product", "value": "ridge-gtx", "start": 0, "end": 5}],
        words=said.split() if words is None else words,
    )
    answers.keep(
        connection,
        customer,
        [turns.Utterance(text=answer)],
        inbox_id=0,
        seq=seq,
        understood=understood,
        channel="web",
        at=at,
        tracker=None,
    )
    return seq


def test_the_nearest_turn_comes_with_its_answer_and_why(engine: Engine) -> None:
    with engine.begin() as connection:
        anna, other = (customers.create(connection, now=NOW) for _ in range(2))
        _says(connection, anna, "delivery costs", answer="Free.", days_ago=9)
        seq = _says(connection, anna, "boots waterproof", answer="They are.", days_ago=5)
        _says(connection, other, "boots waterproof boots")
        about = About(words=["waterproof", "boots", "compass"])
        found = search.find(connection, anna, about, now=NOW, before_seq=100)
    best = found[0]
    assert (best.spoken.seq, best.spoken.text) == (seq, "boots waterproof")
    assert best.after is not None
    assert best.after.text == "They are."
    assert set(best.because) == {"boots", "waterproof"}
    assert best.spoken.entities[0]["value"] == "ridge-gtx"
    assert {one.spoken.text for one in found} == {"boots waterproof", "They are."}


def test_recall_gives_what_earlier_visits_said_and_not_this_one(engine: Engine) -> None:
    with engine.begin() as connection:
        anna = customers.create(connection, now=NOW)
        _says(connection, anna, "boots waterproof", days_ago=30)
        _says(connection, anna, "boots again", days_ago=0.001)
        about = About(words=["boots"])
        found = recall(connection, anna, now=NOW, before_seq=5, is_proven=False, about=about)
        without = recall(connection, anna, now=NOW, before_seq=5, is_proven=False)
    assert [one.spoken.text for one in found.nearest] == ["boots waterproof", "…"]
    assert list(without.nearest) == []


def test_a_first_visit_costs_no_further_statement(engine: Engine) -> None:
    with engine.begin() as connection:
        anna = customers.create(connection, now=NOW)
        _says(connection, anna, "boots", days_ago=0.001)
        with _counted(engine) as statements:
            recall(
                connection,
                anna,
                now=NOW,
                before_seq=9,
                is_proven=False,
                about=About(words=["boots"]),
            )
    assert len(statements) == 1


def test_an_old_rare_word_is_found_beyond_the_newest_turns(engine: Engine) -> None:
    with engine.begin() as connection:
        anna = customers.create(connection, now=NOW)
        old = _says(connection, anna, "schnauzer coat", answer="We have some.", days_ago=900)
        _fill(connection, anna, count=3 * search.NEWEST)
        before = 2 + 3 * search.NEWEST + 1
        found = search.find(
            connection, anna, About(words=["schnauzer"]), now=NOW, before_seq=before
        )
    assert [one.spoken.seq for one in found] == [old, old + 1]
    assert found[0].because == ("schnauzer",)


def _fill(connection: Connection, customer: str, *, count: int) -> None:
    """So many turns about shoes, one a minute until yesterday."""
    connection.execute(
        text(
            "INSERT INTO turns (customer_id, seq, direction, channel, text, words, at) "
            "SELECT :id, last_seq + n, 'in', 'web', 'shoes', '{shoe,sneaker}', "
            "CAST(:until AS timestamptz) - (:count - n) * interval '1 minute' "
            "FROM conversations, generate_series(1, :count) n WHERE customer_id = :id"
        ),
        {"id": customer, "count": count, "until": NOW - timedelta(days=1)},
    )


def test_frequencies_hold_only_words_of_several_customers(engine: Engine) -> None:
    with engine.begin() as connection:
        for number in range(search.SEVERAL):
            customer = customers.create(connection, now=NOW)
            _says(connection, customer, "boots boots")
            if number:
                _says(connection, customer, "secret")
        search.refresh_frequencies(connection)
        search.refresh_frequencies(connection)
        rows = connection.execute(text("SELECT word, turns FROM word_frequencies")).all()
    assert {row.word: row.turns for row in rows} == {
        "": 2 * search.SEVERAL - 1,
        "boots": search.SEVERAL,
    }


def test_what_nobody_has_read_is_handed_out_once(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.begin() as connection:
        anna = customers.create(connection, now=NOW)
        turns.append(
            connection,
            anna,
            [
                turns.Utterance(text="from the bot"),
                turns.Utterance(text="from Minji", payload={"by": "Minji"}),
            ],
            direction="out",
            channel="web",
            language="en",
            at=NOW,
        )
        turns.append(
            connection,
            anna,
            [turns.Utterance(text="from Anna")],
            direction="in",
            channel="web",
            language="en",
            at=NOW,
        )
    with engine.begin() as first, engine.begin() as second:
        unread = turns.unread(first, limit=10)
        assert {one.text for one in unread} == {"from Minji", "from Anna"}
        assert turns.unread(second, limit=10) == []
        turns.keep_words(first, unread, [one.text.split() for one in unread])
    with engine.begin() as connection:
        assert turns.unread(connection, limit=10) == []
        found = search.find(connection, anna, About(words=["Minji"]), now=NOW, before_seq=10)
        assert [one.spoken.text for one in found] == ["from Minji", "from Anna", "from the bot"]
    engine.dispose()


@contextmanager
def _counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
