"""Offers: what was offered to whom, what became of it, and why. An offer is `planned` until it is
handed to a provider or told in an open chat; `open` until it is answered, bought or withdrawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from memory import decisions
from memory.decisions import Decision
from memory.tables import offers, outbox

ANSWERABLE = timedelta(days=14)
"""An answer that comes later is an ordinary message."""
PENDING = ("planned", "open")


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One offer as it stands."""

    customer_id: str
    offer_id: int
    campaign: str
    occurrence: str
    product_id: str
    category: str
    about: Mapping[str, Any]
    """Why and in what form: `size`, `width`, `day`, `years` …"""
    language: str
    text: str
    """What is said of the product to anybody, behind a link too: nothing of the customer."""
    state: str
    channel: str | None
    address_id: int | None
    concession: int
    """How many steps of the concession ladder were taken."""
    of_customer_id: str | None
    of_offer_id: int | None
    planned_at: datetime
    opened_at: datetime | None


_COLUMNS = tuple(offers.c[name] for name in Offer.__dataclass_fields__)


def plan(
    connection: Connection,
    customer_id: str,
    *,
    campaign: str,
    occurrence: str,
    product_id: str,
    category: str,
    about: Mapping[str, Any],
    language: str,
    text: str,
    now: datetime,
) -> int | None:
    """Write an offer that is to be made; None if this occurrence was planned before."""
    return connection.execute(
        insert(offers)
        .values(
            customer_id=customer_id,
            campaign=campaign,
            occurrence=occurrence,
            product_id=product_id,
            category=category,
            about=dict(about),
            language=language,
            text=text,
            state="planned",
            planned_at=now,
        )
        .on_conflict_do_nothing()
        .returning(offers.c.offer_id)
    ).scalar_one_or_none()


def get(connection: Connection, customer_id: str, offer_id: int) -> Offer:
    """That offer. Raises sqlalchemy.exc.NoResultFound."""
    row = connection.execute(select(*_COLUMNS).where(*_is(customer_id, offer_id))).one()
    return Offer(**row._mapping)


def of_customer(connection: Connection, customer_id: str) -> list[Offer]:
    """Every offer that was made or planned, oldest first."""
    rows = connection.execute(
        select(*_COLUMNS).where(offers.c.customer_id == customer_id).order_by(offers.c.offer_id)
    )
    return [Offer(**row._mapping) for row in rows]


def open_ones(connection: Connection, customer_id: str, *, now: datetime) -> list[Offer]:
    """The offers that an answer may be about, newest first."""
    rows = connection.execute(
        select(*_COLUMNS)
        .where(
            offers.c.customer_id == customer_id,
            offers.c.state == "open",
            offers.c.opened_at > now - ANSWERABLE,
        )
        .order_by(offers.c.opened_at.desc(), offers.c.offer_id.desc())
    )
    return [Offer(**row._mapping) for row in rows]


def sent_lately(
    connection: Connection,
    customer_id: str,
    *,
    since: datetime,
    apart_from: int | None = None,
) -> list[datetime]:
    """When offers went to the customer since then, on any channel: what caps count (RULES US-9).
    What is planned or on its way counts from its planning."""
    rows = connection.scalars(
        select(func.coalesce(offers.c.opened_at, offers.c.planned_at))
        .where(
            offers.c.customer_id == customer_id,
            offers.c.of_offer_id.is_(None),
            offers.c.offer_id.is_distinct_from(apart_from),
            offers.c.state.not_in(("cancelled", "not_sent", "failed")),
            func.coalesce(offers.c.opened_at, offers.c.planned_at) > since,
        )
        .order_by(offers.c.planned_at)
    )
    return list(rows)


def open_up(
    connection: Connection,
    customer_id: str,
    offer_id: int,
    *,
    channel: str,
    now: datetime,
    address_id: int | None = None,
) -> bool:
    """The offer goes out now; False if it is not `planned` any more."""
    return _moved(
        connection,
        customer_id,
        offer_id,
        ("planned",),
        {"state": "open", "channel": channel, "address_id": address_id, "opened_at": now},
    )


def take_back(connection: Connection, customer_id: str, offer_id: int) -> None:
    """The provider provably did not take it: it is `planned` again."""
    _moved(connection, customer_id, offer_id, ("open",), {"state": "planned", "opened_at": None})


def answer(connection: Connection, offer: Offer, state: str, *, reason: str, now: datetime) -> None:
    """The customer has answered (`accepted`, `declined`, `postponed`); where it was opened behind a
    link, the offer it is a copy of is answered with it."""
    for customer_id, offer_id in _both(offer):
        if _close(connection, customer_id, offer_id, state, reason, now):
            _note(connection, customer_id, offer, "answered", reason, now, {"answer": state})


def set_concession(connection: Connection, offer: Offer, step: int) -> None:
    """That step of the concession ladder was taken; it is not taken again."""
    for customer_id, offer_id in _both(offer):
        _moved(connection, customer_id, offer_id, PENDING, {"concession": step})


def cancel(
    connection: Connection,
    customer_id: str,
    *,
    state: str,
    reason: str,
    now: datetime,
    categories: Sequence[str] | None = None,
    address_id: int | None = None,
    details: Mapping[str, Any] | None = None,
) -> list[Offer]:
    """End the offers that are planned or open, about some categories or all, to one address or all,
    together with their text messages that still wait; each with its reason on record. `state` is
    `bought` or `cancelled`. The caller has locked the permission row."""
    conditions: list[ColumnElement[bool]] = [
        offers.c.customer_id == customer_id,
        offers.c.state.in_(PENDING),
    ]
    if categories is not None:
        conditions.append(offers.c.category.in_(categories))
    if address_id is not None:
        conditions.append((offers.c.address_id == address_id) | _waits_for(address_id))
    pending = [
        Offer(**row._mapping)
        for row in connection.execute(select(*_COLUMNS).where(*conditions).with_for_update())
    ]
    for offer in pending:
        _end(connection, offer, state, reason, now, details or {})
    return pending


def withdraw(connection: Connection, offer: Offer, *, reason: str, now: datetime) -> None:
    """End one that is planned or open, with its text message that still waits. The caller has
    locked the permission row."""
    _end(connection, offer, "cancelled", reason, now, {})


def not_sent(
    connection: Connection, customer_id: str, offer_id: int, *, reason: str, now: datetime
) -> None:
    """It was decided at the last moment not to send it, or the provider refused it for good."""
    if _close(connection, customer_id, offer_id, "not_sent", reason, now):
        offer = get(connection, customer_id, offer_id)
        _note(connection, customer_id, offer, "not_sent", reason, now, {})


def show_to(connection: Connection, offer: Offer, customer_id: str, *, now: datetime) -> int | None:
    """Somebody has opened the offer's link who has not shown who they are: give them a copy, with
    nothing in it but the product; returns its id, or None if they have one already."""
    return connection.execute(
        insert(offers)
        .values(
            customer_id=customer_id,
            campaign=offer.campaign,
            occurrence=f"link:{offer.customer_id}:{offer.offer_id}",
            product_id=offer.product_id,
            category=offer.category,
            language=offer.language,
            text=offer.text,
            state="open",
            channel="web",
            of_customer_id=offer.customer_id,
            of_offer_id=offer.offer_id,
            planned_at=now,
            opened_at=now,
        )
        .on_conflict_do_nothing()
        .returning(offers.c.offer_id)
    ).scalar_one_or_none()


def shown_of(connection: Connection, customer_id: str) -> list[str]:
    """Whose offers this customer has before them, having opened their links."""
    found = connection.scalars(
        select(offers.c.of_customer_id)
        .where(
            offers.c.customer_id == customer_id,
            offers.c.of_customer_id.is_not(None),
            offers.c.state.in_(PENDING),
        )
        .distinct()
        .order_by(offers.c.of_customer_id)
    )
    return [str(owner) for owner in found]


def _waits_for(address_id: int) -> ColumnElement[bool]:
    """A text about the offer waits to go to that address."""
    return (
        select(outbox.c.outbox_id)
        .where(
            outbox.c.customer_id == offers.c.customer_id,
            outbox.c.offer_id == offers.c.offer_id,
            outbox.c.address_id == address_id,
            outbox.c.state == "ready",
        )
        .exists()
    )


def _end(
    connection: Connection,
    offer: Offer,
    state: str,
    reason: str,
    now: datetime,
    details: Mapping[str, Any],
) -> None:
    for owner, offer_id in _both(offer):
        was_planned = get(connection, owner, offer_id).state == "planned"
        if not _close(connection, owner, offer_id, state, reason, now):
            continue
        _cancel_texts(connection, owner, offer_id, reason)
        step = "cancelled" if was_planned else "answered"
        _note(connection, owner, offer, step, reason, now, details)


def _cancel_texts(connection: Connection, customer_id: str, offer_id: int, reason: str) -> None:
    connection.execute(
        update(outbox)
        .where(
            outbox.c.customer_id == customer_id,
            outbox.c.offer_id == offer_id,
            outbox.c.state == "ready",
        )
        .values(state="cancelled", reason=reason)
    )


def _both(offer: Offer) -> list[tuple[str, int]]:
    found = [(offer.customer_id, offer.offer_id)]
    if offer.of_customer_id is not None and offer.of_offer_id is not None:
        found.append((offer.of_customer_id, offer.of_offer_id))
    return found


def _is(customer_id: str, offer_id: int) -> tuple[ColumnElement[bool], ...]:
    return (offers.c.customer_id == customer_id, offers.c.offer_id == offer_id)


def _close(
    connection: Connection,
    customer_id: str,
    offer_id: int,
    state: str,
    reason: str,
    now: datetime,
) -> bool:
    closed = {"state": state, "reason": reason, "closed_at": now}
    return _moved(connection, customer_id, offer_id, PENDING, closed)


def _moved(
    connection: Connection,
    customer_id: str,
    offer_id: int,
    before: Sequence[str],
    values: Mapping[str, Any],
) -> bool:
    found = connection.execute(
        update(offers)
        .where(*_is(customer_id, offer_id), offers.c.state.in_(before))
        .values(**values)
        .returning(offers.c.offer_id)
    )
    return found.one_or_none() is not None


def _note(
    connection: Connection,
    customer_id: str,
    offer: Offer,
    decision: str,
    reason: str,
    now: datetime,
    details: Mapping[str, Any],
) -> None:
    occurrence = offer.occurrence
    if customer_id != offer.customer_id and offer.of_offer_id is not None:
        occurrence = get(connection, customer_id, offer.of_offer_id).occurrence
    decisions.record(
        connection,
        customer_id,
        Decision(
            campaign=offer.campaign,
            occurrence=occurrence,
            decision=decision,
            reason=reason,
            details={"product_id": offer.product_id, **details},
            at=now,
        ),
    )
