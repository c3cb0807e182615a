"""The whole process but for its start: bell, senders, ticks and an orderly end, against the fake
provider and a real database.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from channels.protocol import Sender, UnknownChannel
from memory import addresses, outbox, parts
from memory.parts import Heartbeat
from outreach import worker
from outreach.sender import Sending, pause_before_retry, sender_for
from outreach.ticks import Ticker
from shops.registry import open_shop
from tests import fake_provider, outbox_rows
from tests.fake_provider import FakeProvider, until
from tests.outbox_rows import NOW, put, row, states

CATALOGUE = Path(__file__).resolve().parents[2] / "data" / "catalogue"


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


@contextmanager
def working(
    engine: Engine,
    provider: FakeProvider,
    *,
    senders: dict[str, Sender] | None = None,
    only_to: frozenset[str] = frozenset(),
) -> Iterator[threading.Thread]:
    """The process's work, until the end of the block."""
    stop = threading.Event()
    heartbeat = Heartbeat(engine, "outreach")
    thread = threading.Thread(
        target=worker.run,
        kwargs={
            "settings": replace(provider.settings, send_only_to=only_to),
            "engine": engine,
            "senders": {"sms": provider.sender()} if senders is None else senders,
            "shop": open_shop("empty", catalogue=CATALOGUE, now=NOW),
            "heartbeat": heartbeat,
            "stop": stop,
        },
    )
    thread.start()
    until(lambda: heartbeat.state == "ready", "outreach is ready")
    try:
        yield thread
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def settled(engine: Engine, outbox_id: int) -> bool:
    return states(engine, [outbox_id])[0] not in {"ready", "sending"}


def test_a_message_is_sent_when_the_bell_rings(engine: Engine, provider: FakeProvider) -> None:
    anna = outbox_rows.customer(engine)
    with working(engine, provider):
        time.sleep(0.3)
        began = time.monotonic()
        outbox_id = put(engine, anna, "k")
        until(lambda: provider.accepted(), "the provider has it")
        took = time.monotonic() - began
        until(lambda: settled(engine, outbox_id), "it is recorded")
    assert row(engine, outbox_id)["provider_id"] == provider.accepted()[0].sid
    assert took < worker.LOOK_EVERY


def test_what_waited_while_nobody_worked_is_sent(engine: Engine, provider: FakeProvider) -> None:
    people = [outbox_rows.customer(engine, place) for place in range(5)]
    ids = [put(engine, who, f"{place}") for place, who in enumerate(people)]
    with working(engine, provider):
        until(lambda: all(settled(engine, one) for one in ids), "all are sent")
    assert len(provider.accepted()) == len(ids)


def test_too_many_requests_is_tried_again_and_taken_once(
    engine: Engine, provider: FakeProvider
) -> None:
    anna = outbox_rows.customer(engine)
    provider.fault(answer="error", status=429, code=20429, retry_after=1)
    outbox_id = put(engine, anna, "k")
    with working(engine, provider):
        until(lambda: settled(engine, outbox_id), "it is sent in the end")
    found = row(engine, outbox_id)
    assert (found["state"], found["attempts"]) == ("accepted", 2)
    assert len(provider.accepted()) == 1


def test_a_number_that_is_refused_holds_up_nobody(engine: Engine, provider: FakeProvider) -> None:
    bad, good = outbox_rows.customer(engine, 1), outbox_rows.customer(engine, 2)
    provider.fault(answer="error", status=400, code=21211)
    ids = [put(engine, bad, "bad"), put(engine, good, "good")]
    with working(engine, provider, senders={"sms": provider.sender()}):
        until(lambda: all(settled(engine, one) for one in ids), "both are settled")
    assert sorted(states(engine, ids)) == ["accepted", "rejected"]


def test_who_has_opted_out_at_the_provider_is_closed_here_too(
    engine: Engine, provider: FakeProvider
) -> None:
    anna = outbox_rows.customer(engine)
    provider.fault(answer="error", status=400, code=21610)
    first, second = put(engine, anna, "first"), put(engine, anna, "second")
    with working(engine, provider):
        until(lambda: settled(engine, first) and settled(engine, second), "both are settled")
    assert states(engine, [first, second]) == ["rejected", "cancelled"]
    with engine.connect() as connection:
        assert addresses.get(connection, anna.customer_id, anna.address_id).stopped_at is not None
    assert provider.accepted() == []


def test_a_refusal_of_the_gate_is_logged_with_its_reason(
    engine: Engine, provider: FakeProvider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    anna = outbox_rows.customer(engine)
    outbox_id = put(engine, anna, "k")
    with working(engine, provider, only_to=frozenset({"+15035559999"})):
        until(lambda: settled(engine, outbox_id), "it is refused")
    (record,) = [one for one in caplog.records if getattr(one, "action", "") == "message_passed"]
    assert (record.outbox_id, record.reason) == (outbox_id, "not_on_the_staging_list")  # type: ignore[attr-defined]
    assert anna.value not in caplog.text
    assert "text k" not in caplog.text


def test_the_process_tells_that_it_lives_and_that_it_leaves(
    engine: Engine, provider: FakeProvider
) -> None:
    def known() -> list[tuple[str, bool]]:
        with engine.connect() as connection:
            return [(part.part, part.is_ready) for part in parts.known(connection)]

    with working(engine, provider):
        until(lambda: known() == [("outreach", True)], "it tells that it is ready")
    assert known() == []


def test_a_message_on_an_unknown_channel_waits_for_an_operator(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    outbox_id = put(engine, outbox_rows.customer(engine), "k")
    assert Sending(engine, {}).send_next() is True
    found = row(engine, outbox_id)
    assert (found["state"], found["reason"]) == ("ready", "unknown_channel")
    assert [one.levelname for one in caplog.records if one.name == "outreach.sender"] == ["ERROR"]
    with pytest.raises(UnknownChannel, match="pigeon"):
        sender_for({}, "pigeon")


def test_a_dead_senders_message_is_reaped_by_the_clock(
    engine: Engine, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "REAP_EVERY", 0.2)
    outbox_id = put(engine, outbox_rows.customer(engine), "k")
    with engine.begin() as connection:
        outbox.begin_sending(connection, now=NOW, lease=timedelta(seconds=-1))
    with working(engine, provider):
        until(lambda: states(engine, [outbox_id]) == ["unknown"], "it is reaped")
        time.sleep(0.3)
    assert provider.accepted() == []


@pytest.mark.parametrize(
    ("attempts", "least", "most"),
    [(1, 1, 3), (2, 2, 6), (5, 16, 48), (9, 150, 450), (40, 150, 450)],
)
def test_pauses_grow_with_chance_and_have_an_end(attempts: int, least: int, most: int) -> None:
    pauses = [pause_before_retry(attempts, None).total_seconds() for _ in range(200)]
    assert least <= min(pauses) < max(pauses) <= most
    assert len(set(pauses)) > 100


def test_a_pause_is_never_shorter_than_the_provider_asked_for() -> None:
    asked_for = timedelta(seconds=90)
    assert pause_before_retry(1, asked_for) == asked_for


def test_work_by_the_clock_goes_on_after_it_failed_and_never_runs_twice_at_once() -> None:
    calls: list[datetime] = []
    at_once = threading.Semaphore(1)

    def work() -> None:
        assert at_once.acquire(blocking=False)
        calls.append(datetime.now(UTC))
        time.sleep(0.12)
        at_once.release()
        if len(calls) == 1:
            raise ConnectionError

    ticker = Ticker()
    ticker.every(0.05, "work", work)
    ticker.start()
    until(lambda: len(calls) >= 4, "four ticks")
    ticker.stop()
    assert at_once.acquire(blocking=False)
    ended = len(calls)
    time.sleep(0.2)
    assert len(calls) == ended
