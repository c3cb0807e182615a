"""Whom a batch of events names: many customers in a few statements, however many there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Connection,
    Text,
    any_,
    delete,
    func,
    insert,
    literal,
    select,
)

from memory import addresses, customers
from memory.addresses import NewAddress
from memory.tables import address_lookup, conversations, permissions, sessions, turns
from memory.tables import addresses as addresses_table
from memory.tables import customers as customers_table

LOG_IN, VISITOR = "login", "visitor"


@dataclass(frozen=True, kw_only=True)
class Named:
    """The customers behind ids; an id that is nobody's is missing."""

    log_ins: dict[str, str]
    visitors: dict[str, str]


def held(
    connection: Connection, *, user_ids: Collection[str], anonymous_ids: Collection[str]
) -> Named:
    """Who the shop's user ids and anonymous ids stand for. Until the transaction ends none of them
    is merged into anybody; whoever was erased is nobody."""
    by_address = _addressed(connection, user_ids, anonymous_ids)
    wanted = {*by_address.values(), *anonymous_ids}
    current = _held(connection, wanted)
    log_ins, visitors = (
        {
            value: current[customer_id]
            for (kind, value), customer_id in by_address.items()
            if kind == wanted_kind and customer_id in current
        }
        for wanted_kind in (LOG_IN, VISITOR)
    )
    minted = {one: current[one] for one in anonymous_ids if one in current}
    return Named(log_ins=log_ins, visitors={**visitors, **minted})


def begin(
    connection: Connection,
    kind: str,
    strangers: Mapping[str, str | None],
    *,
    proof: str,
    now: datetime,
) -> dict[str, str]:
    """A new customer for every address of that kind, with the language that goes with it; returns
    who they are, whoever was first if somebody else has just begun the same."""
    if not strangers:
        return {}
    # In their own order, so that two of us with the same strangers do not wait for each other.
    ids = {value: customers.mint() for value in sorted(strangers)}
    connection.execute(
        insert(customers_table),
        [
            {"customer_id": one, "language": strangers[value], "created_at": now}
            for value, one in ids.items()
        ],
    )
    connection.execute(insert(conversations), [{"customer_id": one} for one in ids.values()])
    connection.execute(
        insert(permissions),
        [{"customer_id": one, "marketing": "none", "changed_at": now} for one in ids.values()],
    )
    given = [
        NewAddress(customer_id=one, kind=kind, value=value, proof=proof)
        for value, one in ids.items()
    ]
    added = addresses.add_all(connection, given, now=now)
    lost = [one for one, address_id in zip(given, added, strict=True) if address_id is None]
    for table in (permissions, conversations, customers_table):
        for one in lost:
            connection.execute(delete(table).where(table.c.customer_id == one.customer_id))
    for one in lost:
        first = addresses.find(connection, kind, one.value)
        if first is not None:
            ids[one.value] = customers.held(connection, first.customer_id)
    return ids


def is_route_only(connection: Connection, customer_id: str) -> bool:
    """True for a visitor who is known by what their browser told of its way, and by nothing else:
    they have said nothing, have no session and no other address."""
    known_otherwise = (
        select(addresses_table.c.kind).where(
            addresses_table.c.customer_id == customer_id, addresses_table.c.kind != VISITOR
        ),
        select(sessions.c.proof).where(sessions.c.customer_id == customer_id),
        select(turns.c.direction).where(turns.c.customer_id == customer_id),
    )
    return all(connection.scalar(each.limit(1)) is None for each in known_otherwise)


def visitor(connection: Connection, anonymous_id: str) -> str | None:
    """Who an anonymous id stands for now, not held: they may be about to be merged. None if it is
    nobody's, or theirs who was erased."""
    by_address = _addressed(connection, (), [anonymous_id])
    owner = by_address.get((VISITOR, anonymous_id), anonymous_id)
    current = customers.known_as(connection, owner)
    erased = select(customers_table.c.erased_at).where(customers_table.c.customer_id == current)
    return current if current is not None and connection.scalar(erased) is None else None


def _addressed(
    connection: Connection, user_ids: Collection[str], anonymous_ids: Collection[str]
) -> dict[tuple[str, str], str]:
    kinds = [*(LOG_IN for _ in user_ids), *(VISITOR for _ in anonymous_ids)]
    if not kinds:
        return {}
    values = [*user_ids, *anonymous_ids]
    asked = (
        func.unnest(_texts(kinds), _texts(values))
        .table_valued("kind", "value")
        .render_derived(name="asked")
    )
    rows = connection.execute(
        select(address_lookup.c.kind, address_lookup.c.value, address_lookup.c.customer_id).join(
            asked,
            (address_lookup.c.kind == asked.c.kind) & (address_lookup.c.value == asked.c.value),
        )
    )
    return {(row.kind, row.value): row.customer_id for row in rows}


def _held(connection: Connection, customer_ids: Collection[str]) -> dict[str, str]:
    """In the order in which a merge locks them."""
    rows = connection.execute(
        select(customers_table.c.customer_id, customers_table.c.merged_into)
        .where(
            customers_table.c.customer_id == any_(_texts(sorted(customer_ids))),
            customers_table.c.erased_at.is_(None),
        )
        .order_by(customers_table.c.customer_id)
        .with_for_update(read=True, key_share=True)
    ).all()
    return {
        row.customer_id: customers.held(connection, row.merged_into)
        if row.merged_into
        else row.customer_id
        for row in rows
    }


def _texts(values: list[str]) -> BindParameter[list[str]]:
    """One parameter, so that the statement is the same for any number of them."""
    return literal(values, ARRAY(Text))
