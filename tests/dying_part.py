"""Parts of the product that come to harm at a named point of a send or of an inbound message. They
run as they always do, until the folder they share with the test says which point it is this time
(`arm`): there they die as in a power cut, or wait until whatever befalls the world has befallen it.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import bootstrap
import settings as settings_module
from channels.protocol import Accepted
from memory import inbox
from memory.outbox import Outgoing
from memory.parts import Heartbeat
from shops.protocol import Shop

OUTREACH, WEB, AGENT = "outreach", "web", "agent"
AFTER, BEFORE_COMMIT, AFTER_COMMIT, DURING = "after", "before commit", "after commit", "during"
DIE, WAIT = "die", "wait"
READ_SECONDS = 2.0
"""How long this sender waits for its provider's answer."""
HASTE = 0.5
"""Seconds between two rounds of what comes round by the clock, so that a test need not wait."""


@dataclass(frozen=True, kw_only=True)
class Point:
    """A point on the way of a message."""

    name: str
    part: str
    """Who comes by there."""
    function: str
    """`module:name` or `module:Class.name`: once it has returned something …"""
    when: str
    """… at once, before or after the commit of its transaction; `during` is for a provider that
    takes its time, and not armed here."""


_SEND = "channels.twilio.outgoing:TwilioSender.send"
POINTS = tuple(
    Point(name=name, part=part, function=function, when=when)
    for name, part, function, when in (
        ("planned, not committed", OUTREACH, "memory.outbox:put", BEFORE_COMMIT),
        ("planned and committed", OUTREACH, "memory.outbox:put", AFTER_COMMIT),
        ("through the gate, not committed", OUTREACH, "memory.outbox:begin_sending", BEFORE_COMMIT),
        ("committed as sending, not called", OUTREACH, "memory.outbox:begin_sending", AFTER_COMMIT),
        ("called, no answer read", OUTREACH, _SEND, DURING),
        ("answered, not recorded", OUTREACH, _SEND, AFTER),
        ("recorded, not committed", OUTREACH, "memory.outbox:record_accepted", BEFORE_COMMIT),
        ("recorded and committed", OUTREACH, "memory.outbox:record_accepted", AFTER_COMMIT),
        ("text stored, not committed", WEB, "memory.inbox:accept", BEFORE_COMMIT),
        ("text stored, not acknowledged", WEB, "memory.inbox:accept", AFTER_COMMIT),
        ("text claimed", AGENT, "memory.inbox:claim", AFTER),
        ("text answered, not committed", AGENT, "memory.answers:keep", BEFORE_COMMIT),
        ("text answered and committed", AGENT, "memory.answers:keep", AFTER_COMMIT),
        ("called, and the database dies", OUTREACH, _SEND, DURING),
    )
)


class Fate:
    """The folder in which a test says what is to happen, and learns that it has."""

    def __init__(self, folder: Path) -> None:
        self._armed = folder / "armed"
        self._reached = folder / "reached"
        self._go = folder / "go"
        self._lock = threading.Lock()

    def arm(self, point: Point, *, does: str, skip: int) -> None:
        """Whoever comes by that point for the time after `skip` shall die, or wait."""
        for path in (self._reached, self._go):
            path.unlink(missing_ok=True)
        draft = self._armed.with_suffix(".draft")
        draft.write_text(json.dumps([point.name, does, skip]), encoding="utf-8")
        draft.rename(self._armed)

    def is_reached(self) -> bool:
        """True once somebody has come to that point."""
        return self._reached.exists()

    def let_go(self) -> None:
        """Whoever waits may go on; nobody is to die any more."""
        self._armed.unlink(missing_ok=True)
        self._go.touch()

    def come_by(self, point: Point) -> None:
        """What befalls a process that is at that point now."""
        with self._lock:
            try:
                name, does, skip = json.loads(self._armed.read_text(encoding="utf-8"))
            except FileNotFoundError:
                return
            if name != point.name:
                return
            if skip:
                self._armed.write_text(json.dumps([name, does, skip - 1]), encoding="utf-8")
                return
            self._armed.unlink(missing_ok=True)
        self._reached.touch()
        if does == DIE:
            os.kill(os.getpid(), signal.SIGKILL)
        while not self._go.exists():
            time.sleep(0.01)


def run(part: str, folder: str, project: str) -> None:
    """That part at work, with its points laid out; `project` is the agent's."""
    bootstrap.configure_logging()
    stop = threading.Event()
    bootstrap.stop_with_the_supervisor(stop)
    _lay_out([point for point in POINTS if point.part == part], Fate(Path(folder)))
    _RUNS[part](project, stop)


def _run_web(_project: str, stop: threading.Event) -> None:
    bootstrap.PARTS[WEB](settings_module.read(), WEB, stop)


@cache
def shop() -> Shop:
    """The demo shop, read once before all the senders that need it."""
    return bootstrap.open_shop(settings_module.read())


def _run_outreach(_project: str, stop: threading.Event) -> None:
    from channels.twilio import outgoing
    from outreach import worker

    worker.REAP_EVERY = worker.RECONCILE_EVERY = HASTE
    settings = settings_module.read()
    engine = bootstrap.open_memory(settings)
    worker.run(
        settings,
        engine,
        senders={"sms": outgoing.sender(settings, read_seconds=READ_SECONDS)},
        shop=shop(),
        heartbeat=Heartbeat(engine, OUTREACH),
        stop=stop,
    )


def _run_agent(project: str, stop: threading.Event) -> None:
    from agent import worker
    from tests import small_project

    sys.path.insert(0, project)
    settings = settings_module.read()
    engine = bootstrap.open_memory(settings, pool_size=3)
    worker.run(settings, engine, Heartbeat(engine, AGENT), stop, actions=small_project.ACTIONS)


_RUNS: dict[str, Callable[[str, threading.Event], None]] = {
    WEB: _run_web,
    OUTREACH: _run_outreach,
    AGENT: _run_agent,
}


# -- points in the code of the product ----------------------------------------------------------

_before_commit = threading.local()
_after_commit = threading.local()


def _lay_out(points: list[Point], fate: Fate) -> None:
    for point in points:
        if point.when != DURING:
            _come_by_after(point, fate)
    _watch_commits(fate)


def _come_by_after(point: Point, fate: Fate) -> None:
    module, _, path = point.function.partition(":")
    *owners, name = path.split(".")
    owner: Any = importlib.import_module(module)
    for step in owners:
        owner = getattr(owner, step)
    inner = getattr(owner, name)

    def watched(*arguments: Any, **keywords: Any) -> Any:
        found = inner(*arguments, **keywords)
        if _has_come_there(point, found):
            if point.when == AFTER:
                fate.come_by(point)
            else:
                _waiting_for(point.when).point = point
        return found

    setattr(owner, name, watched)


def _has_come_there(point: Point, found: object) -> bool:
    """Who found nothing to do, was turned down or was told a thing twice has come to no point."""
    match point.function.rpartition(":")[2]:
        case "begin_sending":
            return isinstance(found, Outgoing)
        case "TwilioSender.send":
            return isinstance(found, Accepted)
        case "accept":
            return isinstance(found, inbox.Accepted) and found.is_new
        case "put" | "claim":
            return found is not None
    return True


def _waiting_for(when: str) -> Any:
    return _before_commit if when == BEFORE_COMMIT else _after_commit


def _watch_commits(fate: Fate) -> None:
    """A thread commits one transaction at a time, so its next commit is that of the function."""
    from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg as Dialect

    commit: Any = Dialect.do_commit
    roll_back: Any = Dialect.do_rollback

    def take(waiting: Any) -> Point | None:
        point: Point | None = waiting.__dict__.pop("point", None)
        return point

    def committed(self: Any, connection: Any) -> None:
        before, after = take(_before_commit), take(_after_commit)
        if before is not None:
            fate.come_by(before)
        commit(self, connection)
        if after is not None:
            fate.come_by(after)

    def rolled_back(self: Any, connection: Any) -> None:
        take(_before_commit)
        take(_after_commit)
        roll_back(self, connection)

    Dialect.do_commit = committed  # type: ignore[method-assign]
    Dialect.do_rollback = rolled_back  # type: ignore[method-assign]
