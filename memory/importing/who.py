"""Whose the rows of an import are: by the shop's own id, else by telephone number, else by e-mail
address. Whoever is nobody yet becomes a customer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from memory import addresses, bulk, customers
from memory.addresses import NewAddress
from memory.tables import address_lookup, conversations, permissions
from memory.tables import addresses as addresses_table
from memory.tables import customers as customers_table

PROOF = "shop"
Key = tuple[str, str]
"""Kind and value of an address."""


@dataclass(frozen=True, kw_only=True)
class Whose:
    """How a row names its customer."""

    customer_id: str | None = None
    """The shop's id of them, with which they log in, or ours."""
    phone: str | None = None
    """E.164."""
    email: str | None = None

    def addresses(self) -> Iterator[Key]:
        """Its addresses, the strongest first."""
        for kind, value in (
            ("login", self.customer_id),
            ("phone", self.phone),
            ("email", self.email),
        ):
            if value is not None:
                yield kind, value


@dataclass(frozen=True, kw_only=True)
class Owner:
    """Who has an address now."""

    customer_id: str
    address_id: int


def owners(connection: Connection, keys: Sequence[Key]) -> dict[Key, Owner]:
    """Who has these addresses; those that are nobody's are left out."""
    found: dict[Key, Owner] = {}
    for kind in {kind for kind, _ in keys}:
        by_index = {
            index: value
            for value in {value for one, value in keys if one == kind}
            for index in addresses.indexes(connection, kind, value)
        }
        rows = connection.execute(
            select(
                address_lookup.c.value, address_lookup.c.customer_id, address_lookup.c.address_id
            ).where(address_lookup.c.kind == kind, bulk.among(address_lookup.c.value, by_index))
        )
        found.update(
            {
                (kind, by_index[row.value]): Owner(
                    customer_id=row.customer_id, address_id=row.address_id
                )
                for row in rows
            }
        )
    return found


def resolve(
    connection: Connection,
    named: Sequence[Whose],
    *,
    now: datetime,
    joined_at: Mapping[int, datetime] | None = None,
) -> list[str]:
    """The customer of each row, by its place; nobody of them is merged into anybody until the
    transaction ends. `joined_at` is since when a row's customer is one, if it is a new one."""
    while True:
        attempt = connection.begin_nested()
        found = _attempt(connection, named, now, joined_at or {})
        if found is not None:
            attempt.commit()
            return now_known_as(connection, found)
        # Somebody has just become the owner of one of the addresses.
        attempt.rollback()


def _attempt(
    connection: Connection, named: Sequence[Whose], now: datetime, joined_at: Mapping[int, datetime]
) -> list[str] | None:
    owned = {
        key: owner.customer_id
        for key, owner in owners(
            connection, [key for one in named for key in one.addresses()]
        ).items()
    }
    by_id = _by_our_id(connection, named)
    logged_in = _with_a_log_in(connection, named, owned)
    chosen: list[str] = []
    new: dict[str, datetime] = {}
    given: list[NewAddress] = []
    for place, one in enumerate(named):
        keys = list(one.addresses())
        customer_id = by_id.get(one.customer_id or "") or _owner(one, keys, owned, logged_in)
        if customer_id is None:
            customer_id = customers.mint()
            new[customer_id] = joined_at.get(place, now)
        if one.customer_id is not None and customer_id != by_id.get(one.customer_id):
            logged_in.add(customer_id)
        for key in keys if customer_id in new else keys[:1]:
            if key not in owned and not (key[0] == "login" and key[1] in by_id):
                owned[key] = customer_id
                given.append(
                    NewAddress(customer_id=customer_id, kind=key[0], value=key[1], proof=PROOF)
                )
        chosen.append(customer_id)
    _create(connection, new, now)
    added = addresses.add_all(connection, given, now=now)
    return None if None in added else chosen


def _owner(
    one: Whose, keys: Sequence[Key], owned: Mapping[Key, str], logged_in: set[str]
) -> str | None:
    """A log-in that is new may be of whoever has the number, unless they have another log-in: two
    whom the shop knows apart stay two."""
    if keys[0] in owned:
        return owned[keys[0]]
    for key in keys[1:]:
        owner = owned.get(key)
        if owner is not None and (one.customer_id is None or owner not in logged_in):
            return owner
    return None


def _by_our_id(connection: Connection, named: Sequence[Whose]) -> dict[str, str]:
    given = {one.customer_id for one in named if one.customer_id is not None}
    ours = {one for one in given if one.startswith("cus_")}
    if not ours:
        return {}
    rows = connection.scalars(
        select(customers_table.c.customer_id).where(bulk.among(customers_table.c.customer_id, ours))
    )
    return {found: found for found in rows}


def _with_a_log_in(
    connection: Connection, named: Sequence[Whose], owned: Mapping[Key, str]
) -> set[str]:
    asked = {
        owned[key]
        for one in named
        if one.customer_id is not None and ("login", one.customer_id) not in owned
        for key in one.addresses()
        if key in owned
    }
    return log_ins(connection, asked)


def log_ins(connection: Connection, customer_ids: set[str]) -> set[str]:
    """Those of the customers whom the shop knows by a log-in."""
    if not customer_ids:
        return set()
    return set(
        connection.scalars(
            select(addresses_table.c.customer_id).where(
                bulk.among(addresses_table.c.customer_id, customer_ids),
                addresses_table.c.kind == "login",
            )
        )
    )


def _create(connection: Connection, new: Mapping[str, datetime], now: datetime) -> None:
    if not new:
        return
    bulk.insert(
        connection,
        customers_table,
        [{"customer_id": one, "created_at": since} for one, since in new.items()],
    )
    bulk.insert(connection, conversations, [{"customer_id": one} for one in new])
    bulk.insert(
        connection,
        permissions,
        [{"customer_id": one, "marketing": "none", "changed_at": now} for one in new],
    )


def now_known_as(connection: Connection, customer_ids: Sequence[str]) -> list[str]:
    """Who these are by now, themselves or whom they were merged into, each held as
    `customers.held` does it."""
    rows = connection.execute(
        select(customers_table.c.customer_id, customers_table.c.merged_into)
        .where(bulk.among(customers_table.c.customer_id, set(customer_ids)))
        .order_by(customers_table.c.customer_id)
        .with_for_update(read=True, key_share=True)
    )
    merged = {row.customer_id for row in rows if row.merged_into is not None}
    become = {one: customers.held(connection, one) for one in sorted(merged)}
    return [become.get(one, one) for one in customer_ids]
