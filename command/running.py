"""What runs from this DANGOL_HOME: one lock and one small file, never trusted without a look at
the process itself.
"""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import psutil

from marketing.errors import DangolError


class AlreadyRunning(DangolError):
    """Dangol runs already from this DANGOL_HOME: ./dangol status, ./dangol down."""


@dataclass(frozen=True, kw_only=True)
class Running:
    """The supervisor of this DANGOL_HOME."""

    pid: int
    created: float
    """When that process began (seconds since 1970): tells it from one that took over its pid."""
    url: str
    parts: dict[str, int]
    """Name → pid of each part it has started."""

    def is_alive(self) -> bool:
        """True if that very process still runs."""
        return _is_process(self.pid, self.created)


def _is_process(pid: int, created: float) -> bool:
    try:
        process = psutil.Process(pid)
        return abs(process.create_time() - created) < 2 and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def take_lock(home: Path) -> IO[str]:
    """Be the one supervisor of this DANGOL_HOME for as long as the returned file is open.

    Raises AlreadyRunning.
    """
    folder = _folder(home)
    lock = (folder / "supervisor.lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        running = read(home)
        where = f" at {running.url} (process {running.pid})" if running else ""
        raise AlreadyRunning(f"Dangol runs already{where}: stop it with ./dangol down.") from error
    return lock


def is_locked(home: Path) -> bool:
    """True while some supervisor of this DANGOL_HOME lives."""
    if not (home / "run" / "supervisor.lock").exists():
        return False
    try:
        take_lock(home).close()
    except AlreadyRunning:
        return True
    return False


def write(home: Path, url: str, parts: dict[str, int]) -> None:
    """Tell the other commands who runs here."""
    running = Running(pid=os.getpid(), created=psutil.Process().create_time(), url=url, parts=parts)
    path = _folder(home) / "supervisor.json"
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(asdict(running)), encoding="utf-8")
    draft.replace(path)


def read(home: Path) -> Running | None:
    """Who runs here; None if nobody does."""
    try:
        found = Running(**json.loads((home / "run" / "supervisor.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return found if found.is_alive() else None


def forget(home: Path) -> None:
    """Nobody runs here any more."""
    (home / "run" / "supervisor.json").unlink(missing_ok=True)


def _folder(home: Path) -> Path:
    folder = home / "run"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
