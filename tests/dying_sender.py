"""Sender processes that kill themselves at a named point, for tests of what is left behind.

Started once; forks a sender for each point it reads from stdin, and writes its pid, then how it
ended. Points: `before` and `after` a `call` or a `commit`, by its number (each message has two
commits, the gate's and the record's), and `never`.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from datetime import datetime
from typing import Any

import settings as settings_module
import tests.keyring  # noqa: F401 - lends the engine its keys
from channels.protocol import Kept, Message, Outcome, Sender
from channels.twilio import outgoing
from memory import engine as memory_engine
from memory.engine import Engine
from outreach.sender import Sending


def die() -> None:
    """As a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


class Dying:
    """A sender around a call that may not come back."""

    def __init__(self, inner: Sender, point: str) -> None:
        self._inner = inner
        self._point = point
        self._calls = 0

    def send(self, message: Message) -> Outcome:
        """Call, and die before or after if asked to."""
        self._calls += 1
        if self._point == f"before call {self._calls}":
            die()
        outcome = self._inner.send(message)
        if self._point == f"after call {self._calls}":
            die()
        return outcome

    def kept(self, recipient: str, *, since: datetime) -> list[Kept] | None:
        """As the inner one."""
        return self._inner.kept(recipient, since=since)


def die_around_commit(engine: Engine, point: str) -> None:
    """Die before or after the n-th commit that changes something for good."""
    commit: Any = engine.dialect.do_commit
    count = 0

    def counted(connection: Any) -> None:
        nonlocal count
        count += 1
        if point == f"before commit {count}":
            die()
        commit(connection)
        if point == f"after commit {count}":
            die()

    engine.dialect.do_commit = counted  # type: ignore[method-assign]


def send_everything(url: str, point: str) -> None:
    """Send everything that waits, or die."""
    engine = memory_engine.open_engine(url, pool_size=2)
    memory_engine.check(engine)
    sender = outgoing.sender(settings_module.read(), connect_seconds=2, read_seconds=20)
    sending = Sending(engine, {"sms": Dying(sender, point)})
    die_around_commit(engine, point)
    while sending.send_next():
        pass


def main() -> None:
    """One forked process for each line of stdin."""
    logging.disable(logging.CRITICAL)
    outgoing.sender(settings_module.read())  # what it loads, the forked ones need not
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            send_everything(sys.argv[1], line.strip())
            os._exit(0)
        print(pid, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
