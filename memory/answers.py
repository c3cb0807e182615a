"""What a turn leaves: how the message was understood, what is answered, Rasa's scratch pad, and
that the message is done. One statement, as each that waits for the database lengthens the turn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from memory import bell
from memory.turns import Utterance


@dataclass(frozen=True, kw_only=True)
class Understood:
    """How an incoming utterance was read."""

    language: str
    intent: str
    confidence: float
    entities: Sequence[Mapping[str, Any]]
    words: Sequence[str]
    """By which it will be found."""


_KEEP = text(
    """
    WITH done AS (
      UPDATE inbox SET state = 'done', done_at = :done_at WHERE inbox_id = :inbox_id
    ), understood AS (
      UPDATE turns SET language = :language, intent = :intent, confidence = :confidence,
             entities = :entities, words = :words
       WHERE customer_id = :customer_id AND seq = :seq
    ), taken AS (
      UPDATE conversations SET last_seq = last_seq + :count, tracker = coalesce(:tracker, tracker)
       WHERE customer_id = :customer_id
      RETURNING last_seq - :count AS before, pg_notify(:bell, customer_id)
    )
    INSERT INTO turns (customer_id, seq, direction, channel, text, payload, language, at)
    SELECT :customer_id, taken.before + said.place, 'out', :channel, said.row ->> 'text',
           said.row -> 'payload', :language, :at
      FROM taken, jsonb_array_elements(:said) WITH ORDINALITY AS said (row, place)
    """
).bindparams(
    bindparam("entities", type_=JSONB),
    bindparam("tracker", type_=JSONB(none_as_null=True)),
    bindparam("said", type_=JSONB),
)


def keep(
    connection: Connection,
    customer_id: str,
    utterances: Sequence[Utterance],
    *,
    inbox_id: int,
    seq: int,
    understood: Understood,
    channel: str,
    at: datetime,
    tracker: Mapping[str, Any] | None,
) -> None:
    """Answer the message `inbox_id`, whose utterance is `seq`, at the business time `at`, and ring
    the chat. `tracker` takes the place of the scratch pad, if given. Locks the conversation row to
    the end of the transaction: call it late."""
    connection.execute(
        _KEEP,
        {
            "done_at": datetime.now(UTC),
            "inbox_id": inbox_id,
            "language": understood.language,
            "intent": understood.intent,
            "confidence": understood.confidence,
            "entities": [dict(entity) for entity in understood.entities],
            "words": list(understood.words),
            "customer_id": customer_id,
            "seq": seq,
            "count": len(utterances),
            "tracker": tracker,
            "bell": bell.CHAT,
            "channel": channel,
            "said": [{"text": one.text, "payload": dict(one.payload)} for one in utterances],
            "at": at,
        },
    )
