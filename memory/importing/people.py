"""Customers as the shop's own system knows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, text

from marketing.greetings import zone_of
from marketing.places import SEOUL
from memory import addresses, bell, bulk, catalogue, facts, merging, personal_dates
from memory.addresses import NewAddress
from memory.importing import who
from memory.importing.who import PROOF, Key, Whose
from memory.tables import customers, due
from memory.tables import facts as facts_table

SOURCE = "import"


@dataclass(frozen=True, kw_only=True)
class Imported:
    """One customer; what is not told stays as it is."""

    whose: Whose
    name: str | None = None
    language: str | None = None
    country: str | None = None
    time_zone: str | None = None
    joined_at: datetime | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Kind → value, as `memory.facts` keeps it."""


def write(connection: Connection, given: Sequence[Imported], *, now: datetime) -> dict[int, str]:
    """Write customers; those that are known are brought up to date. Returns, by their place, why an
    address of theirs was not taken: `phone_of_another`, `email_of_another`."""
    joined = {place: one.joined_at for place, one in enumerate(given) if one.joined_at is not None}
    ids = who.resolve(connection, [one.whose for one in given], now=now, joined_at=joined)
    not_taken = _give_addresses(connection, given, ids, now)
    ids = who.now_known_as(connection, ids)
    _update(connection, {ids[place]: one for place, one in enumerate(given)})
    _learn(connection, given, ids, now)
    return not_taken


def _give_addresses(
    connection: Connection, given: Sequence[Imported], ids: Sequence[str], now: datetime
) -> dict[int, str]:
    """The shop's word is good for an address that is nobody's, or of somebody without a log-in, who
    is then the same person. Somebody else's stays theirs."""
    wanted = {
        (place, key)
        for place, one in enumerate(given)
        for key in one.whose.addresses()
        if key[0] != "login"
    }
    held = who.owners(connection, [key for _, key in wanted])
    known_apart = who.log_ins(connection, {owner.customer_id for owner in held.values()})
    not_taken: dict[int, str] = {}
    new: dict[Key, NewAddress] = {}
    for place, key in sorted(wanted):
        kind, value = key
        owner = held[key].customer_id if key in held else None
        if owner is None:
            one = NewAddress(customer_id=ids[place], kind=kind, value=value, proof=PROOF)
            owner = new.setdefault(key, one).customer_id
        if owner == ids[place]:
            continue
        if given[place].whose.customer_id is None or owner in known_apart or key in new:
            not_taken[place] = f"{kind}_of_another"
        else:
            merging.merge(connection, gone=owner, stays=ids[place], proof=PROOF, now=now)
    addresses.add_all(connection, list(new.values()), now=now)
    return not_taken


def _update(connection: Connection, given: Mapping[str, Imported]) -> None:
    """Only rows that change are written. What language they write in is known best from what they
    have written."""
    everybody = list(given.values())
    connection.execute(
        _UPDATE,
        {
            "customers": list(given),
            "names": [one.name for one in everybody],
            "languages": [one.language for one in everybody],
            "countries": [one.country for one in everybody],
            "zones": [one.time_zone for one in everybody],
            "since": [one.joined_at for one in everybody],
        },
    )


_UPDATE = text(
    """
    UPDATE customers held
       SET name = told.name, language = told.language, country = told.country,
           time_zone = told.time_zone, created_at = told.created_at
      FROM (SELECT known.customer_id, coalesce(given.name, known.name) AS name,
                   coalesce(known.language, given.language) AS language,
                   coalesce(given.country, known.country) AS country,
                   coalesce(given.time_zone, known.time_zone) AS time_zone,
                   least(known.created_at, given.since) AS created_at
              FROM unnest(CAST(:customers AS text[]), CAST(:names AS text[]),
                          CAST(:languages AS text[]), CAST(:countries AS text[]),
                          CAST(:zones AS text[]), CAST(:since AS timestamptz[]))
                   AS given (customer_id, name, language, country, time_zone, since)
              JOIN customers known USING (customer_id)) told
     WHERE held.customer_id = told.customer_id
       AND (held.name, held.language, held.country, held.time_zone, held.created_at)
           IS DISTINCT FROM
           (told.name, told.language, told.country, told.time_zone, told.created_at)
    """
)


def _learn(
    connection: Connection, given: Sequence[Imported], ids: Sequence[str], now: datetime
) -> None:
    """What they have said themselves is not contradicted, what they had forgotten not learnt again,
    and nothing is learnt of who wants nothing remembered."""
    told = {
        (ids[place], kind): value
        for place, one in enumerate(given)
        for kind, value in one.facts.items()
    }
    if not told:
        return
    held = _facts(connection, told)
    silent = _want_nothing_remembered(connection, {customer_id for customer_id, _ in told})
    new: list[dict[str, Any]] = []
    for (customer_id, kind), value in told.items():
        rows = held.get((customer_id, kind), [])
        imported = [row for row in rows if row.source == SOURCE]
        current = next((row for row in rows if row.valid_to is None), None)
        if customer_id in silent or (imported and imported[-1].value == value):
            continue
        if current is not None and (current.source == "said" or current.value == value):
            continue
        if current is not None:
            facts.learn(connection, customer_id, kind=kind, value=value, now=now, source=SOURCE)
            continue
        new.append(
            {
                "customer_id": customer_id,
                "kind": kind,
                "value": value,
                "source": SOURCE,
                "confidence": 1.0,
                "valid_from": now,
            }
        )
    if new:
        bulk.insert(connection, facts_table, new, skip_known=True)
        _await(connection, new, {ids[place]: one for place, one in enumerate(given)}, now)


def _facts(
    connection: Connection, told: Mapping[tuple[str, str], Any]
) -> dict[tuple[str, str], list[Any]]:
    rows = connection.execute(
        select(
            facts_table.c.customer_id,
            facts_table.c.kind,
            facts_table.c.value,
            facts_table.c.source,
            facts_table.c.valid_to,
        )
        .where(
            bulk.among(facts_table.c.customer_id, {customer_id for customer_id, _ in told}),
            facts_table.c.kind.in_({kind for _, kind in told}),
            facts_table.c.subject == personal_dates.SELF,
            facts_table.c.item == "",
        )
        .order_by(facts_table.c.fact_id)
    )
    found: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        found.setdefault((row.customer_id, row.kind), []).append(row)
    return found


def _want_nothing_remembered(connection: Connection, customer_ids: set[str]) -> set[str]:
    return set(
        connection.scalars(
            select(customers.c.customer_id).where(
                bulk.among(customers.c.customer_id, customer_ids),
                customers.c.learning_stopped_at.is_not(None),
            )
        )
    )


def _await(
    connection: Connection,
    learnt: Sequence[Mapping[str, Any]],
    by_id: Mapping[str, Imported],
    now: datetime,
) -> None:
    """Days of their own are due once, at their next occurrence."""
    zones = catalogue.store_profile(connection).get("time_zone", {})
    occasions = []
    for fact in learnt:
        if not personal_dates.is_one(fact["kind"], personal_dates.SELF):
            continue
        one = by_id[fact["customer_id"]]
        zone = zone_of(
            one.time_zone,
            [one.whose.phone] if one.whose.phone else [],
            otherwise=zones.get(one.language or "en", SEOUL),
        )
        occasions.append(
            personal_dates.occasion(
                fact["customer_id"], fact["kind"], fact["value"], zone=zone, now=now
            )
        )
    if occasions:
        bulk.insert(connection, due, occasions, skip_known=True)
        bell.ring(connection, bell.DUE)
