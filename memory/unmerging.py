"""Undoing a merge of two customers who were not one after all: what came from the other goes back
to them, what has come since stays. Consents stay with their address; the ledger says what was done.

Locks in the order of a merge: inbox, customers, permissions, outbox, conversations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB

from marketing.errors import BadInput, NotFound
from memory import bell, consents, merge_changes, merging, points
from memory.tables import (
    address_lookup,
    addresses,
    conversations,
    coupons,
    customers,
    decisions,
    due,
    events,
    facts,
    hand_overs,
    inbox,
    links,
    merges,
    muted_topics,
    offers,
    order_lines,
    orders,
    outbox,
    permissions,
    sessions,
    turns,
    voice_items,
)
from memory.tables import consents as ledger

_KEYS: Sequence[tuple[Table, str]] = (
    (addresses, "address_id"),
    (events, "event_id"),
    (decisions, "decision_id"),
    (outbox, "outbox_id"),
    (coupons, "code"),
    (offers, "offer_id"),
    (facts, "fact_id"),
    (orders, "order_id"),
    (order_lines, "order_id"),
    (due, "due_id"),
    (muted_topics, "topic"),
    (voice_items, "item_id"),
    (hand_overs, "hand_over_id"),
)
_AT_A_TIME = 10_000


@dataclass(frozen=True, kw_only=True)
class Merge:
    """That two customers became one."""

    merge_id: int
    stays: str
    gone: str
    proof: str
    at: datetime
    undone_at: datetime | None


class NotToBeUndone(BadInput):
    """This merge cannot be undone."""


def of_customer(connection: Connection, customer_id: str) -> list[Merge]:
    """The merges that a customer has come out of, oldest first, those into whom they were merged
    included."""
    either = (merges.c.customer_id == customer_id) | (merges.c.gone == customer_id)
    rows = connection.execute(select(merges).where(either).order_by(merges.c.merge_id))
    return [_merge(row) for row in rows]


def get(connection: Connection, merge_id: int) -> Merge:
    """That merge. Raises NotFound."""
    row = connection.execute(select(merges).where(merges.c.merge_id == merge_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is no merge {merge_id}.")
    return _merge(row)


def _merge(row: Row[Any]) -> Merge:
    return Merge(
        merge_id=row.merge_id,
        stays=row.customer_id,
        gone=row.gone,
        proof=row.proof,
        at=row.at,
        undone_at=row.undone_at,
    )


def undo(connection: Connection, merge_id: int, *, now: datetime) -> None:
    """Make two of one again. Whoever is logged in as either must log in anew. Raises NotFound and
    NotToBeUndone."""
    merge = get(connection, merge_id)
    both = (merge.gone, merge.stays)
    _lock(connection, both)
    moved = _demand_undoable(connection, merge)
    _part_dialogue(connection, merge, moved["turns"])
    for table, key in _KEYS:
        _give_back(connection, table, key, moved.get(table.name, ()), merge)
    _give_back_ways(connection, merge, moved["addresses"], now)
    _give_back_points(connection, merge, moved.get("points", 0), now)
    connection.execute(
        update(customers).where(customers.c.customer_id == merge.gone).values(merged_into=None)
    )
    merge_changes.undo(connection, moved["changed"])
    _part_ledger(connection, merge, moved["addresses"], now)
    _end_sessions(connection, both)
    connection.execute(update(merges).where(merges.c.merge_id == merge_id).values(undone_at=now))
    for one in both:
        bell.ring(connection, bell.CHAT, one)
    bell.ring(connection, bell.INBOX)


def _lock(connection: Connection, both: tuple[str, str]) -> None:
    merging.lock_rows(connection, inbox, inbox.c.inbox_id, both, inbox.c.state == "ready")
    for table in (customers, permissions):
        merging.lock_rows(connection, table, table.c.customer_id, both)
    merging.lock_rows(connection, outbox, outbox.c.outbox_id, both, outbox.c.state == "ready")
    merging.lock_rows(connection, conversations, conversations.c.customer_id, both)


def _demand_undoable(connection: Connection, merge: Merge) -> Mapping[str, Any]:
    """What was moved. Asked after both are locked."""
    row = connection.execute(select(merges).where(merges.c.merge_id == merge.merge_id)).one()
    if row.undone_at is not None:
        raise NotToBeUndone("This merge was undone before.")
    if "changed" not in row.moved:
        raise NotToBeUndone("This merge was made before merges could be undone.")
    standing = {
        one.customer_id: one
        for one in connection.execute(
            select(customers.c.customer_id, customers.c.merged_into, customers.c.erased_at).where(
                customers.c.customer_id.in_((merge.gone, merge.stays))
            )
        )
    }
    stays, gone = standing.get(merge.stays), standing.get(merge.gone)
    if stays is None or gone is None or stays.erased_at or gone.erased_at:
        raise NotToBeUndone("Somebody of them was erased.")
    if stays.merged_into is not None:
        later = f"{merge.stays} was merged into {stays.merged_into} later: undo that first."
        raise NotToBeUndone(later)
    moved: Mapping[str, Any] = row.moved
    return moved


def _part_dialogue(connection: Connection, merge: Merge, moved: Mapping[str, Any]) -> None:
    """Turns get their numbers back; those that have come since keep theirs."""
    if moved:
        shift = moved["shift"]
        connection.execute(
            update(turns)
            .where(
                turns.c.customer_id == merge.stays,
                turns.c.seq.between(moved["first"], moved["last"]),
            )
            .values(customer_id=merge.gone, seq=turns.c.seq - shift)
        )
        connection.execute(
            update(inbox)
            .where(inbox.c.customer_id == merge.stays, inbox.c.inbox_id.in_(moved["inbox"]))
            .values(customer_id=merge.gone, seq=inbox.c.seq - shift)
        )
        for table in merging.FROM_WORDS:
            connection.execute(
                update(table)
                .where(
                    table.c.customer_id.in_((merge.gone, merge.stays)),
                    table.c.source_seq.between(moved["first"], moved["last"]),
                )
                .values(source_seq=table.c.source_seq - shift)
            )
    connection.execute(
        update(conversations).where(conversations.c.customer_id == merge.stays).values(tracker=None)
    )


def _give_back(
    connection: Connection, table: Table, key: str, keys: Sequence[Any], merge: Merge
) -> None:
    for begin in range(0, len(keys), _AT_A_TIME):
        connection.execute(
            update(table)
            .where(
                table.c.customer_id == merge.stays,
                table.c[key].in_(keys[begin : begin + _AT_A_TIME]),
            )
            .values(customer_id=merge.gone)
        )


def _give_back_ways(
    connection: Connection, merge: Merge, address_ids: Sequence[int], now: datetime
) -> None:
    """What leads to an address goes with it; links to no address open nothing any more."""
    for table in (address_lookup, links):
        connection.execute(
            update(table)
            .where(table.c.customer_id == merge.stays, table.c.address_id.in_(address_ids))
            .values(customer_id=merge.gone)
        )
    connection.execute(
        update(links)
        .where(links.c.customer_id == merge.stays, links.c.address_id.is_(None))
        .values(expires_at=now)
    )


def _give_back_points(connection: Connection, merge: Merge, amount: int, now: datetime) -> None:
    """As many as are left of them."""
    left = min(amount, points.balance(connection, merge.stays))
    if left:
        key = f"unmerged:{merge.merge_id}"
        points.expire(connection, merge.stays, left, key=key, reason="unmerged", now=now)
        points.earn(connection, merge.gone, left, key=key, reason="unmerged", now=now)


def _part_ledger(
    connection: Connection, merge: Merge, address_ids: Sequence[int], now: datetime
) -> None:
    """What was said since about an address that goes back is said of its owner; what the copied
    lines took from the one who stays is restored by lines of their own."""
    parted = {"unmerged": merge.merge_id}
    columns = ("customer_id", "address_id", "purpose", "action", "evidence", "at")
    since = select(
        literal(merge.gone),
        ledger.c.address_id,
        ledger.c.purpose,
        ledger.c.action,
        ledger.c.evidence.op("||")(func.cast(literal(parted, JSONB), JSONB)),
        ledger.c.at,
    ).where(
        ledger.c.customer_id == merge.stays,
        ledger.c.address_id.in_(address_ids),
        ~ledger.c.evidence.has_key("merged_from"),
    )
    refused = connection.scalar(
        select(ledger.c.consent_id)
        .where(
            ledger.c.customer_id == merge.stays,
            ledger.c.address_id.in_(address_ids),
            ~ledger.c.evidence.has_key("merged_from"),
            ledger.c.purpose == "marketing",
            ledger.c.action.in_(consents.REFUSALS),
        )
        .limit(1)
    )
    connection.execute(insert(ledger).from_select(columns, since.order_by(ledger.c.consent_id)))
    if refused is not None:
        connection.execute(
            update(permissions)
            .where(permissions.c.customer_id == merge.gone)
            .values(marketing="refused", changed_at=now)
        )
    _restate(connection, merge, parted, now)


def _restate(
    connection: Connection, merge: Merge, parted: Mapping[str, object], now: datetime
) -> None:
    """A refusal that was the other's alone counts no longer (RULES US-3 is about a person)."""
    of_stays = select(addresses.c.address_id).where(
        addresses.c.customer_id == merge.stays, addresses.c.unlinked_at.is_(None)
    )
    for address_id in connection.scalars(of_stays).all():
        now_stands = consents.standing(connection, merge.stays, address_id, now=now)
        own = _standing_without(connection, merge, address_id, now)
        for purpose in ("marketing", "night"):
            if getattr(own, purpose) and not getattr(now_stands, purpose):
                connection.execute(
                    insert(ledger).values(
                        customer_id=merge.stays,
                        address_id=address_id,
                        purpose=purpose,
                        action="reopened",
                        evidence=dict(parted),
                        at=now,
                    )
                )


def _standing_without(
    connection: Connection, merge: Merge, address_id: int, now: datetime
) -> consents.Standing:
    """What the ledger says of the address but for the lines that came with the merge."""
    rows = connection.execute(
        select(ledger.c.purpose, ledger.c.action, ledger.c.at)
        .where(
            ledger.c.customer_id == merge.stays,
            (ledger.c.address_id == address_id) | ledger.c.action.in_(consents.REFUSALS),
            ledger.c.evidence["merged_from"].astext.is_distinct_from(merge.gone),
        )
        .order_by(ledger.c.consent_id)
    )
    newest = {row.purpose: (row.purpose, row.action, row.at) for row in rows}
    return consents.standing_of(newest.values(), now=now)


def _end_sessions(connection: Connection, both: tuple[str, str]) -> None:
    """Nobody knows which of the two sits at a browser."""
    connection.execute(
        update(sessions)
        .where(sessions.c.customer_id.in_(both), sessions.c.revoked_at.is_(None))
        .values(revoked_at=datetime.now(UTC))
    )
