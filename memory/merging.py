"""Two customers who turned out to be one: everything of the one that goes moves to the one that
stays, and what moved is written down. The ledger of consents is copied, not moved: it is
append-only, and a consent stays with its address.

Locks in the order of ARCHITECTURE.md: inbox, customers, permissions, outbox, conversations.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    and_,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from memory import bell, merge_changes, points
from memory.tables import (
    address_lookup,
    addresses,
    codes,
    consents,
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
    open_chats,
    order_lines,
    orders,
    outbox,
    permissions,
    sessions,
    turns,
    voice_items,
)

_MOVED_AS_THEY_ARE: Sequence[tuple[Table, str]] = (
    (addresses, "address_id"),
    (events, "event_id"),
    (decisions, "decision_id"),
    (outbox, "outbox_id"),
    (coupons, "code"),
    (offers, "offer_id"),
    (voice_items, "item_id"),
)
_ALSO_MOVED = (address_lookup, sessions, links)
"""Their keys are secret, or follow from what is written down."""
FROM_WORDS = (facts, voice_items, muted_topics)
"""Their rows name the turn that they were read from."""
_ONCE_EACH: Sequence[tuple[Table, tuple[str, ...], str]] = (
    (orders, ("order_id",), "order_id"),
    (order_lines, ("order_id", "line"), "order_id"),
    (due, ("kind", "occurrence"), "due_id"),
    (muted_topics, ("topic",), "topic"),
)
"""Where both may have the same one: what the one who stays has is kept."""


def merge(connection: Connection, *, gone: str, stays: str, proof: str, now: datetime) -> bool:
    """Make one customer of two, or of whom they have become by now; False if they are one. `proof`
    is how that was shown (`code`, `shop`). The caller sees to it that it is a strong one."""
    gone, stays = _lock(connection, gone, stays)
    if gone == stays:
        return False
    before = merge_changes.seen(connection, (gone, stays))
    _settle(connection, gone, stays, now)
    _set_apart_offers(connection, gone, stays, now)
    moved: dict[str, Any] = {"turns": _move_dialogue(connection, gone, stays)}
    for table, names, key in _ONCE_EACH:
        moved[table.name] = _move_new(connection, table, names, key, gone, stays)
    for table, key in _MOVED_AS_THEY_ARE:
        moved[table.name] = _move(connection, table, key, gone, stays)
    for table in _ALSO_MOVED:
        _repoint(connection, table, gone, stays)
    moved["facts"] = _move(connection, facts, "fact_id", gone, stays)
    moved["points"] = _move_points(connection, gone, stays, now)
    _copy_ledger(connection, gone, stays)
    moved["hand_overs"] = _move_hand_over(connection, gone, stays, now)
    _end_occasions(connection, gone, now)
    _join(connection, gone, stays)
    after = merge_changes.seen(connection, (gone, stays))
    moved["changed"] = merge_changes.between(before, after)
    connection.execute(
        insert(merges).values(customer_id=stays, gone=gone, proof=proof, moved=moved, at=now)
    )
    bell.ring(connection, bell.CHAT, gone)
    bell.ring(connection, bell.CHAT, stays)
    bell.ring(connection, bell.INBOX)
    return True


def _lock(connection: Connection, gone: str, stays: str) -> tuple[str, str]:
    """Who the two are by now, the same if they are one. Turns, texts and sends of either that are
    under way end first; none begins before this transaction ends."""
    while gone != stays:
        both = (gone, stays)
        attempt = connection.begin_nested()
        _lock_waiting(connection, both)
        merged = _lock_customers(connection, both)
        if not merged:
            attempt.commit()
            _lock_waiting(connection, both)  # what was accepted until the customers were locked
            lock_rows(connection, permissions, permissions.c.customer_id, both)
            lock_rows(connection, outbox, outbox.c.outbox_id, (gone,))
            lock_rows(connection, conversations, conversations.c.customer_id, both)
            break
        attempt.rollback()  # gives the locks back: theirs come in an order of their own
        gone, stays = merged.get(gone, gone), merged.get(stays, stays)
    return gone, stays


def _lock_waiting(connection: Connection, both: tuple[str, ...]) -> None:
    lock_rows(connection, inbox, inbox.c.inbox_id, both, inbox.c.state == "ready")


def lock_rows(
    connection: Connection,
    table: Table,
    key: Column[Any],
    of_whom: tuple[str, ...],
    *conditions: ColumnElement[bool],
) -> None:
    """Lock the rows of some customers, in the order of `key`."""
    connection.execute(
        select(key)
        .where(table.c.customer_id.in_(of_whom), *conditions)
        .order_by(key)
        .with_for_update()
    ).all()


def _lock_customers(connection: Connection, both: tuple[str, ...]) -> dict[str, str]:
    """Which of them have been merged, and into whom."""
    rows = connection.execute(
        select(customers.c.customer_id, customers.c.merged_into)
        .where(customers.c.customer_id.in_(both))
        .order_by(customers.c.customer_id)
        .with_for_update()
    )
    return {row.customer_id: row.merged_into for row in rows if row.merged_into}


def _settle(connection: Connection, gone: str, stays: str, now: datetime) -> None:
    """What only one of two may be: facts of one kind, offers that are copies of the other's."""
    theirs, ours = facts.alias(), facts.alias()
    both = connection.execute(
        select(theirs.c.fact_id.label("theirs"), ours.c.fact_id.label("ours"))
        .add_columns((theirs.c.valid_from > ours.c.valid_from).label("theirs_is_newer"))
        .join(ours, and_(*(theirs.c[name] == ours.c[name] for name in ("subject", "kind", "item"))))
        .where(
            theirs.c.customer_id == gone,
            ours.c.customer_id == stays,
            theirs.c.valid_to.is_(None),
            ours.c.valid_to.is_(None),
        )
    ).all()
    for pair in both:
        older = pair.ours if pair.theirs_is_newer else pair.theirs
        connection.execute(
            update(facts)
            .where(facts.c.customer_id.in_((gone, stays)), facts.c.fact_id == older)
            .values(valid_to=now)
        )
    for owner, other in ((gone, stays), (stays, gone)):
        connection.execute(
            update(offers)
            .where(
                offers.c.customer_id == owner,
                offers.c.of_customer_id == other,
                offers.c.state.in_(("planned", "open")),
            )
            .values(state="cancelled", reason="merged", closed_at=now)
        )
    connection.execute(
        update(offers).where(offers.c.of_customer_id == gone).values(of_customer_id=stays)
    )


def _set_apart_offers(connection: Connection, gone: str, stays: str, now: datetime) -> None:
    """Where the same offer was planned for both, that of the one who goes gets a name of its own;
    if it is not out yet, it does not go."""
    ours = offers.alias()
    has_it = select(literal(1)).where(
        ours.c.customer_id == stays,
        ours.c.campaign == offers.c.campaign,
        ours.c.occurrence == offers.c.occurrence,
    )
    set_apart = connection.scalars(
        update(offers)
        .where(offers.c.customer_id == gone, has_it.exists())
        .values(occurrence=offers.c.occurrence + f" of {gone}")
        .returning(offers.c.offer_id)
    ).all()
    not_out = connection.scalars(
        update(offers)
        .where(
            offers.c.customer_id == gone,
            offers.c.offer_id.in_(set_apart),
            offers.c.state == "planned",
        )
        .values(state="cancelled", reason="merged", closed_at=now)
        .returning(offers.c.offer_id)
    ).all()
    connection.execute(
        update(outbox)
        .where(
            outbox.c.customer_id == gone,
            outbox.c.offer_id.in_(not_out),
            outbox.c.state == "ready",
        )
        .values(state="cancelled", reason="merged")
    )


def _end_occasions(connection: Connection, gone: str, now: datetime) -> None:
    """Those that were not moved wait, or have waited, with the one who stays as well."""
    connection.execute(
        update(due)
        .where(due.c.customer_id == gone, due.c.state == "waiting")
        .values(state="cancelled", reason="merged", closed_at=now)
    )


def _move_dialogue(connection: Connection, gone: str, stays: str) -> dict[str, Any]:
    """Turns keep their order. What was said before the other conversation's last word is put in
    front of it, with numbers below its first, so that whoever follows it misses nothing."""
    theirs, ours = _extent(connection, gone), _extent(connection, stays)
    if theirs.first is None:
        return {}
    is_newer = ours.last_at is None or theirs.last_at > ours.last_at
    if is_newer:
        shift = ours.last_seq + 1 - theirs.first
    else:
        shift = min(int(ours.first), 1) - 1 - theirs.last
    connection.execute(
        update(turns)
        .where(turns.c.customer_id == gone)
        .values(customer_id=stays, seq=turns.c.seq + shift)
    )
    came_in = connection.scalars(
        update(inbox)
        .where(inbox.c.customer_id == gone)
        .values(customer_id=stays, seq=inbox.c.seq + shift)
        .returning(inbox.c.inbox_id)
    )
    for table in FROM_WORDS:
        connection.execute(
            update(table)
            .where(table.c.customer_id == gone, table.c.source_seq.is_not(None))
            .values(source_seq=table.c.source_seq + shift)
        )
    if is_newer:
        connection.execute(
            update(conversations)
            .where(conversations.c.customer_id == stays)
            .values(last_seq=theirs.last + shift)
        )
    return {
        "first": theirs.first + shift,
        "last": theirs.last + shift,
        "shift": shift,
        "inbox": sorted(came_in),
    }


def _extent(connection: Connection, customer_id: str) -> Any:
    return connection.execute(
        select(
            func.min(turns.c.seq).label("first"),
            func.max(turns.c.seq).label("last"),
            func.max(turns.c.at).label("last_at"),
            select(conversations.c.last_seq)
            .where(conversations.c.customer_id == customer_id)
            .scalar_subquery()
            .label("last_seq"),
        ).where(turns.c.customer_id == customer_id)
    ).one()


def _move_new(
    connection: Connection, table: Table, names: tuple[str, ...], key: str, gone: str, stays: str
) -> list[Any]:
    ours = table.alias()
    same = [ours.c[name] == table.c[name] for name in names]
    has_it = select(literal(1)).where(ours.c.customer_id == stays, *same)
    return _move(connection, table, key, gone, stays, ~has_it.exists())


def _move(
    connection: Connection, table: Table, key: str, gone: str, stays: str, *conditions: Any
) -> list[Any]:
    column: Column[Any] = table.c[key]
    moved = connection.scalars(
        update(table)
        .where(table.c.customer_id == gone, *conditions)
        .values(customer_id=stays)
        .returning(column)
    )
    return sorted(set(moved))


def _repoint(connection: Connection, table: Table, gone: str, stays: str) -> None:
    connection.execute(update(table).where(table.c.customer_id == gone).values(customer_id=stays))


def _copy_ledger(connection: Connection, gone: str, stays: str) -> None:
    from_there = func.jsonb_build_object("merged_from", gone, type_=JSONB)
    connection.execute(
        insert(consents).from_select(
            ("customer_id", "address_id", "purpose", "action", "evidence", "at"),
            select(
                literal(stays),
                consents.c.address_id,
                consents.c.purpose,
                consents.c.action,
                consents.c.evidence.op("||")(from_there),
                consents.c.at,
            )
            .where(consents.c.customer_id == gone)
            .order_by(consents.c.consent_id),
        )
    )


def _move_points(connection: Connection, gone: str, stays: str, now: datetime) -> int:
    """Their ledger is append-only like that of consents: what they have is paid out there and in
    here."""
    amount = points.balance(connection, gone)
    if amount:
        key = f"merged:{gone}:{now.isoformat()}"
        points.expire(connection, gone, amount, key=key, reason="merged", now=now)
        points.earn(connection, stays, amount, key=key, reason="merged", now=now)
    return amount


def _move_hand_over(connection: Connection, gone: str, stays: str, now: datetime) -> list[int]:
    """One conversation waits for a person once."""
    ours = hand_overs.alias()
    waits = select(literal(1)).where(ours.c.customer_id == stays, ours.c.state != "closed")
    connection.execute(
        update(hand_overs)
        .where(hand_overs.c.customer_id == gone, hand_overs.c.state != "closed", waits.exists())
        .values(state="closed", closed_at=now)
    )
    return _move(connection, hand_overs, "hand_over_id", gone, stays)


def _join(connection: Connection, gone: str, stays: str) -> None:
    """The customer's own row and permission: what only one of them says is kept; a refusal of
    either counts for the person (RULES US-3)."""
    theirs = customers.alias()
    said = ("language", "name", "country", "time_zone", "learning_stopped_at")

    def of_theirs(name: str) -> Any:
        found = select(theirs.c[name]).where(theirs.c.customer_id == gone)
        return found.scalar_subquery()

    connection.execute(
        update(customers)
        .where(customers.c.customer_id == stays)
        .values({name: func.coalesce(customers.c[name], of_theirs(name)) for name in said})
    )
    states = set(
        connection.scalars(
            select(permissions.c.marketing).where(permissions.c.customer_id.in_((gone, stays)))
        )
    )
    marketing = next(state for state in ("refused", "given", "none") if state in states)
    connection.execute(
        update(permissions).where(permissions.c.customer_id == stays).values(marketing=marketing)
    )
    for table in (open_chats, codes):
        connection.execute(delete(table).where(table.c.customer_id == gone))
    connection.execute(
        update(conversations).where(conversations.c.customer_id == gone).values(tracker=None)
    )
    connection.execute(
        update(customers).where(customers.c.customer_id == gone).values(merged_into=stays)
    )
