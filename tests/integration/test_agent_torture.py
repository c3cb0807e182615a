"""A small, fixed part of the fault suite `./dangol torture turn`."""

from __future__ import annotations

import pytest

from tests.agents import Shop
from tests.torture import turn


@pytest.mark.parametrize("seed", [1, 2])
def test_random_kills_lose_nothing_and_double_nothing(shop: Shop, seed: int) -> None:
    outcome = turn.ordeal(shop, seed=seed, customers=6, turns=4, most_kills=3)
    assert outcome.faults == []
    assert outcome.kills == 3


def test_the_suite_sees_what_it_is_there_to_see(shop: Shop) -> None:
    writer = shop.web_customer()
    shop.hear(writer, "size 270", "size 280")
    shop.answer()
    found = turn._faults(shop, writer, ["280", "270"])
    assert any("out of order" in fault for fault in found)
    assert turn._faults(shop, writer, ["270", "280"]) == []
    with shop.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM turns WHERE direction = 'out' AND text ~ '270'")
    assert "lost ['Noted: 270.']" in str(turn._faults(shop, writer, ["270", "280"]))
