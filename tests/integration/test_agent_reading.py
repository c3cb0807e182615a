"""What is said gets its search words: in its turn, or from an idle agent."""

from __future__ import annotations

from sqlalchemy import create_engine

from agent import reading
from tests.agents import Shop


def test_a_turn_reads_the_words_of_what_it_answers(shop: Shop) -> None:
    writer = shop.web_customer()
    shop.hear(writer, "등산화 270 있어요? hiking boots")
    shop.answer()
    said, answered = shop.rows("SELECT words FROM turns ORDER BY seq")
    assert said.words == ["등산화", "270", "hike", "boot"]
    assert answered.words is None


def test_an_idle_agent_reads_what_was_left_unread(shop: Shop) -> None:
    writer = shop.web_customer()
    for number in range(reading.AT_ONCE + 1):
        shop.hear(writer, f"jackets {number}")
    assert reading.read_some(shop.engine) is True
    assert reading.read_some(shop.engine) is False
    rows = shop.rows("SELECT words FROM turns ORDER BY seq")
    assert [row.words for row in rows] == [
        ["jacket", str(number)] for number in range(reading.AT_ONCE + 1)
    ]
    assert reading.read_some(shop.engine) is False


def test_an_agent_without_a_database_waits_for_it() -> None:
    engine = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    assert reading.read_some(engine) is False
