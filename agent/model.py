"""The trained model in memory, behind the classes of this package; and its change for a newer
release, which happens only if the newer one loads.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa_sdk.executor import ActionExecutor

from agent.in_process import InProcessActions
from agent.lock_store import ClaimedLockStore
from agent.nlg import LiveWords, Words
from agent.tracker_store import OneRowTrackerStore
from marketing.errors import Unavailable
from memory import releases
from memory.engine import Connection

log = logging.getLogger(__name__)

FIRST_TEXT = "안녕하세요, hello 1"


class ModelRefused(Unavailable):
    """The model of the live release cannot be used: run ./dangol train."""


class Model:
    """A loaded model with everything it works with."""

    def __init__(self, archive: Path, words: Words | None, executor: ActionExecutor) -> None:
        """Load `archive`. Words of None are those of its domain. Raises ModelRefused."""
        self.words = LiveWords()
        self.store = OneRowTrackerStore()
        self.rasa = Agent(
            generator=self.words,
            lock_store=ClaimedLockStore(),
            action_endpoint=InProcessActions(executor, self.words),
        )
        # Rasa wraps any store in one that goes on in memory when the database fails. A turn whose
        # tracker cannot be saved must break instead.
        self.rasa.tracker_store = self.store
        try:
            self.rasa.load_model(archive)
            # What loads at the first text, seconds of work for the Korean tokeniser, is not left to
            # the first customer's turn, which has a time limit.
            asyncio.run(self.rasa.parse_message(FIRST_TEXT))
        except Exception as error:
            raise ModelRefused(
                f"The model does not load ({type(error).__name__}: {error}): run ./dangol train."
            ) from error
        self._require_actions(executor)
        if words is not None:
            self.words.responses = words

    def _require_actions(self, executor: ActionExecutor) -> None:
        named = self.rasa.domain.user_actions
        missing = [
            name for name in named if name not in executor.actions and not name.startswith("utter_")
        ]
        if missing:
            raise ModelRefused(f"domain.yml names actions that no class has: {', '.join(missing)}.")


class LiveModel:
    """The model of the live release, changed when another becomes live."""

    def __init__(self, executor: ActionExecutor, folder: Path) -> None:
        """`folder` holds the archive while it is loaded."""
        self._executor = executor
        self._folder = folder
        self._release_id: int | None = None
        self._model_digest = ""
        self._shop: Mapping[str, Any] = {}
        self.model: Model | None = None
        """None until the first release is loaded."""

    def follow(self, connection: Connection) -> bool:
        """Load what is live now, if it is not loaded; new words alone need no loading. Returns
        True if anything changed. Raises NothingLive, ModelDamaged or ModelRefused, and then the
        model in use stays."""
        live = releases.live(connection)
        if live.release_id == self._release_id:
            return False
        began = time.perf_counter()
        if self.model is not None and live.model_digest == self._model_digest:
            self.model.words.responses = live.words
        else:
            archive = releases.model_bytes(connection, live.release_id)
            self.model = self._load(archive, live.words)
        self.model.words.shop = self._shop
        self._release_id, self._model_digest = live.release_id, live.model_digest
        _spare_the_collector()
        log.info(
            "Release %d is in use after %.0f ms.",
            live.release_id,
            1000 * (time.perf_counter() - began),
            extra={"action": "release_loaded", "release_id": live.release_id},
        )
        return True

    def know_shop(self, store: Mapping[str, Any]) -> None:
        """The store profile, for what is said of the shop."""
        self._shop = store
        if self.model is not None:
            self.model.words.shop = store

    def _load(self, archive: bytes, words: Words) -> Model:
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".tar.gz") as file:
            file.write(archive)
            file.flush()
            return Model(Path(file.name), words, self._executor)


def _spare_the_collector() -> None:
    """The model's hundreds of thousands of objects stay: looking through them again and again
    costs turns a tenth of a second now and then. What the model before left behind goes first."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
