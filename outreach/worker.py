"""The process: a planner and senders woken by their bells, and what comes round by the clock."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from channels.protocol import Sender
from memory import clock, delivery, search, staff_alarms
from memory import engine as memory_engine
from memory.bell import CLOCK, DUE, OUTBOX, ConnectionLost, Listener
from memory.engine import DatabaseUnreachable, Engine
from memory.parts import Heartbeat
from outreach import personal_dates, reconfirmations, reminders, shop_sync, upkeep
from outreach.alarms import Alarming
from outreach.planner import Planning
from outreach.reconcile import reconcile
from outreach.sender import Sending
from outreach.ticks import Ticker
from settings import Settings
from shops.protocol import Shop

log = logging.getLogger(__name__)

SENDERS = 3
"""Threads that call providers: one that hangs must not hold up the others."""
LOOK_EVERY = 1.0
"""Seconds: bells can be missed, and nobody rings when a business time has come."""
REAP_EVERY = 5.0
RECONCILE_EVERY = 10.0
CATALOGUE_EVERY = 60.0
RENEW_EVERY = 300.0
GOODBYES_EVERY = 30.0
NIGHT_EVERY = 600.0
WORDS_EVERY = 3600.0
STOP_WITHIN = 10.0
COUNT_WITHIN = 60.0


def run(
    settings: Settings,
    engine: Engine,
    senders: Mapping[str, Sender],
    shop: Shop,
    heartbeat: Heartbeat,
    stop: threading.Event,
) -> None:
    """Plan, send, reap, reconcile and keep the catalogue fresh until `stop` is set."""
    heartbeat.start()
    try:
        shop_sync.load(engine, shop, _business_now(engine), _log_progress)
        is_due, is_ready = Bell(), Bell()
        planning = Planning(engine, settings.public_base_url)
        sending = Sending(engine, senders, only_to=settings.send_only_to)
        alarming = Alarming(
            engine, senders, shop_url=settings.public_base_url, only_to=settings.send_only_to
        )
        work = [(planning.plan_next, is_due), (alarming.send_next, is_ready)]
        work += [(sending.send_next, is_ready)] * SENDERS
        rings = {DUE: [is_due], OUTBOX: [is_ready], CLOCK: [is_due, is_ready]}
        tickers = (_ticker(engine, senders, shop, is_due), _caretaker(engine, settings.home))
        with _working(engine, work, rings, stop):
            for ticker in tickers:
                ticker.start()
            heartbeat.say("ready")
            stop.wait()
            for ticker in tickers:
                ticker.stop()
    finally:
        heartbeat.end()


def _business_now(engine: Engine) -> datetime:
    with memory_engine.transaction(engine) as connection:
        return clock.business_now(connection)


def _ticker(engine: Engine, senders: Mapping[str, Sender], shop: Shop, is_due: Bell) -> Ticker:
    ticker = Ticker()
    ticker.every(LOOK_EVERY, "plan", is_due.ring)
    ticker.every(REAP_EVERY, "reap", lambda: _reap(engine))
    ticker.every(RECONCILE_EVERY, "reconcile", lambda: reconcile(engine, senders))
    ticker.every(CATALOGUE_EVERY, "catalogue", lambda: shop_sync.sync_catalogue(engine, shop))
    ticker.every(CATALOGUE_EVERY, "back in stock", lambda: reminders.tell_what_is_back(engine))
    ticker.every(RENEW_EVERY, "renew", lambda: personal_dates.renew(engine))
    ticker.every(RENEW_EVERY, "reconfirm", lambda: reconfirmations.renew(engine))
    return ticker


def _caretaker(engine: Engine, home: Path) -> Ticker:
    """On a thread of its own: a night's work takes as long as it takes."""
    ticker, nights = Ticker(), upkeep.Nights(engine, home)
    ticker.every(GOODBYES_EVERY, "goodbyes", lambda: upkeep.clear_goodbyes(engine))
    ticker.every(NIGHT_EVERY, "night", nights.look)
    ticker.every(WORDS_EVERY, "words", lambda: _count_words(engine))
    return ticker


def _reap(engine: Engine) -> None:
    with memory_engine.transaction(engine) as connection:
        found = delivery.reap(connection)
        alarms = staff_alarms.reap(connection)
    for outbox_id in found:
        log.warning(
            "Nobody knows whether a message was sent.",
            extra={"action": "message_lost", "outbox_id": outbox_id},
        )
    for alarm_id in alarms:
        log.error(
            "Nobody knows whether the shop's people were told.",
            extra={"action": "alarm_lost", "alarm_id": alarm_id},
        )


def _count_words(engine: Engine) -> None:
    """How often each word is said, for whoever looks for past turns."""
    with memory_engine.transaction(engine, seconds=COUNT_WITHIN) as connection:
        search.refresh_frequencies(connection)


@contextmanager
def _working(
    engine: Engine,
    work: Sequence[tuple[Callable[[], bool], Bell]],
    rings: Mapping[str, Sequence[Bell]],
    stop: threading.Event,
) -> Iterator[None]:
    """A thread for each piece of work and one that listens for them, joined at the end."""
    url = engine.url.render_as_string(hide_password=False)
    listening = threading.Thread(target=listen, args=(url, rings, stop), name="bells", daemon=True)
    threads = [listening] + [
        threading.Thread(target=work_until, args=(do_next, bell, stop), daemon=True)
        for do_next, bell in work
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        _ring_all(rings)
        for thread in threads:
            thread.join(STOP_WITHIN)


class Bell:
    """Wakes everybody who waits for it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.rung = 0
        """How often."""

    def ring(self) -> None:
        """Wake them."""
        with self._changed:
            self.rung += 1
            self._changed.notify_all()

    def wait(self, heard: int, seconds: float) -> None:
        """Sleep until it has rung more often than `heard`, or that long: bells can be missed."""
        with self._changed:
            self._changed.wait_for(lambda: self.rung > heard, seconds)


def listen(url: str, rings: Mapping[str, Sequence[Bell]], stop: threading.Event) -> None:
    """Ring what hangs on a channel whenever the database rings it, over a connection of its own."""
    while not stop.is_set():
        try:
            with Listener(url, *rings) as listener:
                _ring_all(rings)
                while not stop.is_set():
                    for channel, _ in listener.wait(LOOK_EVERY):
                        _ring_all({channel: rings[channel]})
        except ConnectionLost:
            log.warning("The bell is lost; listening again.", extra={"action": "bell_lost"})
            stop.wait(LOOK_EVERY)


def _ring_all(rings: Mapping[str, Sequence[Bell]]) -> None:
    for bells in rings.values():
        for bell in bells:
            bell.ring()


def work_until(do_next: Callable[[], bool], bell: Bell, stop: threading.Event) -> None:
    """Work as long as there is something, then wait for the bell. Nothing ends this but `stop`."""
    while not stop.is_set():
        heard = bell.rung
        try:
            if not do_next():
                bell.wait(heard, LOOK_EVERY)
        except DatabaseUnreachable:
            log.warning("The database is away.", extra={"action": "database_away"})
            stop.wait(LOOK_EVERY)
        except Exception:
            log.exception("A piece of work failed.", extra={"action": "work_failed"})
            stop.wait(LOOK_EVERY)


def _log_progress(line: str) -> None:
    log.info("%s", line, extra={"action": "shop_loading"})
