"""A real PostgreSQL for tests: one server a session, one fresh migrated database a test.

`TEST_DATABASE_URL` names a server to use instead; its role must be allowed to create databases.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import make_url

import tests.keyring  # noqa: F401 - lends every engine its keys
from memory import migrate
from memory.embedded import EmbeddedServer
from memory.embedded_errors import EmbeddedServerError
from memory.embedded_place import find_place

PREFIX = "dangol-test-"
DISK, IN_MEMORY = Path("/tmp"), Path("/dev/shm")
ROOM = 4 << 30
"""Bytes that must be free in memory before homes are kept there."""
IN_NO_HURRY_TO_DISK = ("fsync", "full_page_writes", "autovacuum")
"""What the server of the session does without: no test of it pulls the plug of the machine."""


@contextmanager
def temporary_home(*, on_disk: bool = False) -> Iterator[Path]:
    """A DANGOL_HOME that the server's system user can reach, gone at the end with its server. It is
    kept in memory where there is room, as no test ends before the kernel does; what measures asks
    for the disk."""
    parent = DISK if on_disk or not _has_room(IN_MEMORY) else IN_MEMORY
    home = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=parent))
    home.chmod(0o755)
    try:
        yield home
    finally:
        discard_home(home)


def _has_room(folder: Path) -> bool:
    if not folder.is_dir():
        return False
    return min(psutil.disk_usage(str(folder)).free, psutil.virtual_memory().available) > ROOM


def discard_home(home: Path) -> None:
    """Stops the server of `home` and removes all that belongs to it, wherever it lives."""
    EmbeddedServer(home).stop()
    place = find_place(home)
    if place is not None:
        shutil.rmtree(place.own, ignore_errors=True)
    shutil.rmtree(home)


def connect(url: str) -> psycopg.Connection:
    """A plain psycopg connection, for tests that look from outside the product's own code."""
    plain = make_url(url).set(drivername="postgresql")
    return psycopg.connect(plain.render_as_string(hide_password=False))


def ask(url: str, statement: str) -> list[tuple[object, ...]]:
    """The rows of one statement, run and committed on a connection of its own."""
    with connect(url) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def wait_for(condition: Callable[[], bool], *, seconds: float = 10.0) -> None:
    """Returns as soon as `condition` holds; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a running server; its database itself is left empty."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    _discard_abandoned_homes()
    with temporary_home() as home:
        server = EmbeddedServer(home)
        url = server.start()
        _hurry(server, url)
        yield url


def _hurry(server: EmbeddedServer, url: str) -> None:
    reach = server.reach_of(url)
    assert reach is not None
    settings = [f"ALTER SYSTEM SET {name} = off" for name in IN_NO_HURRY_TO_DISK]
    _execute(reach.admin_url, *settings, "SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def migrated_template(postgres_url: str) -> Iterator[str]:
    """The name of a migrated database to be cloned."""
    with fresh_database(postgres_url) as url:
        migrate.upgrade(url)
        yield str(make_url(url).database)


@pytest.fixture
def database_url(postgres_url: str, migrated_template: str) -> Iterator[str]:
    """The URL of a migrated database of this test's own."""
    with fresh_database(postgres_url, template=migrated_template, is_durable=False) as url:
        yield url


@pytest.fixture
def empty_database_url(postgres_url: str) -> Iterator[str]:
    """The URL of a database without any table."""
    with fresh_database(postgres_url) as url:
        yield url


@contextmanager
def fresh_database(
    server_url: str, *, template: str = "template1", is_durable: bool = True
) -> Iterator[str]:
    """A database of its own on the server, dropped at the end even if somebody is connected. One
    that is not durable does not wait for the disk: for tests that kill no server."""
    name = f"dangol_test_{secrets.token_hex(6)}"
    strategy = "WAL_LOG" if is_durable else "FILE_COPY"
    statements = [f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY {strategy}']
    if not is_durable:
        statements.append(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    _execute(server_url, *statements)
    try:
        url = make_url(server_url).set(database=name)
        yield url.render_as_string(hide_password=False)
    finally:
        _drop(server_url, name)


def _drop(server_url: str, name: str) -> None:
    """The server's own vacuum may be at work in it; nobody but the server can end that."""
    for _ in range(40):
        try:
            _execute(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')
            return
        except psycopg.errors.InsufficientPrivilege as error:
            if "permission denied to terminate process" not in str(error):
                raise
            time.sleep(0.25)
    raise AssertionError(f"{name} could not be dropped")


def _execute(url: str, *statements: str) -> None:
    """Each by itself, as creating and dropping a database is; without SQLAlchemy, as every test
    does it twice."""
    with closing(connect(url)) as connection:
        connection.autocommit = True
        for statement in statements:
            connection.execute(statement.encode())


def _discard_abandoned_homes() -> None:
    """Ends the servers of test runs that were killed before they could."""
    for home in [*DISK.glob(f"{PREFIX}*"), *IN_MEMORY.glob(f"{PREFIX}*")]:
        owner = int(home.name.removeprefix(PREFIX).split("-")[0])
        if not psutil.pid_exists(owner):
            with suppress(OSError, EmbeddedServerError):  # another user's, or just being discarded
                discard_home(home)
