"""Whose chat is open: a stream is connected to some `web` process just now. Real time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert

from memory.tables import open_chats

SILENT_AFTER = timedelta(seconds=12)
"""A process that has not told for this long counts as gone; it tells every four seconds."""


def tell(connection: Connection, process: str, customer_ids: Collection[str]) -> None:
    """These are all whose streams `process` holds now."""
    connection.execute(
        delete(open_chats).where(
            open_chats.c.process == process, open_chats.c.customer_id.not_in(customer_ids)
        )
    )
    if not customer_ids:
        return
    now = datetime.now(UTC)
    connection.execute(
        insert(open_chats)
        .values([{"customer_id": one, "process": process, "seen_at": now} for one in customer_ids])
        .on_conflict_do_update(
            index_elements=[open_chats.c.customer_id, open_chats.c.process],
            set_={"seen_at": now},
        )
    )


def is_open(connection: Connection, customer_id: str) -> bool:
    """True if the customer has the chat before them."""
    found = connection.execute(
        select(open_chats.c.process)
        .where(
            open_chats.c.customer_id == customer_id,
            open_chats.c.seen_at > datetime.now(UTC) - SILENT_AFTER,
        )
        .limit(1)
    )
    return found.one_or_none() is not None
