"""Starts, stops and watches the PostgreSQL server that comes with the product.

Knows nothing of tables. A server given by DATABASE_URL is none of its business.
"""

from __future__ import annotations

import contextlib
import enum
import fcntl
import logging
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from memory import embedded_place as places
from memory.embedded_configuration import FILE_NAME, configuration_text
from memory.embedded_errors import (
    EmbeddedServerError,
    StartFailed,
    StartInProgress,
    StillStarting,
    StopFailed,
    disk_full,
    translated,
)
from memory.embedded_place import Place
from memory.embedded_processes import claimed_state, end_orphans, postmaster
from memory.embedded_programs import run_program

logger = logging.getLogger(__name__)

SUPERUSER = "postgres"
ROLE = "dangol"
DATABASE = "dangol"
PORT = 5432
START_SECONDS = 60
LOCK_SECONDS = 180
KEPT_LOGS = 10


class ServerState(enum.StrEnum):
    """What the server is doing, as found by looking and asking, never by its pid file alone."""

    ABSENT = "absent"  # never started in this DANGOL_HOME
    STOPPED = "stopped"
    STARTING = "starting"  # alive, not answering yet: starting, recovering or stopping
    RUNNING = "running"  # it answered SELECT 1
    UNREACHABLE = "unreachable"  # says it is ready and does not answer: start() mends it


@dataclass(frozen=True, kw_only=True)
class ServerStatus:
    """One look at the server."""

    state: ServerState
    pid: int | None = None  # of the main process
    cluster: Path | None = None
    sockets: Path | None = None
    logs: Path | None = None
    detail: str = ""  # why it does not answer


class EmbeddedServer:
    """The server of one DANGOL_HOME. Any number of these objects may exist, in any process."""

    def __init__(self, home: Path) -> None:
        self.home = Path(os.path.abspath(home))

    @property
    def url(self) -> str:
        """The SQLAlchemy URL; raises StartFailed before the first start of this DANGOL_HOME."""
        place = places.find_place(self.home)
        if place is None:
            raise StartFailed(f"There is no database in {self.home} yet: start it first.")
        return _url(place, places.password(self.home))

    def start(self) -> str:
        """Starts the server unless it runs, and returns its SQLAlchemy URL once it answers.

        Makes the cluster at the first call, and mends what a crash left. Raises a kind of
        EmbeddedServerError.
        """
        with self._locked():
            place = places.find_place(self.home) or places.choose_place(self.home)
            secret = places.password(self.home)
            if not self._is_answering(place, secret):
                self._start_stopped(place, secret)
            return _url(place, secret)

    def stop(self) -> None:
        """Stops the server, open transactions rolled back; does nothing when it does not run."""
        if not (self.home / "postgres").is_dir():
            return
        with self._locked():
            place = places.find_place(self.home)
            if place is not None:
                self._stop(place)

    def status(self) -> ServerStatus:
        """Looks at the processes and asks the server; changes nothing."""
        place = places.find_place(self.home)
        if place is None or not place.cluster.exists():
            return ServerStatus(state=ServerState.ABSENT)
        main = postmaster(place.cluster)
        state, detail = ServerState.STOPPED, ""
        if main is not None:
            detail = _refusal(place, places.password(self.home))
            state = _state_of_living(place, detail)
        return ServerStatus(
            state=state,
            pid=main.pid if main else None,
            cluster=place.cluster,
            sockets=place.sockets,
            logs=place.logs,
            detail=detail,
        )

    def _is_answering(self, place: Place, secret: str) -> bool:
        """Waits for a living server; one that will never answer is stopped."""
        if postmaster(place.cluster) is None:
            return False
        if claimed_state(place.cluster) != "ready":
            _await_answer(place, secret)
            return True
        if not (refusal := _refusal(place, secret)):
            return True
        logger.warning("Embedded server is stuck", extra={"action": "mend", "reason": refusal})
        self._stop(place)
        return False

    def _start_stopped(self, place: Place, secret: str) -> None:
        programs = places.reachable_programs(self.home, place.account)
        places.prepare_folders(place)
        if not place.cluster.exists():
            _make_cluster(place, programs, secret)
        _clear_leftovers(place)
        _write_configuration(place)
        _launch(place, programs)
        _await_answer(place, secret)
        _prepare_database(place, secret)
        logger.info("Embedded server started", extra={"action": "database_started"})

    def _stop(self, place: Place) -> None:
        main = postmaster(place.cluster)
        if main is not None:
            programs = places.reachable_programs(self.home, place.account)
            done = _pg_ctl(place, programs, "stop", "-m", "fast")
            if done.returncode and main.is_running():
                raise StopFailed(
                    f"The database (process {main.pid}) did not stop within {START_SECONDS} s: "
                    f"see {place.logs}"
                )
            logger.info("Embedded server stopped", extra={"action": "database_stopped"})
        with contextlib.suppress(OSError):
            place.sockets.rmdir()

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Holds the lock file of DANGOL_HOME, and gives file errors our own names."""
        try:
            path = places.state_folder(self.home) / "lock"
            with path.open("a") as lock:
                _take_lock(lock.fileno(), path)
                yield
        except OSError as error:
            raise translated(error, self.home) from error


def _take_lock(descriptor: int, path: Path) -> None:
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise StartInProgress(
                    f"Another process has held {path} for {LOCK_SECONDS} s: "
                    "wait for it or end it, then try again."
                ) from None
            time.sleep(0.05)


def _make_cluster(place: Place, programs: Path, secret: str) -> None:
    """Runs initdb beside the final name, so that a crash in between leaves no half cluster."""
    unfinished = place.folder / "cluster.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    places.make_private(unfinished, place)
    pwfile = place.sockets / "password"
    places.write_new(pwfile, secret, mode=0o600, account=place.account)
    try:
        command: list[str | Path] = [
            programs / "initdb",
            f"--pgdata={unfinished.name}",
            f"--username={SUPERUSER}",
            f"--pwfile={pwfile}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--data-checksums",
            "--text-search-config=simple",
        ]
        done = run_program(command, folder=place.folder, account=place.account, seconds=300)
    finally:
        pwfile.unlink()
    if done.returncode:
        raise _failure(place, "could not be made", done.stdout)
    with (unfinished / "postgresql.conf").open("a") as main_file:
        main_file.write(f"\ninclude '{FILE_NAME}'\n")
    unfinished.rename(place.cluster)


def _clear_leftovers(place: Place) -> None:
    """Removes what a crashed server left; to be called only when no main process lives.

    PostgreSQL itself gives up when the number in its pid or socket lock file is in use by any
    other program, and when processes of the old server still hold its shared memory.
    """
    if ended := end_orphans(place.cluster):
        logger.warning("Left processes ended", extra={"action": "mend", "count": ended})
    (place.cluster / "postmaster.pid").unlink(missing_ok=True)
    for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
        (place.sockets / name).unlink(missing_ok=True)
    (place.cluster / "startup.log").unlink(missing_ok=True)
    for old in _logs(place)[KEPT_LOGS:]:
        old.unlink()


def _write_configuration(place: Place) -> None:
    text = configuration_text(sockets=place.sockets, logs=place.logs)
    places.write_new(place.cluster / FILE_NAME, text, mode=0o600, account=place.account)


def _launch(place: Place, programs: Path) -> None:
    log = f"{place.cluster.name}/startup.log"
    done = _pg_ctl(place, programs, "start", "-l", log)
    if done.returncode and postmaster(place.cluster) is None:
        raise _failure(place, "did not start", _tail(place.cluster / "startup.log"))


def _pg_ctl(place: Place, programs: Path, *verb: str) -> subprocess.CompletedProcess[str]:
    """Runs pg_ctl beside the cluster: its shell sees only the short relative name of it."""
    options = ["-D", place.cluster.name, "-w", "-t", str(START_SECONDS)]
    command = [str(programs / "pg_ctl"), *verb, *options]
    return run_program(
        command, folder=place.folder, account=place.account, seconds=START_SECONDS + 30
    )


def _await_answer(place: Place, secret: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while refusal := _refusal(place, secret):
        if postmaster(place.cluster) is None:
            raise _failure(place, "ended while starting", _tail(place.cluster / "startup.log"))
        if time.monotonic() > deadline:
            raise StillStarting(
                f"The database runs and does not answer yet ({refusal}). After a crash recovery "
                f"takes time: try again in a minute, and see {place.logs}"
            )
        time.sleep(0.1)


def _refusal(place: Place, secret: str) -> str:
    """Why the server does not answer SELECT 1, in one line; empty when it does."""
    try:
        with _connected(place, secret) as connection:
            connection.execute("SELECT 1")
    except psycopg.Error as error:
        return " ".join(str(error).split()) or type(error).__name__
    return ""


def _connected(
    place: Place, secret: str, database: str = "postgres"
) -> psycopg.Connection[tuple[object, ...]]:
    """As superuser: its reserved connections answer when the product has used up all others."""
    return psycopg.connect(
        host=str(place.sockets),
        port=PORT,
        user=SUPERUSER,
        password=secret,
        dbname=database,
        connect_timeout=5,
        autocommit=True,
    )


def _prepare_database(place: Place, secret: str) -> None:
    """Makes the product's role and database when absent; the role is not a superuser."""
    with _connected(place, secret) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            create_role = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
            connection.execute(create_role.format(sql.Identifier(ROLE), sql.Literal(secret)))
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        if not connection.execute(query, [DATABASE]).fetchone():
            create_database = sql.SQL("CREATE DATABASE {} OWNER {}")
            connection.execute(
                create_database.format(sql.Identifier(DATABASE), sql.Identifier(ROLE))
            )


def _url(place: Place, secret: str) -> str:
    host = quote(str(place.sockets), safe="/")
    return (
        f"postgresql+psycopg://{ROLE}:{quote(secret, safe='')}@/{DATABASE}?host={host}&port={PORT}"
    )


def _state_of_living(place: Place, refusal: str) -> ServerState:
    if not refusal:
        return ServerState.RUNNING
    ready = claimed_state(place.cluster) == "ready"
    return ServerState.UNREACHABLE if ready else ServerState.STARTING


def _failure(place: Place, what: str, output: str) -> EmbeddedServerError:
    """The error for a program that gave up, quoting the line of its output that says why."""
    logged = output + "".join(_tail(log) for log in _logs(place)[:1])
    if "No space left on device" in logged:
        return disk_full(place.folder)
    lines = [line.strip() for line in logged.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "error:" in line or "PANIC" in line]
    reason = (telling or lines or ["no output"])[-1]
    return StartFailed(f"The database {what}: {reason}. See {place.logs}")


def _logs(place: Place) -> list[Path]:
    """The server's log files, newest first; their names hold the time they were begun."""
    return sorted(place.logs.glob("postgres-*.log"), reverse=True)


def _tail(path: Path) -> str:
    try:
        return path.read_text(errors="replace")[-4000:]
    except FileNotFoundError:
        return ""
