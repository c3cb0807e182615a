"""The loop of an agent process: waits for bells, answers one message after another, and follows
the live release and the catalogue.
"""

from __future__ import annotations

import asyncio
import logging
import time
from threading import Event

from agent import failures, in_process, reading, turn
from agent.bells import Bells
from agent.catalogue import KnownCatalogue
from agent.crash_note import CrashNote
from agent.in_process import TurnBroken
from agent.model import LiveModel
from agent.turn import Limits
from agent.watchdog import Watchdog
from marketing.errors import Unavailable
from memory.bell import CATALOGUE, RELEASE
from memory.engine import Engine
from memory.inbox import Claimed
from memory.parts import Heartbeat
from memory.trouble import AWAY
from settings import Settings

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
"""Seconds of real time after which the agent looks for itself, in case a bell was missed."""


class Answering:
    """One agent process at work."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        heartbeat: Heartbeat,
        stop: Event,
        *,
        actions: str = "actions",
        turn_seconds: float = 15,
    ) -> None:
        """Loads the package of custom actions. Raises ActionsBroken."""
        self._engine = engine
        self._heartbeat = heartbeat
        self._stop = stop
        self._shop_url = settings.public_base_url
        self._limits = Limits(turn=turn_seconds)
        self._note = CrashNote(settings.home / "run", heartbeat.part)
        self._live = LiveModel(in_process.load_actions(actions), settings.home / "models" / "live")
        self._catalogue = KnownCatalogue()
        self._bells = Bells(engine.url.render_as_string(hide_password=False))
        self._watchdog = Watchdog(turn_seconds)
        self._loop = asyncio.new_event_loop()
        self._is_stale = {RELEASE, CATALOGUE}
        self._unfinished: list[float] = []
        """When the messages that wait for their rest have waited long enough, by this process's
        clock."""

    def run(self) -> None:
        """Answer until told to stop. What the last process of this name died over counts as an
        attempt first."""
        self._bells.start()
        self._watchdog.start()
        try:
            self._count_leftover()
            while not self._stop.is_set():
                self._catch_up()
                if not self._answer_one() and not reading.read_some(self._engine):
                    self._listen(self._until_next_look())
        finally:
            self._bells.end()
            self._watchdog.end()
            self._loop.close()

    def _count_leftover(self) -> None:
        leftover = self._note.leftover()
        if leftover is None:
            return
        log.error(
            "The last process of this name died while it answered a message.",
            extra={"action": "process_died", "inbox_id": leftover},
        )
        failures.set_back(self._engine, leftover, "process_died", self._stop)
        self._note.clear()

    def _listen(self, seconds: float) -> None:
        self._is_stale |= self._bells.wait(seconds) & {RELEASE, CATALOGUE}

    def _until_next_look(self) -> float:
        """Seconds; no later than the next message has waited for its rest."""
        now = time.monotonic()
        self._unfinished = [moment for moment in self._unfinished if moment > now]
        return min([LOOK_EVERY, *(moment - now for moment in self._unfinished)])

    def _catch_up(self) -> None:
        """Follow the catalogue and the live release where they have changed."""
        self._listen(0)
        if not self._is_stale:
            return
        try:
            with self._engine.connect() as connection:
                if CATALOGUE in self._is_stale:
                    self._live.know_shop(self._catalogue.refresh(connection))
                self._live.follow(connection)
            self._is_stale.clear()
            self._tell("ready")
        except AWAY:
            log.warning("The database does not answer.", extra={"action": "database_away"})
            self._stop.wait(LOOK_EVERY)
        except Unavailable as error:
            self._is_stale.clear()
            log.error("%s", error, extra={"action": "release_refused"})
            still = " The model before it is still in use." if self._live.model else ""
            self._tell(f"{error}{still}")

    def _tell(self, state: str) -> None:
        if self._heartbeat.state != state:
            self._heartbeat.say(state)

    def _answer_one(self) -> bool:
        """Claim and answer one message; False if there was none, or nobody to answer it."""
        if self._live.model is None:
            return False
        claimed: Claimed | None = None
        try:
            with self._engine.begin() as connection:
                claimed = turn.claim(connection, self._limits)
                if claimed is None:
                    return False
                self._note.write(claimed.inbox_id)
                with self._watchdog.over(claimed.inbox_id):
                    is_answered = turn.answer(
                        connection,
                        claimed,
                        self._live.model,
                        self._loop,
                        shop_url=self._shop_url,
                        limits=self._limits,
                    )
            if not is_answered:
                self._unfinished.append(time.monotonic() + self._limits.rest)
        except (Exception, TurnBroken) as error:
            self._recover(claimed, error)
        self._note.clear()
        return True

    def _recover(self, claimed: Claimed | None, error: BaseException) -> None:
        """The turn was rolled back as a whole: count the attempt, or wait for the database."""
        if claimed is None:
            log.warning("The database does not answer.", extra={"action": "claim_failed"})
            self._stop.wait(LOOK_EVERY)
            return
        cause = error.__cause__ if isinstance(error, TurnBroken) and error.__cause__ else error
        log.error(
            "A turn broke (%s) and was rolled back.\n%s",
            type(cause).__name__,
            failures.trace_of(cause),
            extra={
                "action": "turn_broken",
                "inbox_id": claimed.inbox_id,
                "customer_id": claimed.customer_id,
            },
        )
        failures.set_back(self._engine, claimed.inbox_id, type(cause).__name__, self._stop)
