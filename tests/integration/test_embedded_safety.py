"""The embedded server keeps to itself: no network, no open folders, no other user's server."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pwd
import shutil
import stat
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import make_url

from memory import embedded_place
from memory.embedded import EmbeddedServer, ServerState
from memory.embedded_errors import EmbeddedServerError, NotPermitted
from memory.embedded_place import choose_place, find_place
from memory.embedded_programs import copied_programs, installed_programs
from tests.postgres import ask, temporary_home

IS_ROOT = os.geteuid() == 0

# The neighbour uses none of the threads that the forked test process may have had.
FORKED = pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nothing_listens_on_the_network(server: EmbeddedServer) -> None:
    main = psutil.Process(server.status().pid)  # it holds the sockets that are listened on
    kinds = {connection.family.name for connection in main.net_connections(kind="all")}
    assert kinds == {"AF_UNIX"}


def test_nobody_gets_in_without_the_password(server: EmbeddedServer) -> None:
    url = make_url(server.url)
    for role in ("dangol", "postgres"):
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(
                host=str(url.query["host"]), user=role, password="guess", dbname="postgres"
            )


def test_password_and_folders_are_closed_to_others(server: EmbeddedServer) -> None:
    status = server.status()
    assert status.cluster
    assert status.sockets
    assert status.logs
    password = server.home / "postgres" / "password"

    assert mode(password) == 0o600
    assert password.stat().st_uid == os.geteuid()
    assert [mode(folder) for folder in (status.cluster, status.sockets, status.logs)] == [0o700] * 3
    assert mode(status.sockets / ".s.PGSQL.5432") == 0o700
    assert {mode(log) for log in status.logs.iterdir()} == {0o600}
    assert not list(status.sockets.glob("password*"))


def test_every_home_has_a_password_of_its_own(home: Path) -> None:
    secrets = [embedded_place.ensure_password(home / name) for name in made(home, "one", "two")]
    assert secrets[0] != secrets[1]
    assert min(map(len, secrets)) >= 40  # of url-safe base64: more than 200 bits


def made(home: Path, *names: str) -> tuple[str, ...]:
    for name in names:
        embedded_place.state_folder(home / name)
    return names


def test_no_personal_data_reaches_the_log(server: EmbeddedServer) -> None:
    ask(server.url, "CREATE TABLE logged (phone text PRIMARY KEY)")
    ask(server.url, "INSERT INTO logged VALUES ('+821012345678')")
    for statement in (
        "INSERT INTO logged VALUES ('+821012345678')",
        "SELECT '+821012345678'::int",
        "DO $$ BEGIN RAISE WARNING '+821012345678'; END $$",
    ):
        with contextlib.suppress(psycopg.Error):
            ask(server.url, statement)

    logs = server.status().logs
    assert logs is not None
    assert all("821012345678" not in log.read_text() for log in logs.iterdir())


def test_no_mode_above_a_closed_home_is_changed_and_root_records_where_the_cluster_is(
    home: Path,
) -> None:
    inner = home / "outer" / "inner"
    inner.mkdir(parents=True)
    inner.chmod(0o750)
    inner.parent.chmod(0o700)
    before = {folder: mode(folder) for folder in (inner, *inner.parents, Path("/tmp"))}
    server = EmbeddedServer(inner)
    try:
        ask(server.start(), "CREATE TABLE kept AS SELECT 1 AS number")
        server.stop()
        assert ask(EmbeddedServer(inner).start(), "SELECT * FROM kept") == [(1,)]
        assert {folder: mode(folder) for folder in before} == before

        cluster = server.status().cluster
        assert cluster is not None
        assert cluster.is_relative_to("/var/lib/dangol") is IS_ROOT
        assert cluster.is_relative_to(inner) is not IS_ROOT
        if IS_ROOT:
            assert str(cluster.parent) in (inner / "postgres" / "place.json").read_text()
            assert (cluster.parent / "home").read_text() == f"{inner}\n"
    finally:
        server.stop()
        discard_own_folder(inner)


def test_programs_out_of_reach_of_the_system_user_are_copied(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = home / "hidden"
    hidden.mkdir(mode=0o700)
    programs = copied_programs(installed_programs(), hidden)
    monkeypatch.setattr(embedded_place, "installed_programs", lambda: programs)
    server = EmbeddedServer(home / "state")
    url = server.start()
    try:
        assert ask(url, "SELECT 1") == [(1,)]
        executable = Path(psutil.Process(server.status().pid).exe())
        assert executable.is_relative_to("/var/lib/dangol") is IS_ROOT
        assert mode(hidden) == 0o700
    finally:
        server.stop()
        discard_own_folder(home / "state")


def discard_own_folder(home: Path) -> None:
    place = find_place(home)
    assert place is not None
    shutil.rmtree(place.own, ignore_errors=True)


@pytest.mark.parametrize("trap", ["link", "open", "file"])
def test_a_socket_folder_that_is_not_ours_alone_is_refused(home: Path, trap: str) -> None:
    sockets = choose_place(home).sockets
    if trap == "link":
        sockets.symlink_to(home)
    elif trap == "open":
        sockets.mkdir()
        sockets.chmod(0o777)
        if place_account := choose_account(home):
            os.chown(sockets, *place_account)
    else:
        sockets.write_text("")
    try:
        with pytest.raises(NotPermitted, match=str(sockets)):
            EmbeddedServer(home).start()
    finally:
        sockets.rmdir() if trap == "open" else sockets.unlink()


def choose_account(home: Path) -> tuple[int, int] | None:
    place = find_place(home)
    assert place is not None
    return (place.account.uid, place.account.gid) if place.account else None


@pytest.fixture(scope="module")
def neighbour() -> Iterator[Connection]:
    """A process of another user of this machine (as root: `nobody`) with a server of its own.

    It is forked, as that user may be unable to read the interpreter to start a new one.
    """
    user = pwd.getpwnam("nobody") if IS_ROOT else pwd.getpwuid(os.geteuid())
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    with temporary_home() as home:
        programs = copied_programs(installed_programs(), home)
        folder = home / "neighbour"
        folder.mkdir()
        if IS_ROOT:
            os.chown(folder, user.pw_uid, user.pw_gid)
        process = context.Process(target=live_next_door, args=(theirs, user, folder, programs))
        process.start()
        yield ours
        ours.send("stop")
        process.join(30)
        assert process.exitcode == 0


def live_next_door(pipe: Connection, user: pwd.struct_passwd, folder: Path, programs: Path) -> None:
    """Runs in the forked process: becomes the user, answers requests until told to stop."""
    if IS_ROOT:
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
    server = EmbeddedServer(folder)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(embedded_place, "installed_programs", lambda: programs)
        while (request := pipe.recv()) != "stop":
            pipe.send(answer_to(request, server))
        server.stop()


def answer_to(request: tuple[str, str], server: EmbeddedServer) -> str:
    verb, argument = request
    try:
        if verb == "start":
            return server.start()
        if verb == "start other":
            return EmbeddedServer(Path(argument)).start()
        if verb == "connect":
            ask(argument, "SELECT 1")
        return str(server.status().state)
    except (EmbeddedServerError, psycopg.Error, OSError) as error:
        return f"{type(error).__name__}: {error}"


def request(neighbour: Connection, verb: str, argument: str = "") -> str:
    neighbour.send((verb, argument))
    assert neighbour.poll(60)
    return str(neighbour.recv())


@FORKED
def test_two_users_have_two_servers_that_do_not_disturb_each_other(
    server: EmbeddedServer, neighbour: Connection
) -> None:
    theirs = request(neighbour, "start")
    assert theirs.startswith("postgresql+psycopg://"), theirs
    assert make_url(theirs).query["host"] != make_url(server.url).query["host"]
    assert make_url(theirs).password != make_url(server.url).password
    ask(theirs, "CREATE TABLE whose AS SELECT 'theirs' AS owner")
    ask(server.url, "CREATE TABLE whose AS SELECT 'ours' AS owner")

    server.stop()
    assert request(neighbour, "status") == ServerState.RUNNING
    assert ask(theirs, "SELECT owner FROM whose") == [("theirs",)]
    assert ask(server.start(), "SELECT owner FROM whose") == [("ours",)]


@FORKED
def test_another_user_can_neither_connect_to_nor_start_our_server(
    server: EmbeddedServer, neighbour: Connection
) -> None:
    connected = request(neighbour, "connect", server.url)
    started = request(neighbour, "start other", str(server.home))

    if IS_ROOT:
        assert "Permission denied" in connected
        assert started.startswith("NotPermitted")
        assert "belongs to dangol" in started
    else:
        assert connected == ServerState.ABSENT
        assert started == server.url
