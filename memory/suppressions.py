"""Who is never to be written to, whatever they agree to later: the shop's own list, and whoever was
erased. Only a keyed hash of the address is kept. Asked whenever an address is added and before
every send.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from memory import bulk, sealing
from memory.tables import consents as ledger
from memory.tables import permissions, suppressions

EVIDENCE = {"source": "suppressions"}
KINDS = ("phone", "email")


@dataclass(frozen=True, kw_only=True)
class Suppressed:
    """An address that is never to be written to."""

    kind: str
    value: str
    reason: str
    at: datetime


def suppress(connection: Connection, kind: str, value: str, *, reason: str, now: datetime) -> None:
    """Never write to that phone or e-mail address again. Whoever has it now is not asked: see
    `refuse_owners`."""
    suppress_all(connection, [Suppressed(kind=kind, value=value, reason=reason, at=now)])


def suppress_all(connection: Connection, given: Sequence[Suppressed]) -> None:
    """The same for many; one that stands there already stays as it is."""
    known = standing(connection, ((one.kind, one.value) for one in given))
    rows = {
        (one.kind, one.value): {
            "kind": one.kind,
            "value_index": sealing.blind_index(connection, one.value),
            "reason": one.reason,
            "at": one.at,
        }
        for one in given
        if (one.kind, one.value) not in known
    }
    bulk.insert(connection, suppressions, list(rows.values()), skip_known=True)


def is_suppressed(connection: Connection, kind: str, value: str) -> bool:
    """True if nothing may go to that address."""
    return bool(standing(connection, [(kind, value)]))


def standing(connection: Connection, given: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of the addresses, by kind and value, that nothing may go to."""
    found: set[tuple[str, str]] = set()
    by_kind: dict[str, dict[str, str]] = {}
    for kind, value in given:
        if kind in KINDS:
            for index in sealing.blind_indexes(connection, value):
                by_kind.setdefault(kind, {})[index] = value
    for kind, by_index in by_kind.items():
        rows = connection.scalars(
            select(suppressions.c.value_index).where(
                suppressions.c.kind == kind, bulk.among(suppressions.c.value_index, by_index)
            )
        )
        found.update((kind, by_index[index]) for index in rows)
    return found


def refuse(
    connection: Connection, added: Sequence[tuple[str, int, str, str]], *, now: datetime
) -> None:
    """Customers were given addresses (customer, its id, kind, value): whoever's is suppressed is
    refused advertisements in the ledger, as if they had just said no."""
    if not added:
        return
    suppressed = standing(connection, ((kind, value) for _, _, kind, value in added))
    lines = [
        {
            "customer_id": customer_id,
            "address_id": address_id,
            "purpose": "marketing",
            "action": "refused",
            "evidence": EVIDENCE,
            "at": now,
        }
        for customer_id, address_id, kind, value in added
        if (kind, value) in suppressed
    ]
    if lines:
        bulk.insert(connection, ledger, lines)
        refused = {str(line["customer_id"]) for line in lines}
        connection.execute(
            update(permissions)
            .where(bulk.among(permissions.c.customer_id, refused))
            .values(marketing="refused", changed_at=now)
        )
