"""How soon a purchase stops what is pending: from the moment the shop's system reports an order
until another connection sees that the offer is cancelled, beside 50 events and 20 turns a second;
web, two agents and the sender run as processes.

The bound is the same report of customers who have nothing pending, in the same run. Everything is
timed from when it was to be sent, so that a queue in front of the web part counts.
"""

from __future__ import annotations

import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import bootstrap
import settings as settings_module
from agent import training
from bench import Figure, figure
from bench.stop.crowd import Crowd, Times, buyers_in, lookers_in
from bench.stop.processes import PROJECT, running
from memory import catalogue, migrate
from memory.bell import Listener
from memory.embedded import EmbeddedServer
from memory.engine import Engine
from memory.sealing import Keyring
from outreach import shop_sync
from settings import Settings
from tests.fake_provider import free_port
from tests.postgres import fresh_database, temporary_home

_figure = partial(figure, "stop")

KEPT = PROJECT / ".dangol"
SECONDS = 30
ORDERS, LOOKS, TURNS = 10, 40, 20
"""A second: orders and looks are the fifty events; every other order has something to stop."""
LOOKERS, WRITERS = 50, 50
AIM = 1000.0
"""Milliseconds at p99."""
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
            _tell("Starting web, two agents and the sender")
            with running(engine, settings):
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


def _measure(engine: Engine, settings: Settings) -> list[Figure]:
    with engine.connect() as connection:
        product = catalogue.listed(connection)[0]
    pending, nothing = buyers_in(engine, product, SECONDS * ORDERS // 2)
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
    lookers = lookers_in(engine, LOOKERS)
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


def _figures(
    times: Times, pending: Sequence[str], nothing: Sequence[str], *, took: float, turns: int
) -> list[Figure]:
    stopped = _milliseconds(times.seen[who] - times.due[who] for who in pending)
    plain = _milliseconds(times.answered[who] - times.due[who] for who in nothing)
    behind = _milliseconds(times.seen[who] - times.answered[who] for who in pending)
    figures = [
        _figure(
            f"purchase reported → offer cancelled, {name}",
            of(stopped),
            "ms",
            bound=of(plain),
            ratio=of(stopped) / of(plain),
        )
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


def _tell(progress: str) -> None:
    sys.stderr.write(f"{progress} …\n")
