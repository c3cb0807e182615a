"""The tables. Every per-customer table leads with `customer_id`, so that the store can be
distributed by it; inbox, outbox, address look-up, sessions and the one-row tables are the listed
exceptions (ARCHITECTURE.md). Constraints live here; verbs live in the module of their noun.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    Identity,
    Index,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Moment = DateTime(timezone=True)
NO_OBJECT = text("'{}'::jsonb")


def _one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


# -- who ---------------------------------------------------------------------------------------

customers = Table(
    "customers",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("language", Text),  # what they write in; empty until they have written
    Column("name", Text),
    Column("country", Text),
    Column("time_zone", Text),
    Column("created_at", Moment, nullable=False),
    Column("merged_into", Text),  # the customer this one turned out to be
    _one_of("language", "ko", "en"),
)

addresses = Table(
    "addresses",
    metadata,
    Column("customer_id", Text, nullable=False),
    Column("address_id", BigInteger, Identity(), nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("proof", Text, nullable=False),  # how the customer showed that it is theirs
    Column("proved_at", Moment),
    Column("stopped_at", Moment),  # a text STOP: nothing goes to this number until START
    Column("created_at", Moment, nullable=False),
    PrimaryKeyConstraint("customer_id", "address_id"),
    _one_of("kind", "login", "phone", "email"),
    _one_of("proof", "none", "shop", "inbound", "code"),
)

address_lookup = Table(
    "address_lookup",
    metadata,
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("address_id", BigInteger, nullable=False),
    PrimaryKeyConstraint("kind", "value"),
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
    _one_of("proof", "none", "shop", "code"),
    Index("ix_sessions_customer_id", "customer_id"),
)

# -- what was said -----------------------------------------------------------------------------

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
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("customer_id", "seq"),
    _one_of("direction", "in", "out"),
    _one_of("channel", "web", "sms"),
)

facts = Table(
    "facts",
    metadata,
    Column("customer_id", Text, nullable=False),
    Column("fact_id", BigInteger, Identity(), nullable=False),
    Column("subject", Text, nullable=False, server_default="self"),
    Column("kind", Text, nullable=False),
    Column("value", JSONB, nullable=False),
    Column("said", Text),  # the words it was learnt from
    Column("source", Text, nullable=False),
    Column("source_seq", BigInteger),
    Column("confidence", Float, nullable=False),
    Column("valid_from", Moment, nullable=False),
    Column("valid_to", Moment),  # closed, never overwritten
    PrimaryKeyConstraint("customer_id", "fact_id"),
    _one_of("source", "said", "shop", "import"),
    CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence_share"),
    Index(
        "uq_facts_open",
        "customer_id",
        "subject",
        "kind",
        unique=True,
        postgresql_where=text("valid_to IS NULL"),
    ),
)

# -- what was done -----------------------------------------------------------------------------

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

# -- permission --------------------------------------------------------------------------------

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
    _one_of("purpose", "marketing", "night", "service", "texts"),
    # `requested`: asked for on one channel, still to be confirmed on the address itself.
    _one_of("action", "requested", "given", "refused", "withdrawn", "reopened"),
)

permissions = Table(
    "permissions",
    metadata,
    Column("customer_id", Text, primary_key=True),
    Column("marketing", Text, nullable=False),  # state of the ledger, locked before every send
    Column("changed_at", Moment, nullable=False),
    _one_of("marketing", "none", "given", "refused"),
)

# -- in and out --------------------------------------------------------------------------------

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
    Column("done_at", Moment),
    UniqueConstraint("channel", "provider_id"),
    _one_of("channel", "web", "sms"),
    _one_of("state", "ready", "done", "failed"),
    Index(
        "ix_inbox_ready",
        "customer_id",
        "inbox_id",
        postgresql_where=text("state = 'ready'"),
    ),
    Index("ix_inbox_ready_order", "inbox_id", postgresql_where=text("state = 'ready'")),
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
    Column("hold_until", Moment),  # business time; earlier it is not looked at
    Column("not_after", Moment),  # business time; later it is not sent at all
    Column("lease_until", Moment),  # real time
    Column("provider_id", Text),
    Column("provider_status", Text),
    Column("error_code", Integer),
    Column("at", Moment, nullable=False),  # business time of writing
    Column("created_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    Column("sent_at", Moment),
    _one_of("channel", "sms"),
    _one_of("message_class", "reply", "service", "requested", "advertisement"),
    _one_of(
        "purpose",
        "answer",
        "stop_confirmation",
        "start_confirmation",
        "help",
        "code",
        "consent_request",
        "consent_result",
        "hand_over",
        "offer",
    ),
    _one_of(
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

# -- what is due, what was offered, and why ----------------------------------------------------

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
    _one_of("kind", "browse", "anniversary", "birthday"),
    _one_of("state", "waiting", "done", "cancelled"),
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
    _one_of("channel", "web", "sms"),
    _one_of(
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
    _one_of("decision", "planned", "held", "sent", "not_sent", "cancelled", "answered"),
)

links = Table(
    "links",
    metadata,
    Column("token_digest", LargeBinary, primary_key=True),  # SHA-256; the token is in the text only
    Column("customer_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("address_id", BigInteger, nullable=False),
    Column("offer_id", BigInteger),
    Column("created_at", Moment, nullable=False),  # business time, like expiry
    Column("expires_at", Moment, nullable=False),
    Column("opened_at", Moment),
    _one_of("kind", "offer", "consent"),
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

# -- who else is in the conversation -----------------------------------------------------------

codes = Table(
    "codes",
    metadata,
    Column("customer_id", Text, nullable=False),
    Column("code_id", BigInteger, Identity(), nullable=False),
    Column("phone", Text, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("tries", SmallInteger, nullable=False, server_default="0"),
    Column("sent_at", Moment, nullable=False),  # real time, like expiry
    Column("expires_at", Moment, nullable=False),
    Column("closed_at", Moment),
    PrimaryKeyConstraint("customer_id", "code_id"),
    Index("ix_codes_phone", "phone", "sent_at"),
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
    PrimaryKeyConstraint("customer_id", "merge_id"),
)

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
    _one_of("state", "waiting", "taken", "closed"),
    _one_of("channel", "web", "sms"),
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

event_messages = Table(
    "event_messages",
    metadata,
    Column("message_id", Text, primary_key=True),  # of the shop's system: each is taken once
    Column("received_at", Moment, nullable=False),  # real time
)

# -- what is live ------------------------------------------------------------------------------

releases = Table(
    "releases",
    metadata,
    Column("release_id", BigInteger, Identity(), primary_key=True),
    Column("inputs_digest", Text, nullable=False),  # of everything the model was trained from
    Column("files", JSONB, nullable=False),  # path → text of the dialogue files
    Column("words", JSONB, nullable=False),  # response name → variants, as in domain.yml
    Column("model", LargeBinary, nullable=False),
    Column("model_digest", Text, nullable=False),  # SHA-256 of `model`
    Column("is_live", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", Moment, nullable=False),
    Index("uq_releases_live", "is_live", unique=True, postgresql_where=text("is_live")),
)

products = Table(
    "products",
    metadata,
    Column("product_id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("product", JSONB, nullable=False),  # as shops.protocol.Product, in JSON
    Column("added_on", Date),
)

shop = Table(
    "shop",
    metadata,
    Column("shop_id", SmallInteger, primary_key=True, server_default="1"),
    Column("name", Text, nullable=False),  # of the adapter
    Column("store", JSONB, nullable=False),  # hours, delivery, returns, labels, synonyms
    Column("digest", Text, nullable=False),  # of products and store: changes ring `catalogue`
    Column("people_loaded", Boolean, nullable=False, server_default=text("false")),
    CheckConstraint("shop_id = 1", name="only_one"),
)

clock = Table(
    "clock",
    metadata,
    Column("clock_id", SmallInteger, primary_key=True, server_default="1"),
    Column("offset", Interval, nullable=False),  # business time − real time
    CheckConstraint("clock_id = 1", name="only_one"),
)

parts = Table(
    "parts",
    metadata,
    Column("part", Text, primary_key=True),  # web, agent-1, outreach …
    Column("pid", Integer, nullable=False),
    Column("state", Text, nullable=False),  # ready, or what is wrong
    Column("started_at", Moment, nullable=False),
    Column("beat_at", Moment, nullable=False),  # real time
)
