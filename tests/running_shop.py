"""A whole Dangol for tests: started and stopped by its own command line, spoken to over HTTP.

What takes long and depends on the checkout only (model, chat widget) is made once in
DANGOL_TEST_HOME and shared; everything else lives in a home of the test's own.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from memory.embedded import EmbeddedServer
from settings import PROJECT
from tests import keyring

MADE_ONCE = ("models", "frontend")


def shared_home() -> Path:
    """Where the model and the widget are made once."""
    return Path(os.environ.get("DANGOL_TEST_HOME") or PROJECT / ".dangol")


def wait_for[Found](
    look: Callable[[], Found | None], *, seconds: float = 30.0, what: str = ""
) -> Found:
    """What `look` returns as soon as it is something; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"waited {seconds} s in vain for {what or look}"
        time.sleep(0.1)


def free_port() -> int:
    """A port nobody listens on, with a free neighbour for the telephone."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


@dataclass
class Visitor:
    """One browser, as far as the API is concerned."""

    base: str
    token: str = ""
    customer: str = ""
    seen: int = 0

    def open(self, language: str = "ko") -> None:
        """Take a session."""
        answer = httpx.post(f"{self.base}/chat/session", json={"language": language}, timeout=10)
        answer.raise_for_status()
        self.token, self.customer = answer.json()["token"], answer.json()["customer"]
        self.seen = max(row["seq"] for row in self.rows())

    def rows(self, after: int = 0) -> list[dict[str, Any]]:
        """What was said after `after`."""
        answer = httpx.get(
            f"{self.base}/chat/messages",
            params={"after": after},
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=10,
        )
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()["messages"]
        return found

    def say(self, text: str) -> None:
        """Say something and do not wait."""
        httpx.post(
            f"{self.base}/chat/messages",
            json={"text": text},
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=10,
        ).raise_for_status()

    def ask(self, text: str, *, seconds: float = 30.0) -> str:
        """Say something; the shop's answer, its utterances joined by line breaks."""
        self.say(text)
        return self.answer(seconds=seconds)

    def answer(self, *, seconds: float = 30.0) -> str:
        """What the shop has said since the last answer."""

        def new() -> list[dict[str, Any]]:
            return [row for row in self.rows(self.seen) if row["direction"] == "out"]

        found = wait_for(new, seconds=seconds, what="an answer")
        self.seen = max(row["seq"] for row in found)
        return "\n".join(row["text"] for row in found)


@dataclass
class RunningShop:
    """A DANGOL_HOME and what its command line does."""

    home: Path
    port: int = field(default_factory=free_port)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `./dangol …` (its Python half) to its end."""
        return subprocess.run(
            (sys.executable, "-m", "command", *arguments),
            cwd=PROJECT,
            env={**os.environ, **self._environment(), **environment},
            capture_output=True,
            text=True,
            timeout=240,
        )

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `./dangol …` and let it run."""
        return subprocess.Popen(
            (sys.executable, "-m", "command", *arguments),
            cwd=PROJECT,
            env={**os.environ, **self._environment()},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def up(self) -> str:
        """Start everything; what `up --detach` said."""
        done = self.command("up", "--port", str(self.port), "--detach")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def down(self) -> subprocess.CompletedProcess[str]:
        """Stop everything."""
        return self.command("down")

    def pids(self) -> dict[str, int]:
        """Part → process, and the supervisor's."""
        found = json.loads((self.home / "run" / "supervisor.json").read_text(encoding="utf-8"))
        return {**found["parts"], "supervisor": found["pid"]}

    def kill(self, part: str) -> None:
        """`kill -9` of a part that lives."""
        pid = wait_for(
            lambda: next((pid for pid in [self.pids()[part]] if is_running(pid)), None), what=part
        )
        os.kill(pid, signal.SIGKILL)

    def health(self) -> dict[str, Any]:
        """What /healthz says, with its status."""
        try:
            answer = httpx.get(f"{self.base}/healthz", timeout=5)
        except httpx.HTTPError:
            return {"status_code": 0}
        return {**answer.json(), "status_code": answer.status_code}

    def wait_until_healthy(self, seconds: float = 60.0) -> None:
        """Until every part lives and is ready again."""

        def is_well() -> bool:
            return self.health()["status_code"] == 200 and all(
                map(is_running, self.pids().values())
            )

        wait_for(is_well, seconds=seconds, what="health")

    def visitor(self, language: str = "ko") -> Visitor:
        """A new browser."""
        made = Visitor(self.base)
        made.open(language)
        return made

    def _environment(self) -> dict[str, str]:
        return {
            **keyring.ENVIRONMENT,
            "DANGOL_HOME": str(self.home),
            "PYTHONPATH": str(PROJECT),
        }


def prepare_home(home: Path) -> None:
    """Let `home` use the model and widget that are made once."""
    for name in MADE_ONCE:
        shared = shared_home() / name
        shared.mkdir(parents=True, exist_ok=True)
        (home / name).symlink_to(shared, target_is_directory=True)


@contextmanager
def running_shop(home: Path) -> Iterator[RunningShop]:
    """A shop that runs for the body and is stopped at its end."""
    prepare_home(home)
    shop = RunningShop(home)
    try:
        shop.up()
        yield shop
    finally:
        shop.down()


def is_running(pid: int) -> bool:
    """True if the process lives (a zombie does not)."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def database_pid(home: Path) -> int | None:
    """The embedded server's main process."""
    return EmbeddedServer(home).status().pid
