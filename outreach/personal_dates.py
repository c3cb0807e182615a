"""Birthdays and anniversaries: a present for the day, and the year after's turn when this one's is
over.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from marketing import campaigns, formats, occurrences, recommendation
from marketing.decisions import Reason, Refused
from marketing.recommendation import Wish
from memory import catalogue, clock, personal_dates, prospects
from memory import engine as memory_engine
from memory.engine import Engine
from outreach.case import Case, Product
from outreach.ideas import Idea

log = logging.getLogger(__name__)


def of_a_day(case: Case) -> Idea | Refused:
    """A present that suits the day, if it is still known as it was when it was written down. What
    year it is, is told only where the first one was."""
    kind, about = case.occasion.kind, case.occasion.about
    fact = case.facts.get(kind)
    if fact is None or not _says_the_same(fact.value, about):
        return Refused(reason=Reason.FACT_FORGOTTEN)
    product = _present(case, kind)
    if isinstance(product, Refused):
        return product
    day = date.fromisoformat(about[personal_dates.DATE])
    years = occurrences.years(fact.value, day) if kind == campaigns.ANNIVERSARY else None
    zone = personal_dates.zone(case.connection, case.customer_id)
    today = case.now.astimezone(ZoneInfo(zone)).date()
    return Idea(
        product=product,
        response=campaigns.words(kind, are_years_known=years is not None),
        since=case.now,
        is_personal=True,
        about={"day": day.isoformat(), "years": years},
        blanks={
            "day": formats.coming_day(day, today, case.language),
            "years": formats.ordinal_anniversary(years, case.language) if years else "",
        },
    )


def wait_for_the_next(case: Case, *, is_forgotten: bool) -> None:
    """This occurrence is over: the day's next one waits from now on. If the day was known wrongly,
    whatever it is now."""
    over = None if is_forgotten else date.fromisoformat(case.occasion.about[personal_dates.DATE])
    personal_dates.schedule(
        case.connection, case.customer_id, kind=case.occasion.kind, now=case.now, after=over
    )


def renew(engine: Engine) -> int:
    """Let the days that are known and do not wait, wait again; returns how many there were."""
    with memory_engine.transaction(engine) as connection:
        found = personal_dates.neglected(connection)
    for day in found:
        with memory_engine.transaction(engine) as connection:
            personal_dates.schedule(
                connection, day.customer_id, kind=day.kind, now=clock.business_now(connection)
            )
    if found:
        log.info(
            "Days that did not wait do so again.",
            extra={"action": "days_renewed", "count": len(found)},
        )
    return len(found)


def _says_the_same(known: Mapping[str, Any], about: Mapping[str, Any]) -> bool:
    return all(about.get(key) == value for key, value in known.items())


def _present(case: Case, kind: str) -> Product | Refused:
    """The first of what the shop gives on such a day that is there and that they do not have; what
    suits what they are fond of goes first."""
    ids = case.store.get("gifts", {}).get(kind, ())
    listed = (catalogue.product(case.connection, product_id) for product_id in ids)
    presents = [one for one in listed if one is not None and case.is_sold(one)]
    if not presents:
        return Refused(reason=Reason.UNKNOWN_PRODUCT)
    owned = prospects.has_bought(case.connection, case.customer_id)
    new = [one for one in presents if one["product_id"] not in owned]
    if not new:
        return Refused(reason=Reason.BOUGHT)
    fond_of = case.facts.get("activity")
    wish = Wish(
        currency=case.currency, fond_of=str(fond_of.value) if fond_of else None, for_grown_up=True
    )
    chosen = recommendation.choose(new, wish, may_give_up=False, most=1).products
    return chosen[0] if chosen else Refused(reason=Reason.OUT_OF_STOCK)
