"""What is forgotten is gone, also what it was before, and what was said of it is not found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text

from memory import customers, facts, forgetting, turns
from memory import engine as memory_engine
from memory.sealing import Keyring
from memory.turns import Utterance
from tests.postgres import fresh_database

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)


@pytest.fixture
def engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with fresh_database(postgres_url, template=migrated_template, is_durable=False) as url:
        opened = memory_engine.open_engine(url, keyring=Keyring.of(("a secret of sixteen",)))
        yield opened
        opened.dispose()


@pytest.fixture
def customer_id(engine: Engine) -> str:
    """Somebody who told a size, corrected it, and told a birthday, each answered."""
    told = (("shoe_size", 270), ("shoe_size", 275), ("birthday", {"month": 5, "day": 3}))
    with engine.begin() as connection:
        made = customers.create(connection, now=NOW)
        for kind, value in told:
            (seq,) = turns.append(
                connection,
                made,
                [Utterance(text=f"{kind} {value}")],
                direction="in",
                channel="web",
                language="ko",
                at=NOW,
            )
            turns.append(
                connection,
                made,
                [Utterance(text=f"{kind}: 네")],
                direction="out",
                channel="web",
                language="ko",
                at=NOW,
            )
            facts.learn(connection, made, kind=kind, value=value, now=NOW, source_seq=seq)
        connection.execute(text("UPDATE turns SET words = ARRAY['said'], intent = 'tell_about_me'"))
    return made


def found(engine: Engine) -> list[int]:
    """The places of the turns that can be found."""
    with engine.connect() as connection:
        asked = "SELECT seq FROM turns WHERE words <> '{}' OR intent IS NOT NULL ORDER BY seq"
        return list(connection.scalars(text(asked)))


def held(engine: Engine) -> list[tuple[str, bool]]:
    """Every row of a fact: its kind, and whether it holds."""
    with engine.connect() as connection:
        asked = "SELECT kind, valid_to IS NULL AS holds FROM facts ORDER BY fact_id"
        return [(row.kind, row.holds) for row in connection.execute(text(asked))]


def test_one_kind_goes_with_what_it_was_before_and_nothing_else(
    engine: Engine, customer_id: str
) -> None:
    with engine.begin() as connection:
        ended = forgetting.forget(
            connection, customer_id, kind="shoe_size", subject="self", now=NOW, before_seq=7
        )
    assert ended == 1
    assert held(engine) == [("birthday", True)]
    assert found(engine) == [5, 6]


def test_everything_goes_and_no_past_turn_is_found(engine: Engine, customer_id: str) -> None:
    with engine.begin() as connection:
        ended = forgetting.forget(connection, customer_id, kind=None, now=NOW, before_seq=6)
    assert ended == 2
    assert held(engine) == []
    assert found(engine) == [6]


def test_the_conversation_can_still_be_read(engine: Engine, customer_id: str) -> None:
    with engine.begin() as connection:
        forgetting.forget(connection, customer_id, kind=None, now=NOW, before_seq=7)
        assert len(turns.after(connection, customer_id, 0)) == 6


def test_somebody_elses_facts_and_turns_stay(engine: Engine, customer_id: str) -> None:
    with engine.begin() as connection:
        other = customers.create(connection, now=NOW)
        forgetting.forget(connection, other, kind=None, now=NOW, before_seq=7)
    assert len(held(engine)) == 3
    assert len(found(engine)) == 6
