"""Kept turns read again by a rule: what is new, what has changed, and what must stay as it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from command.relearn import Change, Rereader, make
from marketing.errors import NotFound
from memory import answers, customers, facts, turns
from memory.answers import Understood
from tests import outbox_rows
from tests.outbox_rows import NOW

SEOUL = "Asia/Seoul"
LATER = NOW + timedelta(days=30)


@pytest.fixture(scope="module")
def shared_engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with outbox_rows.module_engine(postgres_url, migrated_template) as opened:
        yield opened


@pytest.fixture
def engine(shared_engine: Engine) -> Engine:
    return outbox_rows.emptied(shared_engine)


@pytest.fixture(scope="module")
def sizes() -> Rereader:
    return Rereader("shoe_size")


@pytest.fixture
def mina(engine: Engine) -> str:
    with engine.begin() as connection:
        return customers.create(connection, now=NOW, language="ko", time_zone=SEOUL)


def say(engine: Engine, customer_id: str, *said: str, intent: str | None = None) -> None:
    with engine.begin() as connection:
        for text in said:
            turns.append(
                connection,
                customer_id,
                [turns.Utterance(text=text)],
                direction="in",
                channel="web",
                language="ko",
                at=NOW,
            )
            if intent is not None:
                seq = turns.last_seq(connection, customer_id)
                answers.keep(
                    connection,
                    customer_id,
                    [],
                    inbox_id=0,
                    seq=seq,
                    understood=Understood(
                        language="ko", intent=intent, confidence=1.0, entities=[], words=[]
                    ),
                    channel="web",
                    at=NOW,
                    tracker=None,
                )


def changes(engine: Engine, rereader: Rereader, customer_id: str) -> list[Change]:
    with engine.begin() as connection:
        return list(rereader.changes(connection, customer_id, SEOUL))


def known(engine: Engine, customer_id: str) -> dict[str, object]:
    with engine.begin() as connection:
        return {fact.kind: fact.value for fact in facts.known(connection, customer_id)}


def test_what_was_missed_is_shown_and_learnt(engine: Engine, sizes: Rereader, mina: str) -> None:
    say(engine, mina, "안녕하세요", "저는 265 신어요", "이제 270 신어요", "275 있어요?")
    (change,) = changes(engine, sizes, mina)
    assert str(change) == f"{mina} + self shoe_size 270 — “이제 270 신어요”"
    assert known(engine, mina) == {}
    with engine.begin() as connection:
        make(connection, [change], now=LATER)
        (fact,) = facts.known(connection, mina)
    assert (fact.value, fact.valid_from, fact.said) == (270, NOW, "이제 270 신어요")
    assert changes(engine, sizes, mina) == []


def test_what_the_rule_does_not_read_any_more_is_ended(
    engine: Engine, sizes: Rereader, mina: str
) -> None:
    say(engine, mina, "270 있어요?")
    with engine.begin() as connection:
        facts.learn(
            connection, mina, kind="shoe_size", value=270, now=NOW, source_seq=1, rule="shoe_size"
        )
        facts.learn(connection, mina, kind="width", value="wide", now=NOW, rule="width")
    (change,) = changes(engine, sizes, mina)
    assert str(change) == f"{mina} - self shoe_size 270"
    with engine.begin() as connection:
        make(connection, [change], now=LATER)
    assert known(engine, mina) == {"width": "wide"}


def test_what_another_rule_has_put_right_since_is_left_to_it(
    engine: Engine, sizes: Rereader, mina: str
) -> None:
    say(engine, mina, "저는 265 신어요", "아니 265 말고 270이요")
    assert changes(engine, sizes, mina) == []


def test_what_was_forgotten_stays_forgotten(engine: Engine, sizes: Rereader, mina: str) -> None:
    say(engine, mina, "저는 270 신어요")
    with engine.begin() as connection:
        facts.learn(
            connection, mina, kind="shoe_size", value=270, now=NOW, source_seq=1, rule="shoe_size"
        )
        facts.close(connection, mina, kind="shoe_size", now=LATER)
    assert changes(engine, sizes, mina) == []


def test_what_was_said_off_the_record_stays_so(engine: Engine, sizes: Rereader, mina: str) -> None:
    say(engine, mina, "기억하지 마", intent="stop_learning")
    say(engine, mina, "저는 270 신어요")
    assert changes(engine, sizes, mina) == []
    say(engine, mina, "다시 기억해 줘", intent="resume_learning")
    say(engine, mina, "저는 270 신어요")
    assert len(changes(engine, sizes, mina)) == 1


def test_what_the_shop_knows_is_left_alone(engine: Engine, sizes: Rereader, mina: str) -> None:
    say(engine, mina, "저는 270 신어요")
    with engine.begin() as connection:
        facts.learn(connection, mina, kind="shoe_size", value=265, now=NOW, source="shop")
    assert changes(engine, sizes, mina) == []


def test_a_rule_that_is_not_there() -> None:
    with pytest.raises(NotFound, match="There is no rule 'shoesize'; there are: activity, age"):
        Rereader("shoesize")
