"""What was said, and the facts it told."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    Identity,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from memory.tables.schema import NO_OBJECT, Moment, metadata, one_of

conversations = Table(
    "conversations",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("last_seq", BigInteger, nullable=False, server_default="0"),
    Column("tracker", JSONB),  # Rasa's scratch pad: may be wiped without loss
)

turns = Table(
    "turns",
    metadata,
    Column("customer_id", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("direction", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("payload", JSONB, nullable=False, server_default=NO_OBJECT),  # buttons, cards
    Column("language", Text),
    Column("intent", Text),
    Column("confidence", Float),
    Column("entities", JSONB),
    Column("words", ARRAY(Text)),  # what it is found by; empty until it has been read
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("customer_id", "seq"),
    one_of("direction", "in", "out"),
    one_of("channel", "web", "sms"),
    Index("ix_turns_words", "words", postgresql_using="gin"),
    # What somebody has said and nobody has read for its words yet.
    Index(
        "ix_turns_unread",
        "customer_id",
        "seq",
        postgresql_where=text("words IS NULL AND (direction = 'in' OR payload ? 'by')"),
    ),
    postgresql_partition_by="HASH (customer_id)",
)

word_frequencies = Table(
    "word_frequencies",
    metadata,
    Column("word", Text, primary_key=True),
    Column("turns", BigInteger, nullable=False),  # that hold it; only words of several customers
)

facts = Table(
    "facts",
    metadata,
    Column("customer_id", Text, nullable=False),
    Column("fact_id", BigInteger, Identity(), nullable=False),
    Column("subject", Text, nullable=False, server_default="self"),
    Column("kind", Text, nullable=False),
    Column("item", Text, nullable=False, server_default=""),  # which, of a kind with several
    Column("value", JSONB, nullable=False),
    Column("said", Text),  # the words it was learnt from
    Column("source", Text, nullable=False),
    Column("source_seq", BigInteger),
    Column("rule", Text),  # that read it
    Column("confidence", Float, nullable=False),
    Column("valid_from", Moment, nullable=False),
    Column("valid_to", Moment),  # closed, never overwritten
    PrimaryKeyConstraint("customer_id", "fact_id"),
    one_of("source", "said", "shop", "import"),
    CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence_share"),
    Index(
        "uq_facts_open",
        "customer_id",
        "subject",
        "kind",
        "item",
        unique=True,
        postgresql_where=text("valid_to IS NULL"),
    ),
)

muted_topics = Table(
    "muted_topics",
    metadata,
    Column("customer_id", Text, nullable=False),
    Column("topic", Text, nullable=False),  # never raised again; why is not kept
    Column("source_seq", BigInteger),
    Column("muted_at", Moment, nullable=False),
    PrimaryKeyConstraint("customer_id", "topic"),
)
