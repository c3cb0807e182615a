"""How long data are kept: with the shop's clock moved on, what has had its time goes and nothing
else.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, insert, select, text, update

from memory import catalogue, clock, customers, erasing, facts, orders, personal, retention, turns
from memory import engine as memory_engine
from memory.orders import OrderLine
from memory.sealing import Keyring
from memory.tables import events, inbox, metadata, outbox, sessions
from memory.turns import Utterance
from outreach import upkeep
from shops.store import KEPT_KINDS
from tests import whole_person
from tests.postgres import fresh_database, temporary_home
from tests.whole_person import SAID

START = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)


@pytest.fixture
def engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with fresh_database(postgres_url, template=migrated_template, is_durable=False) as url:
        opened = memory_engine.open_engine(url, keyring=Keyring.of(("a secret of sixteen",)))
        travel_to(opened, START)
        yield opened
        opened.dispose()


def travel_to(engine: Engine, moment: datetime) -> None:
    with engine.begin() as connection:
        clock.set_offset(connection, moment - datetime.now(UTC))


def count(engine: Engine, table: str, condition: str = "true") -> int:
    with engine.connect() as connection:
        asked = select(func.count()).select_from(metadata.tables[table]).where(text(condition))
        return int(connection.scalar(asked) or 0)


def said(engine: Engine, customer_id: str, *texts: str, at: datetime) -> None:
    with engine.begin() as connection:
        turns.append(
            connection,
            customer_id,
            [Utterance(text=one) for one in texts],
            direction="in",
            channel="web",
            language="ko",
            at=at,
        )


def visitor(engine: Engine) -> str:
    with engine.begin() as connection:
        return customers.create(connection, now=START)


def test_every_kind_can_be_told_in_the_store_profile() -> None:
    assert set(KEPT_KINDS) == {period.kind for period in retention.PERIODS}
    assert all(period.reason for period in retention.PERIODS)


def test_the_page_for_operators_tells_every_period() -> None:
    page = (Path(__file__).parents[2] / "docs" / "data-rights.md").read_text(encoding="utf-8")
    for period in retention.PERIODS:
        assert f"| `{period.kind}` | {period.days:,} |" in page, period.kind


def test_what_was_said_goes_after_five_years_and_not_a_day_before(engine: Engine) -> None:
    customer_id = visitor(engine)
    said(engine, customer_id, "오래된 말", at=START)
    said(engine, customer_id, "새로운 말", at=START + timedelta(days=400))
    travel_to(engine, START + timedelta(days=5 * 365 - 1))
    upkeep.keep_to_periods(engine)
    assert count(engine, "turns") == 2
    travel_to(engine, START + timedelta(days=5 * 365 + 1))
    assert upkeep.keep_to_periods(engine)["turns"] == 1
    assert count(engine, "turns", "text = '새로운 말'") == 1


def test_a_shop_may_keep_it_for_less_long(engine: Engine) -> None:
    with engine.begin() as connection:
        catalogue.sync(connection, shop_name="x", store={"keep_days": {"turns": 10}}, listed=[])
    said(engine, visitor(engine), "말", at=START)
    travel_to(engine, START + timedelta(days=11))
    assert upkeep.keep_to_periods(engine)["turns"] == 1


def test_it_goes_in_small_batches_and_says_how_far_it_is(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    customer_id = visitor(engine)
    said(engine, customer_id, *[SAID] * (2 * upkeep.BATCH + 1), at=START)
    travel_to(engine, START + timedelta(days=6 * 365))
    with caplog.at_level(logging.INFO, logger="outreach.upkeep"):
        assert upkeep.keep_to_periods(engine)["turns"] == 2 * upkeep.BATCH + 1
    told = [one for one in caplog.records if getattr(one, "kind", "") == "turns"]
    assert [one.rows for one in told] == [500, 1000, 1001]  # type: ignore[attr-defined]
    assert "not for ever" in told[0].getMessage()
    assert SAID not in caplog.text


def test_a_fact_that_holds_stays_and_one_that_was_corrected_goes_after_a_year(
    engine: Engine,
) -> None:
    customer_id = visitor(engine)
    with engine.begin() as connection:
        for value, at in ((270, START), (275, START + timedelta(days=1))):
            facts.learn(connection, customer_id, kind="shoe_size", value=value, now=at)
    travel_to(engine, START + timedelta(days=3 * 365))
    upkeep.keep_to_periods(engine)
    with engine.connect() as connection:
        assert [one.value for one in facts.known(connection, customer_id)] == [275]
    assert count(engine, "facts") == 1


def test_messages_lose_their_words_and_still_tell_a_repeat(engine: Engine) -> None:
    with engine.begin() as connection:
        whole_person.written(connection)
        connection.execute(update(inbox).values(state="done"))
        connection.execute(update(outbox).values(state="delivered"))
    travel_to(engine, START + timedelta(days=400))
    upkeep.keep_to_periods(engine)
    assert count(engine, "inbox", "text = '' AND provider_id <> ''") == 1
    assert count(engine, "outbox", "body = ''") == 1


def test_what_waits_is_left_alone_however_old(engine: Engine) -> None:
    with engine.begin() as connection:
        whole_person.written(connection)  # a message that is ready, a text that is, an open fact
    travel_to(engine, START + timedelta(days=20 * 365))
    upkeep.keep_to_periods(engine)
    assert count(engine, "inbox", f"text = '{SAID}'") == 1
    assert count(engine, "outbox", f"body = '{SAID}'") == 1
    assert count(engine, "consents") == 1


def test_sessions_and_codes_go_by_real_time(engine: Engine) -> None:
    with engine.begin() as connection:
        whole_person.written(connection)
        live = {"token_digest": b"live", "expires_at": datetime.now(UTC) + timedelta(days=80)}
        row = whole_person.row_of(sessions, visitor_id := customers.create(connection, now=START))
        connection.execute(insert(sessions).values({**row, **live, "revoked_at": None}))
        old = datetime.now(UTC) - timedelta(days=40)
        connection.execute(
            update(sessions).where(sessions.c.customer_id != visitor_id).values(expires_at=old)
        )
        connection.execute(text("UPDATE codes SET expires_at = now() - interval '2 days'"))
    travel_to(engine, START + timedelta(days=1))
    ended = upkeep.keep_to_periods(engine)
    assert ended["sessions"] == ended["codes"] == 1
    assert count(engine, "sessions") == 1


def test_orders_of_nobody_go_after_five_years_and_those_of_somebody_stay(engine: Engine) -> None:
    people = [visitor(engine), visitor(engine)]
    with engine.begin() as connection:
        for customer_id in people:
            orders.record(
                connection,
                customer_id,
                order_id="A-1",
                ordered_at=START,
                total=Decimal(1),
                currency="KRW",
                lines=[OrderLine(product_id="x", sku=None, quantity=1, unit_price=Decimal(1))],
            )
        erasing.erase(connection, people[0], now=START)
    travel_to(engine, START + timedelta(days=5 * 365 - 1))
    upkeep.keep_to_periods(engine)
    assert count(engine, "orders") == count(engine, "order_lines") == 2
    travel_to(engine, START + timedelta(days=5 * 365 + 1))
    upkeep.keep_to_periods(engine)
    assert count(engine, "orders") == count(engine, "order_lines") == 1
    assert count(engine, "orders", f"customer_id = '{people[1]}'") == 1


def test_a_row_that_somebody_holds_is_left_for_the_next_time(engine: Engine) -> None:
    customer_id = visitor(engine)
    with engine.begin() as connection:
        row = whole_person.row_of(events, customer_id)
        connection.execute(insert(events), [row, row])
    travel_to(engine, START + timedelta(days=3 * 365))
    with engine.connect() as holder:
        holder.execute(select(events.c.event_id).limit(1).with_for_update()).all()
        assert upkeep.keep_to_periods(engine)["events"] == 1
    assert upkeep.keep_to_periods(engine)["events"] == 1


def test_at_night_whoever_was_erased_by_day_is_purged(engine: Engine) -> None:
    with engine.begin() as connection:
        customer_id = whole_person.written(connection)
        erasing.erase(connection, customer_id, now=START)
    seoul_noon, seoul_night = START, datetime(2026, 11, 27, 18, 30, tzinfo=UTC)
    with temporary_home() as home:
        nights = upkeep.Nights(engine, home)
        with engine.begin() as connection:
            catalogue.sync(
                connection,
                shop_name="x",
                store={"time_zone": {"ko": "Asia/Seoul", "en": "America/Los_Angeles"}},
                listed=[],
            )
        travel_to(engine, seoul_noon + timedelta(hours=1))
        nights.look()
        assert count(engine, "erasures", "purged_at IS NULL") == 1
        travel_to(engine, seoul_night)
        nights.look()
    assert count(engine, "erasures", "purged_at IS NOT NULL") == 1
    assert {one.name for one in personal.tables() if count(engine, one.name)} <= {*erasing.KEPT}


def test_logs_go_when_nothing_was_added_for_a_quarter(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    for name, days in (("web.log", 1), ("web.log.2", 100), ("agent.log.1", 89)):
        path = tmp_path / name
        path.write_text("a line\n", encoding="utf-8")
        at = (now - timedelta(days=days)).timestamp()
        os.utime(path, (at, at))
    assert upkeep.forget_logs(tmp_path, now) == 1
    assert {path.name for path in tmp_path.iterdir()} == {"web.log", "agent.log.1"}
