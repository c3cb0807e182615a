"""The shop's catalogue and store, as last synced: a cache of what the shop's system says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from memory import bell
from memory.tables import products, shop


def sync(
    connection: Connection,
    *,
    shop_name: str,
    store: Mapping[str, Any],
    listed: Sequence[Mapping[str, Any]],
) -> bool:
    """Replace the cached catalogue by what the shop lists now and ring `catalogue`; what was
    imported stays beside it.

    `listed` and `store` are JSON objects as the shop protocol shapes them. Returns False, having
    touched nothing, if nothing changed.
    """
    shops = hashlib.sha256(
        json.dumps([shop_name, store, list(listed)], sort_keys=True).encode()
    ).hexdigest()
    before, _, of_imports = digest(connection).partition(_AND)
    if before == shops:
        return False
    now = f"{shops}{_AND}{of_imports}" if of_imports else shops
    connection.execute(
        upsert(shop)
        .values(shop_id=1, name=shop_name, store=dict(store), digest=now)
        .on_conflict_do_update(
            index_elements=[shop.c.shop_id],
            set_={"name": shop_name, "store": dict(store), "digest": now},
        )
    )
    ids = [item["product_id"] for item in listed]
    connection.execute(
        delete(products).where(products.c.imported_at.is_(None) | products.c.product_id.in_(ids))
    )
    if listed:
        connection.execute(
            insert(products),
            [
                {"product_id": item["product_id"], "position": place, "product": dict(item)}
                for place, item in enumerate(listed)
            ],
        )
    bell.ring(connection, bell.CATALOGUE)
    return True


_AND = "+"
"""Between the two halves of a digest: what the shop lists, and what was imported."""


def imported(connection: Connection) -> None:
    """Products beside the shop's own have changed: the digest does, and `catalogue` rings."""
    shops, _, _ = digest(connection).partition(_AND)
    rows = select(products.c.product_id, products.c.product).where(
        products.c.imported_at.is_not(None)
    )
    of_imports = hashlib.sha256()
    for row in connection.execute(rows.order_by(products.c.product_id)):
        of_imports.update(json.dumps([*row], sort_keys=True).encode())
    connection.execute(update(shop).values(digest=f"{shops}{_AND}{of_imports.hexdigest()}"))
    bell.ring(connection, bell.CATALOGUE)


def store_profile(connection: Connection) -> dict[str, Any]:
    """Hours, delivery, returns, labels and synonyms; empty before the first sync."""
    found: dict[str, Any] | None = connection.scalar(select(shop.c.store))
    return found or {}


def digest(connection: Connection) -> str:
    """Changes whenever the catalogue or the store does; empty before the first sync."""
    return str(connection.scalar(select(shop.c.digest)) or "")


def listed(connection: Connection) -> list[dict[str, Any]]:
    """Every product, in the shop's own order, then what was imported."""
    in_order = (products.c.imported_at.is_not(None), products.c.position)
    return list(connection.scalars(select(products.c.product).order_by(*in_order)))


def product(connection: Connection, product_id: str) -> dict[str, Any] | None:
    """One product; None if the shop does not list it."""
    found: dict[str, Any] | None = connection.scalar(
        select(products.c.product).where(products.c.product_id == product_id)
    )
    return found


def people_are_loaded(connection: Connection) -> bool:
    """True once the demo shop's customers are in."""
    return bool(connection.scalar(select(shop.c.people_loaded)))


def mark_people_loaded(connection: Connection) -> None:
    """Remember that the shop's customers are in."""
    connection.execute(update(shop).values(people_loaded=True))
