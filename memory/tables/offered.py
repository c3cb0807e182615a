"""What is due, what was offered, and why."""

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
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from memory.tables.schema import NO_OBJECT, Moment, metadata, one_of

due = Table(
    "due",
    metadata,
    Column("customer_id", Text, nullable=False),
    Column("due_id", BigInteger, Identity(), nullable=False),
    Column("kind", Text, nullable=False),
    Column("occurrence", Text, nullable=False),  # which one of its kind: once and no more
    Column("about", JSONB, nullable=False, server_default=NO_OBJECT),
    Column("due_at", Moment, nullable=False),  # business time
    Column("latest", Moment),  # business time; later it is not acted on at all
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("reason", Text),
    Column("created_at", Moment, nullable=False),
    Column("closed_at", Moment),
    PrimaryKeyConstraint("customer_id", "due_id"),
    UniqueConstraint("customer_id", "kind", "occurrence"),
    one_of(
        "kind",
        "browse",
        "anniversary",
        "birthday",
        "reconfirmation",
        "reminder",
        "wish_done",
    ),
    one_of("state", "waiting", "done", "cancelled"),
    Index("ix_due_waiting", "due_at", postgresql_where=text("state = 'waiting'")),
)

offers = Table(
    "offers",
    metadata,
    Column("customer_id", Text, nullable=False),
    Column("offer_id", BigInteger, Identity(), nullable=False),
    Column("campaign", Text, nullable=False),
    Column("occurrence", Text, nullable=False),
    Column("product_id", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("about", JSONB, nullable=False, server_default=NO_OBJECT),  # size, width, day, years
    Column("language", Text, nullable=False),
    Column("text", Text, nullable=False),  # what is said of the product to whoever opens its link
    Column("state", Text, nullable=False),
    Column("reason", Text),  # why it is closed
    Column("channel", Text),  # where it went
    Column("address_id", BigInteger),
    Column("concession", SmallInteger, nullable=False, server_default="0"),  # step of the ladder
    Column("of_customer_id", Text),  # opened behind a link: whose offer it is
    Column("of_offer_id", BigInteger),
    Column("planned_at", Moment, nullable=False),
    Column("opened_at", Moment),
    Column("closed_at", Moment),
    PrimaryKeyConstraint("customer_id", "offer_id"),
    UniqueConstraint("customer_id", "campaign", "occurrence"),
    one_of("channel", "web", "sms"),
    one_of(
        "state",
        "planned",
        "open",
        "accepted",
        "declined",
        "postponed",
        "bought",
        "cancelled",
        "not_sent",
        "failed",
    ),
    Index("ix_offers_of", "of_customer_id", "of_offer_id"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("customer_id", Text, nullable=False),
    Column("decision_id", BigInteger, Identity(), nullable=False),
    Column("campaign", Text, nullable=False),
    Column("occurrence", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("channel", Text),
    Column("details", JSONB, nullable=False, server_default=NO_OBJECT),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("customer_id", "decision_id"),
    one_of("decision", "planned", "held", "sent", "not_sent", "cancelled", "answered"),
)

links = Table(
    "links",
    metadata,
    Column("token_digest", LargeBinary, primary_key=True),  # SHA-256; the token is in the text only
    Column("customer_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("address_id", BigInteger),  # empty: it was given in the chat
    Column("offer_id", BigInteger),
    Column("created_at", Moment, nullable=False),  # business time, like expiry
    Column("expires_at", Moment, nullable=False),
    Column("opened_at", Moment),
    one_of("kind", "offer", "consent", "export", "answer"),
    Index("ix_links_customer_id", "customer_id"),
)

coupons = Table(
    "coupons",
    metadata,
    Column("code", Text, primary_key=True),
    Column("customer_id", Text, nullable=False),
    Column("offer_id", BigInteger, nullable=False),
    Column("percent", SmallInteger, nullable=False),
    Column("product_id", Text, nullable=False),
    Column("issued_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("redeemed_at", Moment),
    Column("order_id", Text),
    UniqueConstraint("customer_id", "offer_id"),
    CheckConstraint("percent BETWEEN 1 AND 90", name="percent_share"),
)
