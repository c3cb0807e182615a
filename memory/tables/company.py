"""Who else is in the conversation, and what the shop keeps of its own people."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from memory.tables.schema import NO_OBJECT, Moment, metadata, one_of

hand_overs = Table(
    "hand_overs",
    metadata,
    Column("customer_id", Text, nullable=False),
    Column("hand_over_id", BigInteger, Identity(), nullable=False),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("channel", Text, nullable=False),
    Column("address_id", BigInteger),  # where an answer goes; empty on web
    Column("said", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default="asked"),
    Column("topic", Text),  # what it seems to be about
    Column("taken_by", Text),
    Column("asked_at", Moment, nullable=False),
    Column("promised_at", Moment),  # when they are answered at the latest
    Column("wants_text", Boolean),  # to be told of the answer by text; empty if not asked
    Column("taken_at", Moment),
    Column("answered_at", Moment),
    Column("told_at", Moment),  # by text, of an answer
    Column("closed_at", Moment),
    # By digest of its key: the digest of what was said, and whether it was told of by text.
    Column("said_keys", JSONB, nullable=False, server_default=NO_OBJECT),
    PrimaryKeyConstraint("customer_id", "hand_over_id"),
    one_of("state", "waiting", "taken", "closed"),
    one_of("reason", "asked", "anger", "misunderstood", "value"),
    one_of("channel", "web", "sms"),
    Index(
        "uq_hand_overs_open",
        "customer_id",
        unique=True,
        postgresql_where=text("state <> 'closed'"),
    ),
)

staff_alarms = Table(
    "staff_alarms",
    metadata,
    Column("alarm_id", BigInteger, Identity(), primary_key=True),
    Column("key", Text, nullable=False, unique=True),  # at most one text per key
    Column("hand_over_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("recipient", Text, nullable=False),  # a number of the shop's own people
    Column("state", Text, nullable=False, server_default="ready"),
    Column("reason", Text),
    Column("due_at", Moment, nullable=False),  # business time; earlier it is not looked at
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("retry_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    Column("lease_until", Moment),  # real time
    Column("provider_id", Text),
    Column("error_code", Integer),
    Column("sent_at", Moment),
    one_of("kind", "waits", "promise"),
    one_of("state", "ready", "sending", "accepted", "rejected", "unknown", "cancelled"),
    Index("ix_staff_alarms_ready", "due_at", postgresql_where=text("state = 'ready'")),
    Index("ix_staff_alarms_sending", "lease_until", postgresql_where=text("state = 'sending'")),
)

staff_tokens = Table(
    "staff_tokens",
    metadata,
    Column("token_digest", LargeBinary, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", Moment, nullable=False),  # real time, as the others
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)

staff_accesses = Table(
    "staff_accesses",
    metadata,
    Column("access_id", BigInteger, Identity(), primary_key=True),
    Column("at", Moment, nullable=False),  # real time
    Column("name", Text, nullable=False),  # whose of the shop's people
    Column("way", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("whose", Text),  # id of the customer; empty if of nobody in particular
    Column("digest", LargeBinary, nullable=False),  # of this row and the digest before it
    one_of("way", "api", "command"),
)

open_chats = Table(
    "open_chats",
    metadata,
    Column("customer_id", Text, nullable=False),
    Column("process", Text, nullable=False),  # of `web`
    Column("seen_at", Moment, nullable=False),  # real time
    PrimaryKeyConstraint("customer_id", "process"),
)

voice_items = Table(
    "voice_items",
    metadata,
    Column("customer_id", Text, nullable=False),
    Column("item_id", BigInteger, Identity(), nullable=False),
    Column("kind", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("product_id", Text),
    Column("said", Text, nullable=False),  # in their own words
    Column("source_seq", BigInteger),
    Column("state", Text, nullable=False, server_default="open"),
    Column("team", Text),
    Column("at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("category", Text),
    Column("sentiment", Text),
    Column("done_product_id", Text),  # what came of it
    Column("done_note", JSONB),  # the same in words, by language
    PrimaryKeyConstraint("customer_id", "item_id"),
    one_of(
        "kind",
        *("complaint", "wish", "praise", "answer", "refusal", "bought_elsewhere", "question"),
    ),
    one_of("state", "open", "routed", "done", "dismissed"),
    one_of("sentiment", "positive", "neutral", "negative", "angry"),
    Index("ix_voice_items_topic", "topic", "at"),
)
