"""Fixtures for tests of the agent: a small trained project, live in a database of the test's own,
customers who write, and agents that answer, in this process or in others.
"""

from __future__ import annotations

import secrets
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, text

import settings as settings_module
from agent import stand_ins, training
from memory import bell, customers, facts, inbox
from memory.engine import Engine, open_engine
from memory.parts import Heartbeat
from tests import small_project
from tests.running_shop import shared_home

ROOT = Path(__file__).resolve().parents[1]
KEPT = shared_home() / "small-project"
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Writer:
    """A customer who writes on one channel."""

    customer_id: str
    channel: str
    address_id: int | None = None


@dataclass(kw_only=True)
class Shop:
    """A database with a live release, and what a test does with it."""

    engine: Engine
    url: str
    home: Path
    project: Path
    processes: list[BaseProcess] = field(default_factory=list)

    def web_customer(self, **known: Any) -> Writer:
        """Somebody on the web page."""
        with self.engine.begin() as connection:
            customer_id = customers.create(connection, now=NOW, **known)
        return Writer(customer_id=customer_id, channel="web")

    def texting_customer(self) -> Writer:
        """Somebody with a telephone."""
        number = f"+1500{secrets.randbelow(10**7):07}"
        with self.engine.begin() as connection:
            address = customers.of_address(connection, "phone", number, proof="inbound", now=NOW)
        return Writer(customer_id=address.customer_id, channel="sms", address_id=address.address_id)

    def hear(self, writer: Writer, *said: str, proof: str = "none") -> list[int]:
        """Store messages as `web` does; returns their inbox ids."""
        ids = []
        for message in said:
            with self.engine.begin() as connection:
                accepted = inbox.accept(
                    connection,
                    inbox.Incoming(
                        channel=writer.channel,
                        provider_id=secrets.token_hex(8),
                        customer_id=writer.customer_id,
                        text=message,
                        proof=proof,
                        address_id=writer.address_id,
                    ),
                    now=datetime.now(UTC),
                )
            ids.append(accepted.inbox_id)
        return ids

    def answer(self, *, name: str = "agent-1", turn_seconds: float = 15) -> None:
        """Let an agent in this process answer everything that waits, then stop it."""
        stand_ins.install()
        from agent import answering, patches

        patches.apply()
        stop = threading.Event()
        watcher = threading.Thread(target=self._stop_when_done, args=(stop,))
        watcher.start()
        answering.Answering(
            self.settings(),
            self.engine,
            Heartbeat(self.engine, name),
            stop,
            actions=small_project.ACTIONS,
            turn_seconds=turn_seconds,
        ).run()
        watcher.join()

    def start(self, **options: Any) -> BaseProcess:
        """An agent process of this shop (tests/agent_process.py); ended with the test."""
        from tests import agent_process

        process = agent_process.start(self.url, self.home, self.project, **options)
        self.processes.append(process)
        return process

    def settings(self) -> settings_module.Settings:
        """As the supervisor would set them."""
        plain = self.url.replace("+psycopg", "")
        return settings_module.read({"DANGOL_HOME": str(self.home), "DATABASE_URL": plain})

    def rows(self, statement: str, **values: Any) -> list[Row[Any]]:
        """What the database holds."""
        with self.engine.connect() as connection:
            return list(connection.execute(text(statement), values))

    def answers(self, writer: Writer) -> list[str]:
        """What the shop has said to them, in order."""
        return [
            row.text
            for row in self.rows(
                "SELECT text FROM turns WHERE customer_id = :id AND direction = 'out' ORDER BY seq",
                id=writer.customer_id,
            )
        ]

    def facts_of(self, writer: Writer) -> list[facts.Fact]:
        """What is known of them."""
        with self.engine.connect() as connection:
            return facts.known(connection, writer.customer_id)

    def waiting(self) -> int:
        """How many messages have not been answered or given up."""
        return int(self.rows("SELECT count(*) AS n FROM inbox WHERE state = 'ready'")[0].n)

    def wait_until_answered(self, seconds: float = 60) -> None:
        """Return when nothing waits."""
        deadline = time.monotonic() + seconds
        while self.waiting():
            assert time.monotonic() < deadline, f"{self.waiting()} messages still wait"
            time.sleep(0.05)

    def wait_for(self, statement: str, seconds: float = 60) -> Row[Any]:
        """The first row that the statement finds, as soon as it finds one."""
        deadline = time.monotonic() + seconds
        while not (found := self.rows(statement)):
            assert time.monotonic() < deadline, f"nothing came of {statement}"
            time.sleep(0.05)
        return found[0]

    def _stop_when_done(self, stop: threading.Event) -> None:
        try:
            self.wait_until_answered()
        finally:
            stop.set()
            with self.engine.begin() as connection:
                bell.ring(connection, bell.INBOX)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whichever test comes first may have to wait for a training."""
    for item in items:
        if "small_model" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.timeout(600))


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The small project, written out and importable."""
    folder = small_project.write(tmp_path_factory.mktemp("small"))
    yield folder
    sys.path.remove(str(folder))


@pytest.fixture(scope="session")
def small_model(small_folder: Path) -> training.TrainedModel:
    """Its model, trained once for all test runs with these inputs."""
    return training.trained(small_folder, KEPT, lambda _said: None)


@pytest.fixture
def shop(
    database_url: str, small_folder: Path, small_model: training.TrainedModel, tmp_path: Path
) -> Iterator[Shop]:
    """A shop whose live release is the small project."""
    engine = open_engine(database_url)
    training.publish(engine, small_folder, small_model)
    opened = Shop(engine=engine, url=database_url, home=tmp_path, project=small_folder)
    yield opened
    for process in opened.processes:
        process.kill()
        process.join(20)
    engine.dispose()
