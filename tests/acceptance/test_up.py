"""`up`, `down` and their like, with real processes: a customer is remembered over everything that
is killed, and nothing is left behind.
"""

from __future__ import annotations

import os
import signal
import socket
import time

import httpx
import pytest

from tests.postgres import temporary_home
from tests.running_shop import (
    RunningShop,
    database_pid,
    free_port,
    is_running,
    wait_for,
)


@pytest.fixture
def shop(demo: RunningShop) -> RunningShop:
    """The shop of all, which may be harmed here, as nobody uses it afterwards."""
    if demo.health()["status_code"] == 0:
        demo.up()
    demo.wait_until_healthy()
    return demo


def test_health_names_every_part_and_the_pages_are_there(shop: RunningShop) -> None:
    found = shop.health()
    assert {"database", "web", "agent", "outreach"} <= set(found["parts"])
    for path in ("/", "/phone", "/products.json", "/metrics"):
        assert httpx.get(f"{shop.base}{path}", timeout=10).status_code == 200, path
    assert shop.command("status").returncode == 0


def test_facts_are_kept_over_a_restart_of_everything(shop: RunningShop) -> None:
    korean, english = shop.visitor("ko"), shop.visitor("en")
    assert "270" in korean.ask("제 신발 사이즈는 270이에요")
    assert "5월 3일" in korean.ask("결혼기념일은 5월 3일이에요")
    assert "9.5" in english.ask("my shoe size is US 9.5")
    assert shop.down().returncode == 0
    said = shop.up()
    assert said.strip().splitlines()[-1].startswith("ready ")
    assert "Training the model" not in said
    assert "270" in korean.ask("저에 대해 뭘 알고 있어요?")
    assert "9.5" in english.ask("what do you know about me?")


def test_an_agent_killed_in_mid_work_loses_nothing_and_says_nothing_twice(
    shop: RunningShop,
) -> None:
    visitors = [shop.visitor() for _ in range(4)]
    for visitor in visitors:
        visitor.ask("안녕하세요")
    for number in range(5):
        for visitor in visitors:
            visitor.say(f"제 신발 사이즈는 {230 + 10 * number}이에요")
        if number == 2:
            shop.kill("agent")
    sizes = ("230", "240", "250", "260", "270")
    for visitor in visitors:
        rows = wait_for(
            lambda visitor=visitor: _answered(visitor, 5),  # type: ignore[misc]
            seconds=90,
            what="five answers",
        )
        answers = [row["text"] for row in rows if row["direction"] == "out"]
        assert len(answers) == 5
        for size, answer in zip(sizes, answers, strict=True):
            assert size in answer
    shop.wait_until_healthy()


def _answered(visitor: object, count: int) -> list[dict[str, str]] | None:
    rows: list[dict[str, str]] = visitor.rows(visitor.seen)  # type: ignore[attr-defined]
    return rows if sum(row["direction"] == "out" for row in rows) >= count else None


def test_one_part_is_restarted_without_the_others(shop: RunningShop) -> None:
    before = shop.pids()
    assert shop.command("restart", "outreach").returncode == 0
    wait_for(lambda: shop.pids()["outreach"] != before["outreach"], what="a new outreach")
    after = shop.pids()
    assert {name for name in before if before[name] != after[name]} == {"outreach"}
    assert shop.command("restart", "nobody").returncode == 1


def test_health_names_the_part_that_is_gone(shop: RunningShop) -> None:
    os.kill(shop.pids()["agent"], signal.SIGSTOP)
    stopped = shop.pids()["agent"]
    try:
        found = wait_for(
            lambda: (lambda seen: seen if seen["status_code"] == 503 else None)(shop.health()),
            what="a 503",
        )
    finally:
        os.kill(stopped, signal.SIGCONT)
    assert "agent" in str(found["broken"])
    shop.wait_until_healthy()


def test_a_second_up_is_told_who_runs(shop: RunningShop) -> None:
    done = shop.command("up", "--port", str(free_port()))
    assert done.returncode == 1
    assert str(shop.pids()["supervisor"]) in done.stderr
    assert "down" in done.stderr


def test_after_kill_9_of_the_supervisor_nothing_runs_and_up_works_again(
    shop: RunningShop,
) -> None:
    visitor = shop.visitor()
    assert "260" in visitor.ask("제 신발 사이즈는 260이에요")
    pids, database = shop.pids(), database_pid(shop.home)
    assert database is not None
    assert is_running(database)
    os.kill(pids["supervisor"], signal.SIGKILL)
    wait_for(
        lambda: not any(is_running(pid) for pid in [*pids.values(), database]),
        seconds=40,
        what="the end of every part",
    )
    shop.up()
    assert "260" in visitor.ask("저에 대해 뭘 알고 있어요?")


def test_down_stops_everything_and_says_so_when_nothing_runs(shop: RunningShop) -> None:
    pids, database = shop.pids(), database_pid(shop.home)
    assert database is not None
    assert shop.down().returncode == 0
    assert not is_running(database)
    wait_for(lambda: not any(map(is_running, pids.values())), what="the end of every part")
    again = shop.down()
    assert again.returncode == 0
    assert "Nothing was running" in again.stdout
    assert shop.command("status").returncode == 1


def _one_line(stderr: str) -> str:
    lines = [line for line in stderr.splitlines() if line.strip()]
    assert len(lines) == 1, stderr
    return lines[0]


def test_a_taken_port_is_said_in_one_line() -> None:
    with temporary_home() as home, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = RunningShop(home).command("up", "--port", str(port))
    assert done.returncode == 1
    assert str(port) in _one_line(done.stderr)
    assert "--port" in done.stderr


def test_a_database_that_does_not_answer_is_said_in_one_line() -> None:
    with temporary_home() as home:
        began = time.monotonic()
        done = RunningShop(home).command(
            "up", "--port", str(free_port()), DATABASE_URL=f"postgresql://127.0.0.1:{free_port()}/x"
        )
    assert done.returncode == 1
    assert time.monotonic() - began < 60
    assert "DATABASE_URL" in _one_line(done.stderr)


def test_an_unknown_shop_is_said_in_one_line() -> None:
    with temporary_home() as home:
        done = RunningShop(home).command("up", "--port", str(free_port()), DANGOL_SHOP="nowhere")
    assert done.returncode == 1
    assert "nowhere" in _one_line(done.stderr)


def test_down_during_the_preparations_ends_them_at_once() -> None:
    with temporary_home() as home:
        shop = RunningShop(home)
        process = shop.begin("up", "--port", str(shop.port))
        assert process.stdout is not None
        for line in process.stdout:
            if "Training the model" in line or "Loading Rasa" in line:
                break
        assert shop.down().returncode == 0
        assert process.wait(20) == 0
        assert database_pid(home) is None
