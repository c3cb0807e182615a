"""Starts, stops and watches the PostgreSQL server that comes with the product.

Knows nothing of tables. A server given by DATABASE_URL is none of its business.
"""

from __future__ import annotations

import contextlib
import enum
import fcntl
import logging
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import make_url

from memory import embedded_place as places
from memory.embedded_cluster import (
    START_SECONDS,
    ended_while_starting,
    halt,
    launch,
    make_cluster,
    wait_while_changing,
)
from memory.embedded_errors import StartFailed, StartInProgress, StillStarting, translated
from memory.embedded_place import Place
from memory.embedded_processes import claimed_state, postmaster
from memory.embedded_session import (
    SUPERUSER,
    prepare_database,
    refusal,
    socket_is_dead,
    url_of,
)

logger = logging.getLogger(__name__)

LOCK_SECONDS = 180


class ServerState(enum.StrEnum):
    """What the server is doing, as found by looking and asking, never by its pid file alone."""

    ABSENT = "absent"  # never started in this DANGOL_HOME
    STOPPED = "stopped"
    STARTING = "starting"  # alive and not answering yet; so is a recovery after a crash
    RUNNING = "running"  # it answered SELECT 1
    STOPPING = "stopping"
    UNREACHABLE = "unreachable"  # calls itself ready and does not answer; start() mends it


@dataclass(frozen=True, kw_only=True)
class ServerStatus:
    """One look at the server."""

    state: ServerState
    pid: int | None = None  # of the main process
    cluster: Path | None = None
    sockets: Path | None = None
    logs: Path | None = None
    detail: str = ""  # why it does not answer, in one line


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What can be had of a server that is ours, for whoever must look into its files."""

    admin_url: str = field(repr=False)
    """The superuser's, on the same database."""
    cluster: Path
    logs: Path


class EmbeddedServer:
    """The server of one DANGOL_HOME. Any number of these objects may exist, in any process."""

    def __init__(self, home: Path) -> None:
        self.home = Path(os.path.abspath(home))

    @property
    def url(self) -> str:
        """The SQLAlchemy URL; raises StartFailed before the first start of this DANGOL_HOME."""
        place = places.find_place(self.home)
        if place is None or not place.cluster.exists():
            raise StartFailed(f"There is no database in {self.home} yet: start it first.")
        return url_of(place, places.read_password(self.home))

    def reach_of(self, url: str) -> Reach | None:
        """The files behind a database that answers at `url`; None if it is not on this server."""
        place = places.find_place(self.home)
        if place is None or not place.cluster.exists():
            return None
        secret = places.read_password(self.home)
        asked, own = make_url(url), make_url(url_of(place, secret, role=SUPERUSER))
        if asked.query.get("host") != own.query["host"]:
            return None
        own = own.set(database=asked.database)
        return Reach(
            admin_url=own.render_as_string(hide_password=False),
            cluster=place.cluster,
            logs=place.logs,
        )

    def start(self) -> str:
        """Starts the server unless it runs, and returns its SQLAlchemy URL once it answers.

        Makes the cluster at the first call, and mends what a crash left. Raises a kind of
        EmbeddedServerError.
        """
        with self._locked():
            place = places.find_place(self.home) or places.choose_place(self.home)
            if not place.cluster.exists():
                self._make(place)
            secret = places.read_password(self.home)
            if not self._is_alive(place):
                self._launch(place)
            _await_answer(place, secret)
            prepare_database(place, secret)
            return url_of(place, secret)

    def stop(self) -> None:
        """Stops the server, open transactions rolled back; does nothing when it does not run."""
        if not (self.home / "postgres").is_dir():
            return
        with self._locked():
            place = places.find_place(self.home)
            if place is not None:
                self._halt(place)

    def status(self) -> ServerStatus:
        """Looks at the processes and asks the server; changes nothing."""
        try:
            place = places.find_place(self.home)
            if place is None or not place.cluster.exists():
                return ServerStatus(state=ServerState.ABSENT)
            return self._look(place)
        except OSError as error:
            raise translated(error, self.home) from error

    def _look(self, place: Place) -> ServerStatus:
        main = postmaster(place.cluster)
        state, detail = ServerState.STOPPED, ""
        if main is not None:
            detail = refusal(place, places.read_password(self.home))
            state = _state_of_living(place, detail)
        return ServerStatus(
            state=state,
            pid=main.pid if main else None,
            cluster=place.cluster,
            sockets=place.sockets,
            logs=place.logs,
            detail=detail,
        )

    def _is_alive(self, place: Place) -> bool:
        """Whether a server lives that will answer; one whose socket is gone is stopped."""
        if postmaster(place.cluster) is not None:
            wait_while_changing(place)
        if postmaster(place.cluster) is None:
            return False
        if claimed_state(place.cluster) == "ready" and socket_is_dead(place):
            logger.warning("Embedded server lost its socket", extra={"action": "mend"})
            self._halt(place)
            return False
        return True

    def _make(self, place: Place) -> None:
        programs = places.reachable_programs(self.home, place)
        places.prepare_folders(place)
        make_cluster(place, programs, places.ensure_password(self.home))
        logger.info("Embedded cluster made", extra={"action": "database_made"})

    def _launch(self, place: Place) -> None:
        programs = places.reachable_programs(self.home, place)
        places.prepare_folders(place)
        launch(place, programs)
        logger.info("Embedded server started", extra={"action": "database_started"})

    def _halt(self, place: Place) -> None:
        if postmaster(place.cluster) is not None:
            halt(place, places.reachable_programs(self.home, place))
            logger.info("Embedded server stopped", extra={"action": "database_stopped"})
        places.remove_sockets(place)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Holds the lock file of DANGOL_HOME, and gives file errors our own names."""
        try:
            places.find_place(self.home)  # refuses a server of another user in clearer words
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


def _await_answer(place: Place, secret: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while reason := refusal(place, secret):
        if postmaster(place.cluster) is None:
            raise ended_while_starting(place)
        if time.monotonic() > deadline:
            raise StillStarting(
                f"The database runs and does not answer yet ({reason}). After a crash recovery "
                f"takes time: try again in a minute, and see {place.logs}"
            )
        time.sleep(0.1)


def _state_of_living(place: Place, reason: str) -> ServerState:
    if not reason:
        return ServerState.RUNNING
    by_claim = {"starting": ServerState.STARTING, "stopping": ServerState.STOPPING}
    return by_claim.get(claimed_state(place.cluster), ServerState.UNREACHABLE)
