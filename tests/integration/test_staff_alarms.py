"""The shop's own people are told that somebody waits: once at once, once before the promise breaks,
and never twice (RULES §3.4).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from marketing.answer_times import Promise
from memory import catalogue, clock, customers, hand_overs, releases, staff_alarms
from outreach.alarms import Alarming
from tests import fake_provider, outbox_rows
from tests.fake_provider import FakeProvider
from tests.outbox_rows import NOW

STAFF = "+821000001128"
WORDS = {
    "utter_staff_alarm": "[{shop_name}] {waiting}명 대기, {promised}까지",
    "utter_staff_alarm_again": "[{shop_name}] 곧 {promised}",
    "utter_staff_alarm_without_promise": "[{shop_name}] {waiting}명 대기",
}
PROMISE = Promise(
    alarm_at=NOW, again_at=NOW + timedelta(minutes=40), answered_by=NOW + timedelta(minutes=60)
)


@pytest.fixture(scope="module")
def shared_engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with outbox_rows.module_engine(postgres_url, migrated_template) as opened:
        yield opened


@pytest.fixture
def engine(shared_engine: Engine) -> Engine:
    found = outbox_rows.emptied(shared_engine)
    _open_shop(found, phones=[STAFF])
    return found


@pytest.fixture(scope="module")
def module_provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeProvider]:
    with fake_provider.running(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture
def provider(module_provider: FakeProvider) -> FakeProvider:
    module_provider.exchange.forget()
    return module_provider


def _open_shop(engine: Engine, *, phones: list[str]) -> None:
    store = {
        "staff_phones": phones,
        "name": {"ko": "숲길", "en": "Trailhead"},
        "time_zone": {"ko": "Asia/Seoul", "en": "America/Los_Angeles"},
    }
    with engine.begin() as connection:
        catalogue.sync(connection, shop_name="Shop", store=store, listed=[])
        releases.publish(
            connection,
            inputs_digest="x",
            files={},
            model=b"",
            words={name: [_wording(words)] for name, words in WORDS.items()},
            now=NOW,
        )


def _wording(words: str) -> dict[str, Any]:
    return {"text": words, "condition": [{"type": "slot", "name": "language", "value": "ko"}]}


def _asks(engine: Engine, promise: Promise | None = PROMISE) -> str:
    with engine.begin() as connection:
        customer_id = customers.create(connection, now=NOW, language="ko")
        hand_overs.ask(
            connection,
            customer_id,
            channel="web",
            address_id=None,
            said="사람이요",
            now=NOW,
            promise=promise,
        )
    return customer_id


def _sends(engine: Engine, provider: FakeProvider, **options: Any) -> int:
    """Everything that is due; returns how many were dealt with."""
    sender = provider.sender(read_seconds=1.0)
    alarming = Alarming(engine, {"sms": sender}, shop_url="https://shop.example", **options)
    dealt_with = 0
    while alarming.send_next():
        dealt_with += 1
    return dealt_with


def _later(engine: Engine, minutes: int) -> None:
    with engine.begin() as connection:
        clock.move_to(connection, NOW + timedelta(minutes=minutes))


def _states(engine: Engine) -> list[tuple[str, str]]:
    with engine.begin() as connection:
        rows = connection.execute(text("SELECT kind, state FROM staff_alarms ORDER BY alarm_id"))
        return [(row.kind, row.state) for row in rows]


def _told(provider: FakeProvider) -> list[str]:
    return [one.body for one in provider.accepted() if one.recipient == STAFF]


def test_they_are_told_at_once_and_again_before_the_promise_breaks(
    engine: Engine, provider: FakeProvider
) -> None:
    _asks(engine)
    assert _sends(engine, provider) == 1
    assert _sends(engine, provider) == 0
    _later(engine, 39)
    assert _sends(engine, provider) == 0
    _later(engine, 40)
    assert _sends(engine, provider) == 1
    _later(engine, 600)
    assert _sends(engine, provider) == 0
    first, again = _told(provider)
    assert first.startswith("[숲길] 1명 대기, ")
    assert again.startswith("[숲길] 곧 ")
    assert _states(engine) == [("waits", "accepted"), ("promise", "accepted")]


def test_what_somebody_has_taken_up_alarms_nobody_again(
    engine: Engine, provider: FakeProvider
) -> None:
    customer_id = _asks(engine)
    _sends(engine, provider)
    with engine.begin() as connection:
        hand_overs.take(connection, customer_id, by="지수", now=NOW)
    _later(engine, 60)
    assert _sends(engine, provider) == 0
    assert len(_told(provider)) == 1
    assert _states(engine)[1] == ("promise", "cancelled")


def test_whoever_leaves_before_the_doors_open_alarms_nobody(
    engine: Engine, provider: FakeProvider
) -> None:
    monday = NOW + timedelta(hours=36)
    customer_id = _asks(engine, Promise(alarm_at=monday, again_at=None, answered_by=None))
    assert _sends(engine, provider) == 0
    with engine.begin() as connection:
        assert hand_overs.leave(connection, customer_id, now=NOW)
    _later(engine, 37 * 60)
    assert _sends(engine, provider) == 0
    assert _told(provider) == []


def test_asking_twice_alarms_once(engine: Engine, provider: FakeProvider) -> None:
    customer_id = _asks(engine)
    with engine.begin() as connection:
        assert not hand_overs.ask(
            connection,
            customer_id,
            channel="web",
            address_id=None,
            said="사람!",
            now=NOW,
            promise=PROMISE,
        )
    _sends(engine, provider)
    assert len(_told(provider)) == 1


def test_an_alarm_is_written_only_with_its_question(engine: Engine, provider: FakeProvider) -> None:
    with engine.connect() as connection, connection.begin() as open_one:
        customer_id = customers.create(connection, now=NOW)
        hand_overs.ask(
            connection, customer_id, channel="web", address_id=None, said="사람", now=NOW
        )
        open_one.rollback()
    assert _states(engine) == []


@pytest.mark.parametrize(
    "fault", [{"answer": "hang", "seconds": 2.0}, {"answer": "error"}, {"answer": "drop"}]
)
def test_what_may_have_been_sent_is_never_sent_again(
    engine: Engine, provider: FakeProvider, fault: dict[str, Any]
) -> None:
    _asks(engine, Promise(alarm_at=NOW, again_at=None, answered_by=None))
    provider.fault(accept=True, **fault)
    assert _sends(engine, provider) == 1
    _later(engine, 600)
    assert _sends(engine, provider) == 0
    assert _states(engine) == [("waits", "unknown")]
    assert len(_told(provider)) == 1


def test_a_sender_that_died_has_sent_for_all_we_know(
    engine: Engine, provider: FakeProvider
) -> None:
    _asks(engine)
    with engine.begin() as connection:
        assert staff_alarms.begin_sending(connection, now=NOW, lease=timedelta(seconds=-1))
    with engine.begin() as connection:
        assert len(staff_alarms.reap(connection)) == 1
    assert _sends(engine, provider) == 0
    assert _states(engine)[0] == ("waits", "unknown")


def test_in_staging_only_listed_numbers_are_told(engine: Engine, provider: FakeProvider) -> None:
    _asks(engine)
    _sends(engine, provider, only_to=frozenset({"+15035550142"}))
    assert _told(provider) == []


def test_without_numbers_nobody_is_told(engine: Engine, provider: FakeProvider) -> None:
    outbox_rows.emptied(engine)
    _open_shop(engine, phones=[])
    _asks(engine)
    assert _sends(engine, provider) == 0


def test_nothing_of_the_customer_stands_in_an_alarm(engine: Engine, provider: FakeProvider) -> None:
    customer_id = _asks(engine)
    _sends(engine, provider)
    with engine.begin() as connection:
        row = str(connection.execute(text("SELECT s::text FROM staff_alarms s LIMIT 1")).scalar())
    for told in (*_told(provider), row):
        assert customer_id not in told
        assert "사람이요" not in told


def test_the_queue_has_places_and_a_length(engine: Engine) -> None:
    first, second = _asks(engine), _asks(engine)
    later = NOW + timedelta(minutes=61)
    with engine.begin() as connection:
        places = [
            hand_overs.ahead_of(connection, found)
            for who in (first, second)
            if (found := hand_overs.of_customer(connection, who))
        ]
        queue = hand_overs.length(connection, now=later)
        hand_overs.take(connection, first, by="Kim", now=later)
        found = hand_overs.of_customer(connection, second)
        assert found is not None
        assert hand_overs.ahead_of(connection, found) == 0
    assert places == [0, 1]
    assert (queue.waiting, queue.promises_broken) == (2, 2)
    assert queue.longest_wait == timedelta(minutes=61)


def test_an_empty_queue_has_no_wait(engine: Engine) -> None:
    with engine.begin() as connection:
        queue = hand_overs.length(connection, now=datetime.now(NOW.tzinfo))
    assert (queue.waiting, queue.longest_wait, queue.promises_broken) == (0, timedelta(), 0)
