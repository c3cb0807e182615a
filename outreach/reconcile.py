"""Finds out what became of messages that nobody knows about, by asking the provider. Never sends.

A status callback usually comes first and settles it (memory.delivery.merge_status).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from channels.protocol import Kept, Sender
from memory import delivery
from memory import engine as memory_engine
from memory.delivery import Lost
from memory.engine import Engine
from outreach.sender import LEASE, sender_for

log = logging.getLogger(__name__)

GIVE_UP_AFTER = timedelta(hours=24)
"""Then the message stays `unknown`, for a person to look at."""
LEEWAY = timedelta(seconds=5)
"""Providers tell whole seconds, by their own clock."""


def reconcile(engine: Engine, senders: Mapping[str, Sender]) -> int:
    """Ask about the messages that are due; returns how many are settled."""
    with memory_engine.transaction(engine) as connection:
        due = delivery.lost(connection, since=datetime.now(UTC) - GIVE_UP_AFTER)
    return sum(_settle(engine, sender_for(senders, message.channel), message) for message in due)


def _settle(engine: Engine, sender: Sender, message: Lost) -> bool:
    called_after = message.lease_until - LEASE
    kept = sender.kept(message.recipient, since=called_after)
    with memory_engine.transaction(engine) as connection:
        taken = delivery.claimed_ids(connection, [one.provider_id for one in kept or ()])
        found = matching(message, kept or (), taken)
        if found is None:
            wait = max(timedelta(seconds=10), (datetime.now(UTC) - called_after) / 4)
            delivery.ask_later(connection, message.outbox_id, wait)
            return False
        delivery.merge_status(
            connection,
            message.outbox_id,
            provider_id=found.provider_id,
            status=found.status,
            error_code=found.error_code,
        )
    log.info(
        "A lost message was found at the provider.",
        extra={"action": "message_found", "outbox_id": message.outbox_id},
    )
    return True


def matching(message: Lost, kept: Sequence[Kept], taken: frozenset[str]) -> Kept | None:
    """The oldest message with the same words, made while ours was being sent, that is nobody
    else's."""
    earliest, latest = message.lease_until - LEASE - LEEWAY, message.lease_until + LEEWAY
    candidates = [
        one
        for one in kept
        if one.provider_id not in taken
        and one.body.strip() == message.body.strip()
        and one.created_at is not None
        and earliest <= one.created_at <= latest
    ]
    return min(candidates, key=lambda one: (one.created_at, one.provider_id), default=None)
