"""`./dangol torture sending`: senders killed at every point and at random, with a provider that
fails: at most one accept per message, nothing lost but what is reported as unknown (F1, F8).
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Engine, text

from memory import delivery, migrate
from memory import engine as memory_engine
from memory.embedded import EmbeddedServer
from outreach.reconcile import reconcile
from settings import PROJECT
from tests import fake_provider, outbox_rows
from tests.fake_provider import FakeProvider
from tests.postgres import fresh_database, temporary_home
from tests.sender_processes import SenderProcesses, sender_processes

SEEDS = 20
MESSAGES_A_SEED = 4
SENDERS = 4
MESSAGES = 300
MINUTES = 10.0
POINTS = ("before commit", "after commit", "before call", "after call")
FAULTS = (
    {"answer": "error", "status": 429, "code": 20429},
    {"answer": "error", "status": 500},
    {"answer": "error", "status": 503, "accept": True},
    {"answer": "drop"},
    {"answer": "drop", "accept": True},
    {"answer": "cut", "accept": True},
    {"answer": "garbage", "accept": True},
)


@dataclass
class Counts:
    """What happened, and what must not have."""

    messages: int = 0
    kills: int = 0
    faults: int = 0
    unknown: int = 0
    found: int = 0
    wrong: list[str] = field(default_factory=list)


def full(minutes: float | None) -> bool:
    """Run both suites and write docs/reports/sending.md; True if no invariant broke."""
    began = time.monotonic()
    with ExitStack() as stack:
        home = stack.enter_context(temporary_home())
        server = EmbeddedServer(home)
        url = stack.enter_context(fresh_database(server.start()))
        migrate.upgrade(url)
        engine = memory_engine.open_engine(url, pool_size=8)
        stack.callback(engine.dispose)
        provider = stack.enter_context(
            fake_provider.running(home, sent_after=3600, delivered_after=3600)
        )
        many = [stack.enter_context(sender_processes(engine, provider)) for _ in range(SENDERS)]
        points = _kill_at_points(engine, provider, many[0])
        chance = _kill_at_random(engine, provider, many, minutes or MINUTES)
    _write_report(points, chance, time.monotonic() - began)
    return not (points.wrong or chance.wrong)


def _kill_at_points(engine: Engine, provider: FakeProvider, processes: SenderProcesses) -> Counts:
    counts = Counts()
    for seed in range(SEEDS):
        chance = random.Random(seed)
        for point in POINTS:
            outbox_rows.emptied(engine)
            provider.exchange.forget()
            _put(engine, MESSAGES_A_SEED)
            where = chance.randint(1, 2 * MESSAGES_A_SEED if "commit" in point else MESSAGES_A_SEED)
            processes.begin(f"{point} {where}")
            counts.kills += processes.ended() == -signal.SIGKILL
            _finish(engine, [processes])
            _check(engine, provider, counts)
        print(f"seed {seed + 1} of {SEEDS}: {counts.kills} kills, {len(counts.wrong)} broken")
    return counts


def _kill_at_random(
    engine: Engine, provider: FakeProvider, many: list[SenderProcesses], minutes: float
) -> Counts:
    counts = Counts()
    chance = random.Random(0)
    latest = time.monotonic() + 60 * minutes
    while time.monotonic() < latest:
        outbox_rows.emptied(engine)
        provider.exchange.forget()
        _put(engine, MESSAGES)
        ended = threading.Event()
        failing = threading.Thread(target=_fail, args=(provider, ended, counts))
        failing.start()
        while _waiting(engine):
            killers = [
                threading.Thread(target=_run_and_kill, args=(one, chance.uniform(0.3, 3), counts))
                for one in many
            ]
            for killer in killers:
                killer.start()
            for killer in killers:
                killer.join()
            _reap(engine)
        ended.set()
        failing.join()
        _finish(engine, many)
        _check(engine, provider, counts)
        print(f"{counts.messages} messages, {counts.kills} kills, {len(counts.wrong)} broken")
    return counts


def _run_and_kill(processes: SenderProcesses, after: float, counts: Counts) -> None:
    pid = processes.begin("never")
    timer = threading.Timer(after, _kill, args=(pid,))
    timer.start()
    counts.kills += processes.ended() == -signal.SIGKILL
    timer.cancel()


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _fail(provider: FakeProvider, ended: threading.Event, counts: Counts) -> None:
    chance = random.Random(1)
    while not ended.wait(0.3):
        provider.fault(**chance.choice(FAULTS))
        counts.faults += 1


def _put(engine: Engine, count: int) -> None:
    """Two to each number, so that order within a number is at stake as well."""
    people = [outbox_rows.customer(engine, place) for place in range((count + 1) // 2)]
    for place in range(count):
        outbox_rows.put(engine, people[place // 2], f"{place}", body=f"{place}")


def _waiting(engine: Engine) -> bool:
    with engine.connect() as connection:
        query = "SELECT 1 FROM outbox WHERE state = 'ready' LIMIT 1"
        return connection.execute(text(query)).scalar() is not None


def _reap(engine: Engine) -> None:
    outbox_rows.end_leases(engine)
    with engine.begin() as connection:
        delivery.reap(connection)


def _finish(engine: Engine, many: list[SenderProcesses]) -> None:
    """Nobody dies any more; what was being sent is unknown, the rest goes out."""
    _reap(engine)
    while _waiting(engine):
        many[0].begin("never")
        if many[0].ended() != 0:
            raise AssertionError("a sender that nobody killed has died")
        time.sleep(0.05)


def _check(engine: Engine, provider: FakeProvider, counts: Counts) -> None:
    sender = provider.sender()
    with engine.connect() as connection:
        unknown = connection.execute(text("SELECT count(*) FROM outbox WHERE state = 'unknown'"))
        lost = unknown.scalar_one()
    while settled := reconcile(engine, {"sms": sender}):
        counts.found += settled
    accepts = Counter(one.body for one in provider.accepted())
    order: dict[str, list[int]] = {}
    for one in provider.accepted():
        order.setdefault(one.recipient, []).append(int(one.body))
    with engine.connect() as connection:
        rows = list(connection.execute(text("SELECT body, state FROM outbox")))
    counts.messages += len(rows)
    counts.unknown += lost
    for body, state in rows:
        if accepts[body] > 1:
            counts.wrong.append(f"{accepts[body]} accepts of one message")
        if state == "accepted" and accepts[body] != 1:
            counts.wrong.append(f"recorded as accepted, {accepts[body]} accepts")
        if state not in {"accepted", "unknown"}:
            counts.wrong.append(f"left in state {state}")
        if state == "unknown" and accepts[body]:
            counts.wrong.append("accepted, but not found again")
    counts.wrong += ["out of order" for sent in order.values() if sent != sorted(sent)]


def _write_report(points: Counts, chance: Counts, seconds: float) -> None:
    from command.benches import machine

    def row(what: str, counts: Counts) -> str:
        return (
            f"| {what} | {counts.messages} | {counts.kills} | {counts.faults} | {counts.unknown} "
            f"| {counts.found} | {len(counts.wrong)} |"
        )

    wrong = Counter(points.wrong + chance.wrong)
    lines = [
        "# Sending under `kill -9` and a failing provider",
        "",
        f"`./dangol torture sending` on {datetime.now(UTC):%Y-%m-%d}, {machine()}, "
        f"{seconds / 60:.1f} minutes.",
        "",
        "| suite | messages | kills | faults asked for | unknown | found again | broken |",
        "|---|---|---|---|---|---|---|",
        row(f"{len(POINTS)} kinds of point × {SEEDS} seeds", points),
        row(f"{SENDERS} senders killed at random, {MESSAGES} messages a round", chance),
        "",
        "Checked for every message: at most one accept; recorded as accepted exactly when the "
        "provider has it or reported as unknown; nothing left waiting; each number in order; what "
        "the provider did take is found again in its list. What stays unknown was never taken.",
        *(f"- **{what}**: {count}" for what, count in wrong.items()),
        "",
    ]
    path = PROJECT / "docs" / "reports" / "sending.md"
    path.write_text("\n".join(lines), encoding="utf-8")
