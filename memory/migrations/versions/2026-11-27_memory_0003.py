"""Memory: what was said and done is kept in partitions, found by its words, and theirs to erase.

Why: history grows for years, so a customer's part of it has to be found, and rewritten, by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_PARTITIONS = 16
_MOMENT = sa.DateTime(timezone=True)
_NO_OBJECT = sa.text("'{}'::jsonb")


def upgrade() -> None:
    _partition_turns()
    _partition_events()
    _customers()
    _facts()
    _orders_and_points()
    _links()
    _found_by_customer()
    _tables()


def _partition_turns() -> None:
    _put_aside("turns")
    op.create_table(
        "turns",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), server_default=_NO_OBJECT, nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("intent", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("entities", postgresql.JSONB(), nullable=True),
        sa.Column("words", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.CheckConstraint("channel IN ('web', 'sms')", name=op.f("ck_turns_channel_known")),
        sa.CheckConstraint("direction IN ('in', 'out')", name=op.f("ck_turns_direction_known")),
        sa.PrimaryKeyConstraint("customer_id", "seq", name=op.f("pk_turns")),
        postgresql_partition_by="HASH (customer_id)",
    )
    _cut("turns")
    _take_over(
        "turns",
        (
            "customer_id",
            "seq",
            "direction",
            "channel",
            "text",
            "payload",
            "language",
            "intent",
            "confidence",
            "entities",
            "at",
        ),
    )
    op.create_index("ix_turns_words", "turns", ["words"], postgresql_using="gin")
    op.create_index(
        "ix_turns_unread",
        "turns",
        ["customer_id", "seq"],
        postgresql_where=sa.text("words IS NULL AND (direction = 'in' OR payload ? 'by')"),
    )


def _partition_events() -> None:
    _put_aside("events")
    op.drop_index("ix_events_customer_id_occurred_at", "events_unpartitioned")
    op.create_table(
        "events",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("properties", postgresql.JSONB(), server_default=_NO_OBJECT, nullable=False),
        sa.Column("occurred_at", _MOMENT, nullable=False),
        sa.Column("received_at", _MOMENT, nullable=True),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id", "event_id", name=op.f("pk_events")),
        postgresql_partition_by="HASH (customer_id)",
    )
    _cut("events")
    op.execute(
        "SELECT setval(pg_get_serial_sequence('events', 'event_id'), "
        "(SELECT coalesce(max(event_id), 0) + 1 FROM events_unpartitioned), false)"
    )
    _take_over("events", ("customer_id", "event_id", "name", "properties", "occurred_at"))
    op.create_index("ix_events_customer_id_occurred_at", "events", ["customer_id", "occurred_at"])


def _put_aside(table: str) -> None:
    op.rename_table(table, f"{table}_unpartitioned")
    op.execute(
        f"ALTER TABLE {table}_unpartitioned "
        f"RENAME CONSTRAINT pk_{table} TO pk_{table}_unpartitioned"
    )


def _cut(table: str) -> None:
    for number in range(_PARTITIONS):
        op.execute(
            f"CREATE TABLE {table}_{number:02d} PARTITION OF {table} "
            f"FOR VALUES WITH (MODULUS {_PARTITIONS}, REMAINDER {number})"
        )


def _take_over(table: str, columns: Sequence[str]) -> None:
    kept, parted = (
        sa.table(name, *(sa.column(column) for column in columns))
        for name in (f"{table}_unpartitioned", table)
    )
    op.execute(sa.insert(parted).from_select(columns, sa.select(*kept.c)))
    op.drop_table(f"{table}_unpartitioned")


def _customers() -> None:
    op.add_column("customers", sa.Column("named_at", _MOMENT, nullable=True))
    op.add_column("customers", sa.Column("learning_stopped_at", _MOMENT, nullable=True))
    op.add_column("customers", sa.Column("erased_at", _MOMENT, nullable=True))
    op.add_column("merges", sa.Column("undone_at", _MOMENT, nullable=True))
    op.alter_column("addresses", "value", nullable=True)
    op.add_column("addresses", sa.Column("sealed", sa.LargeBinary(), nullable=True))
    op.add_column("addresses", sa.Column("key_id", sa.Text(), nullable=True))
    op.add_column("addresses", sa.Column("last_heard_at", _MOMENT, nullable=True))
    op.add_column("addresses", sa.Column("unlinked_at", _MOMENT, nullable=True))
    op.execute("UPDATE addresses SET last_heard_at = coalesce(proved_at, created_at)")
    op.drop_constraint(op.f("ck_addresses_kind_known"), "addresses", type_="check")
    op.create_check_constraint(
        op.f("ck_addresses_kind_known"),
        "addresses",
        "kind IN ('visitor', 'login', 'phone', 'email')",
    )


def _facts() -> None:
    op.add_column("facts", sa.Column("item", sa.Text(), server_default="", nullable=False))
    op.add_column("facts", sa.Column("rule", sa.Text(), nullable=True))
    op.drop_index("uq_facts_open", "facts")
    op.create_index(
        "uq_facts_open",
        "facts",
        ["customer_id", "subject", "kind", "item"],
        unique=True,
        postgresql_where=sa.text("valid_to IS NULL"),
    )


def _orders_and_points() -> None:
    op.add_column("orders", sa.Column("store", sa.Text(), nullable=True))
    op.add_column(
        "orders", sa.Column("refunded", sa.Numeric(14, 2), server_default="0", nullable=False)
    )
    op.add_column("orders", sa.Column("refunded_at", _MOMENT, nullable=True))
    op.create_check_constraint(op.f("ck_orders_refunded_not_negative"), "orders", "refunded >= 0")
    op.create_index("ix_orders_order_id", "orders", ["order_id"])
    accounts = "('customer', 'issued', 'spent', 'expired')"
    op.create_table(
        "points",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("transfer_id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("from_account", sa.Text(), nullable=False),
        sa.Column("to_account", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.CheckConstraint(
            f"from_account IN {accounts}", name=op.f("ck_points_from_account_known")
        ),
        sa.CheckConstraint(f"to_account IN {accounts}", name=op.f("ck_points_to_account_known")),
        sa.CheckConstraint("from_account <> to_account", name=op.f("ck_points_accounts_differ")),
        sa.CheckConstraint(
            "'customer' IN (from_account, to_account)",
            name=op.f("ck_points_customer_takes_part"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_points_amount_positive")),
        sa.PrimaryKeyConstraint("customer_id", "transfer_id", name=op.f("pk_points")),
        sa.UniqueConstraint("customer_id", "key", name=op.f("uq_points_customer_id_key")),
    )
    op.create_table(
        "point_balances",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("balance", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_point_balances_balance_not_negative")),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_point_balances")),
    )
    _keep_ledgers()


def _keep_ledgers() -> None:
    """What a ledger holds is neither changed nor deleted, but for the erasure of a person."""
    op.execute(
        """
        CREATE FUNCTION ledger_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF current_setting('dangol.erasing', true) = 'on' THEN
            RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
          END IF;
          RAISE EXCEPTION 'the ledger of % is append-only (RULES US-7)', TG_TABLE_NAME;
        END $$
        """
    )
    op.execute("DROP TRIGGER consents_are_kept ON consents")
    op.execute("DROP FUNCTION consents_are_kept()")
    for table in ("consents", "points"):
        op.execute(
            f"CREATE TRIGGER ledger_is_kept BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION ledger_is_kept()"
        )


def _links() -> None:
    op.alter_column("links", "address_id", nullable=True)
    op.drop_constraint(op.f("ck_links_kind_known"), "links", type_="check")
    op.create_check_constraint(
        op.f("ck_links_kind_known"), "links", "kind IN ('offer', 'consent', 'export')"
    )


def _found_by_customer() -> None:
    """What a merge moves and an erasure ends, of tables that do not lead with the customer."""
    for table in ("inbox", "address_lookup"):
        op.create_index(f"ix_{table}_customer_id", table, ["customer_id"])


def _tables() -> None:
    op.add_column("products", sa.Column("imported_at", _MOMENT, nullable=True))
    op.create_table(
        "word_frequencies",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("turns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_word_frequencies")),
    )
    op.create_table(
        "muted_topics",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("source_seq", sa.BigInteger(), nullable=True),
        sa.Column("muted_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "topic", name=op.f("pk_muted_topics")),
    )
    op.create_table(
        "erasures",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("erased_at", _MOMENT, nullable=False),
        sa.Column("purged_at", _MOMENT, nullable=True),
        sa.Column("tables", postgresql.JSONB(), server_default=_NO_OBJECT, nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_erasures")),
    )
    op.create_table(
        "suppressions",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value_index", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('phone', 'email')", name=op.f("ck_suppressions_kind_known")),
        sa.PrimaryKeyConstraint("kind", "value_index", name=op.f("pk_suppressions")),
    )
    op.create_table(
        "voice_items",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("source_seq", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("team", sa.Text(), nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("closed_at", _MOMENT, nullable=True),
        sa.CheckConstraint(
            "kind IN ('complaint', 'wish', 'praise', 'answer', 'bought_elsewhere')",
            name=op.f("ck_voice_items_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'routed', 'done', 'dismissed')",
            name=op.f("ck_voice_items_state_known"),
        ),
        sa.PrimaryKeyConstraint("customer_id", "item_id", name=op.f("pk_voice_items")),
    )
    op.create_index("ix_voice_items_topic", "voice_items", ["topic", "at"])
    op.create_table(
        "imports",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("rows_done", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rows_rejected", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("finished_at", _MOMENT, nullable=True),
        sa.CheckConstraint(
            "kind IN ('products', 'customers', 'orders', 'events', 'consents', 'suppressions')",
            name=op.f("ck_imports_kind_known"),
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_imports")),
    )
