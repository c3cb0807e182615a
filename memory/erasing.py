"""Erasing a person: all of theirs goes in one transaction, but for what the law wants kept, which
is cut off from them. Their bytes are `memory.purging`'s business.

Locks in the order of ARCHITECTURE.md: inbox, customers, permissions, outbox, conversations.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    bindparam,
    delete,
    func,
    null,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from memory import addresses, bell, catalogue, personal, sealing, suppressions
from memory.tables import (
    addresses as addresses_table,
)
from memory.tables import (
    conversations,
    customers,
    erasures,
    inbox,
    offers,
    order_lines,
    orders,
    outbox,
    permissions,
    sessions,
    turns,
)

log = logging.getLogger(__name__)

KEPT: Mapping[str, str] = {
    "customers": "the id alone, so that nobody is given it again",
    "conversations": "its last number alone, so that a stream that is open sees the goodbye",
    "permissions": "refused, so that nothing is sent",
    "orders": "contracts: kept as the law says, cut off from the person",
    "order_lines": "as orders",
    "inbox": "the provider's id alone, so that a message told again is not taken for a new one",
    "erasures": "that the person was erased, and when",
}
"""Tables that keep a row when a person is erased, and why nothing of the person is in it."""
KEEP_ORDERS_DAYS = 5 * 365
"""전자상거래 등에서의 소비자보호에 관한 법률 시행령 §6: contracts, payments and deliveries for
five years, apart from everything else (개인정보 보호법 §21③); `keep_days` of the store may say
otherwise."""
FAREWELL = timedelta(minutes=1)
"""Real time: how long a chat stays open for its goodbye."""
SWEEP_AFTER = timedelta(minutes=2)
GIVE_UP_FAREWELL = timedelta(days=1)
CUT_OFF = "cut_off_"


@dataclass(frozen=True, kw_only=True)
class Farewell:
    """What stays for a moment, so that the goodbye of this very turn arrives."""

    after_seq: int
    """What was said later than that is the goodbye."""
    inbox_id: int | None
    address_id: int | None
    """The number it goes to; None in the chat."""


@dataclass(frozen=True, kw_only=True)
class Erased:
    """What was done."""

    customer_id: str
    erased_at: datetime
    rows: Mapping[str, int]
    """Table → rows that were deleted, blanked or cut off."""


def hold(connection: Connection, customer_id: str) -> Sequence[str]:
    """All ids of that person, locked to the end of the transaction: turns, texts and sends of
    theirs that are under way end first; none begins before this transaction ends."""
    while True:
        whose = personal.ids_of(connection, customer_id)
        attempt = connection.begin_nested()
        _lock(connection, inbox.c.inbox_id, whose, inbox.c.state == "ready")
        _lock(connection, customers.c.customer_id, whose)
        if personal.ids_of(connection, customer_id) == whose:
            _lock(connection, inbox.c.inbox_id, whose, inbox.c.state == "ready")
            _lock(connection, permissions.c.customer_id, whose)
            _lock(connection, outbox.c.outbox_id, whose)
            _lock(connection, conversations.c.customer_id, whose)
            attempt.commit()
            return whose
        attempt.rollback()


def _lock(
    connection: Connection,
    key: Column[Any],
    whose: Sequence[str],
    *conditions: ColumnElement[bool],
) -> None:
    connection.execute(
        select(key)
        .where(key.table.c.customer_id.in_(whose), *conditions)
        .order_by(key)
        .with_for_update()
    ).all()


def erase(
    connection: Connection,
    customer_id: str,
    *,
    now: datetime,
    farewell: Farewell | None = None,
) -> Erased:
    """Erase that person, merged-in ids too: rows deleted or blanked in every table, what is pending
    with them, opt-outs kept as keyed hashes. `farewell` leaves the goodbye until `sweep`."""
    whose = hold(connection, customer_id)
    _suppress(connection, whose, now)
    rows = _cut_off_orders(connection, whose)
    rows |= _blank(connection, whose, now)
    _withdraw_copies(connection, whose, now)
    rows |= _delete(connection, whose, farewell)
    for one in whose:
        connection.execute(
            insert(erasures)
            .values(customer_id=one, erased_at=now, tables=rows if one == customer_id else {})
            .on_conflict_do_nothing()
        )
        bell.ring(connection, bell.CHAT, one)
    log.info("Somebody was erased.", extra={"action": "erased", "customer_id": customer_id})
    return Erased(customer_id=customer_id, erased_at=now, rows=rows)


def _suppress(connection: Connection, whose: Sequence[str], now: datetime) -> None:
    """Their numbers and e-mail addresses, as keyed hashes: nobody writes there unasked again."""
    refused = connection.scalar(
        select(func.bool_or(permissions.c.marketing == "refused")).where(
            permissions.c.customer_id.in_(whose)
        )
    )
    for one in (each for known in whose for each in addresses.of_customer(connection, known)):
        if one.kind in sealing.SEALED_KINDS:
            reason = "stopped" if one.stopped_at else "refused" if refused else "erased"
            suppressions.suppress(connection, one.kind, one.value, reason=reason, now=now)


def _cut_off_orders(connection: Connection, whose: Sequence[str]) -> dict[str, int]:
    """Each order under an id of its own that nobody knows, so that not even the orders of one
    person belong together; none at all if the store keeps none."""
    if days_of_orders(connection) == 0:
        return {table.name: _delete_of(connection, table, whose) for table in (order_lines, orders)}
    named = connection.execute(
        select(orders.c.customer_id, orders.c.order_id).where(orders.c.customer_id.in_(whose))
    ).all()
    moved = [
        {"of": row.customer_id, "named": row.order_id, "id": CUT_OFF + secrets.token_urlsafe(16)}
        for row in named
    ]
    rows = {orders.name: 0, order_lines.name: 0}
    for table in (order_lines, orders) if moved else ():
        # What was engraved may name somebody.
        unsaid = {"specification": null()} if table is order_lines else {}
        done = connection.execute(
            update(table)
            .where(table.c.customer_id == bindparam("of"), table.c.order_id == bindparam("named"))
            .values(customer_id=bindparam("id"), **unsaid),
            moved,
        )
        rows[table.name] = done.rowcount
    return rows


def days_of_orders(connection: Connection) -> int:
    """For how long this shop keeps orders of nobody; 0 if it deletes them with the person."""
    told = catalogue.store_profile(connection).get("keep_days", {})
    return int(told.get("orders", KEEP_ORDERS_DAYS))


def _blank(connection: Connection, whose: Sequence[str], now: datetime) -> dict[str, int]:
    """Rows that stay because something else follows from them, with nothing of the person."""
    blanks: Sequence[tuple[Table, dict[str, Any]]] = (
        (
            customers,
            {
                **_nothing_in(customers, "customer_id", "created_at", "merged_into"),
                "erased_at": func.coalesce(customers.c.erased_at, now),
            },
        ),
        (conversations, {"tracker": None}),
        (permissions, {"marketing": "refused", "changed_at": now}),
        (
            inbox,
            {
                "text": "",
                "address_id": None,
                "error": None,
                "state": "done",
                "done_at": func.coalesce(inbox.c.done_at, datetime.now(UTC)),
            },
        ),
    )
    return {
        table.name: connection.execute(
            update(table).where(table.c.customer_id.in_(whose)).values(**values)
        ).rowcount
        for table, values in blanks
    }


def _nothing_in(table: Table, *but: str) -> dict[str, Any]:
    return {column.name: None for column in table.c if column.name not in but}


def _withdraw_copies(connection: Connection, whose: Sequence[str], now: datetime) -> None:
    """Offers of theirs that were shown to whoever opened the link belong to nobody now."""
    copies = offers.c.of_customer_id.in_(whose)
    connection.execute(
        update(offers)
        .where(copies, offers.c.state.in_(("planned", "open")))
        .values(state="cancelled", reason="erased", closed_at=now)
    )
    connection.execute(update(offers).where(copies).values(of_customer_id=None, of_offer_id=None))


def _delete(
    connection: Connection, whose: Sequence[str], farewell: Farewell | None
) -> dict[str, int]:
    """Every other row; the ledgers give theirs up for an erasure alone."""
    spared = _spared(farewell)
    connection.execute(text("SELECT set_config('dangol.erasing', 'on', true)"))
    rows = {
        table.name: _delete_of(connection, table, whose, *spared.get(table.name, ()))
        for table in personal.tables()
        if table.name not in KEPT
    }
    connection.execute(text("SELECT set_config('dangol.erasing', 'off', true)"))
    _blank_what_is_on_its_way(connection, whose, farewell)
    if farewell is not None:
        connection.execute(
            update(sessions)
            .where(sessions.c.customer_id.in_(whose))
            .values(proof="none", expires_at=datetime.now(UTC) + FAREWELL)
        )
    return rows


def _spared(farewell: Farewell | None) -> dict[str, Sequence[ColumnElement[bool]]]:
    """What a deletion leaves: a text that a sender has in its hands, and the goodbye."""
    on_its_way = outbox.c.state != "sending"
    if farewell is None:
        return {outbox.name: (on_its_way,)}
    spared: dict[str, Sequence[ColumnElement[bool]]] = {
        turns.name: (turns.c.seq <= farewell.after_seq,),
        outbox.name: (on_its_way, outbox.c.key != _key_of(farewell)),
    }
    if farewell.address_id is None:
        spared[sessions.name] = (sessions.c.revoked_at.is_not(None),)
    else:
        spared[addresses_table.name] = (addresses_table.c.address_id != farewell.address_id,)
    return spared


def _key_of(farewell: Farewell) -> str:
    return f"reply:{farewell.inbox_id}"


def _blank_what_is_on_its_way(
    connection: Connection, whose: Sequence[str], farewell: Farewell | None
) -> None:
    """The sender has it in its hands and will record what became of it."""
    goodbye = _key_of(farewell) if farewell else ""
    connection.execute(
        update(outbox)
        .where(outbox.c.customer_id.in_(whose), outbox.c.key != goodbye)
        .values(body="", offer_id=None)
    )


def _delete_of(
    connection: Connection,
    table: Table,
    whose: Sequence[str],
    *conditions: ColumnElement[bool],
) -> int:
    done = connection.execute(delete(table).where(table.c.customer_id.in_(whose), *conditions))
    return done.rowcount


def sweep(connection: Connection, *, now: datetime, limit: int = 100) -> int:
    """Delete what a goodbye or a straggler has left of people erased a while ago whose bytes are
    not purged yet; returns how many rows there were. A goodbye that waits to be sent is waited for,
    a day at most."""
    waits = (
        select(outbox.c.outbox_id)
        .where(
            outbox.c.customer_id == erasures.c.customer_id,
            outbox.c.state.in_(("ready", "sending")),
            erasures.c.erased_at > now - GIVE_UP_FAREWELL,
        )
        .exists()
    )
    found = connection.scalars(
        select(erasures.c.customer_id)
        .where(erasures.c.purged_at.is_(None), erasures.c.erased_at < now - SWEEP_AFTER, ~waits)
        .order_by(erasures.c.erased_at.desc(), erasures.c.customer_id)
        .limit(limit)
    ).all()
    return sum(finish(connection, customer_id, now=now) for customer_id in found)


def finish(connection: Connection, customer_id: str, *, now: datetime) -> int:
    """Delete whatever there is of somebody erased before; returns how many rows there were."""
    whose = hold(connection, customer_id)
    rows = sum(_delete(connection, whose, None).values())
    if rows:
        _blank(connection, whose, now)
    return rows


def unpurged(connection: Connection, *, before: datetime) -> list[str]:
    """Whoever was erased before that moment (business time) and whose bytes may still be there."""
    found = connection.scalars(
        select(erasures.c.customer_id)
        .where(erasures.c.purged_at.is_(None), erasures.c.erased_at <= before)
        .order_by(erasures.c.customer_id)
    )
    return list(found)


def find(connection: Connection, customer_id: str) -> Erased | None:
    """What was done when that person was erased; None if they were not."""
    row = connection.execute(
        select(erasures.c.customer_id, erasures.c.erased_at, erasures.c.tables).where(
            erasures.c.customer_id == customer_id
        )
    ).one_or_none()
    if row is None:
        return None
    return Erased(customer_id=row.customer_id, erased_at=row.erased_at, rows=row.tables)
