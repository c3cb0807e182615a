"""Products of a shop whose system Dangol does not ask. They stand beside what the shop's adapter
lists, which stays the adapter's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from memory import catalogue
from memory.tables import products


def write(
    connection: Connection, given: Sequence[Mapping[str, Any]], *, now: datetime
) -> dict[int, str]:
    """Keep products, as `shops.shape.product_as_json` shapes them, and tell everybody who sells
    them. Returns, by their place, why one was not taken: `product_of_the_shop`."""
    held = {
        row.product_id: row
        for row in connection.execute(
            select(products.c.product_id, products.c.imported_at, products.c.product).where(
                products.c.product_id.in_([one["product_id"] for one in given])
            )
        )
    }
    not_taken = {
        place: "product_of_the_shop"
        for place, one in enumerate(given)
        if one["product_id"] in held and held[one["product_id"]].imported_at is None
    }
    changed = {
        one["product_id"]: one
        for place, one in enumerate(given)
        if place not in not_taken
        and (one["product_id"] not in held or held[one["product_id"]].product != one)
    }
    if changed:
        _write(connection, list(changed.values()), now)
        catalogue.imported(connection)
    return not_taken


def _write(connection: Connection, changed: Sequence[Mapping[str, Any]], now: datetime) -> None:
    last = int(connection.scalar(select(func.max(products.c.position))) or 0)
    inserting = upsert(products)
    connection.execute(
        inserting.on_conflict_do_update(
            index_elements=[products.c.product_id],
            set_={
                "product": inserting.excluded.product,
                "imported_at": inserting.excluded.imported_at,
            },
        ),
        [
            {
                "product_id": one["product_id"],
                "position": place,
                "product": dict(one),
                "imported_at": now,
            }
            for place, one in enumerate(changed, start=last + 1)
        ],
    )
