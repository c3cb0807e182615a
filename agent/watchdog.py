"""Ends a process whose turn never ends. Rasa's turn never yields, so only a thread can notice, and
only the death of the process can stop it; the supervisor starts a new one (DESIGN rule 2).
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)

EXIT_STATUS = 70
"""Of a process that its watchdog ended (EX_SOFTWARE)."""


class Watchdog(threading.Thread):
    """Looks at the running turn a few times a second."""

    def __init__(self, limit: float) -> None:
        """`limit` is in seconds of real time."""
        super().__init__(name="watchdog", daemon=True)
        self._limit = limit
        self._running: tuple[int, float] | None = None
        self._ended = threading.Event()

    @contextmanager
    def over(self, inbox_id: int) -> Iterator[None]:
        """The body is the turn that answers this message."""
        self._running = (inbox_id, time.monotonic())
        try:
            yield
        finally:
            self._running = None

    def run(self) -> None:
        """Look until `end`."""
        while not self._ended.wait(min(0.5, self._limit / 4)):
            running = self._running
            if running is not None and time.monotonic() - running[1] > self._limit:
                log.critical(
                    "A turn has run for more than %g s; this process ends.",
                    self._limit,
                    extra={"action": "turn_too_long", "inbox_id": running[0]},
                )
                logging.shutdown()
                os._exit(EXIT_STATUS)

    def end(self) -> None:
        """Stop looking."""
        self._ended.set()
