"""`kill -9` of a sender at every point of sending (RULES §3.4, F1): at most one accept per message,
no second call for one that was being sent, nothing lost but what is reported as unknown — and that
is found again.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from channels.protocol import Sender
from memory import delivery
from outreach.reconcile import reconcile
from tests import fake_provider, outbox_rows
from tests.fake_provider import FakeProvider, until
from tests.outbox_rows import put, row, states
from tests.sender_processes import SenderProcesses, sender_processes

BODIES = ("first", "second", "third")


@pytest.fixture(scope="module")
def shared_engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with outbox_rows.module_engine(postgres_url, migrated_template) as opened:
        yield opened


@pytest.fixture
def engine(shared_engine: Engine) -> Engine:
    return outbox_rows.emptied(shared_engine)


@pytest.fixture(scope="module")
def module_provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeProvider]:
    with fake_provider.running(tmp_path_factory.mktemp("home"), delivered_after=60) as running:
        yield running


@pytest.fixture
def provider(module_provider: FakeProvider) -> FakeProvider:
    module_provider.exchange.forget()
    return module_provider


@pytest.fixture(scope="module")
def processes(shared_engine: Engine, module_provider: FakeProvider) -> Iterator[SenderProcesses]:
    with sender_processes(shared_engine, module_provider) as started:
        yield started


def is_killed(processes: SenderProcesses, point: str) -> bool:
    processes.begin(point)
    return processes.ended() == -signal.SIGKILL


def send_the_rest(processes: SenderProcesses) -> None:
    processes.begin("never")
    assert processes.ended() == 0


def put_three(engine: Engine) -> list[int]:
    """To three people, so that one that is stuck holds up nobody."""
    return [
        put(engine, outbox_rows.customer(engine, place), body, body=body)
        for place, body in enumerate(BODIES, start=1)
    ]


def reap(engine: Engine) -> None:
    outbox_rows.end_leases(engine)
    with engine.begin() as connection:
        delivery.reap(connection)


def accepts(provider: FakeProvider) -> Counter[str]:
    return Counter(text.body for text in provider.accepted())


def senders(provider: FakeProvider) -> dict[str, Sender]:
    return {"sms": provider.sender()}


@pytest.mark.parametrize(
    ("point", "first_state", "is_accepted"),
    [
        ("before commit 1", "ready", False),
        ("after commit 1", "sending", False),
        ("before call 1", "sending", False),
        ("after call 1", "sending", True),
        ("before commit 2", "sending", True),
        ("after commit 2", "accepted", True),
    ],
)
def test_a_sender_killed_at_any_point_sends_nothing_twice(
    engine: Engine,
    provider: FakeProvider,
    processes: SenderProcesses,
    point: str,
    first_state: str,
    is_accepted: bool,
) -> None:
    ids = put_three(engine)
    assert is_killed(processes, point)
    assert states(engine, ids) == [first_state, "ready", "ready"]
    assert accepts(provider) == Counter(["first"] if is_accepted else [])

    send_the_rest(processes)
    reap(engine)
    send_the_rest(processes)
    lost = first_state == "sending"
    assert states(engine, ids) == ["unknown" if lost else "accepted", "accepted", "accepted"]
    everything = Counter(BODIES)
    assert accepts(provider) == everything - Counter(["first"] if lost and not is_accepted else [])

    if lost and is_accepted:
        assert reconcile(engine, senders(provider)) == 1
        assert states(engine, ids) == ["accepted"] * 3
        sids = {text.body: text.sid for text in provider.accepted()}
        assert row(engine, ids[0])["provider_id"] == sids["first"]
    elif lost:
        assert reconcile(engine, senders(provider)) == 0
        assert states(engine, ids)[0] == "unknown"
    assert accepts(provider) == everything - Counter(["first"] if lost and not is_accepted else [])


def test_a_sender_killed_while_the_provider_answers(
    engine: Engine, provider: FakeProvider, processes: SenderProcesses
) -> None:
    ids = put_three(engine)
    provider.fault(answer="hang", accept=True, seconds=15)
    pid = processes.begin("never")
    until(lambda: accepts(provider), "the provider has the message")
    os.kill(pid, signal.SIGKILL)
    assert processes.ended() == -signal.SIGKILL
    assert states(engine, ids)[0] == "sending"
    reap(engine)
    send_the_rest(processes)
    assert accepts(provider) == Counter(BODIES)
    assert reconcile(engine, senders(provider)) == 1
    assert states(engine, ids) == ["accepted"] * 3


def test_two_lost_messages_with_the_same_words_are_told_apart(
    engine: Engine, provider: FakeProvider, processes: SenderProcesses
) -> None:
    anna = outbox_rows.customer(engine)
    ids = [put(engine, anna, f"key {place}", body="the same words") for place in range(3)]
    for _ in ids[:2]:
        assert is_killed(processes, "after call 1")
        reap(engine)
    send_the_rest(processes)
    assert states(engine, ids) == ["unknown", "unknown", "accepted"]
    assert reconcile(engine, senders(provider)) == 2
    claimed = [row(engine, outbox_id)["provider_id"] for outbox_id in ids]
    assert sorted(claimed) == sorted(text.sid for text in provider.accepted())
    assert states(engine, ids) == ["accepted"] * 3
    assert accepts(provider) == Counter({"the same words": 3})


def test_a_provider_that_cannot_be_asked_settles_nothing(
    engine: Engine, provider: FakeProvider, processes: SenderProcesses
) -> None:
    ids = put_three(engine)
    assert is_killed(processes, "after call 1")
    reap(engine)
    nowhere = f"http://127.0.0.1:{fake_provider.free_port()}"
    assert reconcile(engine, {"sms": provider.sender(twilio_api_base_url=nowhere)}) == 0
    assert states(engine, ids)[0] == "unknown"
    assert row(engine, ids[0])["retry_at"] > row(engine, ids[1])["retry_at"]
