"""Hands what waits in the outbox to its provider: decide again, commit, call, record (RULES §3.4).

Between commit and record a message is `sending`; whoever dies there leaves it to the reaper.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Mapping
from datetime import timedelta

from channels.protocol import (
    Accepted,
    Message,
    NotTaken,
    Outcome,
    Refusal,
    Rejected,
    Sender,
    UnknownChannel,
)
from memory import clock, outbox, suppression
from memory import engine as memory_engine
from memory.engine import DatabaseUnreachable, Engine
from memory.outbox import Outgoing, Passed

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
"""Longer than any call to a provider may take."""
LONGEST_PAUSE = 300.0
RECORD_TRIES = 5


class Sending:
    """The steps of sending. Safe to share by threads: the database decides who sends what."""

    def __init__(
        self,
        engine: Engine,
        senders: Mapping[str, Sender],
        *,
        only_to: frozenset[str] = frozenset(),
    ) -> None:
        """`senders` by channel; `only_to` as DANGOL_SEND_ONLY_TO."""
        self._engine = engine
        self._senders = senders
        self._only_to = only_to

    def send_next(self) -> bool:
        """Deal with one message; False if none waits."""
        with memory_engine.transaction(self._engine) as connection:
            now = clock.business_now(connection)
            taken = outbox.begin_sending(connection, now=now, lease=LEASE, only_to=self._only_to)
        if taken is None:
            return False
        if isinstance(taken, Passed):
            log.log(
                logging.DEBUG if taken.reason == outbox.TAKEN else logging.INFO,
                "A message was not sent.",
                extra={
                    "action": "message_passed",
                    "outbox_id": taken.outbox_id,
                    "reason": taken.reason,
                },
            )
            return True
        valid_for = taken.not_after - now if taken.not_after else None
        self._record_surely(taken, self._call(taken, valid_for))
        return True

    def _call(self, taken: Outgoing, valid_for: timedelta | None) -> Outcome:
        try:
            sender = sender_for(self._senders, taken.channel)
        except UnknownChannel:
            return NotTaken(reason="unknown_channel", needs_an_operator=True)
        return sender.send(
            Message(
                outbox_id=taken.outbox_id,
                recipient=taken.recipient,
                body=taken.body,
                valid_for=valid_for,
            )
        )

    def _record_surely(self, taken: Outgoing, outcome: Outcome) -> None:
        """A database that is away for a moment must not make a known outcome unknown."""
        for attempt in range(RECORD_TRIES):
            try:
                self._record(taken, outcome)
                return
            except DatabaseUnreachable:
                log.warning(
                    "An outcome could not be recorded.",
                    extra={"action": "record_failed", "outbox_id": taken.outbox_id},
                )
                time.sleep(0.5 * 2**attempt)

    def _record(self, taken: Outgoing, outcome: Outcome) -> None:
        with memory_engine.transaction(self._engine) as connection:
            match outcome:
                case Accepted():
                    outbox.record_accepted(
                        connection,
                        taken.outbox_id,
                        provider_id=outcome.provider_id,
                        status=outcome.status,
                    )
                case Rejected():
                    if outcome.reason is Refusal.OPTED_OUT:
                        suppression.provider_says_stopped(
                            connection,
                            taken.outbox_id,
                            code=outcome.code,
                            now=clock.business_now(connection),
                        )
                    outbox.record_rejected(
                        connection, taken.outbox_id, reason=outcome.reason, code=outcome.code
                    )
                case NotTaken():
                    wait = pause_before_retry(taken.attempts, outcome.wait)
                    outbox.set_back(
                        connection,
                        taken.outbox_id,
                        attempts=taken.attempts,
                        reason=outcome.reason,
                        wait=wait,
                    )
                case _:
                    outbox.record_unknown(connection, taken.outbox_id, reason=outcome.reason)
        _log_outcome(taken, outcome)


def sender_for(senders: Mapping[str, Sender], channel: str) -> Sender:
    """The sender of a channel. Raises UnknownChannel."""
    if channel not in senders:
        raise UnknownChannel(f"No sender is set up for {channel!r}; there is {sorted(senders)}.")
    return senders[channel]


def pause_before_retry(attempts: int, asked_for: timedelta | None) -> timedelta:
    """Twice as long after each attempt, at most five minutes, give or take a half; never shorter
    than the provider asked for."""
    seconds = min(LONGEST_PAUSE, 2.0 ** min(attempts, 9)) * random.uniform(0.5, 1.5)  # noqa: S311
    return max(timedelta(seconds=seconds), asked_for or timedelta())


_OPERATORS_MATTER = frozenset(
    {Refusal.SENDER_CANNOT_SEND, Refusal.COUNTRY_NOT_ENABLED, Refusal.BLOCKED}
)


def _log_outcome(taken: Outgoing, outcome: Outcome) -> None:
    extra = {"outbox_id": taken.outbox_id, "attempt": taken.attempts}
    if isinstance(outcome, Accepted):
        log.info("A message was accepted.", extra={**extra, "action": "message_accepted"})
        return
    needs_an_operator = (isinstance(outcome, NotTaken) and outcome.needs_an_operator) or (
        isinstance(outcome, Rejected) and outcome.reason in _OPERATORS_MATTER
    )
    log.log(
        logging.ERROR if needs_an_operator else logging.WARNING,
        "A message was not accepted: %s.",
        outcome.reason,
        extra={**extra, "action": "message_not_accepted", "reason": str(outcome.reason)},
    )
