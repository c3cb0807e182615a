"""`kill -9` of a sender at every point of sending (RULES §3.4, F1): at most one accept per message,
no second call for one that was being sent, nothing lost but what is reported as unknown — and that
is found again.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from channels.protocol import Sender
from memory import outbox
from outreach.reconcile import reconcile
from tests import fake_provider, outbox_rows
from tests.fake_provider import FakeProvider, until
from tests.outbox_rows import put, row, states

ROOT = Path(__file__).resolve().parents[2]
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
def driver(shared_engine: Engine, module_provider: FakeProvider) -> Iterator[subprocess.Popen[str]]:
    """The process that starts dying senders."""
    url = shared_engine.url.render_as_string(hide_password=False)
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DANGOL_HOME": str(module_provider.settings.home),
        "DATABASE_URL": url,
        "PUBLIC_BASE_URL": module_provider.settings.public_base_url,
        "TWILIO_API_BASE_URL": module_provider.url,
    }
    with subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("dying_sender.py")), url],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


def begin(driver: subprocess.Popen[str], point: str) -> int:
    """Start a sender that sends everything, or dies at that point; its pid."""
    assert driver.stdin is not None
    assert driver.stdout is not None
    driver.stdin.write(f"{point}\n")
    driver.stdin.flush()
    return int(driver.stdout.readline())


def ended(driver: subprocess.Popen[str]) -> int:
    """How it ended: 0, or a signal as a negative number."""
    assert driver.stdout is not None
    return int(driver.stdout.readline())


def is_killed(driver: subprocess.Popen[str], point: str) -> bool:
    begin(driver, point)
    return ended(driver) == -signal.SIGKILL


def send_the_rest(driver: subprocess.Popen[str]) -> None:
    begin(driver, "never")
    assert ended(driver) == 0


def put_three(engine: Engine) -> list[int]:
    """To three people, so that one that is stuck holds up nobody."""
    return [
        put(engine, outbox_rows.customer(engine, place), body, body=body)
        for place, body in enumerate(BODIES, start=1)
    ]


def reap(engine: Engine) -> None:
    outbox_rows.end_leases(engine)
    with engine.begin() as connection:
        outbox.reap(connection)


def accepts(provider: FakeProvider) -> Counter[str]:
    return Counter(text.body for text in provider.accepted())


def senders(provider: FakeProvider) -> dict[str, Sender]:
    return {"sms": provider.sender()}


@pytest.mark.parametrize(
    ("point", "first_state", "is_accepted"),
    [
        ("before commit 1", "ready", False),
        ("after commit 1", "sending", False),
        ("before call", "sending", False),
        ("after call", "sending", True),
        ("before commit 2", "sending", True),
        ("after commit 2", "accepted", True),
    ],
)
def test_a_sender_killed_at_any_point_sends_nothing_twice(
    engine: Engine,
    provider: FakeProvider,
    driver: subprocess.Popen[str],
    point: str,
    first_state: str,
    is_accepted: bool,
) -> None:
    ids = put_three(engine)
    assert is_killed(driver, point)
    assert states(engine, ids) == [first_state, "ready", "ready"]
    assert accepts(provider) == Counter(["first"] if is_accepted else [])

    send_the_rest(driver)
    reap(engine)
    send_the_rest(driver)
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
    engine: Engine, provider: FakeProvider, driver: subprocess.Popen[str]
) -> None:
    ids = put_three(engine)
    provider.fault(answer="hang", accept=True, seconds=15)
    pid = begin(driver, "never")
    until(lambda: accepts(provider), "the provider has the message")
    os.kill(pid, signal.SIGKILL)
    assert ended(driver) == -signal.SIGKILL
    assert states(engine, ids)[0] == "sending"
    reap(engine)
    send_the_rest(driver)
    assert accepts(provider) == Counter(BODIES)
    assert reconcile(engine, senders(provider)) == 1
    assert states(engine, ids) == ["accepted"] * 3


def test_two_lost_messages_with_the_same_words_are_told_apart(
    engine: Engine, provider: FakeProvider, driver: subprocess.Popen[str]
) -> None:
    anna = outbox_rows.customer(engine)
    ids = [put(engine, anna, f"key {place}", body="the same words") for place in range(3)]
    for _ in ids[:2]:
        assert is_killed(driver, "after call")
        reap(engine)
    send_the_rest(driver)
    assert states(engine, ids) == ["unknown", "unknown", "accepted"]
    assert reconcile(engine, senders(provider)) == 2
    claimed = [row(engine, outbox_id)["provider_id"] for outbox_id in ids]
    assert sorted(claimed) == sorted(text.sid for text in provider.accepted())
    assert states(engine, ids) == ["accepted"] * 3
    assert accepts(provider) == Counter({"the same words": 3})


def test_a_provider_that_cannot_be_asked_settles_nothing(
    engine: Engine, provider: FakeProvider, driver: subprocess.Popen[str]
) -> None:
    ids = put_three(engine)
    assert is_killed(driver, "after call")
    reap(engine)
    nowhere = f"http://127.0.0.1:{fake_provider.free_port()}"
    assert reconcile(engine, {"sms": provider.sender(twilio_api_base_url=nowhere)}) == 0
    assert states(engine, ids)[0] == "unknown"
    assert row(engine, ids[0])["retry_at"] > row(engine, ids[1])["retry_at"]
