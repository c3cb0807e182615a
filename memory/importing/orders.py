"""Orders from the shop's history and its tills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, text

from memory import bulk, purchases
from memory.importing import who
from memory.importing.who import Whose
from memory.orders import OrderLine
from memory.purchases import Purchase


@dataclass(frozen=True, kw_only=True)
class Imported:
    """An order with its lines; one without lines tells nothing of them."""

    whose: Whose
    order_id: str
    ordered_at: datetime
    total: Decimal
    currency: str
    store: str | None
    lines: Sequence[OrderLine]


_OF_OTHERS = text(
    """
    SELECT given.place, held.customer_id <> given.customer_id AS of_another
      FROM json_to_recordset(CAST(:rows AS json))
           AS given (place int, order_id text, customer_id text, store text)
      JOIN orders held ON held.order_id = given.order_id
     WHERE CASE WHEN held.customer_id = given.customer_id THEN held.store <> given.store
                ELSE held.store IS NOT DISTINCT FROM given.store END
    """
)
_ORDERS = text(
    """
    INSERT INTO orders AS held (customer_id, order_id, ordered_at, total, currency, store)
    SELECT customer_id, order_id, ordered_at, total, currency, store
      FROM json_populate_recordset(CAST(NULL AS orders), CAST(:rows AS json))
    ON CONFLICT (customer_id, order_id) DO UPDATE
       SET ordered_at = excluded.ordered_at, total = excluded.total,
           currency = excluded.currency, store = excluded.store
     WHERE (held.ordered_at, held.total, held.currency, held.store)
           IS DISTINCT FROM
           (excluded.ordered_at, excluded.total, excluded.currency, excluded.store)
    """
)
_LINES = text(
    """
    INSERT INTO order_lines AS held
           (customer_id, order_id, line, product_id, sku, quantity, unit_price)
    SELECT customer_id, order_id, line, product_id, sku, quantity, unit_price
      FROM json_populate_recordset(CAST(NULL AS order_lines), CAST(:rows AS json))
    ON CONFLICT (customer_id, order_id, line) DO UPDATE
       SET product_id = excluded.product_id, sku = excluded.sku,
           quantity = excluded.quantity, unit_price = excluded.unit_price
     WHERE (held.product_id, held.sku, held.quantity, held.unit_price)
           IS DISTINCT FROM
           (excluded.product_id, excluded.sku, excluded.quantity, excluded.unit_price)
    """
)
_GONE_LINES = text(
    """
    DELETE FROM order_lines held
     USING json_to_recordset(CAST(:rows AS json))
           AS given (customer_id text, order_id text, count int)
     WHERE held.customer_id = given.customer_id AND held.order_id = given.order_id
       AND held.line > given.count
    """
)


def write(connection: Connection, given: Sequence[Imported], *, now: datetime) -> dict[int, str]:
    """Keep orders, each once; one that is known is brought up to date. Returns, by their place, why
    an order was not taken: `order_of_another`, `order_of_another_store`.

    A new order of the last day is a purchase like any other: it ends what it makes pointless.
    """
    ids = who.resolve(connection, [one.whose for one in given], now=now)
    not_taken = _not_taken(connection, given, ids)
    taken = {
        (ids[place], one.order_id): one for place, one in enumerate(given) if place not in not_taken
    }
    for (customer_id, _), one in sorted(taken.items()):
        if one.ordered_at > now - purchases.NEWS_FOR:
            purchases.complete(connection, customer_id, _purchase(one), now=now)
    _write_orders(connection, taken)
    _write_lines(connection, taken)
    return not_taken


def _not_taken(
    connection: Connection, given: Sequence[Imported], ids: Sequence[str]
) -> dict[int, str]:
    """Two tills may count alike; within a shop, and within a till, an order is one person's."""
    given_rows = [
        {
            "place": place,
            "order_id": one.order_id,
            "customer_id": customer_id,
            "store": one.store,
        }
        for place, (customer_id, one) in enumerate(zip(ids, given, strict=True))
    ]
    rows = connection.execute(_OF_OTHERS, {"rows": bulk.as_text(given_rows)})
    return {
        row.place: "order_of_another" if row.of_another else "order_of_another_store"
        for row in rows
    }


def _purchase(one: Imported) -> Purchase:
    return Purchase(
        order_id=one.order_id,
        ordered_at=one.ordered_at,
        total=one.total,
        currency=one.currency,
        lines=one.lines,
    )


def _write_orders(connection: Connection, taken: Mapping[tuple[str, str], Imported]) -> None:
    rows = [
        {
            "customer_id": customer_id,
            "order_id": order_id,
            "ordered_at": one.ordered_at,
            "total": one.total,
            "currency": one.currency,
            "store": one.store,
        }
        for (customer_id, order_id), one in taken.items()
    ]
    connection.execute(_ORDERS, {"rows": bulk.as_text(rows)})


def _write_lines(connection: Connection, taken: Mapping[tuple[str, str], Imported]) -> None:
    """Where lines are told they are all that the order has."""
    rows = [
        {
            "customer_id": customer_id,
            "order_id": order_id,
            "line": place,
            "product_id": line.product_id,
            "sku": line.sku,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
        }
        for (customer_id, order_id), one in taken.items()
        for place, line in enumerate(one.lines, start=1)
    ]
    counts = [
        {"customer_id": customer_id, "order_id": order_id, "count": len(one.lines)}
        for (customer_id, order_id), one in taken.items()
        if one.lines
    ]
    connection.execute(_LINES, {"rows": bulk.as_text(rows)})
    connection.execute(_GONE_LINES, {"rows": bulk.as_text(counts)})
