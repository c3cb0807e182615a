"""Who else is in the conversation."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Identity,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from memory.tables.schema import Moment, metadata, one_of

hand_overs = Table(
    "hand_overs",
    metadata,
    Column("customer_id", Text, nullable=False),
    Column("hand_over_id", BigInteger, Identity(), nullable=False),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("channel", Text, nullable=False),
    Column("address_id", BigInteger),  # where an answer goes; empty on web
    Column("said", Text, nullable=False),
    Column("taken_by", Text),
    Column("asked_at", Moment, nullable=False),
    Column("taken_at", Moment),
    Column("closed_at", Moment),
    PrimaryKeyConstraint("customer_id", "hand_over_id"),
    one_of("state", "waiting", "taken", "closed"),
    one_of("channel", "web", "sms"),
    Index(
        "uq_hand_overs_open",
        "customer_id",
        unique=True,
        postgresql_where=text("state <> 'closed'"),
    ),
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
    PrimaryKeyConstraint("customer_id", "item_id"),
    one_of("kind", "complaint", "wish", "praise", "answer", "bought_elsewhere"),
    one_of("state", "open", "routed", "done", "dismissed"),
    Index("ix_voice_items_topic", "topic", "at"),
)
