"""Segment's own libraries, as they are, send to a real web part: all arrives once, also when the
part is killed and started again meanwhile.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from command.frontend import node_environment
from settings import PROJECT
from tests.keyring import ENVIRONMENT
from tests.postgres import ask
from tests.running_shop import shared_home, wait_for
from tests.web_site import NO_TLS, fill, free_port

KEY = "the write key of this test"
SOURCES = PROJECT / "tests" / "segment"
ALL = set(range(1000))


class Part:
    """A web part as the supervisor starts it, which may be killed and started again."""

    def __init__(self, database_url: str, home: Path) -> None:
        self._environment = {
            **os.environ,
            **ENVIRONMENT,
            "DANGOL_HOME": str(home),
            "DATABASE_URL": database_url,
            "DANGOL_PORT": str(free_port()),
            "DANGOL_WRITE_KEY": KEY,
        }
        self.url = f"http://127.0.0.1:{self._environment['DANGOL_PORT']}"
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            (sys.executable, "-m", "bootstrap", "web"), cwd=PROJECT, env=self._environment
        )

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def answers(self) -> bool:
        try:
            httpx.get(f"{self.url}/static/mark.svg", trust_env=False, verify=NO_TLS)
        except httpx.TransportError:
            return False
        return True


@pytest.fixture
def part(database_url: str, tmp_path: Path) -> Iterator[Part]:
    fill(database_url)
    started = Part(database_url, tmp_path)
    try:
        wait_for(started.answers, what="the web part")
        yield started
    finally:
        started.kill()


@pytest.fixture(scope="session")
def node_program() -> tuple[Path, dict[str, str]]:
    """The program beside the library, which is installed once for its lock, and where node is."""
    lock = hashlib.sha256((SOURCES / "package-lock.json").read_bytes()).hexdigest()[:16]
    folder = shared_home() / "segment" / lock
    environment = {**os.environ, **node_environment(shared_home() / "segment")}
    if not (folder / "node_modules").is_dir():
        draft = folder.with_name(f"{lock}.{os.getpid()}")
        draft.mkdir(parents=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(SOURCES / name, draft)
        subprocess.run(
            ("npm", "ci", "--no-audit", "--no-fund"), cwd=draft, env=environment, check=True
        )
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
    shutil.copy(SOURCES / "send.js", folder)
    return folder / "send.js", environment


def _python(part: Part) -> subprocess.Popen[bytes]:
    return subprocess.Popen((sys.executable, str(SOURCES / "send.py"), part.url, KEY))


def _node(part: Part, program: tuple[Path, dict[str, str]]) -> subprocess.Popen[bytes]:
    path, environment = program
    return subprocess.Popen(("node", str(path), part.url, KEY), env=environment)


def _arrived(database_url: str) -> list[int]:
    rows = ask(
        database_url,
        "SELECT (properties ->> 'number')::int FROM events WHERE name = 'Song Played' ORDER BY 1",
    )
    return [int(str(number)) for (number,) in rows]


def _all_arrive_once(database_url: str, sending: subprocess.Popen[bytes]) -> None:
    assert sending.wait(120) == 0
    assert _arrived(database_url) == sorted(ALL)


def _kill_in_the_midst(database_url: str, part: Part) -> None:
    wait_for(lambda: len(_arrived(database_url)) >= 200, what="some events")
    part.kill()
    assert set(_arrived(database_url)) < ALL
    part.start()


def test_the_python_library(database_url: str, part: Part) -> None:
    _all_arrive_once(database_url, _python(part))


def test_the_python_library_when_the_part_is_killed(database_url: str, part: Part) -> None:
    sending = _python(part)
    _kill_in_the_midst(database_url, part)
    _all_arrive_once(database_url, sending)


def test_the_node_library(
    database_url: str, part: Part, node_program: tuple[Path, dict[str, str]]
) -> None:
    _all_arrive_once(database_url, _node(part, node_program))


def test_the_node_library_when_the_part_is_killed(
    database_url: str, part: Part, node_program: tuple[Path, dict[str, str]]
) -> None:
    sending = _node(part, node_program)
    _kill_in_the_midst(database_url, part)
    _all_arrive_once(database_url, sending)
