"""What crashes leave behind is recognised for what it is, and mended by the next start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from memory.embedded import EmbeddedServer, ServerState, ServerStatus
from memory.embedded_place import find_place
from tests.postgres import ask, connect, wait_for

SOURCE = Path(__file__).parents[2]


def kill_main_process(server: EmbeddedServer) -> ServerStatus:
    """`kill -9` of the postmaster; returns the status from before."""
    status = server.status()
    assert status.pid is not None
    os.kill(status.pid, signal.SIGKILL)
    wait_for(lambda: server.status().pid is None)
    return status


def is_alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


@pytest.fixture(params=["another program", "another server"])
def bystander(
    request: pytest.FixtureRequest, server: EmbeddedServer, home: Path
) -> Iterator[psutil.Process]:
    """A living process of the server's own user that has nothing to do with it."""
    if request.param == "another server":
        EmbeddedServer(home).start()
        yield psutil.Process(EmbeddedServer(home).status().pid)
        return
    place = find_place(server.home)
    assert place is not None
    account = place.account
    user, group = (account.uid, account.gid) if account else (None, None)
    with subprocess.Popen(["sleep", "300"], user=user, group=group) as process:
        yield psutil.Process(process.pid)
        process.kill()


def test_what_was_committed_survives_a_kill_in_mid_write(server: EmbeddedServer) -> None:
    ask(server.url, "CREATE TABLE mid_write (number int PRIMARY KEY, filler text)")
    committed: list[int] = []
    writer = threading.Thread(target=write_until_cut_off, args=(server.url, committed))
    writer.start()
    wait_for(lambda: len(committed) >= 30)
    before = kill_main_process(server)
    writer.join(20)
    assert before.cluster is not None
    assert (before.cluster / "postmaster.pid").exists()
    assert server.status().state is ServerState.STOPPED

    url = server.start()

    found = [row[0] for row in ask(url, "SELECT number FROM mid_write ORDER BY number")]
    assert found[: len(committed)] == committed
    assert len(found) <= len(committed) + 1  # the last one may have been committed unheard


def write_until_cut_off(url: str, committed: list[int]) -> None:
    """Adds row after row, each its own transaction, and notes those known to be committed."""
    try:
        with connect(url) as connection:
            for number in range(1_000_000):
                connection.execute("INSERT INTO mid_write VALUES (%s, repeat('x', 2000))", [number])
                connection.commit()
                committed.append(number)
    except psycopg.OperationalError:
        return


def test_a_busy_process_left_by_the_killed_server_does_not_block_the_start(
    server: EmbeddedServer,
) -> None:
    busy = connect(server.url)
    left = psutil.Process(busy.info.backend_pid)
    endless = threading.Thread(target=run_cut_off, args=(busy,))
    endless.start()
    wait_for(lambda: left.cpu_times().user > 0.2)
    kill_main_process(server)
    assert left.is_running()

    assert ask(server.start(), "SELECT 1") == [(1,)]

    assert not is_alive(left)
    endless.join(10)


def run_cut_off(connection: psycopg.Connection) -> None:
    """Counts for hours, so that the process never looks up to see its server die."""
    try:
        connection.execute("SELECT count(*) FROM generate_series(1, 1e11::bigint)")
    except psycopg.OperationalError:
        return


def test_a_pid_that_now_belongs_to_another_program_is_no_server(
    server: EmbeddedServer, bystander: psutil.Process
) -> None:
    before = kill_main_process(server)
    assert before.cluster is not None
    assert before.sockets is not None
    for path in (before.cluster / "postmaster.pid", before.sockets / ".s.PGSQL.5432.lock"):
        lines = path.read_text().splitlines()
        assert lines[0] == str(before.pid)
        path.write_text("\n".join([str(bystander.pid), *lines[1:]]) + "\n")

    assert server.status().state is ServerState.STOPPED
    server.stop()
    assert is_alive(bystander)
    assert ask(server.start(), "SELECT 1") == [(1,)]
    assert is_alive(bystander)


@pytest.mark.parametrize("content", ["", "not a number\n", "999999999\n"])
def test_a_damaged_pid_file_is_replaced(server: EmbeddedServer, content: str) -> None:
    before = kill_main_process(server)
    assert before.cluster is not None
    (before.cluster / "postmaster.pid").write_text(content)

    assert server.status().state is ServerState.STOPPED
    assert ask(server.start(), "SELECT 1") == [(1,)]


def test_a_server_whose_socket_is_gone_is_unreachable_and_started_again(
    server: EmbeddedServer,
) -> None:
    before = server.status()
    assert before.sockets is not None
    (before.sockets / ".s.PGSQL.5432").unlink()
    assert (server.status().state, server.status().pid) == (ServerState.UNREACHABLE, before.pid)
    assert server.status().detail

    assert ask(server.start(), "SELECT 1") == [(1,)]
    assert server.status().pid != before.pid


def test_a_socket_folder_swept_away_by_the_system_is_made_again(server: EmbeddedServer) -> None:
    before = server.status()
    assert before.sockets is not None
    for path in before.sockets.iterdir():
        path.unlink()
    before.sockets.rmdir()

    assert ask(server.start(), "SELECT 1") == [(1,)]


def test_a_living_server_without_its_pid_file_is_known_and_stopped(server: EmbeddedServer) -> None:
    before = server.status()
    assert before.cluster is not None
    (before.cluster / "postmaster.pid").unlink()

    assert (server.status().state, server.status().pid) == (ServerState.RUNNING, before.pid)
    server.stop()
    assert server.status().state is ServerState.STOPPED
    assert ask(server.start(), "SELECT 1") == [(1,)]


def test_stop_tidies_up_after_a_server_that_was_killed(server: EmbeddedServer) -> None:
    before = kill_main_process(server)
    assert before.sockets is not None
    assert list(before.sockets.iterdir())

    server.stop()
    assert not before.sockets.exists()


def test_a_first_start_killed_half_way_leaves_no_half_cluster(home: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from memory.embedded import EmbeddedServer\n"
        "EmbeddedServer(Path(sys.argv[1])).start()"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(home)], cwd=SOURCE) as starter:
        wait_for(lambda: any((home / "postgres").glob("cluster.new-*/PG_VERSION")), seconds=20)
        starter.kill()
    assert EmbeddedServer(home).status().state is ServerState.ABSENT

    url = EmbeddedServer(home).start()

    assert ask(url, "SELECT 1") == [(1,)]


def test_a_start_killed_before_its_database_was_made_is_completed(server: EmbeddedServer) -> None:
    place = find_place(server.home)
    assert place is not None
    password = (server.home / "postgres" / "password").read_text()
    with psycopg.connect(
        host=str(place.sockets), user="postgres", password=password, dbname="postgres"
    ) as connection:
        connection.autocommit = True
        connection.execute("DROP DATABASE dangol WITH (FORCE)")

    assert ask(server.start(), "SELECT current_database()") == [("dangol",)]


def test_a_server_that_does_not_run_is_quickly_told(server: EmbeddedServer) -> None:
    server.stop()
    begun = time.monotonic()
    assert server.status().state is ServerState.STOPPED
    assert time.monotonic() - begun < 2
