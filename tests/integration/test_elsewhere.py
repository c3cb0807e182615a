"""What was got somewhere else rests: no other such thing is offered for as long as it lasts, and
everything else goes on (STORIES 2 b).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from memory import clock, elsewhere, facts, outbox
from tests import follow_ups, outbox_rows
from tests.follow_ups import KOREAN, person, plan, reasons, rows

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 11, 24, 11, 0, tzinfo=SEOUL)
YESTERDAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def shared_engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with outbox_rows.module_engine(postgres_url, migrated_template) as opened:
        yield opened


@pytest.fixture
def engine(shared_engine: Engine) -> Engine:
    return follow_ups.opened(shared_engine, now=NOW)


@pytest.fixture
def minsu(engine: Engine) -> str:
    return person(engine, KOREAN, language="ko", country="KR")


def says(engine: Engine, customer_id: str, category: str) -> None:
    with engine.begin() as connection:
        elsewhere.bought(
            connection,
            customer_id,
            category,
            since=YESTERDAY,
            said="어제 딴 데서 샀어요",
            source_seq=1,
            now=clock.business_now(connection),
        )


def looks(engine: Engine, customer_id: str, product_id: str) -> None:
    follow_ups.look(engine, customer_id, product_id, follow_ups.now(engine) - timedelta(seconds=20))
    plan(engine)


def test_another_of_its_kind_is_not_offered_and_other_goods_are(engine: Engine, minsu: str) -> None:
    says(engine, minsu, "running_shoes")
    looks(engine, minsu, "sori-road")
    assert reasons(engine, minsu) == [("not_sent", "bought_elsewhere")]
    follow_ups.set_clock(engine, NOW + timedelta(days=1))
    looks(engine, minsu, "ridge-gtx")
    assert reasons(engine, minsu)[-1] == ("planned", "planned")


def test_it_rests_for_as_long_as_the_shop_says(engine: Engine, minsu: str) -> None:
    """data/catalogue/store.yml: accessories for 90 days."""
    says(engine, minsu, "accessories")
    for days, rests in ((89, True), (90, False)):
        with engine.begin() as connection:
            at = datetime(2026, 11, 23, 12, tzinfo=SEOUL) + timedelta(days=days)
            assert (
                elsewhere.rests(
                    connection, minsu, "accessories", rest_days={"accessories": 90}, now=at
                )
                is rests
            )
            assert elsewhere.rests(connection, minsu, "accessories", rest_days={}, now=at)
            assert not elsewhere.rests(connection, minsu, "packs", rest_days={}, now=at)


def test_what_waits_when_it_is_said_ends(engine: Engine, minsu: str) -> None:
    looks(engine, minsu, "sori-road")
    assert reasons(engine, minsu) == [("planned", "planned")]
    says(engine, minsu, "running_shoes")
    assert reasons(engine, minsu)[-1] == ("cancelled", "bought_elsewhere")
    assert [row["state"] for row in rows(engine, "outbox", minsu)] == ["cancelled"]
    assert [row["state"] for row in rows(engine, "offers", minsu)] == ["cancelled"]


def test_it_is_asked_once_more_when_it_is_sent(engine: Engine, minsu: str) -> None:
    """A fact that came by another way, such as a merge."""
    looks(engine, minsu, "sori-road")
    with engine.begin() as connection:
        value = {"category": "running_shoes", "since": YESTERDAY.isoformat()}
        facts.learn(connection, minsu, kind="has", value=value, now=NOW)
        now = clock.business_now(connection)
        passed = outbox.begin_sending(connection, now=now, lease=timedelta(minutes=1))
    assert isinstance(passed, outbox.Passed)
    assert reasons(engine, minsu)[-1] == ("not_sent", "bought_elsewhere")


def test_it_is_forgotten_on_asking_and_rests_no_more(engine: Engine, minsu: str) -> None:
    says(engine, minsu, "running_shoes")
    with engine.begin() as connection:
        facts.close(connection, minsu, kind="has", now=NOW)
    looks(engine, minsu, "sori-road")
    assert reasons(engine, minsu) == [("planned", "planned")]
