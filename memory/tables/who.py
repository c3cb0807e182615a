"""Customers, their addresses and the sessions that speak for them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Identity,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from memory.tables.schema import NO_OBJECT, Moment, metadata, one_of

customers = Table(
    "customers",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("language", Text),  # what they write in; empty until they have written
    Column("name", Text),
    Column("named_at", Moment),  # as of when the shop's system calls them so
    Column("country", Text),
    Column("time_zone", Text),
    Column("created_at", Moment, nullable=False),
    Column("learning_stopped_at", Moment),  # nothing new is kept until they switch it on again
    Column("erased_at", Moment),
    Column("merged_into", Text),  # the customer this one turned out to be
    one_of("language", "ko", "en"),
)

addresses = Table(
    "addresses",
    metadata,
    Column("customer_id", Text, nullable=False),
    Column("address_id", BigInteger, Identity(), nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Text),  # of a visitor or a log-in; phones and e-mails are sealed
    Column("sealed", LargeBinary),
    Column("key_id", Text),  # of the key it is sealed with
    Column("proof", Text, nullable=False),  # how the customer showed that it is theirs
    Column("proved_at", Moment),
    Column("last_heard_at", Moment),  # business time: a text, code, link or visit of its owner
    Column("unlinked_at", Moment),  # it has turned out to be somebody else's
    Column("stopped_at", Moment),  # a text STOP: nothing goes to this number until START
    Column("created_at", Moment, nullable=False),
    PrimaryKeyConstraint("customer_id", "address_id"),
    one_of("kind", "visitor", "login", "phone", "email"),
    one_of("proof", "none", "shop", "inbound", "code"),
    CheckConstraint(
        "(kind IN ('phone', 'email')) = (value IS NULL)"
        " AND (value IS NULL) = (sealed IS NOT NULL) AND (sealed IS NULL) = (key_id IS NULL)",
        name="sealed_if_personal",
    ),
)

address_lookup = Table(
    "address_lookup",
    metadata,
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),  # of phones and e-mails the blind index
    Column("customer_id", Text, nullable=False),
    Column("address_id", BigInteger, nullable=False),
    PrimaryKeyConstraint("kind", "value"),
    Index("ix_address_lookup_customer_id", "customer_id"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_digest", LargeBinary, primary_key=True),  # SHA-256; the token itself is not kept
    Column("customer_id", Text, nullable=False),
    Column("proof", Text, nullable=False),
    Column("created_at", Moment, nullable=False),  # real time, like expiry
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    one_of("proof", "none", "shop", "code"),
    Index("ix_sessions_customer_id", "customer_id"),
)

codes = Table(
    "codes",
    metadata,
    Column("customer_id", Text, nullable=False),
    Column("code_id", BigInteger, Identity(), nullable=False),
    Column("phone_index", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # the number
    Column("key_id", Text, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("tries", SmallInteger, nullable=False, server_default="0"),
    Column("sent_at", Moment, nullable=False),  # real time, like expiry
    Column("expires_at", Moment, nullable=False),
    Column("typed_at", Moment),  # rightly; its turn has not come yet
    Column("closed_at", Moment),
    PrimaryKeyConstraint("customer_id", "code_id"),
    Index("ix_codes_phone_index", "phone_index", "sent_at"),
)

merges = Table(
    "merges",
    metadata,
    Column("customer_id", Text, nullable=False),  # who stays
    Column("merge_id", BigInteger, Identity(), nullable=False),
    Column("gone", Text, nullable=False),
    Column("proof", Text, nullable=False),
    Column("moved", JSONB, nullable=False),  # table → keys of the rows that came from there
    Column("at", Moment, nullable=False),
    Column("undone_at", Moment),
    PrimaryKeyConstraint("customer_id", "merge_id"),
)

erasures = Table(
    "erasures",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("erased_at", Moment, nullable=False),
    Column("purged_at", Moment),  # nothing of them is left in a file
    Column("tables", JSONB, nullable=False, server_default=NO_OBJECT),  # table → rows erased
)
