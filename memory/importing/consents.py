"""What customers have agreed to and refused elsewhere, with the evidence of it (RULES US-7)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from memory import addresses, bulk
from memory.addresses import NewAddress
from memory.consents import REFUSALS
from memory.importing import ledger, who
from memory.importing.ledger import Line
from memory.importing.who import Key, Owner, Whose
from memory.tables import addresses as addresses_table
from memory.tables import consents

SOURCE = "import"


@dataclass(frozen=True, kw_only=True)
class Imported:
    """One answer to one question. A consent has all of its evidence; a refusal needs none."""

    whose: Whose
    purpose: str
    is_given: bool
    text: str | None
    """The words that were agreed to."""
    at: datetime | None
    source: str | None
    """Where it was given: a form, a till, a telephone call."""


def write(connection: Connection, given: Sequence[Imported], *, now: datetime) -> dict[int, str]:
    """Append to the ledger, each answer once. A consent counts for the address it was given for
    alone, a refusal for the person. Returns, by their place, why a consent does not count:
    `refused_since`, `address_of_another`, `no_address`, `several_addresses`."""
    ids = who.resolve(connection, [one.whose for one in given], now=now)
    owned = _owners(connection, given, ids, now)
    ledger.lock(connection, [*ids, *(owner.customer_id for owner in owned.values())])
    phones = _phones(connection, ids)
    known = _Known(connection, [*ids, *(owner.customer_id for owner in owned.values())])
    not_taken: dict[int, str] = {}
    lines: list[Line] = []
    for place, (customer_id, one) in enumerate(zip(ids, given, strict=True)):
        address = _address(customer_id, one.whose, owned, phones)
        if one.is_given and isinstance(address, str):
            not_taken[place] = address
            continue
        for whom, address_id in _whom(customer_id, address, one.whose, owned):
            line = _line(whom, address_id, one, now)
            if known.has(line):
                continue
            if one.is_given and known.refused_after(line):
                not_taken[place] = "refused_since"
                continue
            known.add(line)
            lines.append(line)
    ledger.append(connection, lines, now=now)
    return not_taken


def _owners(
    connection: Connection, given: Sequence[Imported], ids: Sequence[str], now: datetime
) -> dict[Key, Owner]:
    """Who has the addresses that are named; one that is nobody's is the row's customer's."""
    whose = {key: ids[place] for place, one in enumerate(given) for key in _named(one.whose)}
    owned = who.owners(connection, list(whose))
    new = [
        NewAddress(customer_id=customer_id, kind=key[0], value=key[1], proof=who.PROOF)
        for key, customer_id in whose.items()
        if key not in owned
    ]
    if not new:
        return owned
    addresses.add_all(connection, new, now=now)
    return who.owners(connection, list(whose))


def _named(whose: Whose) -> list[Key]:
    return [key for key in whose.addresses() if key[0] != "login"]


def _whom(
    customer_id: str, address: int | str, whose: Whose, owned: Mapping[Key, Owner]
) -> list[tuple[str, int | None]]:
    """Whose line it is, and about which address; a refusal that names somebody else's number is
    theirs as well."""
    if not isinstance(address, str):
        return [(customer_id, address)]
    others = [owned[key] for key in _named(whose)[:1] if key in owned]
    return [(customer_id, None), *((one.customer_id, one.address_id) for one in others)]


def _address(
    customer_id: str,
    whose: Whose,
    owned: Mapping[Key, Owner],
    phones: Mapping[str, Sequence[int]],
) -> int | str:
    """The address that the answer is about, or why none is. Who names no number means the only
    one."""
    named = _named(whose)
    if named:
        owner = owned.get(named[0])
        if owner is None:
            return "no_address"
        return owner.address_id if owner.customer_id == customer_id else "address_of_another"
    theirs = phones.get(customer_id, ())
    if len(theirs) == 1:
        return theirs[0]
    return "several_addresses" if theirs else "no_address"


def _phones(connection: Connection, customer_ids: Sequence[str]) -> dict[str, list[int]]:
    rows = connection.execute(
        select(addresses_table.c.customer_id, addresses_table.c.address_id).where(
            bulk.among(addresses_table.c.customer_id, set(customer_ids)),
            addresses_table.c.kind == "phone",
            addresses_table.c.unlinked_at.is_(None),
        )
    )
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row.customer_id, []).append(row.address_id)
    return found


def _line(customer_id: str, address_id: int | None, one: Imported, now: datetime) -> Line:
    evidence: dict[str, Any] = {"source": SOURCE, "given_through": one.source, "text": one.text}
    if one.text is not None:
        evidence["digest"] = hashlib.sha256(one.text.encode()).hexdigest()
    said = [one.purpose, one.is_given, one.text, one.source, one.at and one.at.isoformat()]
    evidence["import"] = hashlib.sha256(json.dumps(said).encode()).hexdigest()
    return Line(
        customer_id=customer_id,
        address_id=address_id,
        purpose=one.purpose,
        action="given" if one.is_given else "refused",
        evidence=evidence,
        at=one.at or now,
    )


class _Known:
    """What the ledger holds of some customers."""

    def __init__(self, connection: Connection, customer_ids: Sequence[str]) -> None:
        self._imported: set[tuple[str, int | None, str]] = set()
        self._refused_at: dict[tuple[str, str], datetime] = {}
        rows = connection.execute(
            select(
                consents.c.customer_id,
                consents.c.address_id,
                consents.c.purpose,
                consents.c.action,
                consents.c.evidence["import"].astext.label("imported"),
                consents.c.at,
            ).where(bulk.among(consents.c.customer_id, set(customer_ids)))
        )
        for row in rows:
            self._note(
                row.customer_id, row.address_id, row.purpose, row.action, row.imported, row.at
            )

    def has(self, line: Line) -> bool:
        """True if this very answer was written before."""
        return (line.customer_id, line.address_id, line.evidence["import"]) in self._imported

    def refused_after(self, line: Line) -> bool:
        """True if they have refused the same since, on whatever address (RULES US-3)."""
        refused_at = self._refused_at.get((line.customer_id, line.purpose))
        return refused_at is not None and refused_at >= line.at

    def add(self, line: Line) -> None:
        """It is written now."""
        self._note(
            line.customer_id,
            line.address_id,
            line.purpose,
            line.action,
            line.evidence["import"],
            line.at,
        )

    def _note(
        self,
        customer_id: str,
        address_id: int | None,
        purpose: str,
        action: str,
        imported: str | None,
        at: datetime,
    ) -> None:
        if imported is not None:
            self._imported.add((customer_id, address_id, imported))
        if action in REFUSALS:
            key = (customer_id, purpose)
            self._refused_at[key] = max(at, self._refused_at.get(key, at))
