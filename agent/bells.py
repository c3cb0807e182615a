"""Waits for the database's bells on a thread and connection of its own, because the agent's main
thread is busy with turns. A lost connection is opened again, and rings everything once.
"""

from __future__ import annotations

import logging
import threading

from memory.bell import CATALOGUE, INBOX, RELEASE, ConnectionLost, Listener

log = logging.getLogger(__name__)

CHANNELS = (INBOX, RELEASE, CATALOGUE)


class Bells(threading.Thread):
    """What has rung since it was last asked."""

    def __init__(self, url: str) -> None:
        super().__init__(name="bells", daemon=True)
        self._url = url
        self._rung: set[str] = set()
        self._changed = threading.Condition()
        self._ended = threading.Event()

    def run(self) -> None:
        """Listen until `end`."""
        while not self._ended.is_set():
            try:
                with Listener(self._url, *CHANNELS) as listener:
                    # What rang while nobody listened is not known: look at everything.
                    self._ring(CHANNELS)
                    while not self._ended.is_set():
                        self._ring([channel for channel, _ in listener.wait(1)])
            except ConnectionLost:
                log.warning("The bells are lost; listening again.", extra={"action": "bells_lost"})
                self._ended.wait(1)

    def wait(self, seconds: float) -> frozenset[str]:
        """The channels that have rung, at once or within `seconds`."""
        with self._changed:
            if not self._rung:
                self._changed.wait(seconds)
            rung, self._rung = frozenset(self._rung), set()
            return rung

    def end(self) -> None:
        """Stop listening, and wake whoever waits."""
        self._ended.set()
        with self._changed:
            self._changed.notify_all()

    def _ring(self, channels: tuple[str, ...] | list[str]) -> None:
        if channels:
            with self._changed:
                self._rung.update(channels)
                self._changed.notify_all()
