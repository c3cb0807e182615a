"""Processes for tests that are killed at chosen points: forked within milliseconds by a server that
has loaded everything they need. `python tests/fork_server.py MODULE[:FUNCTION]…` is that server;
what it is told to call, it calls once.

It reads one call a line from stdin and writes the pid of the process that makes it, then, when that
has ended, its exit status, or the signal that ended it as a negative number.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bootstrap
from settings import PROJECT


class ForkServer:
    """One process after the other."""

    def __init__(self, server: subprocess.Popen[str]) -> None:
        self._server = server
        self._running: int | None = None

    def begin(self, function: str, **arguments: Any) -> int:
        """Call `function` (`module:name`) in a new process; returns its pid."""
        assert self._server.stdin is not None
        self._server.stdin.write(json.dumps([function, arguments]) + "\n")
        self._server.stdin.flush()
        self._running = self._number()
        return self._running

    def ended(self) -> int:
        """Wait for its end: 0, or what ended it."""
        status = self._number()
        self._running = None
        return status

    def kill(self) -> None:
        """kill -9, if there is one, and wait for the end."""
        if self._running is not None:
            os.kill(self._running, signal.SIGKILL)
            self.ended()

    def _number(self) -> int:
        assert self._server.stdout is not None
        return int(self._server.stdout.readline())


@contextmanager
def fork_server(
    *modules: str, environment: Mapping[str, str] | None = None, log: Path | None = None
) -> Iterator[ForkServer]:
    """A server that has loaded these modules (and called what stands behind a colon); what its
    processes write goes to the end of `log`. Parts among them end with this process, however it
    does."""
    lifeline, held_open = os.pipe()
    with (
        open(log or os.devnull, "a", encoding="utf-8") as written,
        subprocess.Popen(
            [sys.executable, __file__, *modules],
            cwd=PROJECT,
            env={
                **os.environ,
                "PYTHONPATH": str(PROJECT),
                bootstrap.LIFELINE: str(lifeline),
                **(environment or {}),
            },
            pass_fds=[lifeline],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=written,
            text=True,
        ) as server,
    ):
        forks = ForkServer(server)
        try:
            yield forks
        finally:
            forks.kill()
            os.close(lifeline)
            os.close(held_open)


def main() -> None:
    """Fork for each line until stdin is closed."""
    for name in sys.argv[1:]:
        _named(name)
    for line in sys.stdin:
        function, arguments = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _call(function, arguments)
        print(pid, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


def _call(function: str, arguments: dict[str, Any]) -> None:
    """Never returns: the process ends with the call, by 1 if that raised something."""
    status = 1
    try:
        os.dup2(2, 1)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        _named(function, **arguments)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def _named(name: str, **arguments: Any) -> None:
    module, _, function = name.partition(":")
    loaded = importlib.import_module(module)
    if function:
        getattr(loaded, function)(**arguments)


if __name__ == "__main__":
    main()
