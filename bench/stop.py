"""How soon a purchase stops what is pending: from the moment the shop's system reports an order
until another connection sees that the offer is cancelled, beside 50 events and 20 turns a second;
web, two agents and the sender run as processes.

The bound is the same report of customers who have nothing pending, in the same run. Everything is
timed from when it was to be sent, so that a queue in front of the web part counts.
"""

from __future__ import annotations

import os
import secrets
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

import bootstrap
import settings as settings_module
from agent import training
from memory import catalogue, clock, customers, due, migrate, offers, outbox, parts
from memory.bell import Listener
from memory.embedded import EmbeddedServer
from memory.engine import Connection, Engine
from memory.sealing import Keyring
from outreach import shop_sync
from settings import Settings
from tests.fake_provider import free_port
from tests.postgres import fresh_database, temporary_home

Figure = dict[str, Any]

PROJECT = Path(__file__).resolve().parents[1]
KEPT = PROJECT / ".dangol"
SECONDS = 30
ORDERS, LOOKS, TURNS = 10, 40, 20
"""A second: orders and looks are the fifty events; every other order has something to stop."""
LOOKERS, WRITERS = 50, 50
AIM = 1000.0
"""Milliseconds at p99."""
PARTS = ("web", "agent-1", "agent-2", "outreach")
STOPPED = "stopped"
_TELL = f"""
    CREATE FUNCTION tell_stopped() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_notify('{STOPPED}', NEW.customer_id); RETURN NULL; END $$;
    CREATE TRIGGER tell_stopped AFTER UPDATE ON offers FOR EACH ROW
      WHEN (NEW.state = 'bought' AND OLD.state = 'planned') EXECUTE FUNCTION tell_stopped();
"""
_PENDING = """
    SELECT (SELECT count(*) FROM offers WHERE state = 'planned'),
           (SELECT count(*) FROM outbox WHERE offer_id IS NOT NULL AND state <> 'cancelled'),
           (SELECT count(*) FROM due WHERE kind = 'browse' AND occurrence = 'pending'
                                       AND state = 'waiting'),
           (SELECT count(*) FROM inbox WHERE state = 'done')
"""
TEXTS = (
    "안녕하세요",
    "등산화 추천해 주세요",
    "이거 270 있어요?",
    "how long is delivery?",
    "thanks!",
)


@dataclass
class Times:
    """Moments of the one process that measures, by its own clock."""

    due: dict[str, float] = field(default_factory=dict)
    """When the report of a customer's order was to be sent."""
    answered: dict[str, float] = field(default_factory=dict)
    seen: dict[str, float] = field(default_factory=dict)
    """When another connection was told that the offer is cancelled."""
    events: int = 0
    turns: int = 0
    refused: list[str] = field(default_factory=list)


def run(_data: Path | None) -> list[Figure]:
    """Measure, with nothing from outside. The figures of DESIGN §4 `bench`."""
    with temporary_home(on_disk=True) as home, fresh_database(EmbeddedServer(home).start()) as url:
        port = free_port()
        settings = settings_module.read(
            {
                "DANGOL_HOME": str(home),
                "DANGOL_PORT": str(port),
                "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
                "DATABASE_URL": url.replace("+psycopg", ""),
            }
        )
        engine = _shop(settings)
        try:
            with _running(engine, settings):
                return _measure(engine, settings)
        finally:
            engine.dispose()


def _shop(settings: Settings) -> Engine:
    """A database with the demo shop's catalogue, the live release, and the bench's own bell."""
    migrate.upgrade(settings.database_url, Keyring.of(settings.secret_keys))
    engine = bootstrap.open_memory(settings)
    training.train_if_needed(engine, PROJECT, KEPT, _tell)
    shop_sync.sync_catalogue(engine, bootstrap.open_shop(settings))
    with engine.begin() as connection:
        connection.exec_driver_sql(_TELL)
    return engine


# -- who is there ------------------------------------------------------------------------------


def _buyers(engine: Engine, product: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Customers with a planned offer, its text and an occasion; as many with nothing."""
    count = SECONDS * ORDERS // 2
    pending = []
    with engine.begin() as connection:
        now = clock.business_now(connection)
        for place in range(count):
            address = customers.of_address(
                connection, "phone", f"+1971555{place:04d}", proof="inbound", now=now
            )
            _offer(connection, address.customer_id, address.address_id, product, now)
            pending.append(address.customer_id)
        nothing = [customers.create(connection, now=now) for _ in range(count)]
        connection.exec_driver_sql("UPDATE outbox SET hold_until = at + interval '1 day'")
    return pending, nothing


def _offer(
    connection: Connection,
    customer_id: str,
    address_id: int,
    product: dict[str, Any],
    now: datetime,
) -> None:
    about = {"product_id": product["product_id"], "category": product["category"]}
    offer_id = offers.plan(
        connection,
        customer_id,
        campaign="browse",
        occurrence="1",
        **about,
        about={},
        language="en",
        text="…",
        now=now,
    )
    outbox.put(
        connection,
        key=f"offer:{offer_id}",
        customer_id=customer_id,
        address_id=address_id,
        message_class="advertisement",
        purpose="offer",
        offer_id=offer_id,
        body="…",
        now=now,
    )
    tomorrow = now + timedelta(days=1)
    due.put(
        connection,
        customer_id,
        kind=due.BROWSE,
        occurrence="pending",
        due_at=tomorrow,
        now=now,
        about=about,
    )


def _lookers(engine: Engine) -> list[str]:
    """Customers with a telephone, who are due a follow-up after each look."""
    with engine.begin() as connection:
        now = clock.business_now(connection)
        return [
            customers.of_address(
                connection, "phone", f"+1503555{place:04d}", proof="inbound", now=now
            ).customer_id
            for place in range(LOOKERS)
        ]


# -- what they do ------------------------------------------------------------------------------


class Crowd:
    """Everybody, at a steady pace whatever the answers."""

    def __init__(self, settings: Settings, times: Times) -> None:
        self._times = times
        self._lock = threading.Lock()
        self._shop = httpx.Client(
            base_url=settings.public_base_url,
            auth=(settings.write_key, ""),
            timeout=20,
            trust_env=False,
            limits=httpx.Limits(max_connections=30, max_keepalive_connections=30),
        )
        self._visitors = httpx.Client(
            base_url=settings.public_base_url,
            timeout=20,
            trust_env=False,
            limits=httpx.Limits(max_connections=30, max_keepalive_connections=30),
        )

    def visitor(self) -> str:
        """A new visitor of the page; returns their token."""
        with_cookies = self._visitors.post("/chat/session", json={"language": "ko"})
        self._visitors.cookies.clear()
        token: str = with_cookies.raise_for_status().json()["token"]
        return token

    def buy(self, customer_id: str, product_id: str, moment: float) -> None:
        """Report an order that was to be reported at `moment`."""
        self._times.due[customer_id] = moment
        lines = [{"product_id": product_id, "quantity": 1, "price": 99}]
        self._track(
            customer_id,
            "Order Completed",
            {"order_id": secrets.token_hex(8), "total": 99, "currency": "USD", "products": lines},
        )
        self._times.answered[customer_id] = time.perf_counter()

    def look(self, customer_id: str, product_id: str) -> None:
        """Report a look."""
        self._track(customer_id, "Product Viewed", {"product_id": product_id})

    def say(self, token: str, text: str) -> None:
        """Write in the chat."""
        answer = self._visitors.post(
            "/chat/messages", json={"text": text}, headers={"Authorization": f"Bearer {token}"}
        )
        self._count(answer, "turns")

    def _track(self, customer_id: str, event: str, properties: dict[str, Any]) -> None:
        call = {
            "messageId": secrets.token_hex(8),
            "anonymousId": customer_id,
            "event": event,
            "properties": properties,
        }
        self._count(self._shop.post("/v1/track", json=call), "events")

    def _count(self, answer: httpx.Response, what: str) -> None:
        with self._lock:
            if answer.is_success:
                setattr(self._times, what, getattr(self._times, what) + 1)
            else:
                self._times.refused.append(f"{answer.status_code} {answer.text[:80]}")


def _measure(engine: Engine, settings: Settings) -> list[Figure]:
    with engine.connect() as connection:
        product = catalogue.listed(connection)[0]
    pending, nothing = _buyers(engine, product)
    times = Times()
    crowd = Crowd(settings, times)
    work = _work(crowd, engine, product["product_id"], pending, nothing)
    _tell(f"{SECONDS} seconds of {ORDERS + LOOKS} events and {TURNS} turns a second")
    with _listening(settings.database_url, times), ThreadPoolExecutor(24) as pool:
        began = time.perf_counter()
        for after, do in work:
            time.sleep(max(0.0, began + after - time.perf_counter()))
            pool.submit(do, began + after)
        pool.shutdown()
        took = time.perf_counter() - began
        turns = _settled(engine, times, len(pending))
    if times.refused:
        raise RuntimeError(f"{len(times.refused)} requests were refused: {times.refused[0]}")
    return _figures(times, pending, nothing, took=took, turns=turns)


def _work(
    crowd: Crowd, engine: Engine, product_id: str, pending: Sequence[str], nothing: Sequence[str]
) -> list[tuple[float, Callable[[float], None]]]:
    """What is to be done, each so many seconds after the beginning, in order."""
    buyers = [one for both in zip(pending, nothing, strict=True) for one in both]
    lookers = _lookers(engine)
    tokens = [crowd.visitor() for _ in range(WRITERS)]

    def buy(who: str) -> Callable[[float], None]:
        return lambda moment: crowd.buy(who, product_id, moment)

    def look(place: int) -> Callable[[float], None]:
        return lambda _moment: crowd.look(lookers[place % LOOKERS], product_id)

    def say(place: int) -> Callable[[float], None]:
        return lambda _moment: crowd.say(tokens[place % WRITERS], TEXTS[place % len(TEXTS)])

    work = [(place / ORDERS, buy(who)) for place, who in enumerate(buyers)]
    work += [(place / LOOKS, look(place)) for place in range(SECONDS * LOOKS)]
    work += [(place / TURNS, say(place)) for place in range(SECONDS * TURNS)]
    return sorted(work, key=lambda one: one[0])


@contextmanager
def _listening(url: str, times: Times) -> Iterator[None]:
    """The other connection, that is told what is stopped when that is committed."""
    is_over = threading.Event()

    def listen() -> None:
        with Listener(url, STOPPED) as listener:
            while not is_over.is_set():
                for _, customer_id in listener.wait(0.2):
                    times.seen[customer_id] = time.perf_counter()

    thread = threading.Thread(target=listen)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def _settled(engine: Engine, times: Times, stopped: int) -> int:
    """Wait until everything that was taken is done and seen; returns how many turns that were."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with engine.connect() as connection:
            planned, texts, waiting, turns = connection.exec_driver_sql(_PENDING).one()
        is_seen = len(times.seen) == stopped
        if is_seen and (planned, texts, waiting, turns) == (0, 0, 0, times.turns):
            return int(turns)
        time.sleep(0.1)
    raise RuntimeError(
        f"{planned} offers, {texts} texts and {waiting} occasions are still pending, "
        f"{times.turns - turns} messages not answered"
    )


# -- the processes -----------------------------------------------------------------------------


@contextmanager
def _running(engine: Engine, settings: Settings) -> Iterator[None]:
    """The parts as the supervisor starts them, ready; they end with this process, however it
    does."""
    lifeline, held_open = os.pipe()
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url.replace("+psycopg", ""),
        "DANGOL_HOME": str(settings.home),
        "DANGOL_PORT": str(settings.port),
        "PUBLIC_BASE_URL": settings.public_base_url,
        "DANGOL_LOG_LEVEL": "ERROR",
        bootstrap.LIFELINE: str(lifeline),
    }
    _tell("Starting web, two agents and the sender")
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "bootstrap", name.partition("-")[0], "--name", name],
            cwd=PROJECT,
            env=environment,
            pass_fds=[lifeline],
        )
        for name in PARTS
    ]
    try:
        _wait_until_ready(engine)
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()
        os.close(lifeline)
        os.close(held_open)


def _wait_until_ready(engine: Engine) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        with engine.connect() as connection:
            ready = {part.part for part in parts.known(connection) if part.is_ready}
        if ready >= {*PARTS}:
            return
        time.sleep(0.2)
    raise TimeoutError("the parts did not become ready")


# -- figures -----------------------------------------------------------------------------------


def _figures(
    times: Times, pending: Sequence[str], nothing: Sequence[str], *, took: float, turns: int
) -> list[Figure]:
    stopped = _milliseconds(times.seen[who] - times.due[who] for who in pending)
    plain = _milliseconds(times.answered[who] - times.due[who] for who in nothing)
    behind = _milliseconds(times.seen[who] - times.answered[who] for who in pending)
    figures = [
        _figure(f"purchase reported → offer cancelled, {name}", of(stopped), "ms", bound=of(plain))
        for name, of in (("p50", statistics.median), ("p99", _p99), ("max", max))
    ]
    figures[1] |= {"aim": f"< {AIM:.0f} ms", "met": figures[1]["value"] < AIM}
    return [
        *figures,
        _figure(
            "purchase answered 200 → offer cancelled, p99 (negative: it was cancelled before)",
            _p99(behind),
            "ms",
            aim=f"< {AIM:.0f} ms",
            met=_p99(behind) < AIM,
        ),
        _load("events taken beside", times.events / took, ORDERS + LOOKS, "events/s"),
        _load("turns answered beside", turns / took, TURNS, "turns/s"),
    ]


def _milliseconds(seconds: Iterator[float] | Any) -> list[float]:
    return [1000 * one for one in seconds]


def _p99(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[98]


def _load(what: str, value: float, asked: int, unit: str) -> Figure:
    return _figure(what, value, unit, aim=f"≥ 95 % of {asked}", met=value >= 0.95 * asked)


def _figure(
    what: str,
    value: float,
    unit: str,
    *,
    bound: float | None = None,
    aim: str | None = None,
    met: bool | None = None,
) -> Figure:
    return {
        "bench": "stop",
        "what": what,
        "value": value,
        "unit": unit,
        "bound": bound,
        "ratio": value / bound if bound else None,
        "aim": aim,
        "met": met,
    }


def _tell(progress: str) -> None:
    sys.stderr.write(f"{progress} …\n")
