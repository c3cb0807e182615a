"""Agent processes as the supervisor starts them, with the shop as it is shipped."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from agent import training
from memory import customers, inbox, parts
from memory.engine import Engine, open_engine
from outreach import shop_sync
from shops import registry
from tests.running_shop import PROJECT, shared_home, wait_for

SAID = ["안녕하세요", "제 사이즈는 270이에요", "my favourite colour is red", "고마워요"]


@dataclass
class Agents:
    """Started processes on a database in which the shipped release is live."""

    engine: Engine
    url: str
    home: Path
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, name: str) -> subprocess.Popen[bytes]:
        """One process, not yet ready."""
        environment = {
            **os.environ,
            "DATABASE_URL": self.url.replace("+psycopg", ""),
            "DANGOL_HOME": str(self.home),
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "bootstrap", "agent", "--name", name],
            cwd=PROJECT,
            env=environment,
        )
        self.started.append(process)
        return process

    def wait_until_ready(self, *names: str) -> None:
        """Return when these processes say so."""
        wait_for(lambda: self._ready() >= set(names), seconds=300, what=f"{names} to be ready")

    def _ready(self) -> set[str]:
        with self.engine.connect() as connection:
            return {part.part for part in parts.known(connection) if part.is_ready}

    def hear(self, customer_id: str, said: str) -> None:
        """Store a message as `web` does."""
        with self.engine.begin() as connection:
            inbox.accept(
                connection,
                inbox.Incoming(
                    channel="web",
                    provider_id=secrets.token_hex(8),
                    customer_id=customer_id,
                    text=said,
                    proof="none",
                ),
                now=datetime.now(UTC),
            )

    def waiting(self) -> int:
        """How many messages wait for an answer."""
        with self.engine.connect() as connection:
            statement = text("SELECT count(*) FROM inbox WHERE state = 'ready'")
            return int(connection.scalar(statement) or 0)


@pytest.fixture
def agents(database_url: str, tmp_path: Path) -> Iterator[Agents]:
    """The shipped shop, its agents not yet started."""
    engine = open_engine(database_url)
    training.train_if_needed(engine, PROJECT, shared_home(), lambda _said: None)
    shop = registry.open_shop(
        "demo", catalogue=PROJECT / "data" / "catalogue", now=datetime.now(UTC)
    )
    shop_sync.sync_catalogue(engine, shop)
    opened = Agents(engine=engine, url=database_url, home=tmp_path)
    yield opened
    for process in opened.started:
        process.kill()
        process.wait(20)
    engine.dispose()


@pytest.mark.timeout(900)
def test_two_agents_answer_everybody_once_and_in_order_though_one_is_killed(
    agents: Agents,
) -> None:
    first = agents.start("agent-1")
    second = agents.start("agent-2")
    agents.wait_until_ready("agent-1", "agent-2")
    with agents.engine.begin() as connection:
        now = datetime.now(UTC)
        writers = [customers.create(connection, now=now) for _ in range(12)]
    for said in SAID:
        for writer in writers:
            agents.hear(writer, said)
    time.sleep(0.2)
    first.kill()
    wait_for(lambda: agents.waiting() == 0, seconds=120, what="every message to be answered")
    with agents.engine.connect() as connection:
        for writer in writers:
            answers = connection.execute(
                text(
                    "SELECT language, text FROM turns WHERE customer_id = :id"
                    " AND direction = 'out' ORDER BY seq"
                ),
                {"id": writer},
            ).all()
            kept = connection.execute(
                text("SELECT kind, value FROM facts WHERE customer_id = :id ORDER BY fact_id"),
                {"id": writer},
            ).all()
            assert [row.language for row in answers] == ["ko", "ko", "en", "ko"]
            assert "270" in answers[1].text
            assert [tuple(row) for row in kept] == [("shoe_size", 270), ("colour_liked", "red")]
    second.send_signal(signal.SIGTERM)
    assert second.wait(20) == 0
    with agents.engine.connect() as connection:
        assert "agent-2" not in {part.part for part in parts.known(connection)}
