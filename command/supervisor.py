"""Starts the parts, keeps them running, shows their logs, and stops them in order.

Every part inherits the reading end of a pipe that nobody writes to: when the supervisor dies,
however it dies, the pipe closes and the parts stop by themselves.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path

from bootstrap import LIFELINE
from settings import PROJECT

STOP_SECONDS = 15
LONGEST_PAUSE = 20.0

Show = Callable[[str, str], None]
"""Called with (part, line) for every line a part writes."""


@dataclass(frozen=True, kw_only=True)
class PartPlan:
    """One process to keep running."""

    name: str
    command: Sequence[str]
    stops_last: bool = False
    """Stopped when all others have stopped (the keeper of the database)."""


@dataclass
class _Part:
    plan: PartPlan
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    failures: int = 0
    next_start: float = 0.0
    log: logging.Logger = field(default_factory=lambda: logging.getLogger("parts"))


class Supervisor:
    """Runs parts until told to stop."""

    def __init__(
        self,
        *,
        environment: Mapping[str, str],
        logs: Path,
        show: Show,
        on_change: Callable[[dict[str, int]], None],
    ) -> None:
        """`on_change` is told name → pid whenever a part was started again."""
        self._environment = dict(environment)
        self._show = show
        self._on_change = on_change
        self._lifeline, self._held_open = os.pipe()
        logs.mkdir(parents=True, exist_ok=True)
        self._logs = logs
        self._parts: list[_Part] = []

    def start(self, plans: Sequence[PartPlan]) -> None:
        """Start these parts, beside those that run."""
        for plan in plans:
            part = _Part(plan, log=_log_file(plan.name, self._logs))
            self._parts.append(part)
            self._launch(part)
        self._on_change(self.pids())

    def run_until(self, is_over: Callable[[], bool]) -> None:
        """Start a part again whenever it ends, later each time it fails, until `is_over`."""
        while not is_over():
            time.sleep(0.2)
            for part in self._parts:
                self._look_after(part)

    def stop(self) -> None:
        """Ask every part to stop, the keeper of the database last; kill what does not."""
        for last in (False, True):
            group = [part for part in self._parts if part.plan.stops_last is last]
            for part in group:
                _signal(part.process, signal.SIGTERM)
            for part in group:
                _wait_or_kill(part.process)
        os.close(self._held_open)
        os.close(self._lifeline)

    def pids(self) -> dict[str, int]:
        """Name → pid of what runs now."""
        return {part.plan.name: part.process.pid for part in self._parts if part.process}

    def _look_after(self, part: _Part) -> None:
        process = part.process
        if process is not None:
            if process.poll() is None:
                if part.failures and time.monotonic() - part.started > 30:
                    part.failures = 0
                return
            part.process = None
            pause = 0.0 if process.returncode == 0 else min(0.5 * 2**part.failures, LONGEST_PAUSE)
            part.failures += process.returncode != 0
            part.next_start = time.monotonic() + pause
            self._show(part.plan.name, f"ended ({_how(process.returncode)}), starts again")
        if time.monotonic() >= part.next_start:
            self._launch(part)
            self._on_change(self.pids())

    def _launch(self, part: _Part) -> None:
        part.started = time.monotonic()
        part.process = subprocess.Popen(
            part.plan.command,
            cwd=PROJECT,
            env={**self._environment, LIFELINE: str(self._lifeline)},
            pass_fds=(self._lifeline,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            # Ctrl-C reaches the supervisor alone, which stops the parts in order.
            start_new_session=True,
        )
        threading.Thread(target=self._read, args=(part, part.process), daemon=True).start()

    def _read(self, part: _Part, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            part.log.info(line.rstrip())
            # A closed terminal or a full disk must not stop the part, which waits for a reader.
            with contextlib.suppress(OSError, ValueError):
                self._show(part.plan.name, line.rstrip())


def _signal(process: subprocess.Popen[str] | None, number: signal.Signals) -> None:
    if process is not None and process.poll() is None:
        process.send_signal(number)


def _wait_or_kill(process: subprocess.Popen[str] | None) -> None:
    if process is None:
        return
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _how(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit {code}"


def _log_file(name: str, logs: Path) -> logging.Logger:
    log = logging.getLogger(f"parts.{name}")
    log.propagate = False
    log.setLevel(logging.INFO)
    log.handlers = [RotatingFileHandler(logs / f"{name}.log", maxBytes=5_000_000, backupCount=2)]
    return log
