"""Tells which PostgreSQL processes really belong to a cluster, whatever its pid file claims."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

import psutil

ORPHAN_SECONDS = 3.0


def server_processes(cluster: Path) -> list[psutil.Process]:
    """All living PostgreSQL processes whose working folder is `cluster`."""
    folder = os.path.realpath(cluster)
    return [process for process in psutil.process_iter() if _works_in(process, folder)]


def postmaster(cluster: Path) -> psutil.Process | None:
    """The living main process of `cluster`, or None.

    The pid file is only a hint: after a crash its number may belong to another program.
    """
    named = _named_process(cluster)
    if named is not None and _is_postmaster(named, os.path.realpath(cluster)):
        return named
    return next((found for found in server_processes(cluster) if _is_main(found)), None)


def claimed_state(cluster: Path) -> str:
    """What the server last wrote about itself: `starting`, `ready`, `stopping`, or empty."""
    lines = _pid_file_lines(cluster)
    return lines[7].strip() if len(lines) > 7 else ""


def end_orphans(cluster: Path) -> int:
    """Ends processes left by a killed main process, and returns how many there were.

    They end by themselves as a rule; one that is busy is asked, then killed. Only to be called
    when no main process lives: the next start then recovers from the log.
    """
    orphans = server_processes(cluster)
    for act in (lambda process: None, psutil.Process.terminate, psutil.Process.kill):
        for process in server_processes(cluster):
            with contextlib.suppress(psutil.NoSuchProcess):
                act(process)
        _wait_until_none(cluster)
    return len(orphans)


def _wait_until_none(cluster: Path) -> None:
    """Looks anew each time: ended processes may stay listed where nobody reaps them."""
    deadline = time.monotonic() + ORPHAN_SECONDS
    while server_processes(cluster) and time.monotonic() < deadline:
        time.sleep(0.05)


def _named_process(cluster: Path) -> psutil.Process | None:
    lines = _pid_file_lines(cluster)
    try:
        return psutil.Process(int(lines[0]))
    except (IndexError, ValueError, psutil.NoSuchProcess):
        return None


def _pid_file_lines(cluster: Path) -> list[str]:
    try:
        return (cluster / "postmaster.pid").read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return []


def _is_postmaster(process: psutil.Process, folder: str) -> bool:
    return _works_in(process, folder) and _is_main(process)


def _works_in(process: psutil.Process, folder: str) -> bool:
    try:
        return (
            process.name() == "postgres"
            and process.status() != psutil.STATUS_ZOMBIE
            and process.cwd() == folder
        )
    except psutil.Error:
        return False


def _is_main(process: psutil.Process) -> bool:
    """Other processes of the server rewrite their title to `postgres: …`."""
    try:
        return not process.cmdline()[0].startswith("postgres:")
    except (IndexError, psutil.Error):
        return False
