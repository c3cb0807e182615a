"""A small, fixed part of the fault suite `./dangol torture send`: every named point once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from agent import training
from tests.dying_part import AGENT, OUTREACH, POINTS, WEB, Point
from tests.harmed_shop import HarmedShop, harmed_shop
from tests.postgres import temporary_home
from tests.torture import send
from tests.torture.send import Findings, Outcome

SEED = 1


@pytest.fixture(scope="module")
def shop(small_folder: Path, small_model: training.TrainedModel) -> Iterator[HarmedShop]:
    with temporary_home() as home, harmed_shop(home, small_folder, small_model) as opened:
        yield opened


def test_the_points_are_those_of_the_issue() -> None:
    parts = [point.part for point in POINTS]
    assert (len(parts), len({point.name for point in POINTS})) == (14, 14)
    assert {part: parts.count(part) for part in parts} == {OUTREACH: 9, WEB: 2, AGENT: 3}


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.name)
def test_a_kill_at_a_named_point_loses_nothing_and_sends_nothing_twice(
    shop: HarmedShop, point: Point
) -> None:
    outcome = Outcome(point)
    send.run(shop, outcome, SEED)
    assert outcome.broken == []
    assert outcome.processes + outcome.databases == 1


def test_the_suite_sees_what_it_is_there_to_see(shop: HarmedShop) -> None:
    people = send.people_of(shop)
    for one in people.all:
        shop.look(one)
    shop.text_in(people.plain[0], "my size is 270", "SM1")
    shop.text_in(people.plain[1], "hello", "SM2")
    shop.text_in(people.refuses, "STOP", "SM3")
    shop.buy(people.buys, "another order")
    assert shop.settle()

    def wrong() -> str:
        return "; ".join(Findings(shop, people).wrong(Outcome(POINTS[0])))

    def change(statement: str) -> None:
        with shop.engine.begin() as connection:
            connection.execute(text(statement), {"anna": people.plain[0].customer_id})

    assert wrong() == ""
    change("INSERT INTO commits VALUES (-1, 'bought', :anna)")
    assert "an offer was sent to somebody who had refused or bought" in wrong()
    change("UPDATE commits SET what = 'refused' WHERE place = -1")
    assert "an answer was sent to somebody who had refused or bought" in wrong()
    change("DELETE FROM commits WHERE place = -1")
    assert wrong() == ""
    change("UPDATE turns SET payload = '{}' WHERE customer_id = :anna AND payload ? 'offer'")
    assert "taken 1, told 0, on record 1 times" in wrong()
    change("UPDATE outbox SET state = 'unknown' WHERE customer_id = :anna")
    assert "1 accepts of a message that is unknown" in wrong()
    change("DELETE FROM facts WHERE customer_id = :anna")
    assert "what was told was not learnt once" in wrong()
    taken = shop.provider.accepted()[0]
    callback = taken.status_callback or ""
    shop.provider.exchange.create(
        {
            "To": taken.recipient,
            "From": taken.sender or "",
            "Body": "again",
            "StatusCallback": callback,
        }
    )
    assert "2 accepts of a message" in wrong()
