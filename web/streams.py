"""Open chat streams. One thread hears the bell for all of them; a stream that waits holds neither a
thread nor a database connection.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from marketing.errors import Unavailable
from memory import bell, sessions, turns
from memory import engine as memory_engine
from memory.engine import Engine
from web import rows
from web.presence import Presence
from web.refusals import Refusal

log = logging.getLogger(__name__)

PING_SECONDS = 15.0
MOST_OF_ONE_CUSTOMER = 10
MOST_AT_ONCE = 5_000
_THREADS = 6
_BATCH = 200
_TRY_AGAIN_SECONDS = 1.0


class Streams:
    """All open streams of this process, by customer."""

    def __init__(self, engine: Engine, url: str, process: str) -> None:
        self._engine = engine
        self._url = url
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._count = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._threads: CapacityLimiter | None = None
        self._ended = threading.Event()
        self.presence = Presence(engine, process, lambda: list(self._waiting))
        self.hears_the_bell = False
        """False while the connection that listens is lost; streams then look every few seconds."""

    @property
    def count(self) -> int:
        """How many streams are open."""
        return self._count

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to listen; wakes happen on `loop`."""
        self._loop = loop
        self._threads = CapacityLimiter(_THREADS)
        threading.Thread(target=self._listen, name="chat-bell", daemon=True).start()
        self.presence.start()

    def end(self) -> None:
        """Stop listening and let every open stream finish. Callable from any thread."""
        self._ended.set()
        self.presence.end()
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake_all)

    async def follow(
        self, token: str, customer_id: str, after: int, first: int | None = None
    ) -> AsyncIterator[str]:
        """The events of one stream, from `after` on, until the session or this process ends, or
        something was put in front of `first`."""
        seq = after
        with self._bell_of(customer_id) as rung:
            yield "retry: 2000\n\n"
            while not self._ended.is_set():
                rung.clear()
                found = await self._unseen(token, customer_id, seq, first)
                if found is None:
                    return
                for turn in found:
                    seq = turn.seq
                    yield _event(turn)
                if len(found) < _BATCH and not await self._is_rung(rung):
                    yield ": still here\n\n"

    @contextmanager
    def _bell_of(self, customer_id: str) -> Iterator[asyncio.Event]:
        bells = self._waiting[customer_id]
        rung = asyncio.Event()
        bells.add(rung)
        self._count += 1
        if len(bells) == 1:
            self.presence.changed()
        try:
            yield rung
        finally:
            self._count -= 1
            bells.discard(rung)
            if not bells:
                self._waiting.pop(customer_id, None)
                self.presence.changed()

    def demand_room(self, customer_id: str) -> None:
        """Refuses with 429 when this customer, or everybody together, has too many streams."""
        mine = len(self._waiting.get(customer_id, ()))
        if mine >= MOST_OF_ONE_CUSTOMER or self._count >= MOST_AT_ONCE:
            raise Refusal(429, "too_many_streams", "Too many open streams.", {"Retry-After": "10"})

    async def _is_rung(self, rung: asyncio.Event) -> bool:
        seconds = PING_SECONDS if self.hears_the_bell else _TRY_AGAIN_SECONDS
        try:
            async with asyncio.timeout(seconds):
                await rung.wait()
        except TimeoutError:
            return False
        return True

    async def _unseen(
        self, token: str, customer_id: str, after: int, first: int | None
    ) -> Sequence[turns.Turn] | None:
        """What this stream has not told yet; None if it is over or the database away."""
        read, limiter = self._read, self._threads
        try:
            return await run_sync(read, token, customer_id, after, first, limiter=limiter)
        except Unavailable:
            log.warning("A chat stream lost the database.", extra={"action": "stream_broken"})
            return None

    def _read(
        self, token: str, customer_id: str, after: int, first: int | None
    ) -> Sequence[turns.Turn] | None:
        with memory_engine.transaction(self._engine) as connection:
            session = sessions.find(connection, token)
            if session is None or session.customer_id != customer_id:
                return None
            if first is not None and turns.first_seq(connection, customer_id) < first:
                return None
            return turns.after(connection, customer_id, after, limit=_BATCH)

    def _listen(self) -> None:
        while not self._ended.is_set():
            try:
                self._hear()
            except bell.ConnectionLost:
                log.warning("The chat bell is lost.", extra={"action": "bell_lost"})
                self._ended.wait(_TRY_AGAIN_SECONDS)

    def _hear(self) -> None:
        with bell.Listener(self._url, bell.CHAT) as listener:
            self.hears_the_bell = True
            try:
                self._on_loop(None)
                while not self._ended.is_set():
                    for _, customer_id in listener.wait(1.0):
                        self._on_loop(customer_id)
            finally:
                self.hears_the_bell = False

    def _on_loop(self, customer_id: str | None) -> None:
        if self._loop is None or self._loop.is_closed():
            return
        if customer_id is None:
            self._loop.call_soon_threadsafe(self._wake_all)
        else:
            self._loop.call_soon_threadsafe(self._wake, customer_id)

    def _wake(self, customer_id: str) -> None:
        for rung in self._waiting.get(customer_id, ()):
            rung.set()

    def _wake_all(self) -> None:
        for customer_id in list(self._waiting):
            self._wake(customer_id)


def _event(turn: turns.Turn) -> str:
    data = json.dumps(rows.message(turn), ensure_ascii=False)
    return f"id: {turn.seq}\ndata: {data}\n\n"
