"""Messages in and out."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from memory.tables.schema import Moment, metadata, one_of

inbox = Table(
    "inbox",
    metadata,
    Column("inbox_id", BigInteger, Identity(), primary_key=True),
    Column("channel", Text, nullable=False),
    Column("provider_id", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),  # of its turn
    Column("text", Text, nullable=False),
    Column("address_id", BigInteger),  # where an answer goes; empty on web
    Column("proof", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="ready"),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("error", Text),
    Column("at", Moment, nullable=False),  # business time
    Column("received_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    Column("retry_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    Column("rest_until", Moment),  # real time; the beginning of a message, which waits for its rest
    Column("done_at", Moment),
    UniqueConstraint("channel", "provider_id"),
    one_of("channel", "web", "sms"),
    one_of("state", "ready", "done", "failed"),
    Index(
        "ix_inbox_ready",
        "customer_id",
        "inbox_id",
        postgresql_where=text("state = 'ready'"),
    ),
    Index("ix_inbox_ready_order", "inbox_id", postgresql_where=text("state = 'ready'")),
    Index("ix_inbox_customer_id", "customer_id"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("outbox_id", BigInteger, Identity(), primary_key=True),
    Column("key", Text, nullable=False, unique=True),  # at most one message per key
    Column("customer_id", Text, nullable=False),
    Column("address_id", BigInteger, nullable=False),
    Column("channel", Text, nullable=False),
    Column("message_class", Text, nullable=False),
    Column("purpose", Text, nullable=False, server_default="answer"),
    Column("body", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="ready"),
    Column("reason", Text),  # why it was sent or not
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("retry_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    Column("offer_id", BigInteger),  # whose text it is
    Column("due_id", BigInteger),  # the occasion that was asked for, whose text it is
    Column("hold_until", Moment),  # business time; earlier it is not looked at
    Column("not_after", Moment),  # business time; later it is not sent at all
    Column("lease_until", Moment),  # real time
    Column("provider_id", Text),
    Column("provider_status", Text),
    Column("error_code", Integer),
    Column("at", Moment, nullable=False),  # business time of writing
    Column("created_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    Column("sent_at", Moment),
    one_of("channel", "sms"),
    one_of("message_class", "reply", "service", "requested", "advertisement"),
    one_of(
        "purpose",
        "answer",
        "stop_confirmation",
        "start_confirmation",
        "help",
        "code",
        "consent_request",
        "consent_result",
        "reconfirmation",
        "hand_over",
        "answer_notice",
        "offer",
        "reminder",
    ),
    one_of(
        "state",
        "ready",
        "sending",
        "accepted",
        "delivered",
        "rejected",
        "unknown",
        "refused",
        "cancelled",
    ),
    Index("ix_outbox_ready", "outbox_id", postgresql_where=text("state = 'ready'")),
    Index("ix_outbox_sending", "lease_until", postgresql_where=text("state = 'sending'")),
    Index("ix_outbox_customer_id", "customer_id", "outbox_id"),
    Index("ix_outbox_provider_id", "provider_id", postgresql_where=text("provider_id IS NOT NULL")),
)
