"""`up`: everything that is needed, step by step, then the parts under one supervisor."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import httpx
import psutil

from agent import training
from bootstrap import open_memory, open_shop
from command import clock, database, frontend, running
from command.console import Console
from command.supervisor import PartPlan, Supervisor
from marketing.errors import DangolError, Unavailable
from memory import migrate, parts, resealing
from memory.embedded import EmbeddedServer
from memory.sealing import Keyring
from outreach import shop_sync
from settings import PROJECT, Settings
from shops.protocol import Shop

READY_WITHIN = 120.0


class PortTaken(DangolError):
    """The port is in use: choose another with --port."""


class NotReady(Unavailable):
    """A part did not become ready: see its log."""


def up(settings: Settings, console: Console) -> None:
    """Run Dangol until SIGINT or SIGTERM.

    Raises a DangolError, EmbeddedServerError, ShopError or SettingsError with a one-line reason.
    """
    shop = open_shop(settings)
    lock = running.take_lock(settings.home)
    stop = _stop_when_told()
    try:
        settings = _with_free_ports(settings)
        running.write(settings.home, settings.public_base_url, {})
        with console.step("Database"):
            settings, is_embedded = database.start(settings)
        with _supervised(settings, console, is_embedded=is_embedded) as supervisor:
            begins_at = prepare(settings, shop, console)
            _start_clock(settings, console, begins_at)
            if not stop.is_set():
                supervisor.start(_plans(settings))
                _serve(settings, console, supervisor, stop)
    except Exception:
        # What was told to stop while it prepared breaks off, which is no error.
        if not stop.is_set():
            raise
    finally:
        running.forget(settings.home)
        lock.close()


@contextlib.contextmanager
def _supervised(settings: Settings, console: Console, *, is_embedded: bool) -> Iterator[Supervisor]:
    """A supervisor that stops its parts at the end, and the embedded database after them. The
    keeper runs from the first moment, so that a killed supervisor leaves no database behind."""
    supervisor = Supervisor(
        environment=_environment(settings),
        logs=settings.home / "logs",
        show=console.line,
        on_change=lambda pids: running.write(settings.home, settings.public_base_url, pids),
    )
    keeper = (sys.executable, "-m", "command.keeper", str(settings.home))
    try:
        if is_embedded:
            supervisor.start([PartPlan(name="database", command=keeper, stops_last=True)])
        yield supervisor
    finally:
        with console.step("Stopping"):
            supervisor.stop()
            if is_embedded:
                EmbeddedServer(settings.home).stop()


def _stop_when_told() -> threading.Event:
    """An event that SIGTERM and SIGINT set; they also end what is prepared (training, npm)."""
    stop = threading.Event()

    def told(*_: object) -> None:
        stop.set()
        for child in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error, OSError):
                if not _outlives_this(child):
                    child.terminate()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told)
    return stop


def _outlives_this(child: psutil.Process) -> bool:
    """The parts and the database have sessions of their own: they are stopped in their order."""
    return os.getsid(child.pid) != os.getsid(0)


def prepare(settings: Settings, shop: Shop, console: Console) -> datetime:
    """Bring a database that answers to where the parts can start: tables, shop, model, pages.
    Returns the business time with which they start."""
    with console.step("Tables"):
        migrate.upgrade(settings.database_url, Keyring.of(settings.secret_keys))
        _demand_keys(settings)
    with ThreadPoolExecutor() as side_by_side:
        model = side_by_side.submit(_train_if_needed, settings, console)
        pages = side_by_side.submit(frontend.build_if_needed, settings.home, console)
        with console.step("Shop"):
            begins_at = _load_shop(settings, shop, console)
        _finish(model, pages)
    return begins_at


def _demand_keys(settings: Settings) -> None:
    """Nothing is written under a key beside which the rest cannot be opened."""
    engine = open_memory(settings, pool_size=1)
    try:
        with engine.connect() as connection:
            resealing.demand_keys(connection)
    finally:
        engine.dispose()


def _finish(*pending: Future[None]) -> None:
    for one in pending:
        one.result()


def _load_shop(settings: Settings, shop: Shop, console: Console) -> datetime:
    engine = open_memory(settings, pool_size=1)
    try:
        with engine.begin() as connection:
            parts.forget_all(connection)
        begins_at = clock.begins_at(engine, settings)
        shop_sync.load(engine, shop, begins_at, console.progress)
    finally:
        engine.dispose()
    return begins_at


def _start_clock(settings: Settings, console: Console, begins_at: datetime) -> None:
    engine = open_memory(settings, pool_size=1)
    try:
        now = clock.begin(engine, settings, begins_at)
    finally:
        engine.dispose()
    if settings.is_development:
        console.line("dangol", clock.summary(now, "en"))


def _train_if_needed(settings: Settings, console: Console) -> None:
    train(settings, console, always=False)


def train(settings: Settings, console: Console, *, always: bool) -> None:
    """Train, in a process of its own, and publish; unless `always`, only what changed."""
    engine = open_memory(settings, pool_size=1)
    try:
        with console.step("Model"):
            training.train_if_needed(engine, PROJECT, settings.home, console.progress, force=always)
    finally:
        engine.dispose()


def _environment(settings: Settings) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "DANGOL_HOME": str(settings.home),
        "DANGOL_PORT": str(settings.port),
        "PUBLIC_BASE_URL": settings.public_base_url,
        "TWILIO_API_BASE_URL": settings.twilio_api_base_url,
        "DANGOL_PHONE_URL": settings.phone_url,
        "PYTHONPATH": str(PROJECT),
        "PYTHONUNBUFFERED": "1",
    }


def _plans(settings: Settings) -> list[PartPlan]:
    plans = [
        PartPlan(name=name, command=(sys.executable, "-m", "bootstrap", name))
        for name in ("web", "agent", "outreach")
    ]
    if settings.is_development:
        port = settings.phone_url.rpartition(":")[2]
        phone = (sys.executable, "-m", "command.fake_twilio", "--port", port)
        plans.append(PartPlan(name="phone", command=phone))
    return plans


def _serve(
    settings: Settings, console: Console, supervisor: Supervisor, stop: threading.Event
) -> None:
    """Look after the parts until told to stop. Raises NotReady if they do not become ready."""
    failed: list[NotReady] = []
    has_failed = threading.Event()

    def announce() -> None:
        try:
            _wait_until_ready(settings, stop)
        except NotReady as error:
            failed.append(error)
            has_failed.set()
            return
        if not stop.is_set():
            console.ready(settings)

    threading.Thread(target=announce, daemon=True).start()
    supervisor.run_until(lambda: stop.is_set() or has_failed.is_set())
    if failed:
        raise failed[0]


def _wait_until_ready(settings: Settings, stop: threading.Event) -> None:
    last = "web does not answer"
    deadline = time.monotonic() + READY_WITHIN
    with httpx.Client(timeout=5) as client:
        while time.monotonic() < deadline and not stop.wait(0.25):
            try:
                answer = client.get(f"http://127.0.0.1:{settings.port}/healthz")
            except httpx.HTTPError:
                continue
            if answer.status_code == 200:
                return
            last = answer.text[:300]
    if not stop.is_set():
        raise NotReady(f"Not ready within {READY_WITHIN:.0f} s: {last}. Logs: {settings.home}/logs")


def _with_free_ports(settings: Settings) -> Settings:
    if not _is_free(settings.port):
        raise PortTaken(f"Port {settings.port} is in use: choose another with --port.")
    phone_port = int(settings.phone_url.rpartition(":")[2] or 0)
    if not settings.is_development or _is_free(phone_port):
        return settings
    chosen = f"http://127.0.0.1:{_any_free_port()}"
    is_fake = settings.twilio_api_base_url == settings.phone_url
    return replace(
        settings,
        phone_url=chosen,
        twilio_api_base_url=chosen if is_fake else settings.twilio_api_base_url,
    )


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError:
            return False
        return True


def _any_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def up_detached(settings: Settings, port: int | None, console: Console) -> None:
    """Start `up` in a session of its own, show what it does until it is ready, and leave it."""
    if running.is_locked(settings.home):
        running.take_lock(settings.home)  # raises, naming who holds it
    log = settings.home / "logs" / "up.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "command", "up", "--is-detached"]
    if port is not None:
        command += ["--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=Path.cwd(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    for line in _follow(log, process):
        print(line, flush=True)
        if line.startswith("ready "):
            return
    raise Unavailable(f"Dangol did not start; the whole log is in {log}.")


def _follow(log: Path, process: subprocess.Popen[bytes]) -> Iterator[str]:
    with log.open(encoding="utf-8", errors="replace") as lines:
        while True:
            has_ended = process.poll() is not None
            line = lines.readline()
            while line:
                yield line.rstrip("\n")
                line = lines.readline()
            if has_ended:
                return
            time.sleep(0.1)


def down(settings: Settings, console: Console) -> bool:
    """Stop what runs from this DANGOL_HOME, its database included; False if nothing did."""
    found = running.read(settings.home)
    if found is not None:
        os.kill(found.pid, signal.SIGTERM)
        with console.step("Stopping"):
            _wait_until_unlocked(settings)
    server = EmbeddedServer(settings.home)
    was_left = server.status().pid is not None
    server.stop()
    return found is not None or was_left


def _wait_until_unlocked(settings: Settings) -> None:
    deadline = time.monotonic() + 60
    while running.is_locked(settings.home):
        if time.monotonic() > deadline:
            raise Unavailable("Dangol does not stop: see ./dangol status, then kill its process.")
        time.sleep(0.1)
