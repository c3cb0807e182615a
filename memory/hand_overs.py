"""Conversations handed to a person: asked for, taken, answered, closed. While one is taken the
automatic assistant is silent (DESIGN M17).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, cast, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import JSONB, insert

from marketing.answer_times import Promise
from marketing.errors import NotFound
from memory import catalogue, outbox, staff_alarms, turns
from memory.tables import hand_overs

log = logging.getLogger(__name__)


class NotWaiting(NotFound):
    """Nobody of that id waits for a person."""


@dataclass(frozen=True, kw_only=True)
class HandOver:
    """One conversation that a person is asked for."""

    customer_id: str
    hand_over_id: int
    state: str
    channel: str
    address_id: int | None
    said: str
    reason: str
    """`asked`; or what a person was offered for: `anger`, `misunderstood`, `value`."""
    topic: str | None
    """`refund`, `delivery` …: what it seems to be about."""
    taken_by: str | None
    asked_at: datetime
    promised_at: datetime | None
    """When they are answered at the latest."""
    wants_text: bool | None
    """Whether they want to be told of the answer by text; None if they have not said."""
    answered_at: datetime | None
    told_at: datetime | None
    """When they were told by text of an answer, the last time."""


@dataclass(frozen=True, kw_only=True)
class Queue:
    """How long the queue is."""

    waiting: int
    longest_wait: timedelta
    promises_broken: int
    """How many wait longer than was promised."""


_COLUMNS = tuple(hand_overs.c[name] for name in HandOver.__dataclass_fields__)
_OPEN = hand_overs.c.state != "closed"


def ask(
    connection: Connection,
    customer_id: str,
    *,
    channel: str,
    address_id: int | None,
    said: str,
    now: datetime,
    reason: str = "asked",
    topic: str | None = None,
    promise: Promise | None = None,
) -> bool:
    """Put the customer in the queue and have the shop's people told; False if they are in it, or
    with a person, already."""
    written = connection.execute(
        insert(hand_overs)
        .values(
            customer_id=customer_id,
            channel=channel,
            address_id=address_id,
            said=said,
            reason=reason,
            topic=topic,
            asked_at=now,
            promised_at=promise.answered_by if promise else None,
        )
        .on_conflict_do_nothing()
        .returning(hand_overs.c.hand_over_id)
    )
    hand_over_id = written.scalar_one_or_none()
    if hand_over_id is None:
        return False
    log.warning(
        "Somebody waits for a person.",
        extra={"action": "hand_over_asked", "customer_id": customer_id, "reason": reason},
    )
    staff_alarms.plan(
        connection,
        hand_over_id,
        catalogue.store_profile(connection).get("staff_phones", ()),
        at=promise.alarm_at if promise else now,
        again_at=promise.again_at if promise else None,
    )
    return True


def ahead_of(connection: Connection, found: HandOver) -> int:
    """How many wait who have asked before them."""
    earlier = (hand_overs.c.asked_at, hand_overs.c.hand_over_id)
    return int(
        connection.scalar(
            select(func.count())
            .select_from(hand_overs)
            .where(
                hand_overs.c.state == "waiting",
                tuple_(*earlier) < (found.asked_at, found.hand_over_id),
            )
        )
        or 0
    )


def want_text(connection: Connection, customer_id: str, wants: bool) -> bool:
    """Whether they want to be told of the answer by text; False if they do not wait."""
    written = connection.execute(
        update(hand_overs)
        .where(hand_overs.c.customer_id == customer_id, _OPEN)
        .values(wants_text=wants)
        .returning(hand_overs.c.hand_over_id)
    )
    return written.one_or_none() is not None


def length(connection: Connection, *, now: datetime) -> Queue:
    """How many wait, and how long, at that business time."""
    row = connection.execute(
        select(
            func.count().label("waiting"),
            func.min(hand_overs.c.asked_at).label("first"),
            func.count().filter(hand_overs.c.promised_at < now).label("broken"),
        ).where(hand_overs.c.state == "waiting")
    ).one()
    longest = max(now - row.first, timedelta()) if row.first else timedelta()
    return Queue(waiting=row.waiting, longest_wait=longest, promises_broken=row.broken)


def queue(connection: Connection) -> list[HandOver]:
    """Everybody who waits or is being talked to, longest first."""
    rows = connection.execute(
        select(*_COLUMNS).where(_OPEN).order_by(hand_overs.c.asked_at, hand_overs.c.hand_over_id)
    )
    return [HandOver(**row._mapping) for row in rows]


def of_customer(connection: Connection, customer_id: str) -> HandOver | None:
    """The one that is open for this customer."""
    row = connection.execute(
        select(*_COLUMNS).where(hand_overs.c.customer_id == customer_id, _OPEN)
    ).one_or_none()
    return HandOver(**row._mapping) if row else None


def take(connection: Connection, customer_id: str, *, by: str, now: datetime) -> HandOver:
    """`by` talks to this customer from now on. Raises NotWaiting."""
    _move(connection, customer_id, state="taken", taken_by=by, taken_at=now)
    found = of_customer(connection, customer_id)
    assert found is not None
    return found


def leave(connection: Connection, customer_id: str, *, now: datetime) -> bool:
    """The customer does not wait any more; False if they did not, or a person has taken it up."""
    left = connection.execute(
        update(hand_overs)
        .where(hand_overs.c.customer_id == customer_id, hand_overs.c.state == "waiting")
        .values(state="closed", closed_at=now)
        .returning(hand_overs.c.hand_over_id)
    )
    return left.one_or_none() is not None


def close(connection: Connection, customer_id: str, *, now: datetime) -> None:
    """The assistant answers again. Raises NotWaiting."""
    _move(connection, customer_id, state="closed", closed_at=now)


def reply(
    connection: Connection, found: HandOver, text: str, *, language: str | None, now: datetime
) -> None:
    """What the person says, on the channel that the customer asked on: a row of the chat, or a
    text message that is a reply. Whoever has left the chat is told by `answer_notices`."""
    (seq,) = turns.append(
        connection,
        found.customer_id,
        [turns.Utterance(text=text, payload={"by": found.taken_by})],
        direction="out",
        channel=found.channel,
        language=language,
        at=now,
    )
    if found.address_id is not None:
        outbox.put(
            connection,
            key=f"person:{found.customer_id}:{seq}",
            customer_id=found.customer_id,
            address_id=found.address_id,
            message_class="reply",
            purpose="hand_over",
            body=text,
            now=now,
        )
    connection.execute(
        update(hand_overs)
        .where(
            hand_overs.c.customer_id == found.customer_id,
            hand_overs.c.hand_over_id == found.hand_over_id,
            hand_overs.c.answered_at.is_(None),
        )
        .values(answered_at=now)
    )


def said_before(connection: Connection, found: HandOver, key: str) -> Mapping[str, Any] | None:
    """What was kept with that key, if it was said with it; whoever says something at the same
    moment has to wait."""
    keys: Mapping[str, Mapping[str, Any]] = connection.execute(
        select(hand_overs.c.said_keys).where(*_is(found)).with_for_update()
    ).scalar_one()
    return keys.get(key)


def keep_said(
    connection: Connection, found: HandOver, key: str, kept: Mapping[str, object]
) -> None:
    """Something was said with that key."""
    connection.execute(
        update(hand_overs)
        .where(*_is(found))
        .values(said_keys=hand_overs.c.said_keys.op("||")(cast({key: dict(kept)}, JSONB)))
    )


def _is(found: HandOver) -> tuple[ColumnElement[bool], ...]:
    return (
        hand_overs.c.customer_id == found.customer_id,
        hand_overs.c.hand_over_id == found.hand_over_id,
    )


def _move(connection: Connection, customer_id: str, **values: object) -> None:
    moved = connection.execute(
        update(hand_overs)
        .where(hand_overs.c.customer_id == customer_id, _OPEN)
        .values(**values)
        .returning(hand_overs.c.hand_over_id)
    )
    if moved.one_or_none() is None:
        raise NotWaiting
