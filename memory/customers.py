"""Customers: minting, finding, and the little that is known of everyone."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from marketing.errors import NotFound
from marketing.silence import is_silent
from memory import addresses
from memory.tables import address_lookup, conversations, customers, permissions

PREFIX = "cus_"
INBOUND = "inbound"
"""The proof of a text from the number itself."""

# Asked for every message and event, so put together once.
_MERGED_INTO = select(customers.c.merged_into).where(customers.c.customer_id == bindparam("id"))
_HELD = _MERGED_INTO.with_for_update(read=True, key_share=True)
_NOT_ERASED = _MERGED_INTO.where(customers.c.erased_at.is_(None))


@dataclass(frozen=True, kw_only=True)
class Customer:
    """One person as far as we know."""

    customer_id: str
    language: str | None
    name: str | None
    country: str | None
    time_zone: str | None
    created_at: datetime


def mint() -> str:
    """A new opaque customer id with 128 random bits (RULES ID-1, ID-3)."""
    return f"{PREFIX}{secrets.token_urlsafe(16)}"


def create(
    connection: Connection,
    *,
    now: datetime,
    customer_id: str | None = None,
    language: str | None = None,
    name: str | None = None,
    country: str | None = None,
    time_zone: str | None = None,
) -> str:
    """Write a new customer with an empty conversation and no permission; returns the id."""
    chosen = customer_id or mint()
    connection.execute(
        insert(customers).values(
            customer_id=chosen,
            language=language,
            name=name,
            country=country,
            time_zone=time_zone,
            created_at=now,
        )
    )
    connection.execute(insert(conversations).values(customer_id=chosen))
    connection.execute(
        insert(permissions).values(customer_id=chosen, marketing="none", changed_at=now)
    )
    return chosen


def get(connection: Connection, customer_id: str) -> Customer:
    """The customer of that id. Raises NotFound."""
    row = connection.execute(
        select(
            customers.c.customer_id,
            customers.c.language,
            customers.c.name,
            customers.c.country,
            customers.c.time_zone,
            customers.c.created_at,
        ).where(customers.c.customer_id == customer_id)
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no customer {customer_id}.")
    return Customer(**row._mapping)


def held(connection: Connection, customer_id: str) -> str:
    """Who that customer is now, themselves or whom they were merged into; until the transaction
    ends they are not merged into anybody. To be asked before the permission row is locked, by
    whoever has looked a customer up and does something for them outside a turn."""
    while merged_into := connection.scalar(_HELD, {"id": customer_id}):
        customer_id = str(merged_into)
    return customer_id


def set_language(connection: Connection, customer_id: str, language: str) -> None:
    """Remember what language they write in (`ko` or `en`)."""
    connection.execute(
        update(customers)
        .where(
            customers.c.customer_id == customer_id, customers.c.language.is_distinct_from(language)
        )
        .values(language=language)
    )


def set_name(connection: Connection, customer_id: str, name: str | None) -> None:
    """Remember what they are called, or forget it (None)."""
    connection.execute(
        update(customers).where(customers.c.customer_id == customer_id).values(name=name)
    )


def name_by_shop(connection: Connection, customer_id: str, name: str, *, at: datetime) -> None:
    """Remember what the shop's system calls them as of `at`, unless it has said so later."""
    connection.execute(
        update(customers)
        .where(
            customers.c.customer_id == customer_id,
            customers.c.named_at.is_(None) | (customers.c.named_at <= at),
        )
        .values(name=name, named_at=at)
    )


def known_as(connection: Connection, customer_id: str) -> str | None:
    """Who that customer is now, themselves or whom they were merged into; None if there is none of
    that id, or none any more."""
    row = connection.execute(_NOT_ERASED, {"id": customer_id}).one_or_none()
    if row is None or row.merged_into is None:
        return customer_id if row is not None else None
    return known_as(connection, row.merged_into)


def resolve(connection: Connection, given: str) -> str:
    """The customer id behind an id, a shop's user id, a phone number or an e-mail address.

    Whoever was merged into somebody is that somebody. Raises NotFound. For the command line and the
    shop's systems, never for what a customer types.
    """
    known = known_as(connection, given)
    if known is not None:
        return known
    for kind in _NAMED_BY:
        found = addresses.find(connection, kind, given)
        if found is not None:
            return found.customer_id
    raise NotFound(f"There is no customer with the id, user id, phone or e-mail {given!r}.")


_NAMED_BY = ("login", "phone", "email")
"""Never a visitor's id: browsers make them up."""


@dataclass(frozen=True, kw_only=True)
class LogIn:
    """Somebody who can log in at the shop."""

    user_id: str
    name: str | None
    language: str | None


def with_log_in(connection: Connection, *, limit: int = 12) -> list[LogIn]:
    """Customers the shop knows, by their user id."""
    rows = connection.execute(
        select(address_lookup.c.value.label("user_id"), customers.c.name, customers.c.language)
        .join(customers, customers.c.customer_id == address_lookup.c.customer_id)
        .where(address_lookup.c.kind == "login")
        .order_by(address_lookup.c.value)
        .limit(limit)
    )
    return [LogIn(**row._mapping) for row in rows]


def of_address(
    connection: Connection,
    kind: str,
    value: str,
    *,
    proof: str,
    now: datetime,
    language: str | None = None,
) -> addresses.Address:
    """The address of that kind and value, with its customer; a new customer if it is nobody's.

    `proof` is what this contact itself shows (`inbound` for a text from the number, `shop` for the
    shop's signed word).
    """
    found = addresses.find(connection, kind, value)
    if found is None:
        found = _new_with_address(connection, kind, value, proof, now, language)
    if proof == INBOUND and found.proof != "none" and is_silent(found.last_heard_at, now=now):
        return found  # it may be somebody else's by now: only a code proves it
    # Held first: a merge locks a customer before their addresses.
    if found.proof != proof:
        found = replace(found, customer_id=held(connection, found.customer_id))
        addresses.prove(connection, found.customer_id, found.address_id, proof=proof, now=now)
    elif proof == INBOUND:
        found = replace(found, customer_id=held(connection, found.customer_id))
        addresses.hear(connection, found.customer_id, found.address_id, now=now)
    return found


def _new_with_address(
    connection: Connection,
    kind: str,
    value: str,
    proof: str,
    now: datetime,
    language: str | None,
) -> addresses.Address:
    """Two first contacts may race for one address: the later one takes the earlier one's."""
    attempt = connection.begin_nested()
    customer_id = create(connection, now=now, language=language)
    added = addresses.add(
        connection, customer_id=customer_id, kind=kind, value=value, proof=proof, now=now
    )
    if added is None:
        attempt.rollback()
    else:
        attempt.commit()
    found = addresses.find(connection, kind, value)
    assert found is not None
    return found
