"""Makes, launches and halts one PostgreSQL cluster with the programs of the wheel.

The caller holds the lock of DANGOL_HOME. PostgreSQL is told relative names only: its own shell
commands cannot carry every path a DANGOL_HOME may have.
"""

from __future__ import annotations

import logging
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil

from memory.embedded_configuration import FILE_NAME, SOCKET_NAME, configuration_text
from memory.embedded_errors import EmbeddedServerError, StartFailed, StopFailed, disk_full
from memory.embedded_place import Place, make_private, write_new
from memory.embedded_processes import claimed_state, end_orphans, postmaster
from memory.embedded_programs import run_program
from memory.embedded_session import SUPERUSER

logger = logging.getLogger(__name__)

MAKE_SECONDS = 300
START_SECONDS = 60
STOP_SECONDS = 60
KEPT_LOGS = 10


def make_cluster(place: Place, programs: Path, secret: str) -> None:
    """Runs initdb beside the final name, so that a crash in between leaves no half cluster.

    Each try has a name of its own: the initdb of a killed caller may still be writing.
    """
    for abandoned in place.folder.glob("cluster.new-*"):
        shutil.rmtree(abandoned, ignore_errors=True)
    unfinished = place.folder / f"cluster.new-{secrets.token_hex(4)}"
    make_private(unfinished, place)
    password_file = place.sockets / "password"
    write_new(password_file, secret, mode=0o600, account=place.account)
    try:
        done = run_program(
            [
                programs / "initdb",
                f"--pgdata={unfinished.name}",
                f"--username={SUPERUSER}",
                f"--pwfile={password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--data-checksums",
                "--text-search-config=simple",
            ],
            folder=place.folder,
            account=place.account,
            seconds=MAKE_SECONDS,
        )
    finally:
        password_file.unlink()
    if done.returncode:
        raise _failure(place, "could not be made", done.stdout)
    with (unfinished / "postgresql.conf").open("a") as main_file:
        main_file.write(f"\ninclude '{FILE_NAME}'\n")
    unfinished.rename(place.cluster)


def launch(place: Place, programs: Path) -> None:
    """Starts the server of a stopped cluster, after clearing what a crash may have left.

    Returns when pg_ctl calls it ready or its time is over; raises StartFailed when it ended.
    """
    _clear_leftovers(place)
    text = configuration_text(sockets=place.sockets, logs=place.logs)
    write_new(place.cluster / FILE_NAME, text, mode=0o600, account=place.account)
    log = f"{place.cluster.name}/startup.log"
    done = _pg_ctl(place, programs, "start", "-l", log, seconds=START_SECONDS)
    if done.returncode and postmaster(place.cluster) is None:
        raise ended_while_starting(place)


def halt(place: Place, programs: Path) -> None:
    """Stops the server; open transactions are rolled back. Raises StopFailed after a minute.

    A server whose pid file was removed is asked by signal, as pg_ctl cannot find it.
    """
    main = postmaster(place.cluster)
    if main is None:
        return
    done = _pg_ctl(place, programs, "stop", "-m", "fast", seconds=STOP_SECONDS)
    if done.returncode == 0:
        return
    try:
        main.send_signal(signal.SIGINT)
        main.wait(STOP_SECONDS)
    except psutil.NoSuchProcess:
        return
    except psutil.TimeoutExpired:
        raise StopFailed(
            f"The database (process {main.pid}) does not stop: see {place.logs}, "
            f"or end it with kill -QUIT {main.pid}"
        ) from None


def wait_while_changing(place: Place) -> None:
    """Waits until a server that is starting, recovering or stopping has come to an end of it."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and postmaster(place.cluster) is not None:
        if claimed_state(place.cluster) == "ready":
            return
        time.sleep(0.1)


def ended_while_starting(place: Place) -> EmbeddedServerError:
    """The error for a server that gave up by itself, with the reason it logged."""
    return _failure(place, "did not start", _tail(place.cluster / "startup.log"))


def _clear_leftovers(place: Place) -> None:
    """Removes what a crashed server left; to be called only when no main process lives.

    PostgreSQL itself gives up when the number in its pid file or socket lock file is in use by
    any other program, and when processes of the old server still hold its shared memory.
    """
    found = [place.cluster / "postmaster.pid", place.cluster / "startup.log"]
    found += [place.sockets / SOCKET_NAME, place.sockets / f"{SOCKET_NAME}.lock"]
    stale = [path for path in found if path.exists()] + _logs(place)[KEPT_LOGS:]
    if ended := end_orphans(place.cluster):
        logger.warning("Left processes ended", extra={"action": "mend", "count": ended})
    for path in stale:
        path.unlink()


def _pg_ctl(
    place: Place, programs: Path, *verb: str, seconds: int
) -> subprocess.CompletedProcess[str]:
    options = ["-D", place.cluster.name, "-w", "-t", str(seconds)]
    return run_program(
        [str(programs / "pg_ctl"), *verb, *options],
        folder=place.folder,
        account=place.account,
        seconds=seconds + 30,
    )


def _failure(place: Place, what: str, output: str) -> EmbeddedServerError:
    """The error for a program that gave up, quoting the line of its output that says why."""
    logged = output + "".join(_tail(log) for log in _logs(place)[:1])
    if "No space left on device" in logged:
        return disk_full(place.folder)
    lines = [line.strip() for line in logged.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "PANIC" in line or "error:" in line]
    reason = (telling or lines or ["no output"])[-1]
    return StartFailed(f"The database {what}: {reason} (see {place.logs})")


def _logs(place: Place) -> list[Path]:
    """The server's log files, newest first; their names hold the time they were begun."""
    return sorted(place.logs.glob("postgres-*.log"), reverse=True)


def _tail(path: Path) -> str:
    try:
        return path.read_text(errors="replace")[-4000:]
    except FileNotFoundError:
        return ""
