"""What was sold out and asked for: told once when the shop has it again, at a lawful hour, to whom
waits for that very size; not if it was bought meanwhile or called off (STORIES 3).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text

from marketing.stock import Asked
from memory import catalogue, clock, promises, stock_alerts
from outreach import reminders
from tests import follow_ups, outbox_rows
from tests.follow_ups import person, plan, rows

PORTLAND = ZoneInfo("America/Los_Angeles")
ASKED = datetime(2026, 11, 28, 14, 0, tzinfo=PORTLAND)
BACK = datetime(2026, 12, 1, 10, 12, tzinfo=PORTLAND)
SKU = "RDG-GRY-275-W"


@pytest.fixture(scope="module")
def shared_engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with outbox_rows.module_engine(postgres_url, migrated_template) as opened:
        yield opened


@pytest.fixture
def engine(shared_engine: Engine) -> Engine:
    return follow_ups.opened(shared_engine, now=ASKED)


def american(engine: Engine, **known: Any) -> str:
    place = {"language": "en", "country": "US", "time_zone": "America/Los_Angeles"}
    return person(engine, **{**place, "has_agreed": False, **known})


def waits(engine: Engine, customer_id: str, size: str = "9.5") -> bool:
    """They ask for the wide Ridge GTX."""
    with engine.begin() as connection:
        product = catalogue.product(connection, "ridge-gtx")
        assert product is not None
        return stock_alerts.keep(
            connection,
            customer_id,
            product=product,
            asked=Asked(size=size, width="wide"),
            called=f"Ridge GTX in {size} wide",
            asked_on=ASKED.date(),
            now=clock.business_now(connection),
        )


def has(engine: Engine, left: int, sku: str = SKU) -> None:
    """The shop's system says how many there are."""
    with engine.begin() as connection:
        product = catalogue.product(connection, "ridge-gtx")
        assert product is not None
        variants = [
            {**one, "stock": left if one["sku"] == sku else one["stock"]}
            for one in product["variants"]
        ]
        connection.execute(
            text(
                "UPDATE products SET product = product || jsonb_build_object("
                "'variants', CAST(:variants AS jsonb)) WHERE product_id = 'ridge-gtx'"
            ),
            {"variants": json.dumps(variants)},
        )


def at(engine: Engine, moment: datetime) -> list[dict[str, Any]]:
    """That time has come, and the part that tells does its work; returns every text there is."""
    follow_ups.set_clock(engine, moment)
    reminders.tell_what_is_back(engine)
    plan(engine)
    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT * FROM outbox WHERE purpose = 'reminder' ORDER BY outbox_id")
        )
        return [dict(row._mapping) for row in found]


def test_it_is_told_once_when_it_is_back(engine: Engine) -> None:
    jo = american(engine)
    assert waits(engine, jo)
    assert at(engine, BACK - timedelta(days=1)) == []
    has(engine, 2)
    (found,) = at(engine, BACK)
    assert found["customer_id"] == jo
    assert found["message_class"] == "requested"
    assert found["body"] == (
        "Trailhead: it's back in stock, Ridge GTX in 9.5 wide, which you asked about"
        " a few days ago. Reply here and I'll show you what we have. Reply STOP to opt out."
    )
    has(engine, 0)
    at(engine, BACK + timedelta(days=1))
    has(engine, 3)
    assert len(at(engine, BACK + timedelta(days=2))) == 1


def test_at_night_it_waits_for_the_morning(engine: Engine) -> None:
    jo = american(engine)
    waits(engine, jo)
    has(engine, 2)
    assert at(engine, BACK.replace(hour=22)) == []
    (occasion,) = rows(engine, "due", jo)
    assert occasion["due_at"].astimezone(PORTLAND) == datetime(2026, 12, 2, 8, 0, tzinfo=PORTLAND)
    assert len(at(engine, datetime(2026, 12, 2, 8, 0, 1, tzinfo=PORTLAND))) == 1


def test_sold_again_before_the_morning_it_is_waited_for_on(engine: Engine) -> None:
    jo = american(engine)
    waits(engine, jo)
    has(engine, 2)
    at(engine, BACK.replace(hour=22))
    has(engine, 0)
    assert at(engine, BACK + timedelta(days=1)) == []
    (occasion,) = rows(engine, "due", jo)
    assert occasion["state"] == "waiting"
    has(engine, 1)
    assert len(at(engine, BACK + timedelta(days=2))) == 1


def test_another_size_is_not_what_was_asked_for_and_one_wish_is_one(engine: Engine) -> None:
    jo = american(engine)
    assert waits(engine, jo)
    assert not waits(engine, jo)
    has(engine, 5, sku="RDG-GRY-280-W")
    assert at(engine, BACK) == []


def test_what_was_bought_or_called_off_is_not_waited_for(engine: Engine) -> None:
    jo, kim = american(engine), american(engine, number="+15035550143")
    waits(engine, jo)
    waits(engine, kim)
    follow_ups.buy(engine, jo, "ridge-gtx")
    with engine.begin() as connection:
        stock_alerts.forget(connection, kim, "hiking_shoes", now=clock.business_now(connection))
    has(engine, 2)
    assert at(engine, BACK) == []


def test_without_a_number_it_is_left_to_the_next_visit(engine: Engine) -> None:
    guest = american(engine, number=None)
    waits(engine, guest)
    has(engine, 2)
    assert at(engine, BACK) == []
    with engine.begin() as connection:
        ((occasion, reason),) = promises.untold(connection, guest)
    assert (occasion.about["called"], reason) == ("Ridge GTX in 9.5 wide", "no_address")


def test_a_wish_that_has_grown_old_ends_without_a_word(engine: Engine) -> None:
    jo = american(engine)
    waits(engine, jo)
    assert at(engine, ASKED + timedelta(days=366)) == []
    (occasion,) = rows(engine, "due", jo)
    assert occasion["state"] == "cancelled"
    with engine.begin() as connection:
        assert promises.untold(connection, jo) == []


def test_it_is_no_day_on_which_other_goods_are_put_off(engine: Engine) -> None:
    jo = american(engine)
    waits(engine, jo)
    with engine.begin() as connection:
        assert not promises.is_waiting(connection, jo, "hiking_shoes")
