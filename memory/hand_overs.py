"""Conversations handed to a person: asked for, taken, answered, closed. While one is taken the
automatic assistant is silent (DESIGN M17).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert

from marketing.errors import NotFound
from memory import outbox, turns
from memory.tables import hand_overs


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
    taken_by: str | None
    asked_at: datetime


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
) -> bool:
    """Put the customer in the queue; False if they are in it, or with a person, already."""
    written = connection.execute(
        insert(hand_overs)
        .values(
            customer_id=customer_id,
            channel=channel,
            address_id=address_id,
            said=said,
            asked_at=now,
        )
        .on_conflict_do_nothing()
        .returning(hand_overs.c.hand_over_id)
    )
    return written.one_or_none() is not None


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
    text message that is a reply."""
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


def _move(connection: Connection, customer_id: str, **values: object) -> None:
    moved = connection.execute(
        update(hand_overs)
        .where(hand_overs.c.customer_id == customer_id, _OPEN)
        .values(**values)
        .returning(hand_overs.c.hand_over_id)
    )
    if moved.one_or_none() is None:
        raise NotWaiting
