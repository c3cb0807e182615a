"""Tells memory whose chat is open here, so that an offer goes there instead of by text. Only a
connected stream counts; a thread of its own tells, so that no stream waits for the database.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection

from marketing.errors import Unavailable
from memory import engine as memory_engine
from memory import open_chats
from memory.engine import Engine

log = logging.getLogger(__name__)

TELL_EVERY = 4.0
"""Seconds, while anybody is here."""
_SETTLES_IN = 0.2
"""Seconds: pages that are turned close one stream and open the next."""


class Presence:
    """Whose streams this process holds, told when that changes and from time to time."""

    def __init__(
        self, engine: Engine, process: str, present: Callable[[], Collection[str]]
    ) -> None:
        self._engine = engine
        self._process = process
        self._present = present
        self._has_changed = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep_telling, name="presence", daemon=True)

    def start(self) -> None:
        """Begin to tell."""
        self._thread.start()

    def changed(self) -> None:
        """Somebody has come or gone. Returns at once."""
        self._has_changed.set()

    def end(self) -> None:
        """Nobody is here any more, which is told last. Returns at once."""
        self._ended.set()
        self._has_changed.set()

    def wait_for_the_end(self) -> None:
        """Return when the last has been told, or will not be."""
        if self._thread.is_alive():
            self._thread.join(3)

    def _keep_telling(self) -> None:
        # Nobody is here at first, which has to be told: a process that died may have left others.
        told: frozenset[str] | None = None
        while not self._ended.is_set():
            self._has_changed.clear()
            here = frozenset(self._present())
            if (here or here != told) and self._tell(here):
                told = here
            self._has_changed.wait(TELL_EVERY)
            self._ended.wait(_SETTLES_IN)
        self._tell(())

    def _tell(self, here: Collection[str]) -> bool:
        try:
            with memory_engine.transaction(self._engine, seconds=2) as connection:
                open_chats.tell(connection, self._process, here)
        except Unavailable:
            log.warning("Whose chat is open could not be told.", extra={"action": "presence_lost"})
            return False
        return True
