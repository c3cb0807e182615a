"""Days of a customer's own, told in the dialogue or known to the shop: each has one occasion that
waits, its next. Written when the day is learnt, moved when it is corrected, ended when it is
forgotten, and written for the year after when this year's is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, literal, select

from marketing.campaigns import PERSONAL_DATES
from marketing.decisions import Reason
from marketing.greetings import Greeting, next_greeting, zone_of
from marketing.places import SEOUL
from memory import addresses, catalogue, consents, customers, due, offers
from memory.tables import due as due_table
from memory.tables import facts, permissions
from memory.tables import offers as offers_table

SELF = "self"
DATE = "date"
"""Key of an occasion's `about`: the occurrence, as an ISO date, beside the fact's own value."""


def is_one(kind: str, subject: str) -> bool:
    """True for facts that are written about: the customer's own, nobody else's."""
    return kind in PERSONAL_DATES and subject == SELF


def schedule(
    connection: Connection,
    customer_id: str,
    *,
    kind: str,
    now: datetime,
    after: date | None = None,
) -> None:
    """See to it that the day as it is known now is due once: at its next occurrence, or at the next
    after `after`. Locks the permission row, then what waits."""
    consents.lock_permission(connection, customer_id)
    value = known(connection, customer_id, kind)
    if value is None or connection.execute(_waiting(customer_id, kind, value)).first():
        return
    due.cancel(connection, customer_id, kinds=[kind], reason=Reason.FACT_FORGOTTEN, now=now)
    clock = zone(connection, customer_id)
    greeting = next_greeting(value, zone=clock, now=now, after=after)
    if not _put(connection, customer_id, kind, value, greeting, now):
        following = next_greeting(value, zone=clock, now=now, after=greeting.day)
        _put(connection, customer_id, kind, value, following, now)


def forget(
    connection: Connection, customer_id: str, kinds: Iterable[str], *, now: datetime
) -> None:
    """These days are not known any more: what waits about them ends, and what was planned and has
    not gone out yet does not."""
    consents.lock_permission(connection, customer_id)
    ended = sorted(kinds)
    due.cancel(connection, customer_id, kinds=ended, reason=Reason.FACT_FORGOTTEN, now=now)
    planned = connection.scalars(
        select(offers_table.c.offer_id).where(
            offers_table.c.customer_id == customer_id,
            offers_table.c.campaign.in_(ended),
            offers_table.c.state == "planned",
        )
    ).all()
    for offer_id in planned:
        offers.not_sent(connection, customer_id, offer_id, reason=Reason.FACT_FORGOTTEN, now=now)


def known(connection: Connection, customer_id: str, kind: str) -> dict[str, Any] | None:
    """The day of that kind as it is known now: month, day and, if it was said, year."""
    found: dict[str, Any] | None = connection.scalar(
        select(facts.c.value).where(
            facts.c.customer_id == customer_id,
            facts.c.kind == kind,
            facts.c.subject == SELF,
            facts.c.valid_to.is_(None),
        )
    )
    return found


def zone(connection: Connection, customer_id: str) -> str:
    """By whose clock it is morning for them: their own, their number's, else the shop's."""
    customer = customers.get(connection, customer_id)
    numbers = [
        one.value for one in addresses.of_customer(connection, customer_id) if one.kind == "phone"
    ]
    shops = catalogue.store_profile(connection).get("time_zone", {})
    return zone_of(
        customer.time_zone, numbers, otherwise=shops.get(customer.language or "en", SEOUL)
    )


@dataclass(frozen=True, kw_only=True)
class Neglected:
    """A day that is known and does not wait."""

    customer_id: str
    kind: str


def neglected(connection: Connection, *, limit: int = 100) -> list[Neglected]:
    """Days that ought to wait and do not: of people who refused and have come back, of two who
    became one. Whoever refuses advertisements is left alone."""
    waits = _waiting(facts.c.customer_id, facts.c.kind, facts.c.value)
    rows = connection.execute(
        select(facts.c.customer_id, facts.c.kind)
        .join(permissions, permissions.c.customer_id == facts.c.customer_id)
        .where(
            facts.c.kind.in_(PERSONAL_DATES),
            facts.c.subject == SELF,
            facts.c.valid_to.is_(None),
            permissions.c.marketing != "refused",
            ~waits.exists(),
        )
        .limit(limit)
    )
    return [Neglected(**row._mapping) for row in rows]


def occasion(
    customer_id: str, kind: str, value: Mapping[str, Any], *, zone: str, now: datetime
) -> dict[str, Any]:
    """The row of a day's next occurrence, for whoever writes many at once."""
    greeting = next_greeting(value, zone=zone, now=now)
    return {
        "customer_id": customer_id,
        "kind": kind,
        "occurrence": _occurrence(value, greeting),
        "about": _about(value, greeting),
        "due_at": greeting.due_at,
        "latest": greeting.latest,
        "created_at": now,
    }


def _put(
    connection: Connection,
    customer_id: str,
    kind: str,
    value: Mapping[str, Any],
    greeting: Greeting,
    now: datetime,
) -> bool:
    return due.put(
        connection,
        customer_id,
        kind=kind,
        occurrence=_occurrence(value, greeting),
        about=_about(value, greeting),
        due_at=greeting.due_at,
        latest=greeting.latest,
        now=now,
    )


def _occurrence(value: Mapping[str, Any], greeting: Greeting) -> str:
    """Two days of a lunar calendar may lie in one year of ours."""
    return greeting.day.isoformat() if value.get("lunar") else str(greeting.day.year)


def _about(value: Mapping[str, Any], greeting: Greeting) -> dict[str, Any]:
    return {**value, DATE: greeting.day.isoformat()}


def _waiting(customer_id: Any, kind: Any, value: Any) -> Any:
    return select(literal(1)).where(
        due_table.c.customer_id == customer_id,
        due_table.c.kind == kind,
        due_table.c.state == "waiting",
        due_table.c.about.contains(value),
    )
