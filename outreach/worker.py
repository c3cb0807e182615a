"""The process: senders woken by the outbox's bell, and what comes round by the clock."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from channels.protocol import Sender
from memory import engine as memory_engine
from memory import outbox
from memory.bell import OUTBOX, ConnectionLost, Listener
from memory.engine import DatabaseUnreachable, Engine
from memory.parts import Heartbeat
from outreach import shop_sync
from outreach.reconcile import reconcile
from outreach.sender import Sending
from outreach.ticks import Ticker
from settings import Settings
from shops.protocol import Shop

log = logging.getLogger(__name__)

SENDERS = 3
"""Threads that call providers: one that hangs must not hold up the others."""
LOOK_EVERY = 1.0
REAP_EVERY = 5.0
RECONCILE_EVERY = 10.0
CATALOGUE_EVERY = 60.0
STOP_WITHIN = 10.0


def run(
    settings: Settings,
    engine: Engine,
    senders: Mapping[str, Sender],
    shop: Shop,
    heartbeat: Heartbeat,
    stop: threading.Event,
) -> None:
    """Send, reap, reconcile and keep the catalogue fresh until `stop` is set."""
    heartbeat.start()
    try:
        shop_sync.load(engine, shop, datetime.now(UTC), _log_progress)
        ticker = _ticker(engine, senders, shop)
        with _sending(settings, engine, senders, stop):
            ticker.start()
            heartbeat.say("ready")
            stop.wait()
            ticker.stop()
    finally:
        heartbeat.end()


def _ticker(engine: Engine, senders: Mapping[str, Sender], shop: Shop) -> Ticker:
    ticker = Ticker()
    ticker.every(REAP_EVERY, "reap", lambda: _reap(engine))
    ticker.every(RECONCILE_EVERY, "reconcile", lambda: reconcile(engine, senders))
    ticker.every(CATALOGUE_EVERY, "catalogue", lambda: shop_sync.sync_catalogue(engine, shop))
    return ticker


def _reap(engine: Engine) -> None:
    with memory_engine.transaction(engine) as connection:
        found = outbox.reap(connection)
    for outbox_id in found:
        log.warning(
            "Nobody knows whether a message was sent.",
            extra={"action": "message_lost", "outbox_id": outbox_id},
        )


@contextmanager
def _sending(
    settings: Settings, engine: Engine, senders: Mapping[str, Sender], stop: threading.Event
) -> Iterator[None]:
    """Sender threads and the one that listens for them, joined at the end."""
    sending = Sending(engine, senders, only_to=settings.send_only_to)
    bell = Bell()
    url = engine.url.render_as_string(hide_password=False)
    threads = [
        threading.Thread(target=bell.listen, args=(url, stop), name="bell", daemon=True),
        *(
            threading.Thread(
                target=send_until,
                args=(sending.send_next, bell, stop),
                name=f"sender-{number}",
                daemon=True,
            )
            for number in range(1, SENDERS + 1)
        ),
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        bell.ring()
        for thread in threads:
            thread.join(STOP_WITHIN)


class Bell:
    """Wakes every sender that waits."""

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

    def listen(self, url: str, stop: threading.Event) -> None:
        """Ring whenever the database rings `outbox`, over a connection of its own."""
        while not stop.is_set():
            try:
                with Listener(url, OUTBOX) as listener:
                    self.ring()
                    while not stop.is_set():
                        if any(True for _ in listener.wait(LOOK_EVERY)):
                            self.ring()
            except ConnectionLost:
                log.warning("The bell is lost; listening again.", extra={"action": "bell_lost"})
                stop.wait(LOOK_EVERY)


def send_until(send_next: Callable[[], bool], bell: Bell, stop: threading.Event) -> None:
    """Send as long as there is something, then wait for the bell. Nothing ends this but `stop`."""
    while not stop.is_set():
        heard = bell.rung
        try:
            if not send_next():
                bell.wait(heard, LOOK_EVERY)
        except DatabaseUnreachable:
            log.warning("The database is away.", extra={"action": "database_away"})
            stop.wait(LOOK_EVERY)
        except Exception:
            log.exception("A sender stumbled.", extra={"action": "sender_failed"})
            stop.wait(LOOK_EVERY)


def _log_progress(line: str) -> None:
    log.info("%s", line, extra={"action": "shop_loading"})
