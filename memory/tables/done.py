"""What customers did and bought."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Identity,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from memory.tables.schema import NO_OBJECT, Moment, metadata

events = Table(
    "events",
    metadata,
    Column("customer_id", Text, nullable=False),
    Column("event_id", BigInteger, Identity(), nullable=False),
    Column("name", Text, nullable=False),
    Column("properties", JSONB, nullable=False, server_default=NO_OBJECT),
    Column("occurred_at", Moment, nullable=False),
    PrimaryKeyConstraint("customer_id", "event_id"),
    Index("ix_events_customer_id_occurred_at", "customer_id", "occurred_at"),
)

event_messages = Table(
    "event_messages",
    metadata,
    Column("message_id", Text, primary_key=True),  # of the shop's system: each is taken once
    Column("received_at", Moment, nullable=False),  # real time
)

orders = Table(
    "orders",
    metadata,
    Column("customer_id", Text, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("ordered_at", Moment, nullable=False),
    Column("total", Numeric(14, 2), nullable=False),
    Column("currency", Text, nullable=False),
    PrimaryKeyConstraint("customer_id", "order_id"),
)

order_lines = Table(
    "order_lines",
    metadata,
    Column("customer_id", Text, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("product_id", Text, nullable=False),
    Column("sku", Text),
    Column("quantity", Integer, nullable=False),
    Column("unit_price", Numeric(14, 2), nullable=False),
    PrimaryKeyConstraint("customer_id", "order_id", "line"),
    CheckConstraint("quantity > 0", name="quantity_positive"),
)
