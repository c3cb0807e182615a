"""Addresses: where a customer can be reached, each with its own proof. Telephone numbers and e-mail
addresses are sealed and found by a blind index (RULES PII-1); whoever asks here reads them in
clear. Here too: whether a number has said STOP, and when its owner was last heard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, false, or_, select, text, true, update

from marketing.silence import SILENCE
from memory import bulk, sealing, suppressions
from memory.tables import address_lookup, addresses


@dataclass(frozen=True, kw_only=True)
class Address:
    """One address of one customer."""

    customer_id: str
    address_id: int
    kind: str
    value: str
    proof: str
    stopped_at: datetime | None
    last_heard_at: datetime | None = None
    """When a text, a code, an opened link or a log-in has last shown its owner; business time."""
    unlinked_at: datetime | None = None
    """Since when it is known to be somebody else's."""


@dataclass(frozen=True, kw_only=True)
class NewAddress:
    """An address to be given to a customer."""

    customer_id: str
    kind: str
    value: str
    proof: str


STORED = (addresses.c.value, addresses.c.sealed, addresses.c.key_id)
"""What `opened` needs of a row."""
_COLUMNS = (
    addresses.c.customer_id,
    addresses.c.address_id,
    addresses.c.kind,
    *STORED,
    addresses.c.proof,
    addresses.c.stopped_at,
    addresses.c.last_heard_at,
    addresses.c.unlinked_at,
)


def opened(connection: Connection, row: Any) -> str:
    """The value of a row that holds `STORED`, in clear. Raises sealing.WrongKey."""
    if row.sealed is None:
        return str(row.value)
    return sealing.open_(connection, row.key_id, bytes(row.sealed))


def _address(connection: Connection, row: Any) -> Address:
    names = Address.__dataclass_fields__.keys() - {"value"}
    return Address(value=opened(connection, row), **{name: getattr(row, name) for name in names})


def indexes(connection: Connection, kind: str, value: str) -> list[str]:
    """What an address is looked up by: the blind indexes of a sealed kind, else the value."""
    return sealing.blind_indexes(connection, value) if kind in sealing.SEALED_KINDS else [value]


def find(connection: Connection, kind: str, value: str) -> Address | None:
    """The address of that kind and value, whoever it belongs to."""
    row = connection.execute(
        select(*_COLUMNS)
        .join(
            address_lookup,
            (address_lookup.c.customer_id == addresses.c.customer_id)
            & (address_lookup.c.address_id == addresses.c.address_id),
        )
        .where(
            address_lookup.c.kind == kind,
            address_lookup.c.value.in_(indexes(connection, kind, value)),
        )
    ).one_or_none()
    return _address(connection, row) if row else None


def get(connection: Connection, customer_id: str, address_id: int) -> Address:
    """That address, also one that was unlinked. Raises sqlalchemy.exc.NoResultFound."""
    row = connection.execute(select(*_COLUMNS).where(_is(customer_id, address_id))).one()
    return _address(connection, row)


def of_customer(connection: Connection, customer_id: str) -> list[Address]:
    """All addresses that are a customer's, oldest first."""
    rows = connection.execute(
        select(*_COLUMNS)
        .where(addresses.c.customer_id == customer_id, addresses.c.unlinked_at.is_(None))
        .order_by(addresses.c.address_id)
    )
    return [_address(connection, row) for row in rows]


def add(
    connection: Connection, *, customer_id: str, kind: str, value: str, proof: str, now: datetime
) -> int | None:
    """Give a customer an address; returns its id, or None if the address belongs to somebody."""
    new = NewAddress(customer_id=customer_id, kind=kind, value=value, proof=proof)
    return add_all(connection, [new], now=now)[0]


def add_all(
    connection: Connection, given: Sequence[NewAddress], *, now: datetime
) -> list[int | None]:
    """Give customers addresses; returns the id of each, or None where it belongs to somebody. Whose
    is suppressed is refused advertisements with it."""
    if not given:
        return []
    ids = connection.scalars(_NEW_IDS, {"count": len(given)}).all()
    bulk.insert(
        connection,
        addresses,
        [
            {"address_id": address_id, **_row(connection, one, now)}
            for address_id, one in zip(ids, given, strict=True)
        ],
    )
    keys = [indexes(connection, one.kind, one.value) for one in given]
    held = _held_under_an_older_key(connection, [key for older in keys for key in older[1:]])
    claims = [
        {
            "kind": one.kind,
            "value": key[0],
            "customer_id": one.customer_id,
            "address_id": address_id,
        }
        for one, key, address_id in zip(given, keys, ids, strict=True)
        if held.isdisjoint(key)
    ]
    taken = _claim(connection, claims)
    lost = [address_id for address_id in ids if address_id not in taken]
    if lost:
        connection.execute(
            delete(addresses).where(
                addresses.c.customer_id.in_({one.customer_id for one in given}),
                addresses.c.address_id.in_(lost),
            )
        )
    added = [
        (one.customer_id, address_id, one.kind, one.value)
        for one, address_id in zip(given, ids, strict=True)
        if address_id in taken
    ]
    suppressions.refuse(connection, added, now=now)
    return [address_id if address_id in taken else None for address_id in ids]


_NEW_IDS = text(
    "SELECT nextval(pg_get_serial_sequence('addresses', 'address_id'))"
    " FROM generate_series(1, :count)"
)


def _row(connection: Connection, one: NewAddress, now: datetime) -> dict[str, Any]:
    is_sealed = one.kind in sealing.SEALED_KINDS
    sealed = sealing.seal(connection, one.value) if is_sealed else None
    return {
        "customer_id": one.customer_id,
        "kind": one.kind,
        "value": None if sealed else one.value,
        "sealed": sealed.data if sealed else None,
        "key_id": sealed.key_id if sealed else None,
        "proof": one.proof,
        "proved_at": now if one.proof != "none" else None,
        "last_heard_at": now,
        "created_at": now,
    }


def _held_under_an_older_key(connection: Connection, older: Sequence[str]) -> set[str]:
    if not older:
        return set()
    return set(
        connection.scalars(
            select(address_lookup.c.value).where(
                address_lookup.c.kind.in_(sealing.SEALED_KINDS), address_lookup.c.value.in_(older)
            )
        )
    )


def _claim(connection: Connection, claims: Sequence[dict[str, Any]]) -> set[int]:
    return set(
        bulk.insert(connection, address_lookup, claims, returning="address_id", skip_known=True)
    )


def prove(
    connection: Connection, customer_id: str, address_id: int, *, proof: str, now: datetime
) -> None:
    """Record how the customer showed that the address is theirs (an inbound text, a code …). Its
    silence begins anew."""
    connection.execute(
        update(addresses)
        .where(_is(customer_id, address_id))
        .values(proof=proof, proved_at=now, last_heard_at=now)
    )


def hear(
    connection: Connection, customer_id: str, address_id: int | None = None, *, now: datetime
) -> None:
    """The owner was heard from that address (a text, an opened link), or of all of theirs (a visit
    after a log-in). One that was silent for too long already stays so: only a code ends that, or,
    for an address in the shop's own word, a visit of the log-in that the shop has it for."""
    is_visit = address_id is None
    of_which = true() if is_visit else addresses.c.address_id == address_id
    ends_silence = addresses.c.proof == "shop" if is_visit else false()
    connection.execute(
        update(addresses)
        .where(
            addresses.c.customer_id == customer_id,
            of_which,
            addresses.c.last_heard_at <= now - _HEARD_AGAIN,
            or_(addresses.c.last_heard_at >= now - SILENCE, ends_silence),
        )
        .values(last_heard_at=now)
    )


_HEARD_AGAIN = timedelta(days=1)
"""More often it is not written down."""


def set_stopped(
    connection: Connection, customer_id: str, address_id: int, stopped_at: datetime | None
) -> None:
    """Close the number (STOP) or open it again (START, with None)."""
    connection.execute(
        update(addresses).where(_is(customer_id, address_id)).values(stopped_at=stopped_at)
    )


def has_lost_the_number(connection: Connection, customer_id: str) -> bool:
    """True for a customer without a telephone who had one that turned out to be a stranger's."""
    unlinked = set(
        connection.scalars(
            select(addresses.c.unlinked_at.is_not(None)).where(
                addresses.c.customer_id == customer_id, addresses.c.kind == "phone"
            )
        )
    )
    return unlinked == {True}


def _is(customer_id: str, address_id: int) -> Any:
    return (addresses.c.customer_id == customer_id) & (addresses.c.address_id == address_id)
