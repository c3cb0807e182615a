"""Turns: every utterance of a conversation, in order, and the tracker row beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, text, update

from memory import bell
from memory.tables import conversations, turns

NOTICE = "notice"
"""Key of the payload of an answer to a reserved word."""
OFFER = "offer"
"""Key of the payload of what was offered: the `offer_id`."""
BY_MACHINE = "by_machine"
"""Key of the payload of what a telephone wrote by itself: a reaction, an automatic reply."""

_SAID_BY_PEOPLE = text("(direction = 'in' OR payload ? 'by')")
"""By the customer, or by a person who answered them. As the index of unread turns has it."""


@dataclass(frozen=True, kw_only=True)
class Utterance:
    """What is to be said: text, and on the web quick replies and product cards."""

    text: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    """`buttons`: [{title, text}] · `cards`: [{product_id, title, price, url, picture}]."""


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One kept utterance."""

    seq: int
    direction: str
    channel: str
    text: str
    payload: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Unread:
    """An utterance whose words are still to be read."""

    customer_id: str
    seq: int
    text: str


def reserve(connection: Connection, customer_id: str, count: int) -> int:
    """Take the next `count` places of the conversation and ring the chat; returns the first `seq`.

    Locks the conversation row to the end of the transaction, so that `seq` commits in order: a
    reader who has seen N can never miss a smaller one. Call it late.
    """
    last: int = connection.execute(
        update(conversations)
        .where(conversations.c.customer_id == customer_id)
        .values(last_seq=conversations.c.last_seq + count)
        .returning(conversations.c.last_seq, func.pg_notify(bell.CHAT, customer_id))
    ).scalar_one()
    return last - count + 1


def append(
    connection: Connection,
    customer_id: str,
    utterances: Sequence[Utterance],
    *,
    direction: str,
    channel: str,
    language: str | None,
    at: datetime,
) -> list[int]:
    """Keep utterances in order and ring the chat; returns their `seq`s."""
    if not utterances:
        return []
    first = reserve(connection, customer_id, len(utterances))
    rows = [
        {
            "customer_id": customer_id,
            "seq": first + place,
            "direction": direction,
            "channel": channel,
            "text": utterance.text,
            "payload": dict(utterance.payload),
            "language": language,
            "at": at,
        }
        for place, utterance in enumerate(utterances)
    ]
    connection.execute(insert(turns), rows)
    return [first + place for place in range(len(rows))]


def leave_unspoken(connection: Connection, customer_id: str, seq: int) -> None:
    """An utterance that was read is not found by any word: it is never called to mind."""
    connection.execute(
        update(turns).where(turns.c.customer_id == customer_id, turns.c.seq == seq).values(words=[])
    )


def unread(connection: Connection, *, limit: int) -> list[Unread]:
    """Utterances of people whose words nobody has read yet, locked; those that somebody else is
    reading are left to them."""
    rows = connection.execute(
        select(turns.c.customer_id, turns.c.seq, turns.c.text)
        .where(turns.c.words.is_(None), _SAID_BY_PEOPLE)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [Unread(**row._mapping) for row in rows]


def keep_words(connection: Connection, read: Sequence[Unread], words: Sequence[list[str]]) -> None:
    """Write down the words of utterances that were read."""
    connection.execute(
        update(turns)
        .where(
            turns.c.customer_id == bindparam("whose"),
            turns.c.seq == bindparam("which"),
        )
        .values(words=bindparam("found")),
        [
            {"whose": one.customer_id, "which": one.seq, "found": found}
            for one, found in zip(read, words, strict=True)
        ],
    )


def after(connection: Connection, customer_id: str, seq: int, *, limit: int = 200) -> list[Turn]:
    """Up to `limit` utterances after `seq`, oldest first: what a chat page has not seen yet."""
    rows = connection.execute(
        select(
            turns.c.seq,
            turns.c.direction,
            turns.c.channel,
            turns.c.text,
            turns.c.payload,
            turns.c.at,
        )
        .where(turns.c.customer_id == customer_id, turns.c.seq > seq)
        .order_by(turns.c.seq)
        .limit(limit)
    )
    return [Turn(**row._mapping) for row in rows]


def newest(
    connection: Connection, customer_id: str, *, limit: int, direction: str | None = None
) -> list[Turn]:
    """The last `limit` utterances, of one direction or both, oldest first."""
    asked = select(*(turns.c[name] for name in Turn.__dataclass_fields__)).where(
        turns.c.customer_id == customer_id
    )
    if direction is not None:
        asked = asked.where(turns.c.direction == direction)
    rows = connection.execute(asked.order_by(turns.c.seq.desc()).limit(limit)).all()
    return [Turn(**row._mapping) for row in reversed(rows)]


def has_spoken(connection: Connection, customer_id: str, channel: str) -> bool:
    """True if the dialogue has told the customer anything on that channel before; the answer to a
    reserved word is none of the dialogue's."""
    found = connection.scalar(
        select(turns.c.seq)
        .where(
            turns.c.customer_id == customer_id,
            turns.c.direction == "out",
            turns.c.channel == channel,
            ~turns.c.payload.has_key(NOTICE),
        )
        .order_by(turns.c.seq.desc())
        .limit(1)
    )
    return found is not None


def count_incoming(
    connection: Connection, customer_id: str, *, channel: str, since: datetime, after_seq: int
) -> int:
    """How many utterances of the customer came by a channel since a business time, looking back no
    further than `after_seq`."""
    found = connection.scalar(
        select(func.count())
        .select_from(turns)
        .where(
            turns.c.customer_id == customer_id,
            turns.c.seq > after_seq,
            turns.c.direction == "in",
            turns.c.channel == channel,
            turns.c.at > since,
        )
    )
    return int(found or 0)


def first_seq(connection: Connection, customer_id: str) -> int:
    """The oldest `seq` of the conversation: of zero or below once another one was put in front of
    it; 1 before anything was said."""
    found = connection.scalar(
        select(turns.c.seq).where(turns.c.customer_id == customer_id).order_by(turns.c.seq).limit(1)
    )
    return 1 if found is None else int(found)


def last_seq(connection: Connection, customer_id: str) -> int:
    """The newest `seq` of the conversation; 0 before anything was said."""
    found = connection.scalar(
        select(conversations.c.last_seq).where(conversations.c.customer_id == customer_id)
    )
    return int(found or 0)
