"""A customer with 25,000 turns: a turn touches as many rows of theirs as of anybody who was here
for a while. Rows are counted, not seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from memory import answers, customers, search, turns
from memory.answers import Understood
from memory.ranking import About
from memory.recall import recall
from tests.postgres import connect, fresh_database

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
MANY, SOME = 25_000, 2 * search.NEWEST
OTHERS = 200
VOCABULARY = 400
RARE_EVERY = 2_000
"""Every so many turns hold the rare word."""
ABOUT = About(words=["rare", "word7", "word8", "neverheard"])
A_DOZEN = 12
"""The utterances that recall gives word for word."""


@pytest.fixture(scope="module")
def engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with fresh_database(postgres_url, template=migrated_template, is_durable=False) as url:
        opened = create_engine(url)
        _load(opened, url)
        yield opened
        opened.dispose()


def _load(engine: Engine, url: str) -> None:
    """Two customers of long standing, and others who were here for ten turns."""
    with engine.begin() as connection:
        for name in ("many", "some"):
            customers.create(connection, now=NOW, customer_id=name)
        connection.execute(
            text("UPDATE conversations SET last_seq = :seq WHERE customer_id = :id"),
            [{"id": "many", "seq": MANY}, {"id": "some", "seq": SOME}],
        )
    counts = {"many": MANY, "some": SOME, **{f"other{n}": 10 for n in range(OTHERS)}}
    with (
        connect(url) as plain,
        plain.cursor().copy(
            "COPY turns (customer_id, seq, direction, channel, text, words, at, intent) FROM STDIN"
        ) as copy,
    ):
        copy.set_types(("text", "int8", "text", "text", "text", "text[]", "timestamptz", "text"))
        for customer, count in counts.items():
            for seq in range(1, count + 1):
                copy.write_row(_row(customer, seq, count))
    with connect(url) as plain:
        plain.execute("ANALYZE turns")


def _row(customer: str, seq: int, count: int) -> tuple[object, ...]:
    words = [f"word{seq % VOCABULARY}", f"word{(7 * seq) % VOCABULARY}"]
    if seq % RARE_EVERY == 5:
        words.append("rare")
    direction = "in" if seq % 2 else "out"
    at = NOW - timedelta(hours=2 + count - seq)
    return customer, seq, direction, "web", " ".join(words), words, at, "ask_stock"


def _touched(engine: Engine, work: Callable[[Connection], object]) -> int:
    """Rows of `turns` that the work reads, by PostgreSQL's own count."""
    with engine.connect() as connection:
        before = _read(connection)
        work(connection)
        read = _read(connection) - before
        connection.rollback()
    return read


def _read(connection: Connection) -> int:
    counted = connection.scalar(
        text(
            "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) "
            "FROM pg_stat_xact_user_tables WHERE relname ~ '^turns'"
        )
    )
    return int(counted or 0)


def _recalls(customer: str, before: int) -> Callable[[Connection], object]:
    return lambda connection: recall(
        connection, customer, now=NOW, before_seq=before, is_proven=True, about=ABOUT
    )


# Again and again, as a statement that is often prepared may get another plan.
@pytest.mark.parametrize("times", [1, 12])
def test_recall_reads_no_more_of_a_long_history_than_of_a_shorter_one(
    engine: Engine, times: int
) -> None:
    def often(customer: str, before: int) -> int:
        work = _recalls(customer, before)
        return _touched(engine, lambda connection: [work(connection) for _ in range(times)])

    many, some = often("many", MANY + 1) / times, often("some", SOME + 1) / times
    found_with_context = 3 * 5
    most = search.NEWEST + A_DOZEN + search.RAREST * search.MOST_OF_A_WORD + found_with_context
    assert many <= most
    assert many <= 1.3 * some


def test_where_nothing_asks_for_the_past_less_is_read(engine: Engine) -> None:
    about = replace(ABOUT, in_passing=True)
    read = _touched(
        engine,
        lambda connection: recall(
            connection, "many", now=NOW, before_seq=MANY + 1, is_proven=True, about=about
        ),
    )
    assert read <= search.IN_PASSING + A_DOZEN + 3 * 5


def test_what_was_said_rarely_is_found_at_any_depth(engine: Engine) -> None:
    with engine.connect() as connection:
        found = recall(
            connection, "many", now=NOW, before_seq=MANY + 1, is_proven=True, about=ABOUT
        )
    rare = [one.spoken.seq for one in found.nearest if "rare" in one.because]
    assert rare
    assert min(rare) < MANY - search.NEWEST
    assert all(seq % RARE_EVERY in (4, 5, 6) for seq in rare)


def test_an_answer_reads_nothing_of_what_was_said_but_what_it_answers(engine: Engine) -> None:
    def answers_it(connection: Connection) -> None:
        answers.keep(
            connection,
            "many",
            [turns.Utterance(text="…")],
            inbox_id=0,
            seq=MANY,
            understood=Understood(
                language="en", intent="greet", confidence=1.0, entities=[], words=[]
            ),
            channel="web",
            at=NOW,
            tracker={"events": []},
        )

    assert _touched(engine, answers_it) == 1


@pytest.mark.parametrize(
    ("work", "most"),
    [
        (lambda connection: turns.after(connection, "many", MANY - 3), 3),
        (lambda connection: turns.newest(connection, "many", limit=20), 20),
        (lambda connection: turns.has_spoken(connection, "many", "web"), 2),
        (
            lambda connection: search.asked_lately(
                connection, "many", ["ask_stock"], before_seq=MANY + 1, until=NOW
            ),
            search.NEWEST + 15,
        ),
        (lambda connection: turns.unread(connection, limit=20), 10 * OTHERS),
    ],
    ids=["after", "newest", "has_spoken", "asked_lately", "unread"],
)
def test_no_page_of_a_conversation_reads_more_than_it_shows(
    engine: Engine, work: Callable[[Connection], object], most: int
) -> None:
    assert _touched(engine, work) <= most
