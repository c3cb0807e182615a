"""What came of an item is told to whoever said it, once: where it may be advertised by text or in
the open chat, else at the next visit; with thanks in points, if the shop gives any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, or_, select

from marketing.campaigns import WISH_DONE
from marketing.decisions import Reason
from memory import customers, due, points, voice
from memory.due import Due
from memory.points import KeyUsed
from memory.tables import due as due_table
from memory.tables import offers
from memory.voice import Item

WITHIN = timedelta(days=30)
"""Later it is told at a visit only."""
HEARD_OF = ("wish", "complaint", "refusal", "answer")
"""Kinds of item whose speakers hear what came of it."""
_NAMES = tuple(Due.__dataclass_fields__)
_TOLD_AT = "told_at"
_SETTLED = (
    *(Reason.PLANNED, Reason.SENT, Reason.IN_OPEN_CHAT, Reason.ALREADY_TOLD),
    *(Reason.FACT_FORGOTTEN, Reason.MUTED, Reason.BOUGHT, "merged"),
)
"""How it ended where nothing is to be said any more, if what was planned went out."""
_NOT_OUT = ("cancelled", "not_sent", "failed")


def done(
    connection: Connection,
    items: Sequence[Item],
    *,
    product_id: str | None = None,
    category: str | None = None,
    note: Mapping[str, str] | None = None,
    thanks: int = 0,
    now: datetime,
) -> int:
    """Close these items with a product, a note by language, or both; returns how many people hear
    of it. Each hears once, by the newest of their own words, and is given `thanks` points once,
    however often it is done again. Raises NoSuchItem."""
    newest: dict[str, Item] = {}
    for one in sorted(items, key=lambda item: (item.customer_id, item.at, item.item_id)):
        voice.close(
            connection,
            one.customer_id,
            one.item_id,
            product_id=product_id,
            note=note,
            now=now,
        )
        if one.kind in HEARD_OF:
            newest[one.customer_id] = one
    for one in newest.values():
        _let_hear(connection, one, product_id, category, thanks, now)
    return len(newest)


def _let_hear(
    connection: Connection,
    item: Item,
    product_id: str | None,
    category: str | None,
    thanks: int,
    now: datetime,
) -> None:
    occurrence = f"product:{product_id}" if product_id else f"item:{item.item_id}"
    customer_id = customers.held(connection, item.customer_id)
    if thanks and not _thank(connection, customer_id, thanks, occurrence, now):
        thanks = 0
    due.put(
        connection,
        customer_id,
        kind=WISH_DONE,
        occurrence=occurrence,
        about={
            "item_id": item.item_id,
            "product_id": product_id,
            "category": category,
            "thanks": thanks,
        },
        due_at=now,
        latest=now + WITHIN,
        now=now,
    )


def _thank(
    connection: Connection, customer_id: str, thanks: int, occurrence: str, now: datetime
) -> bool:
    """False if they were thanked for this before."""
    try:
        return points.earn(
            connection,
            customer_id,
            thanks,
            key=f"{WISH_DONE}:{occurrence}",
            reason=WISH_DONE,
            now=now,
        )
    except KeyUsed:
        return False


def untold(connection: Connection, customer_id: str) -> list[Due]:
    """What came of their items and reached them on no way so far, oldest first."""
    never_went = (
        select(offers.c.offer_id)
        .where(
            offers.c.customer_id == due_table.c.customer_id,
            offers.c.campaign == WISH_DONE,
            offers.c.occurrence == due_table.c.occurrence,
            offers.c.state.in_(_NOT_OUT),
        )
        .exists()
    )
    rows = connection.execute(
        select(*(due_table.c[name] for name in _NAMES))
        .where(
            due_table.c.customer_id == customer_id,
            due_table.c.kind == WISH_DONE,
            due_table.c.state != "waiting",
            ~due_table.c.about.has_key(_TOLD_AT),
            or_(
                due_table.c.reason.not_in(_SETTLED),
                and_(due_table.c.reason == Reason.PLANNED, never_went),
            ),
        )
        .order_by(due_table.c.due_id)
    ).all()
    return [Due(**row._mapping) for row in rows]
