"""What a turn costs: the whole of it (claimed → Rasa → actions → committed) beside Rasa alone, two
agent processes beside one, and how large one grows (issue "The spine", speed and size).

Rasa alone is a copy of the same model whose rules utter directly, with its own in-memory tracker
and no actions. Both answer the same texts alternately, in one run.
"""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import yaml

import bootstrap
import settings as settings_module
from agent import stand_ins, training
from bench import Figure, figure
from memory import customers, inbox, migrate, parts
from memory.embedded import EmbeddedServer
from memory.engine import Engine
from memory.sealing import Keyring
from memory.tables import inbox as inbox_table
from outreach import shop_sync
from settings import Settings
from tests.postgres import fresh_database, temporary_home

_figure = partial(figure, "turn")

PROJECT = Path(__file__).resolve().parents[1]
KEPT = PROJECT / ".dangol"
"""Where trained models are kept; the same as `./dangol up` uses by default."""

CUSTOMERS = 20
"""Conversations of ten messages in the comparison with Rasa alone."""

WAITING = 30
"""Conversations of ten messages in the pre-filled inbox."""

ROUNDS = 3

TEXTS = (
    "안녕하세요",
    "제 사이즈는 270이에요",
    "등산화 추천해 주세요",
    "이거 270 있어요?",
    "배송 얼마나 걸려요?",
    "what do you know about me?",
    "do you have hiking boots in 9?",
    "결혼기념일은 5월 3일이에요",
    "반품은 어떻게 해요?",
    "thanks!",
)


def run(_data: Path | None) -> list[Figure]:
    """Measure, with nothing from outside. The figures of DESIGN §4 `bench`."""
    with temporary_home(on_disk=True) as home, fresh_database(EmbeddedServer(home).start()) as url:
        settings = settings_module.read(
            {"DANGOL_HOME": str(home), "DATABASE_URL": url.replace("+psycopg", "")}
        )
        engine = open_demo_shop(settings)
        try:
            return [*_beside_rasa_alone(engine, home), *_two_beside_one(engine, settings)]
        finally:
            engine.dispose()


def open_demo_shop(settings: Settings) -> Engine:
    """A database with the demo shop's catalogue and the live release."""
    migrate.upgrade(settings.database_url, Keyring.of(settings.secret_keys))
    engine = bootstrap.open_memory(settings)
    training.train_if_needed(engine, PROJECT, KEPT, _tell)
    shop_sync.sync_catalogue(engine, bootstrap.open_shop(settings))
    return engine


def _beside_rasa_alone(engine: Engine, home: Path) -> list[Figure]:
    stand_ins.install()
    whole_of_it, bare_of_it = whole_turn(engine, home), _bare(home)
    whole: list[float] = []
    bare: list[float] = []
    _tell("Answering the same texts as a whole turn and by Rasa alone")
    for conversation in range(-2, CUSTOMERS):
        writer = _new_customer(engine)
        for text in TEXTS:
            hear(engine, writer, text)
            both = [(whole, whole_of_it), (bare, bare_of_it)]
            for times, turn in both if conversation % 2 else reversed(both):
                took = turn(writer, text)
                if conversation >= 0:  # the first two warm up
                    times.append(took)
    return _compared(whole, bare)


def _compared(whole: Sequence[float], bare: Sequence[float]) -> list[Figure]:
    ratio = sum(bare) / sum(whole)
    added = 1000 * (statistics.median(whole) - statistics.median(bare))
    worst = 1000 * statistics.quantiles(whole, n=20)[-1]
    return [
        _figure(
            "throughput of whole turns",
            len(whole) / sum(whole),
            "turns/s",
            bound=len(bare) / sum(bare),
            ratio=ratio,
            aim="ratio ≥ 0.5",
            met=ratio >= 0.5,
        ),
        _figure(
            "latency p50 of a whole turn",
            1000 * statistics.median(whole),
            "ms",
            bound=1000 * statistics.median(bare),
        ),
        _figure("latency p95 of a whole turn", worst, "ms"),
        _figure("added latency p50", added, "ms", aim="≤ 10 ms", met=added <= 10),
    ]


def whole_turn(engine: Engine, home: Path) -> Callable[[str, str], float]:
    """A turn as the agent runs it, timed from before its claim to after its commit."""
    from agent import in_process, patches, turn
    from agent.catalogue import KnownCatalogue
    from agent.model import LiveModel

    patches.apply()
    live = LiveModel(in_process.load_actions("actions"), home / "models")
    with engine.connect() as connection:
        live.know_shop(KnownCatalogue().refresh(connection))
        live.follow(connection)
    model = live.model
    loop = asyncio.new_event_loop()

    def answer(_writer: str, _text: str) -> float:
        began = time.perf_counter()
        with engine.begin() as connection:
            claimed = turn.claim(connection, turn.Limits())
            if claimed is None or model is None:
                raise RuntimeError("the message that was stored cannot be claimed")
            turn.answer(
                connection,
                claimed,
                model,
                loop,
                shop_url="http://localhost",
                limits=turn.Limits(),
            )
        return time.perf_counter() - began

    return answer


def _bare(home: Path) -> Callable[[str, str], float]:
    """Rasa alone, as its own library use shows it."""
    project = _uttering_copy(home / "bare")
    archive = training.train_apart(project, home / "bare-home", _tell).path
    from rasa.core.agent import Agent

    agent = Agent.load(archive)
    loop = asyncio.new_event_loop()

    def answer(writer: str, text: str) -> float:
        began = time.perf_counter()
        if not loop.run_until_complete(agent.handle_text(text, sender_id=writer)):
            raise RuntimeError("Rasa alone said nothing")
        return time.perf_counter() - began

    return answer


def _uttering_copy(folder: Path) -> Path:
    """The project with every action of a rule replaced by a plain response."""
    for name in ("data/nlu", "data/rules", "data/facts", "nlu"):
        shutil.copytree(PROJECT / name, folder / name)
    for path in [*(folder / "data" / "rules").glob("*.yml"), folder / "config.yml"]:
        if path.name == "config.yml":
            shutil.copyfile(PROJECT / "config.yml", path)
        said = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"\baction_([a-z_]+)\b", r"utter_\1", said), encoding="utf-8")
    domain = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
    plain = [name.replace("action_", "utter_") for name in domain.pop("actions")]
    domain["responses"] = {name: [{"text": "Plain."}] for name in (*plain, *training.ALWAYS_SAID)}
    (folder / "domain.yml").write_text(yaml.safe_dump(domain, allow_unicode=True), "utf-8")
    return folder


def _two_beside_one(engine: Engine, settings: Settings) -> list[Figure]:
    one: list[float] = []
    two: list[float] = []
    resident: list[float] = []
    with _agents(engine, settings, ["bench-1", "bench-2"]) as (first, second):
        for number in range(ROUNDS):
            _tell(f"One agent process, then two, round {number + 1} of {ROUNDS}")
            second.suspend()
            one.append(_drain(engine))
            second.resume()
            two.append(_drain(engine))
        resident += [process.memory_info().rss / 1024**2 for process in (first, second)]
    ratio = statistics.median(two) / statistics.median(one)
    return [
        _figure(
            "two agent processes, pre-filled inbox",
            statistics.median(two),
            "turns/s",
            bound=statistics.median(one),
            ratio=ratio,
            aim="ratio ≥ 1.6",
            met=ratio >= 1.6,
        ),
        _figure(
            "resident memory of one agent",
            max(resident),
            "MB",
            aim="≤ 650 MB",
            met=max(resident) <= 650,
        ),
    ]


@contextmanager
def _agents(
    engine: Engine, settings: Settings, names: Sequence[str]
) -> Iterator[list[psutil.Process]]:
    """Agent processes as the supervisor starts them, ready."""
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url.replace("+psycopg", ""),
        "DANGOL_HOME": str(settings.home),
        "DANGOL_LOG_LEVEL": "WARNING",
    }
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "bootstrap", "agent", "--name", name],
            cwd=PROJECT,
            env=environment,
        )
        for name in names
    ]
    try:
        _tell("Starting two agent processes")
        _wait_until_ready(engine, names)
        yield [psutil.Process(process.pid) for process in started]
    finally:
        for process in started:
            process.kill()
            process.wait()


def _wait_until_ready(engine: Engine, names: Sequence[str]) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        with engine.connect() as connection:
            ready = {part.part for part in parts.known(connection) if part.is_ready}
        if ready >= set(names):
            return
        time.sleep(0.2)
    raise TimeoutError("the agents did not become ready")


def _drain(engine: Engine) -> float:
    """Turns a second, from the commit that fills the inbox to the last answer."""
    with engine.begin() as connection:
        for _ in range(WAITING):
            writer = customers.create(connection, now=datetime.now(UTC))
            for text in TEXTS:
                _accept(connection, writer, text)
    began = time.perf_counter()
    while True:
        with engine.connect() as connection:
            waiting = inbox_table.c.state == "ready"
            if connection.execute(inbox_table.select().where(waiting).limit(1)).first() is None:
                return WAITING * len(TEXTS) / (time.perf_counter() - began)
        time.sleep(0.05)


def _new_customer(engine: Engine) -> str:
    with engine.begin() as connection:
        return customers.create(connection, now=datetime.now(UTC))


def hear(engine: Engine, writer: str, text: str) -> None:
    """Store a message of a customer, for the next turn to claim."""
    with engine.begin() as connection:
        _accept(connection, writer, text)


def _accept(connection: Any, writer: str, text: str) -> None:
    message = inbox.Incoming(
        channel="web",
        provider_id=secrets.token_hex(8),
        customer_id=writer,
        text=text,
        proof="none",
    )
    inbox.accept(connection, message, now=datetime.now(UTC))


def _tell(progress: str) -> None:
    sys.stderr.write(f"{progress} …\n")
