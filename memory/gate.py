"""What memory knows that decides about an advertisement, or about what was asked for, gathered into
one question for `marketing.decisions`: asked by the planner, and again at the moment of sending
(DESIGN rule 4). The caller has locked the customer's permission row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from marketing import stock
from marketing.advertisement import SenderProfile
from marketing.decisions import Allowed, Held, Question, Refused, may_advertise, may_tell
from marketing.places import place_of
from marketing.silence import is_silent
from marketing.topics import is_muted
from memory import (
    addresses,
    catalogue,
    consents,
    customers,
    elsewhere,
    muting,
    offers,
    promises,
    purchases,
    reconfirmations,
    suppressions,
    voice,
)
from memory.addresses import Address
from memory.tables import hand_overs

CAP_LOOKS_BACK = timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class About:
    """The offer, or what was asked for, that the question is about."""

    campaign: str | None = None
    """What it is made for."""
    product_id: str | None
    """None for goods of the category in general."""
    category: str | None
    size: str | None = None
    width: str | None = None
    since: datetime
    """A purchase of the category after this makes it pointless."""
    latest: datetime | None
    is_open: bool = True
    needs_no_purchase: bool = True
    """False for what is offered whatever they buy otherwise: a personal date."""
    is_requested: bool = False
    """True for what they asked to be told: no advertisement."""


def decide(
    connection: Connection,
    customer_id: str,
    about: About,
    *,
    address_id: int | None,
    now: datetime,
    sent_lately: Sequence[datetime] | None = None,
) -> Allowed | Held | Refused:
    """Whether it may go to that number now (None: into the chat)."""
    question = _question(connection, customer_id, about, address_id, now, sent_lately)
    return may_tell(question) if about.is_requested else may_advertise(question)


def _question(
    connection: Connection,
    customer_id: str,
    about: About,
    address_id: int | None,
    now: datetime,
    sent_lately: Sequence[datetime] | None,
) -> Question:
    customer = customers.get(connection, customer_id)
    numbers = [one for one in addresses.of_customer(connection, customer_id) if one.kind == "phone"]
    asked = next((one for one in numbers if one.address_id == address_id), None)
    standings = {
        one.address_id: consents.standing(connection, customer_id, one.address_id, now=now)
        for one in (numbers if asked is None else [asked])
    }
    store = catalogue.store_profile(connection)
    if sent_lately is None:
        sent_lately = offers.sent_lately(connection, customer_id, since=now - CAP_LOOKS_BACK)
    return Question(
        now=now,
        channel="sms" if address_id is not None else "web",
        consent=consents.lock_permission(connection, customer_id),
        is_overdue=_is_overdue(
            connection, [place for place, one in standings.items() if one.marketing], numbers, now
        ),
        address_has_consent=any(one.marketing for one in standings.values()),
        is_stopped=asked.stopped_at is not None if asked else False,
        is_silent=asked is not None and is_silent(asked.last_heard_at, now=now),
        is_suppressed=asked is not None
        and suppressions.is_suppressed(connection, asked.kind, asked.value),
        number=next((one.value for one in ([asked] if asked else numbers)), None),
        country=customer.country or _country(customer.language, numbers),
        time_zone=customer.time_zone,
        at_night=any(one.night for one in standings.values()),
        sent_lately=sent_lately,
        sender=sender_for(store, asked.value) if asked else None,
        is_muted=is_muted(
            muting.topics(connection, customer_id),
            campaign=about.campaign,
            category=about.category,
            product_id=about.product_id,
            stands_for=store.get("topics", {}),
        ),
        is_asked_for_later=about.category is not None
        and promises.is_waiting(connection, customer_id, about.category),
        was_bought=about.needs_no_purchase
        and about.category is not None
        and purchases.was_bought_since(
            connection, customer_id, category=about.category, since=about.since
        ),
        is_in_stock=_is_in_stock(connection, about),
        is_open=about.is_open,
        was_bought_elsewhere=about.category is not None
        and elsewhere.rests(
            connection,
            customer_id,
            about.category,
            rest_days=store.get("rest_days", {}),
            now=now,
        ),
        has_open_complaint=_is_with_a_person(connection, customer_id)
        or (not about.is_requested and voice.has_open_complaint(connection, customer_id)),
        latest=about.latest,
    )


def _is_overdue(
    connection: Connection, agreed: Sequence[int], numbers: Sequence[Address], now: datetime
) -> bool:
    """True if no number's consent counts any more: Korean ones are confirmed every two years."""
    found = [
        place_of(one.value).country == "KR"
        and reconfirmations.is_overdue(connection, one.customer_id, one.address_id, now=now)
        for one in numbers
        if one.address_id in agreed
    ]
    return bool(found) and all(found)


def _country(language: str | None, numbers: Sequence[Address]) -> str:
    """Where somebody is who has not told: where their number is, else where their language is."""
    of_numbers = [found for one in numbers if (found := place_of(one.value).country)]
    return next(iter(of_numbers), "US" if language == "en" else "KR")


def sender_for(store: Mapping[str, Any], number: str) -> SenderProfile | None:
    """What the shop declares of its sender for the country of a number (E.164); None if it has
    none there."""
    country = place_of(number).country
    declared = store.get("text_senders", {}).get(country)
    if country is None or declared is None:
        return None
    return SenderProfile(
        country=country,
        is_two_way=bool(declared.get("is_two_way")),
        is_kr_certified=bool(declared.get("is_kr_certified")),
        is_a2p_registered=bool(declared.get("is_a2p_registered")),
        opt_out_phone=store.get("opt_out_phone"),
    )


def _is_in_stock(connection: Connection, about: About) -> bool:
    if about.product_id is None:
        return True
    product = catalogue.product(connection, about.product_id)
    asked = stock.Asked(size=about.size, width=about.width)
    return product is not None and stock.left(product, asked) > 0


def _is_with_a_person(connection: Connection, customer_id: str) -> bool:
    """While somebody waits for a person, or talks to one, nothing is advertised (STORIES 7)."""
    found = connection.execute(
        select(hand_overs.c.hand_over_id).where(
            hand_overs.c.customer_id == customer_id, hand_overs.c.state != "closed"
        )
    )
    return found.first() is not None
