"""The inbox: every incoming message, stored before anything else happens, claimed in order.

What a reserved word asks for (STOP and its like) is done here, in the same transaction, before any
understanding (DESIGN rule 3).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from marketing import machine_texts, opt_out
from memory import (
    addresses,
    bell,
    codes,
    consents,
    customers,
    linking,
    reserved_words,
    turns,
    wrong_numbers,
)
from memory.tables import clock, conversations, inbox

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
"""A message that has broken the turn this often is given up and apologised for."""


MOST_TEXTS, IN_MINUTES = 30, 10
"""Text messages of one customer that are answered in a while: beyond that another machine is
probably answering us (RULES IN-4). They are stored all the same, and reserved words obeyed."""


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A verified message on its way in."""

    channel: str
    provider_id: str
    """Unique per channel: MessageSid, or the id of the web request."""
    customer_id: str
    text: str
    proof: str
    """How sure we are who writes: `none`, `shop`, `code` (web) or `inbound` (their own number)."""
    address_id: int | None = None
    """The number it came from; None on web."""
    taken_by_provider_as: opt_out.Keyword | None = None
    """The provider has read a reserved word in it and answered itself (RULES US-4)."""


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """What became of an incoming message."""

    inbox_id: int
    seq: int
    is_new: bool
    """False if that provider id was stored before: nothing was done again."""
    has_code: bool = False
    """True if it was, or held, the code that waited for it: whoever wrote it has that telephone."""


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A message whose turn it is, locked until the transaction ends."""

    inbox_id: int
    channel: str
    customer_id: str
    seq: int
    text: str
    address_id: int | None
    proof: str
    attempts: int
    at: datetime
    clock_offset: timedelta
    """How far business time is ahead of real time."""
    rest_until: datetime | None
    """Real time until which it has waited for its rest; None if it has not."""

    @property
    def now(self) -> datetime:
        """Business time."""
        return datetime.now(UTC) + self.clock_offset


def accept(connection: Connection, message: Incoming, *, now: datetime) -> Accepted:
    """Store a message and its turn once, do what a reserved word asks, ring the agents; what a
    telephone has written by itself is kept, and nothing more comes of it.

    The conversation row is locked before the message is written, so that messages of one customer
    get their numbers in the order in which they commit; the permission row before that, as
    everywhere, where a reserved word is going to move it.
    """
    is_by_machine = machine_texts.is_by_machine(message.text, message.channel)
    said = None if is_by_machine else opt_out.keyword(message.text, message.channel)
    word = said or message.taken_by_provider_as
    if word is opt_out.Keyword.WRONG_NUMBER and message.address_id is not None:
        _free_number(connection, message, message.address_id, now)
    message = _of_its_owner(connection, message, now)
    if message.channel == "web" and message.proof != "none":
        addresses.hear(connection, message.customer_id, now=now)
    if word is not None:
        consents.lock_permission(connection, message.customer_id)
    has_code = not is_by_machine and _has_code(connection, message)
    connection.execute(
        select(conversations.c.last_seq)
        .where(conversations.c.customer_id == message.customer_id)
        .with_for_update()
    )
    known = _stored(connection, message)
    if known is not None:
        return known
    (seq,) = turns.append(
        connection,
        message.customer_id,
        [_uttered(message.text, is_by_machine=is_by_machine)],
        direction="in",
        channel=message.channel,
        language=None,
        at=now,
    )
    inbox_id = connection.execute(
        insert(inbox)
        .values(
            channel=message.channel,
            provider_id=message.provider_id,
            customer_id=message.customer_id,
            seq=seq,
            text=message.text,
            address_id=message.address_id,
            proof=linking.PROOF if has_code and message.proof == "none" else message.proof,
            at=now,
        )
        .returning(inbox.c.inbox_id)
    ).scalar_one()
    goes_to_the_dialogue = reserved_words.obey(
        connection,
        word,
        customer_id=message.customer_id,
        channel=message.channel,
        address_id=message.address_id,
        inbox_id=inbox_id,
        said=message.text,
        already_confirmed=message.taken_by_provider_as is not None,
        now=now,
    )
    if is_by_machine:
        turns.leave_unspoken(connection, message.customer_id, seq)
        finish(connection, inbox_id)
    elif goes_to_the_dialogue and not _is_endless(connection, message, seq, now):
        bell.ring(connection, bell.INBOX)
    else:
        finish(connection, inbox_id)
    return Accepted(inbox_id=inbox_id, seq=seq, is_new=True, has_code=has_code)


def _uttered(text: str, *, is_by_machine: bool) -> turns.Utterance:
    return turns.Utterance(text=text, payload={turns.BY_MACHINE: True} if is_by_machine else {})


def _free_number(connection: Connection, message: Incoming, address_id: int, now: datetime) -> None:
    """Before anybody is held: who has the number is locked for that."""
    owner = customers.known_as(connection, message.customer_id) or message.customer_id
    wrong_numbers.free(
        connection,
        addresses.get(connection, owner, address_id).value,
        provider_id=message.provider_id,
        said=message.text,
        now=now,
    )


def _of_its_owner(connection: Connection, message: Incoming, now: datetime) -> Incoming:
    """Whoever has the number was looked up before anything was locked: by now they may be merged,
    or the number a stranger's."""
    held = customers.held(connection, message.customer_id)
    if message.address_id is not None:
        address = addresses.get(connection, held, message.address_id)
        if address.unlinked_at is not None:
            address = customers.of_address(
                connection, address.kind, address.value, proof=message.proof, now=now
            )
            held = customers.held(connection, address.customer_id)
            return replace(message, customer_id=held, address_id=address.address_id)
    return replace(message, customer_id=held)


def _has_code(connection: Connection, message: Incoming) -> bool:
    """Before the conversation is locked, as a turn does it that sends a code; told twice, a message
    is one try."""
    if codes.typed_in(message.text) is None or _stored(connection, message) is not None:
        return False
    who = message.customer_id
    phone = codes.waiting_for(connection, who)
    is_right = codes.typed(connection, who, message.text)
    is_anybody = message.proof == "none"
    return is_right and not (
        is_anybody and phone is not None and not linking.may_prove(connection, who, phone)
    )


def _is_endless(connection: Connection, message: Incoming, seq: int, now: datetime) -> bool:
    if message.channel != "sms":
        return False
    lately = turns.count_incoming(
        connection,
        message.customer_id,
        channel="sms",
        since=now - timedelta(minutes=IN_MINUTES),
        after_seq=seq - 3 * MOST_TEXTS,
    )
    if lately > MOST_TEXTS:
        log.warning(
            "A number writes without end; it is not answered for now.",
            extra={"action": "endless_texts", "customer_id": message.customer_id},
        )
    return lately > MOST_TEXTS


def _stored(connection: Connection, message: Incoming) -> Accepted | None:
    row = connection.execute(
        select(inbox.c.inbox_id, inbox.c.seq).where(
            inbox.c.channel == message.channel, inbox.c.provider_id == message.provider_id
        )
    ).one_or_none()
    return Accepted(inbox_id=row.inbox_id, seq=row.seq, is_new=False) if row else None


_CLAIM = text(
    """
    SELECT i.inbox_id, i.channel, i.customer_id, i.seq, i.text, i.address_id, i.proof,
           i.attempts, i.at, i.rest_until,
           coalesce((SELECT c."offset" FROM clock c), interval '0') AS clock_offset,
           set_config('statement_timeout', coalesce(
             :statement, current_setting('statement_timeout')), true) AS statement_timeout,
           set_config('lock_timeout', coalesce(
             :lock, current_setting('lock_timeout')), true) AS lock_timeout
      FROM inbox i
     WHERE i.state = 'ready' AND i.retry_at <= clock_timestamp()
       AND NOT EXISTS (SELECT 1 FROM inbox e
                        WHERE e.customer_id = i.customer_id AND e.state = 'ready'
                          AND e.inbox_id < i.inbox_id)
       AND (i.rest_until IS NULL OR i.rest_until <= clock_timestamp()
            OR EXISTS (SELECT 1 FROM inbox n
                        WHERE n.customer_id = i.customer_id AND n.state = 'ready'
                          AND n.inbox_id > i.inbox_id AND n.rest_until IS NULL))
     ORDER BY i.inbox_id LIMIT 1
       FOR UPDATE SKIP LOCKED
    """
)


def claim(
    connection: Connection,
    *,
    statement_seconds: float | None = None,
    lock_seconds: float | None = None,
) -> Claimed | None:
    """The oldest ready message with no earlier ready one of the same customer (DESIGN rule 2), and
    none that still waits for its rest, locked to the end of the transaction, within which a
    statement may take `statement_seconds` from now on and waiting for a lock `lock_seconds` of it;
    None if there is nothing to do."""
    limits = {"statement": _milliseconds(statement_seconds), "lock": _milliseconds(lock_seconds)}
    row = connection.execute(_CLAIM, limits).one_or_none()
    return _claimed(row) if row else None


def _milliseconds(seconds: float | None) -> str | None:
    return None if seconds is None else str(int(seconds * 1000))


def _claimed(row: Row[Any]) -> Claimed:
    return Claimed(**{name: row._mapping[name] for name in Claimed.__dataclass_fields__})


def with_rest(connection: Connection, claimed: Claimed) -> list[Claimed]:
    """The claimed message and, if it waited for its rest, what has come by the same way since,
    oldest first and locked: all that waited too, and the first that did not."""
    if claimed.rest_until is None:
        return [claimed]
    asked = (
        _selected()
        .where(
            inbox.c.customer_id == claimed.customer_id,
            inbox.c.state == "ready",
            inbox.c.inbox_id > claimed.inbox_id,
        )
        .order_by(inbox.c.inbox_id)
        .with_for_update(of=inbox)
    )
    pieces = [claimed]
    for piece in map(_claimed, connection.execute(asked)):
        if (piece.channel, piece.address_id) != (claimed.channel, claimed.address_id):
            break
        pieces.append(piece)
        if piece.rest_until is None:
            break
    return pieces


def wait_for_rest(connection: Connection, pieces: Sequence[Claimed], *, seconds: float) -> None:
    """They are the beginning of a message: none of them is claimed for so many seconds of real
    time, unless another message of the customer comes."""
    connection.execute(
        update(inbox)
        .where(inbox.c.inbox_id.in_([one.inbox_id for one in pieces]))
        .values(rest_until=func.clock_timestamp() + timedelta(seconds=seconds))
    )


def finish(connection: Connection, *inbox_ids: int) -> None:
    """The messages have been answered (or need no answer)."""
    connection.execute(
        update(inbox)
        .where(inbox.c.inbox_id.in_(inbox_ids))
        .values(state="done", done_at=datetime.now(UTC))
    )


def set_back(connection: Connection, inbox_id: int, error: str) -> bool:
    """A turn broke: try again a little later. Returns False when it has broken MOST_ATTEMPTS times
    and is given up (state `failed`); the caller then apologises. `error` names the kind only."""
    attempts: int | None = connection.execute(
        update(inbox)
        .where(inbox.c.inbox_id == inbox_id, inbox.c.state == "ready")
        .values(attempts=inbox.c.attempts + 1, error=error[:200])
        .returning(inbox.c.attempts)
    ).scalar_one_or_none()
    if attempts is None:
        return True
    is_given_up = attempts >= MOST_ATTEMPTS
    values: dict[str, Any] = (
        {"state": "failed", "done_at": datetime.now(UTC)}
        if is_given_up
        else {"retry_at": datetime.now(UTC) + timedelta(seconds=0.2 * 5**attempts)}
    )
    connection.execute(update(inbox).where(inbox.c.inbox_id == inbox_id).values(**values))
    return not is_given_up


def ready_count(connection: Connection) -> int:
    """How many messages wait for their turn."""
    counted = select(func.count()).select_from(inbox).where(inbox.c.state == "ready")
    return int(connection.scalar(counted) or 0)


def get(connection: Connection, inbox_id: int) -> Claimed:
    """That message, not locked. Raises sqlalchemy.exc.NoResultFound."""
    return _claimed(connection.execute(_selected().where(inbox.c.inbox_id == inbox_id)).one())


def _selected() -> Select[Any]:
    ahead = func.coalesce(select(clock.c.offset).scalar_subquery(), timedelta())
    return select(inbox, ahead.label("clock_offset"))
