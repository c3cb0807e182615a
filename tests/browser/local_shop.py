"""The demo shop as `up` runs it, for browsers: the real parts as processes on free ports, before a
database of their own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx

import bootstrap
import settings as settings_module
from memory import turns
from memory.engine import Engine, open_engine
from outreach import shop_sync
from settings import PROJECT, Settings
from tests import keyring
from tests.web_site import free_port

READY_SECONDS = 90.0


@dataclass(kw_only=True)
class LocalShop:
    """Where the shop is, its parts, and what a test may do behind the visitors' backs."""

    settings: Settings
    engine: Engine
    logs: Path
    _lifeline: tuple[int, int] = field(default_factory=os.pipe)
    _processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The address that browsers use."""
        return self.settings.public_base_url

    def start(self, part: str, *command: str) -> None:
        """Start a part (`web`, `agent`, …), or another program, under that name."""
        log = (self.logs / f"{part}.log").open("ab")
        self._processes[part] = subprocess.Popen(
            command or (sys.executable, "-m", "bootstrap", part),
            cwd=PROJECT,
            env=self._environment(),
            stdout=log,
            stderr=log,
            pass_fds=[self._lifeline[0]],
        )
        log.close()

    def stop(self, part: str) -> None:
        """Stop a part in good order, and not so if it takes long."""
        process = self._processes.pop(part)
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)

    def close(self) -> None:
        """Stop everything; nothing of it is needed any more."""
        for process in self._processes.values():
            process.kill()
            process.wait(10)
        self.engine.dispose()
        for end in self._lifeline:
            os.close(end)

    def wait_until_ready(self, *parts: str) -> None:
        """Return when these parts are ready; fail with what their logs say."""
        deadline = time.monotonic() + READY_SECONDS
        while not self._are_ready(parts):
            assert time.monotonic() < deadline, self._logs(parts)
            time.sleep(0.1)

    def tell(
        self, customer: str, *said: turns.Utterance, direction: str = "out", language: str = "ko"
    ) -> None:
        """Say something to a customer, as the dialogue would."""
        with self.engine.begin() as connection:
            turns.append(
                connection,
                customer,
                said,
                direction=direction,
                channel="web",
                language=language,
                at=datetime.now(UTC),
            )

    def said_by(self, customer: str) -> list[str]:
        """What memory holds of a customer's own words, in order."""
        with self.engine.connect() as connection:
            kept = turns.after(connection, customer, 0, limit=1000)
        return [turn.text for turn in kept if turn.direction == "in"]

    def _are_ready(self, parts: Sequence[str]) -> bool:
        try:
            states: Mapping[str, Mapping[str, str]] = httpx.get(
                f"{self.url}/healthz", trust_env=False
            ).json()["parts"]
        except (httpx.HTTPError, ValueError):
            return False
        return all(states[part]["state"] == "ready" for part in parts)

    def _environment(self) -> dict[str, str]:
        settings = self.settings
        return {
            **os.environ,
            **keyring.ENVIRONMENT,
            "DATABASE_URL": settings.database_url,
            "DANGOL_HOME": str(settings.home),
            "DANGOL_PORT": str(settings.port),
            "PUBLIC_BASE_URL": settings.public_base_url,
            "TWILIO_API_BASE_URL": settings.twilio_api_base_url,
            "DANGOL_PHONE_URL": settings.phone_url,
            "PYTHONPATH": str(PROJECT),
            bootstrap.LIFELINE: str(self._lifeline[0]),
        }

    def _logs(self, parts: Sequence[str]) -> str:
        return "\n".join(
            (self.logs / f"{part}.log").read_text(errors="replace")[-2000:] for part in parts
        )


def fill(database_url: str, home: Path, logs: Path) -> LocalShop:
    """The demo shop with its catalogue and customers in memory; nothing runs yet."""
    port, phone = free_port(), f"http://127.0.0.1:{free_port()}"
    settings = settings_module.read(
        {
            **keyring.ENVIRONMENT,
            "DATABASE_URL": database_url,
            "DANGOL_HOME": str(home),
            "DANGOL_PORT": str(port),
            "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
            "DANGOL_PHONE_URL": phone,
        }
    )
    engine = open_engine(database_url, pool_size=3)
    shop_sync.load(engine, bootstrap.open_shop(settings), datetime.now(UTC), lambda _said: None)
    return LocalShop(settings=settings, engine=engine, logs=logs)
