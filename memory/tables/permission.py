"""What a customer has allowed."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Identity,
    PrimaryKeyConstraint,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from memory.tables.schema import Moment, metadata, one_of

consents = Table(
    "consents",
    metadata,
    Column("customer_id", Text, nullable=False),
    Column("consent_id", BigInteger, Identity(), nullable=False),
    Column("address_id", BigInteger),  # empty: the person, on every channel
    Column("purpose", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("evidence", JSONB, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("customer_id", "consent_id"),
    one_of("purpose", "marketing", "night", "service", "texts"),
    # `requested`: asked for on one channel, still to be confirmed on the address itself.
    # `ended`: of an address that is the customer's no longer; no refusal of theirs.
    one_of("action", "requested", "given", "refused", "withdrawn", "reopened", "ended"),
)

permissions = Table(
    "permissions",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("marketing", Text, nullable=False),  # state of the ledger, locked before every send
    Column("changed_at", Moment, nullable=False),
    one_of("marketing", "none", "given", "refused"),
)

suppressions = Table(
    "suppressions",
    metadata,
    Column("kind", Text, nullable=False),
    Column("value_index", Text, nullable=False),  # a keyed hash: outlives an erasure
    Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("kind", "value_index"),
    one_of("kind", "phone", "email"),
)
