"""What is live: releases, catalogue, clock and parts."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Identity,
    Index,
    Integer,
    Interval,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from memory.tables.schema import Moment, metadata, one_of

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
    Column("product", JSONB, nullable=False),  # as shops.goods.Product, in JSON
    Column("added_on", Date),
    Column("imported_at", Moment),  # empty for what the shop's own system lists
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

imports = Table(
    "imports",
    metadata,
    Column("digest", Text, primary_key=True),  # SHA-256 of the file
    Column("kind", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("rows_done", BigInteger, nullable=False, server_default="0"),
    Column("rows_rejected", BigInteger, nullable=False, server_default="0"),
    Column("started_at", Moment, nullable=False),  # real time
    Column("finished_at", Moment),
    one_of("kind", "products", "customers", "orders", "events", "consents", "suppressions"),
)
