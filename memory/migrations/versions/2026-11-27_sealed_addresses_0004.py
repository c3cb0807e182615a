"""Sealed addresses: telephone numbers and e-mail addresses are stored under a key and found by a
keyed hash.

Why: a copy of the database must not tell whom the shop can reach. The keys come from whoever runs
the migrations (`memory.migrate.upgrade`).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

from memory.sealing import Key, Keyring, NoKeyring

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_AT_A_TIME = 1000


def upgrade() -> None:
    _seal_addresses()
    _index_look_ups()
    _seal_codes()
    op.create_check_constraint(
        op.f("ck_addresses_sealed_if_personal"),
        "addresses",
        "(kind IN ('phone', 'email')) = (value IS NULL)"
        " AND (value IS NULL) = (sealed IS NOT NULL) AND (sealed IS NULL) = (key_id IS NULL)",
    )


def _key() -> Key:
    """Asked for only where there is something to seal."""
    keyring: Keyring | None = context.config.attributes.get("keyring")
    if keyring is None:
        raise NoKeyring
    return keyring.keys[0]


def _seal_addresses() -> None:
    addresses = sa.table(
        "addresses",
        *(sa.column(name) for name in ("customer_id", "address_id", "kind", "value", "key_id")),
        sa.column("sealed", sa.LargeBinary),
    )
    connection = op.get_bind()
    open_ones = (
        sa.select(addresses.c.customer_id, addresses.c.address_id, addresses.c.value)
        .where(addresses.c.kind.in_(("phone", "email")), addresses.c.value.is_not(None))
        .limit(_AT_A_TIME)
    )
    sealing = (
        sa.update(addresses)
        .where(
            addresses.c.customer_id == sa.bindparam("of_customer"),
            addresses.c.address_id == sa.bindparam("of_address"),
        )
        .values(value=None, sealed=sa.bindparam("data"), key_id=sa.bindparam("key"))
    )
    while rows := connection.execute(open_ones).all():
        key = _key()
        connection.execute(
            sealing,
            [
                {
                    "of_customer": row.customer_id,
                    "of_address": row.address_id,
                    "data": key.seal(row.value).data,
                    "key": key.key_id,
                }
                for row in rows
            ],
        )


def _index_look_ups() -> None:
    look_up = sa.table("address_lookup", sa.column("kind"), sa.column("value"))
    connection = op.get_bind()
    personal = look_up.c.kind.in_(("phone", "email"))
    rows = connection.execute(sa.select(look_up.c.kind, look_up.c.value).where(personal)).all()
    if rows:
        connection.execute(
            sa.update(look_up)
            .where(
                look_up.c.kind == sa.bindparam("of_kind"),
                look_up.c.value == sa.bindparam("in_clear"),
            )
            .values(value=sa.bindparam("index")),
            [
                {
                    "of_kind": row.kind,
                    "in_clear": row.value,
                    "index": _key().blind_index(row.value),
                }
                for row in rows
            ],
        )


def _seal_codes() -> None:
    """Codes live ten minutes and are counted for an hour: one that is open is asked for anew."""
    op.execute("DELETE FROM codes")
    op.drop_index("ix_codes_phone", "codes")
    op.drop_column("codes", "phone")
    op.add_column("codes", sa.Column("phone_index", sa.Text(), nullable=False))
    op.add_column("codes", sa.Column("sealed", sa.LargeBinary(), nullable=False))
    op.add_column("codes", sa.Column("key_id", sa.Text(), nullable=False))
    op.create_index("ix_codes_phone_index", "codes", ["phone_index", "sent_at"])
