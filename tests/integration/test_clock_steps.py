"""The shop's clock moved forward: what falls due on the way is done in order and at its own time,
by whoever always does it, before the clock goes on.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

import settings as settings_module
from command import clock as command_clock
from command.clock import NobodyWorks, ShopClock, Stuck, WasMoved
from marketing.errors import BadInput
from memory import bell, clock, customers, decisions, due, inbox, outbox, parts
from memory.addresses import Address
from memory.decisions import Decision
from memory.due import Due
from memory.engine import Connection
from outreach.sender import Sending
from settings import Settings
from tests import fake_provider, outbox_rows
from tests.fake_provider import FakeProvider
from tests.outbox_rows import NOW, put

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PROMPT = timedelta(seconds=5)


@pytest.fixture(scope="module")
def shared_engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with outbox_rows.module_engine(postgres_url, migrated_template) as opened:
        yield opened


@pytest.fixture
def engine(shared_engine: Engine) -> Engine:
    return outbox_rows.emptied(shared_engine)


@pytest.fixture(scope="module")
def module_provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeProvider]:
    with fake_provider.running(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture
def provider(module_provider: FakeProvider) -> FakeProvider:
    module_provider.exchange.forget()
    return module_provider


Work = Callable[[Connection, Due, datetime], None]


def only_finish(connection: Connection, occasion: Due, now: datetime) -> None:
    """What is due is over."""
    due.finish(connection, occasion, reason="sent", now=now)


@contextmanager
def outreach(
    engine: Engine, provider: FakeProvider, work: Work = only_finish
) -> Iterator[list[tuple[str, datetime]]]:
    """Somebody who does what is due and sends texts, as the part does; yields what was done when,
    by business time."""
    done: list[tuple[str, datetime]] = []
    stop = threading.Event()
    sending = Sending(engine, {"sms": provider.sender()})

    def one_occasion() -> bool:
        with engine.begin() as connection:
            now = clock.business_now(connection)
            occasion = due.claim(connection, now=now)
            if occasion is not None:
                done.append((occasion.occurrence, now))
                work(connection, occasion, now)
            return occasion is not None

    def run() -> None:
        url = engine.url.render_as_string(hide_password=False)
        with bell.Listener(url, bell.DUE, bell.OUTBOX) as listener:
            while not stop.is_set():
                while one_occasion() or sending.send_next():
                    pass
                list(listener.wait(0.2))

    be_ready(engine, "outreach")
    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield done
    finally:
        stop.set()
        thread.join(20)


def be_ready(engine: Engine, part: str) -> None:
    with engine.begin() as connection:
        parts.beat(connection, part, "ready", started_at=datetime.now(UTC))


def make_due(engine: Engine, who: Address, occurrence: str, after: timedelta) -> datetime:
    with engine.begin() as connection:
        due_at = NOW + after
        due.put(
            connection,
            who.customer_id,
            kind="anniversary",
            occurrence=occurrence,
            due_at=due_at,
            now=NOW,
        )
    return due_at


def business_now(engine: Engine) -> datetime:
    return ShopClock(engine).now()[0]


def test_what_falls_due_is_done_in_order_and_at_its_own_time(
    engine: Engine, provider: FakeProvider
) -> None:
    anna, ben = outbox_rows.customer(engine, 1), outbox_rows.customer(engine, 2)
    moments = {
        "third": make_due(engine, anna, "third", 2 * DAY),
        "first": make_due(engine, ben, "first", HOUR),
        "second": make_due(engine, anna, "second", DAY),
        "later": make_due(engine, ben, "later", 3 * DAY + HOUR),
    }
    began = time.monotonic()
    with outreach(engine, provider) as done:
        ShopClock(engine).move("+3d")
        assert [name for name, _ in done] == ["first", "second", "third"]
    for name, at in done:
        assert timedelta() <= at - moments[name] < PROMPT
    assert 3 * DAY <= business_now(engine) - NOW < 3 * DAY + timedelta(minutes=2)
    assert time.monotonic() - began < 20
    with engine.connect() as connection:
        assert [one.occurrence for one in due.to_come(connection, ben.customer_id)] == ["later"]


def test_what_is_due_makes_a_text_that_goes_when_its_window_opens(
    engine: Engine, provider: FakeProvider
) -> None:
    anna, ben = outbox_rows.customer(engine, 1), outbox_rows.customer(engine, 2)
    make_due(engine, anna, "at night", HOUR)
    make_due(engine, ben, "before the window", 9 * HOUR)
    opens = NOW + 10 * HOUR
    sent: dict[str, datetime] = {}

    def write(connection: Connection, occasion: Due, now: datetime) -> None:
        only_finish(connection, occasion, now)
        if occasion.occurrence == "at night":
            outbox_id = outbox.put(
                connection,
                key="k",
                customer_id=anna.customer_id,
                address_id=anna.address_id,
                message_class="service",
                body="good morning",
                now=now,
            )
            connection.execute(
                text("UPDATE outbox SET hold_until = :until WHERE outbox_id = :id"),
                {"until": opens, "id": outbox_id},
            )

    def look() -> None:
        if provider.accepted():
            sent.setdefault("good morning", business_now(engine))

    with outreach(engine, provider, write) as done:
        ShopClock(engine).move("+1d", look)
    assert [name for name, _ in done] == ["at night", "before the window"]
    assert timedelta() <= sent["good morning"] - opens < PROMPT
    assert [one.body for one in provider.accepted()] == ["good morning"]


def test_a_provider_that_is_down_does_not_hold_up_the_clock(
    engine: Engine, provider: FakeProvider
) -> None:
    anna = outbox_rows.customer(engine)
    provider.fault(answer="error", status=429, code=20429, retry_after=60)
    waiting = [put(engine, anna, "refused for now"), put(engine, anna, "behind it")]
    make_due(engine, anna, "due", DAY)
    began = time.monotonic()
    with outreach(engine, provider) as done:
        ShopClock(engine).move("+3d")
    assert time.monotonic() - began < 10
    assert [name for name, _ in done] == ["due"]
    assert outbox_rows.states(engine, waiting) == ["ready", "ready"]
    assert provider.accepted() == []


def test_without_outreach_the_clock_does_not_move(engine: Engine) -> None:
    with pytest.raises(NobodyWorks, match=r"\./dangol up"):
        ShopClock(engine).move("+3d")
    assert business_now(engine) - NOW < timedelta(minutes=1)


def test_what_does_not_get_done_stops_the_clock_there_and_is_named(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command_clock, "STUCK_AFTER", 0.3)
    be_ready(engine, "outreach")
    at = make_due(engine, outbox_rows.customer(engine), "due", DAY)
    with pytest.raises(Stuck, match=r"due occasions: 1\)"):
        ShopClock(engine).move("+3d")
    assert timedelta() <= business_now(engine) - at < PROMPT


def test_a_customer_who_has_just_written_is_answered_before_the_clock_moves(
    engine: Engine, provider: FakeProvider
) -> None:
    be_ready(engine, "agent-2")
    anna = outbox_rows.customer(engine)
    with engine.begin() as connection:
        accepted = inbox.accept(
            connection,
            inbox.Incoming(
                channel="sms",
                provider_id="SM1",
                customer_id=anna.customer_id,
                text="not now",
                proof="inbound",
                address_id=anna.address_id,
            ),
            now=NOW,
        )
    with outreach(engine, provider):
        mover = threading.Thread(target=ShopClock(engine).move, args=("+1d",))
        mover.start()
        time.sleep(0.5)
        assert business_now(engine) - NOW < HOUR
        with engine.begin() as connection:
            inbox.finish(connection, accepted.inbox_id)
        mover.join(10)
    assert business_now(engine) - NOW >= DAY


def test_two_who_move_it_at_once_move_it_one_after_the_other(
    engine: Engine, provider: FakeProvider
) -> None:
    make_due(engine, outbox_rows.customer(engine), "due", HOUR)
    with outreach(engine, provider):
        movers = [threading.Thread(target=ShopClock(engine).move, args=("+1d",)) for _ in range(2)]
        for mover in movers:
            mover.start()
        for mover in movers:
            mover.join(20)
    assert 2 * DAY <= business_now(engine) - NOW < 2 * DAY + HOUR


def test_who_waits_for_a_time_is_rung_when_the_clock_moves(
    engine: Engine, provider: FakeProvider
) -> None:
    url = engine.url.render_as_string(hide_password=False)
    with outreach(engine, provider), bell.Listener(url, bell.CLOCK) as listener:
        ShopClock(engine).move("+1h")
        assert {channel for channel, _ in listener.wait(5)} == {bell.CLOCK}


def test_what_was_decided_on_the_way_is_told_by_the_customers_clock(
    engine: Engine, provider: FakeProvider, capsys: pytest.CaptureFixture[str]
) -> None:
    with engine.begin() as connection:
        customer_id = customers.create(connection, now=NOW, time_zone="Asia/Seoul")
    who = replace(outbox_rows.customer(engine), customer_id=customer_id)
    at = make_due(engine, who, "2027", DAY)

    def refuse(connection: Connection, occasion: Due, now: datetime) -> None:
        only_finish(connection, occasion, now)
        line = Decision(
            campaign=occasion.kind,
            occurrence=occasion.occurrence,
            decision="not_sent",
            reason="no_consent",
            at=now,
        )
        decisions.record(connection, occasion.customer_id, line)

    with outreach(engine, provider, refuse):
        command_clock.move(engine, "+3d", "en", is_quiet=False)
    first, last = capsys.readouterr().out.splitlines()
    seoul = at + 9 * HOUR
    assert first.startswith(f"{seoul:%Y-%m-%d %H:%M}")
    assert first.endswith(" KST anniversary: not sent — no consent to marketing")
    assert last.startswith(f"Shop clock: {NOW + 3 * DAY:%Y-%m-%d}")


def test_a_bad_time_moves_nothing(engine: Engine, provider: FakeProvider) -> None:
    with outreach(engine, provider), pytest.raises(BadInput):
        ShopClock(engine).move("soon")
    assert business_now(engine) - NOW < timedelta(minutes=1)


def settings_of(home: Path, **environment: str) -> Settings:
    there = {"DANGOL_HOME": str(home), "DATABASE_URL": "postgresql://nobody/nothing"}
    return settings_module.read({**there, **environment})


@pytest.fixture
def fresh_clock(engine: Engine) -> Engine:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM clock"))
    return engine


PRODUCTION = {
    "DANGOL_ENV": "production",
    "PUBLIC_BASE_URL": "https://shop.example",
    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "TWILIO_FROM": "+15005550006",
    **dict.fromkeys(
        ("DANGOL_SECRET_KEY", "DANGOL_WRITE_KEY", "DANGOL_BROWSER_KEY", "TWILIO_AUTH_TOKEN"),
        "long enough for a secret",
    ),
}


def test_the_demos_clock_starts_once_at_ten_past_eight_in_seoul(
    fresh_clock: Engine, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path)
    at = command_clock.begins_at(fresh_clock, settings)
    assert f"{at:%H:%M:%S}" == "23:10:00"
    began = command_clock.begin(fresh_clock, settings, at)
    assert timedelta() <= began - at < timedelta(seconds=5)
    assert timedelta() <= began - datetime.now(UTC) <= DAY
    with fresh_clock.connect() as connection:
        offset = clock.offset(connection)
    later = command_clock.begins_at(fresh_clock, settings)
    assert timedelta() <= later - began < timedelta(seconds=5)
    command_clock.begin(fresh_clock, settings, later)
    with fresh_clock.connect() as connection:
        assert clock.offset(connection) == offset


@pytest.mark.parametrize("environment", [{"DANGOL_SHOP": "empty"}, PRODUCTION])
def test_elsewhere_the_clock_is_real_time(
    fresh_clock: Engine, tmp_path: Path, environment: dict[str, str]
) -> None:
    settings = settings_of(tmp_path, **environment)
    at = command_clock.begins_at(fresh_clock, settings)
    began = command_clock.begin(fresh_clock, settings, at)
    assert abs(began - datetime.now(UTC)) < timedelta(seconds=5)
    with fresh_clock.connect() as connection:
        assert not clock.is_set(connection)


def test_a_clock_that_was_moved_is_refused_in_production(
    fresh_clock: Engine, tmp_path: Path
) -> None:
    with fresh_clock.begin() as connection:
        clock.set_offset(connection, 3 * DAY)
    with pytest.raises(WasMoved):
        command_clock.begins_at(fresh_clock, settings_of(tmp_path, **PRODUCTION))
