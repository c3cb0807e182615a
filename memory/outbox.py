"""The outbox: every message to an outside provider, and what became of it, with its reason.

ready → sending → accepted → delivered; or refused (by the gate), cancelled (before its time),
rejected (by the provider), unknown (a crash or a lost answer between call and record).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from marketing.decisions import Allowed, Held, Reason, Refused
from marketing.message_classes import CLASSES
from memory import advertising, bell, clock, consents, offers, reminding, suppressions
from memory.addresses import STORED, opened
from memory.tables import addresses, outbox

TAKEN = "taken_by_another_sender"


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A message that has passed the gate and must now be sent exactly once."""

    outbox_id: int
    channel: str
    recipient: str
    body: str
    attempts: int
    not_after: datetime | None


@dataclass(frozen=True, kw_only=True)
class Passed:
    """A message that is not to be sent by this sender now."""

    outbox_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Written:
    """A message and what became of it."""

    outbox_id: int
    purpose: str
    message_class: str
    offer_id: int | None
    state: str
    reason: str | None
    provider_status: str | None
    error_code: int | None
    hold_until: datetime | None
    at: datetime


def put(
    connection: Connection,
    *,
    key: str,
    customer_id: str,
    address_id: int,
    message_class: str,
    body: str,
    now: datetime,
    purpose: str = "answer",
    hold_until: datetime | None = None,
    not_after: datetime | None = None,
    offer_id: int | None = None,
    due_id: int | None = None,
) -> int | None:
    """Write a message to be sent and ring the sender; None if that `key` was written before. An
    advertisement carries an offer, what was asked for its occasion: they are decided about again
    when they are sent."""
    outbox_id = connection.execute(
        insert(outbox)
        .values(
            key=key,
            customer_id=customer_id,
            address_id=address_id,
            channel="sms",
            message_class=message_class,
            purpose=purpose,
            body=body,
            hold_until=hold_until,
            not_after=not_after,
            offer_id=offer_id,
            due_id=due_id,
            at=now,
        )
        .on_conflict_do_nothing()
        .returning(outbox.c.outbox_id)
    ).scalar_one_or_none()
    if outbox_id is not None:
        bell.ring(connection, bell.OUTBOX)
    return outbox_id


def cancel_waiting(
    connection: Connection, customer_id: str, address_id: int, *, reason: str
) -> None:
    """Nothing that still waits for this number goes out."""
    connection.execute(
        update(outbox)
        .where(
            outbox.c.customer_id == customer_id,
            outbox.c.address_id == address_id,
            outbox.c.state == "ready",
        )
        .values(state="cancelled", reason=reason)
    )


_MAY_BE_TAKEN = """
       o.state = 'ready' AND o.retry_at <= clock_timestamp()
       AND (o.hold_until IS NULL OR o.hold_until <= :now)
       AND NOT EXISTS (SELECT 1 FROM outbox e
                        WHERE e.customer_id = o.customer_id AND e.address_id = o.address_id
                          AND (e.state = 'sending'
                               OR e.state = 'ready'
                                  AND (e.hold_until IS NULL OR e.hold_until <= :now))
                          AND NOT (e.message_class = 'advertisement'
                                   AND o.message_class <> 'advertisement')
                          AND e.outbox_id < o.outbox_id)
"""
_FIRST = ", ".join(f"'{one.name}'" for one in CLASSES.values() if one.goes_first)
_NEXT = text(
    f"""
    SELECT o.outbox_id, o.customer_id
      FROM outbox o
     WHERE {_MAY_BE_TAKEN}
     ORDER BY (o.message_class NOT IN ({_FIRST})), o.outbox_id LIMIT 50
    """  # noqa: S608 - no values in it
)
_ON_THEIR_WAY = text(
    f"SELECT count(*) FROM outbox o WHERE o.state = 'sending' OR ({_MAY_BE_TAKEN})"  # noqa: S608
)


def begin_sending(
    connection: Connection,
    *,
    now: datetime,
    lease: timedelta,
    only_to: frozenset[str] = frozenset(),
) -> Outgoing | Passed | None:
    """Take the next message, decide again whether it may go, and mark it `sending`.

    The caller commits before calling the provider (RULES §3.4). The permission row is locked
    before the message, as an opt-out does it, so that the two stand in one order. Returns None if
    nothing waits that could be had now.
    """
    waiting = connection.execute(_NEXT, {"now": now}).all()
    # A customer whose row somebody holds waits; the others do not wait for that customer.
    following = next(
        (
            message
            for message in waiting
            if consents.try_lock_permission(connection, message.customer_id)
        ),
        None,
    )
    if following is None:
        return None
    row = connection.execute(_ready(following.outbox_id, following.customer_id)).one_or_none()
    if row is None:
        return Passed(outbox_id=following.outbox_id, reason=TAKEN)
    number = opened(connection, row)
    refusal = _refusal(row, now, number, only_to)
    if row.purpose not in _ANSWERS and suppressions.is_suppressed(connection, "phone", number):
        refusal = Reason.SUPPRESSED
    if refusal is not None:
        _refuse(connection, row, refusal, now)
        return Passed(outbox_id=row.outbox_id, reason=refusal)
    not_after = row.not_after
    decide_again = _decision_about(row)
    if decide_again is not None:
        answer = decide_again(connection, row, now=now)
        if isinstance(answer, Held):
            _hold(connection, row.outbox_id, answer)
            return Passed(outbox_id=row.outbox_id, reason=answer.reason)
        if isinstance(answer, Refused):
            _refuse(connection, row, answer.reason, now)
            return Passed(outbox_id=row.outbox_id, reason=answer.reason)
        not_after = min(answer.not_after, not_after or answer.not_after)
    connection.execute(
        update(outbox)
        .where(outbox.c.outbox_id == row.outbox_id)
        .values(
            state="sending",
            attempts=outbox.c.attempts + 1,
            lease_until=datetime.now(UTC) + lease,
        )
    )
    return Outgoing(
        outbox_id=row.outbox_id,
        channel=row.channel,
        recipient=number,
        body=row.body,
        attempts=row.attempts + 1,
        not_after=not_after,
    )


def _decision_about(row: Any) -> Callable[..., Allowed | Held | Refused] | None:
    """Who decides about a message that not everybody may get."""
    if row.offer_id is not None:
        return advertising.decide_again
    return reminding.decide_again if row.due_id is not None else None


def _refuse(connection: Connection, row: Any, reason: str, now: datetime) -> None:
    _set(connection, row.outbox_id, state="refused", reason=reason)
    _tell_it_was_not_sent(connection, row, reason, now)


def _tell_it_was_not_sent(connection: Connection, row: Any, reason: str, now: datetime) -> None:
    if row.offer_id is not None:
        offers.not_sent(connection, row.customer_id, row.offer_id, reason=reason, now=now)
    elif row.due_id is not None:
        reminding.not_sent(connection, row, reason=reason, now=now)


def _hold(connection: Connection, outbox_id: int, answer: Held) -> None:
    connection.execute(
        update(outbox)
        .where(outbox.c.outbox_id == outbox_id)
        .values(hold_until=answer.until, reason=answer.reason)
    )


_ANSWERS = frozenset(
    {"answer", "stop_confirmation", "start_confirmation", "help", "hand_over", "code"}
    | {"consent_result"}
)
"""What somebody gets for something they have just done: also from a number that is suppressed."""


def _ready(outbox_id: int, customer_id: str) -> Select[Any]:
    """Of that customer still: of one who was merged meanwhile, another permission row counts."""
    return (
        select(
            outbox.c.outbox_id,
            outbox.c.customer_id,
            outbox.c.address_id,
            outbox.c.offer_id,
            outbox.c.due_id,
            outbox.c.channel,
            outbox.c.body,
            outbox.c.attempts,
            outbox.c.purpose,
            outbox.c.not_after,
            *STORED,
            addresses.c.stopped_at,
            addresses.c.unlinked_at,
        )
        .join(
            addresses,
            (addresses.c.customer_id == outbox.c.customer_id)
            & (addresses.c.address_id == outbox.c.address_id),
        )
        .where(
            outbox.c.outbox_id == outbox_id,
            outbox.c.customer_id == customer_id,
            outbox.c.state == "ready",
        )
        .with_for_update(of=outbox, skip_locked=True)
    )


def _refusal(row: Any, now: datetime, number: str, only_to: frozenset[str]) -> str | None:
    if row.unlinked_at is not None and row.purpose != "stop_confirmation":
        return "unlinked"
    if row.stopped_at is not None and row.purpose not in {"stop_confirmation", "help"}:
        return "stopped"
    if row.not_after is not None and now > row.not_after:
        return "too_late"
    if only_to and number not in only_to:
        return "not_on_the_staging_list"
    return None


def record_accepted(
    connection: Connection, outbox_id: int, *, provider_id: str, status: str
) -> None:
    """The provider has taken it. A callback may have been quicker: states never go back."""
    taken = connection.execute(
        update(outbox)
        .where(outbox.c.outbox_id == outbox_id, outbox.c.state.in_(("sending", "unknown")))
        .values(
            state="accepted",
            reason="answered",
            provider_id=provider_id,
            provider_status=status,
            sent_at=datetime.now(UTC),
        )
        .returning(outbox.c.customer_id, outbox.c.offer_id, outbox.c.due_id, outbox.c.body)
    ).one_or_none()
    if taken is not None and taken.offer_id is not None:
        advertising.keep_told(connection, taken)
    elif taken is not None and taken.due_id is not None:
        reminding.keep_told(connection, taken)
    connection.execute(
        update(outbox)
        .where(outbox.c.outbox_id == outbox_id, outbox.c.provider_id.is_(None))
        .values(provider_id=provider_id)
    )


def record_rejected(connection: Connection, outbox_id: int, *, reason: str, code: int) -> None:
    """The provider has refused it for good."""
    row = connection.execute(
        update(outbox)
        .where(outbox.c.outbox_id == outbox_id)
        .values(state="rejected", reason=reason, error_code=code)
        .returning(outbox.c.customer_id, outbox.c.offer_id, outbox.c.due_id)
    ).one()
    _tell_it_was_not_sent(connection, row, reason, clock.business_now(connection))


def record_unknown(connection: Connection, outbox_id: int, *, reason: str) -> None:
    """Nobody knows whether the provider took it: never sent again by itself (RULES TW-3)."""
    connection.execute(
        update(outbox)
        .where(outbox.c.outbox_id == outbox_id, outbox.c.state == "sending")
        .values(state="unknown", reason=reason)
    )


def set_back(
    connection: Connection, outbox_id: int, *, attempts: int, reason: str, wait: timedelta
) -> None:
    """The provider provably did not take it at that attempt: try again after `wait`. What was
    withdrawn or bought meanwhile is not tried again. Told twice, for fear that the first was lost,
    it does nothing to a later attempt."""
    row = connection.execute(
        update(outbox)
        .where(
            outbox.c.outbox_id == outbox_id,
            outbox.c.state.in_(("sending", "unknown")),
            outbox.c.attempts == attempts,
        )
        .values(state="ready", reason=reason, retry_at=datetime.now(UTC) + wait, lease_until=None)
        .returning(outbox.c.customer_id, outbox.c.offer_id)
    ).one_or_none()
    if row is not None and row.offer_id is not None:
        offers.take_back(connection, row.customer_id, row.offer_id)


def count_on_their_way(connection: Connection, *, now: datetime) -> int:
    """How many messages are being sent or could be now; what waits to be tried again is none."""
    return int(connection.execute(_ON_THEIR_WAY, {"now": now}).scalar_one())


def next_release(connection: Connection, *, after: datetime, until: datetime) -> datetime | None:
    """When the next message that is held back may be looked at again; None if none may."""
    found: datetime | None = connection.scalar(
        select(func.min(outbox.c.hold_until)).where(
            outbox.c.state == "ready", outbox.c.hold_until > after, outbox.c.hold_until <= until
        )
    )
    return found


def of_customer(connection: Connection, customer_id: str, *, limit: int = 100) -> list[Written]:
    """The newest messages to a customer, oldest first."""
    rows = connection.execute(
        select(*(outbox.c[name] for name in Written.__dataclass_fields__))
        .where(outbox.c.customer_id == customer_id)
        .order_by(outbox.c.outbox_id.desc())
        .limit(limit)
    ).all()
    return [Written(**row._mapping) for row in reversed(rows)]


def count_by_state(connection: Connection) -> dict[str, int]:
    """How many messages are in each state that any is in."""
    rows = connection.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))
    return {state: int(messages) for state, messages in rows}


def _set(connection: Connection, outbox_id: int, *, state: str, reason: str) -> None:
    connection.execute(
        update(outbox).where(outbox.c.outbox_id == outbox_id).values(state=state, reason=reason)
    )
