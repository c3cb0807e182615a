"""What customers did and bought."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Identity,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.dialects.postgresql import JSONB

from memory.tables.schema import NO_OBJECT, Moment, metadata, one_of

events = Table(
    "events",
    metadata,
    Column("customer_id", Text, nullable=False),
    Column("event_id", BigInteger, Identity(), nullable=False),
    Column("name", Text, nullable=False),
    Column("properties", JSONB, nullable=False, server_default=NO_OBJECT),
    Column("occurred_at", Moment, nullable=False),
    Column("received_at", Moment),  # real time; empty where it was not sent to us
    Column("message_id", Text),  # of the shop's system
    PrimaryKeyConstraint("customer_id", "event_id"),
    Index("ix_events_customer_id_occurred_at", "customer_id", "occurred_at"),
    postgresql_partition_by="HASH (customer_id)",
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
    Column("store", Text),  # the till; empty for the shop on the web
    Column("refunded", Numeric(14, 2), nullable=False, server_default="0"),
    Column("refunded_at", Moment),
    PrimaryKeyConstraint("customer_id", "order_id"),
    CheckConstraint("refunded >= 0", name="refunded_not_negative"),
    Index("ix_orders_order_id", "order_id"),
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
    Column("specification", JSONB),  # how it is to be made; empty for what is taken as it is
    Column("given_back", Boolean, nullable=False, server_default=false()),  # if its line was named
    PrimaryKeyConstraint("customer_id", "order_id", "line"),
    CheckConstraint("quantity > 0", name="quantity_positive"),
)

points = Table(
    "points",
    metadata,
    Column("customer_id", Text, nullable=False),
    Column("transfer_id", BigInteger, Identity(), nullable=False),
    Column("from_account", Text, nullable=False),  # both accounts in one row: it always balances
    Column("to_account", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("key", Text, nullable=False),  # each transfer is made once
    Column("reason", Text, nullable=False),
    Column("order_id", Text),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("customer_id", "transfer_id"),
    UniqueConstraint("customer_id", "key"),
    one_of("from_account", "customer", "issued", "spent", "expired"),
    one_of("to_account", "customer", "issued", "spent", "expired"),
    CheckConstraint("from_account <> to_account", name="accounts_differ"),
    CheckConstraint("'customer' IN (from_account, to_account)", name="customer_takes_part"),
    CheckConstraint("amount > 0", name="amount_positive"),
)

point_balances = Table(
    "point_balances",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("balance", BigInteger, nullable=False, server_default="0"),
    CheckConstraint("balance >= 0", name="balance_not_negative"),
)
