"""The embedded server in ordinary life: first start, restart, stop, odd folders, true status."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from memory import embedded, embedded_programs
from memory.embedded import EmbeddedServer, ServerState
from memory.embedded_cluster import _failure
from memory.embedded_errors import (
    DiskFull,
    ProgramsMissing,
    StartFailed,
    StartInProgress,
    translated,
)
from memory.embedded_place import find_place
from tests.postgres import ask, connect, wait_for

SOURCE = Path(__file__).parents[2]


def test_first_start_makes_a_database_that_answers(home: Path) -> None:
    server = EmbeddedServer(home)
    assert server.status().state is ServerState.ABSENT

    url = server.start()

    assert ask(url, "SELECT current_database(), current_user") == [("dangol", "dangol")]
    assert url == EmbeddedServer(home).url


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("SELECT current_setting('server_version_num')::int / 10000", 18),
        ("SHOW server_encoding", "UTF8"),
        ("SHOW data_checksums", "on"),
        ("SHOW fsync", "on"),
        ("SHOW full_page_writes", "on"),
        ("SHOW synchronous_commit", "on"),
        ("SHOW TimeZone", "UTC"),
        ("SHOW max_connections", "100"),
        ("SHOW listen_addresses", ""),
        ("SELECT datcollate FROM pg_database WHERE datname = current_database()", "C"),
        ("SELECT rolsuper FROM pg_roles WHERE rolname = current_user", False),
        ("SELECT lower('ÉCOLE 등산')", "école 등산"),
    ],
)
def test_the_cluster_is_made_as_decided(
    server: EmbeddedServer, question: str, answer: object
) -> None:
    assert ask(server.url, question) == [(answer,)]


def test_restart_keeps_what_was_written(server: EmbeddedServer) -> None:
    ask(server.url, "CREATE TABLE restart_kept AS SELECT '등산화' AS word")
    server.stop()

    again = EmbeddedServer(server.home).start()

    assert again == server.url
    assert ask(again, "SELECT word FROM restart_kept") == [("등산화",)]


def test_a_second_start_leaves_the_running_server_alone(server: EmbeddedServer) -> None:
    before = server.status().pid
    server.start()
    assert server.status().pid == before


def test_a_moved_home_and_a_new_one_in_its_place_do_not_meet(home: Path) -> None:
    moved, place = EmbeddedServer(home / "moved"), EmbeddedServer(home / "place")
    ask(place.start(), "CREATE TABLE kept AS SELECT 7 AS number")
    sockets = place.status().sockets
    assert sockets is not None
    place.home.rename(moved.home)
    try:
        url = place.start()
        moved.stop()
        assert ask(url, "SELECT to_regclass('kept')") == [(None,)]
        assert ask(moved.start(), "SELECT number FROM kept") == [(7,)]
    finally:
        place.stop()
        moved.stop()
        sockets.rmdir()


@pytest.mark.parametrize(
    "name",
    [
        pytest.param('두 번째 가게 it\'s "$HOME" `id` \\ 100%', id="hangul-spaces-quotes"),
        pytest.param("long" * 50, id="200-characters"),
    ],
)
def test_odd_home_folders(home: Path, name: str) -> None:
    server = EmbeddedServer(home / name)
    url = server.start()
    try:
        assert ask(url, "SELECT 1") == [(1,)]
        logs = server.status().logs
        assert logs is not None
        assert list(logs.glob("postgres-*.log"))
    finally:
        server.stop()
    assert server.status().state is ServerState.STOPPED


def test_status_of_a_running_and_a_stopped_server(server: EmbeddedServer) -> None:
    running = server.status()
    assert (running.state, running.detail) == (ServerState.RUNNING, "")
    assert running.pid is not None
    assert psutil.Process(running.pid).name() == "postgres"

    server.stop()
    assert (server.status().state, server.status().pid) == (ServerState.STOPPED, None)


def test_a_server_that_is_stopping_is_waited_for_and_started_again(server: EmbeddedServer) -> None:
    pid = server.status().pid
    assert pid is not None
    held = connect(server.url)
    os.kill(pid, signal.SIGTERM)  # PostgreSQL's "smart" shutdown waits for the last client
    wait_for(lambda: server.status().state is ServerState.STOPPING)
    threading.Timer(0.5, held.close).start()

    assert ask(server.start(), "SELECT 1") == [(1,)]
    assert server.status().pid != pid


def test_stop_can_be_repeated_and_needs_no_start(server: EmbeddedServer, home: Path) -> None:
    EmbeddedServer(home / "never").stop()
    assert not (home / "never").exists()

    sockets = server.status().sockets
    server.stop()
    server.stop()
    assert server.status().state is ServerState.STOPPED
    assert sockets is not None
    assert not sockets.exists()


def test_stop_ends_open_transactions_instead_of_waiting_for_them(server: EmbeddedServer) -> None:
    ask(server.url, "CREATE TABLE half_done (number int)")
    unfinished = connect(server.url)
    unfinished.execute("INSERT INTO half_done VALUES (1)")

    begun = time.monotonic()
    server.stop()

    assert time.monotonic() - begun < 20
    assert ask(server.start(), "SELECT count(*) FROM half_done") == [(0,)]
    unfinished.close()


def test_starters_at_the_same_moment_share_one_server(home: Path) -> None:
    starters = [run_starter(home) for _ in range(3)]
    urls = {starter.communicate(timeout=60)[0].strip() for starter in starters}

    assert len(urls) == 1
    assert ask(urls.pop(), "SELECT 1") == [(1,)]
    cluster = str(EmbeddedServer(home).status().cluster)
    pids = {
        process.pid: process.ppid()
        for process in psutil.process_iter()
        if process.name() == "postgres" and process.cwd() == cluster
    }
    assert len([pid for pid, parent in pids.items() if parent not in pids]) == 1


def run_starter(home: Path) -> subprocess.Popen[str]:
    """A process group of its own that starts the server, prints the URL and waits for its input. It
    hears Ctrl-C even if the tests were started in the background, where that is ignored."""
    script = (
        "import signal, sys; from pathlib import Path; from memory.embedded import EmbeddedServer\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "print(EmbeddedServer(Path(sys.argv[1])).start(), flush=True); sys.stdin.read()"
    )
    return subprocess.Popen(
        [sys.executable, "-c", script, str(home)],
        cwd=SOURCE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        process_group=0,
    )


def test_a_start_that_never_ends_is_named(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "LOCK_SECONDS", 0.2)
    with server._locked(), pytest.raises(StartInProgress, match="postgres/lock"):
        server.start()


def interrupted(starter: subprocess.Popen[str]) -> int:
    """How it ended. Python may miss a Ctrl-C just before it waits for input."""
    for _ in range(20):
        os.killpg(starter.pid, signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return starter.wait(1)
    raise AssertionError("Ctrl-C did not end it")


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(server: EmbeddedServer) -> None:
    server.stop()
    with run_starter(server.home) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline().startswith("postgresql+psycopg://")
        assert interrupted(starter) != 0

    time.sleep(0.3)  # a fast shutdown would have begun by now
    assert server.status().state is ServerState.RUNNING


def test_a_missing_wheel_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_programs, "WHEEL", "no-such-package-here")
    with pytest.raises(ProgramsMissing, match="no-such-package-here package is not installed"):
        EmbeddedServer(home).start()


def test_the_url_before_the_first_start_is_refused(home: Path) -> None:
    with pytest.raises(StartFailed, match="start it first"):
        _ = EmbeddedServer(home).url


def test_a_lost_password_is_named_and_none_is_made_up(server: EmbeddedServer) -> None:
    password = server.home / "postgres" / "password"
    aside = password.rename(password.with_name("aside"))
    try:
        with pytest.raises(StartFailed, match="password is missing"):
            server.start()
        assert not password.exists()
    finally:
        aside.rename(password)


def test_a_server_that_gives_up_is_quoted(server: EmbeddedServer) -> None:
    server.stop()
    cluster = server.status().cluster
    assert cluster is not None
    version = cluster / "PG_VERSION"
    version.write_text("17\n")
    try:
        with pytest.raises(StartFailed, match="incompatible with server"):
            server.start()
    finally:
        version.write_text("18\n")


def test_a_full_disk_is_named(server: EmbeddedServer) -> None:
    full = OSError(28, "No space left on device", str(server.home))
    assert isinstance(translated(full, server.home), DiskFull)

    place = find_place(server.home)
    assert place is not None
    output = "initdb: error: could not write to file: No space left on device\n"
    assert isinstance(_failure(place, "could not be made", output), DiskFull)
