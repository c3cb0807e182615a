"""When a birthday or an anniversary is written about: some days before it, in the morning of
whoever it is. Holds no opinion on whether it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from marketing import occurrences
from marketing.occurrences import Day
from marketing.places import place_of, place_of_visitor

LEAD_DAYS = 5
AT = time(10)
UNTIL = time(20)
"""On the day itself; later it is too late."""
NOTICE = timedelta(hours=1)
"""Nobody is written to about a day that they have told us just now."""


@dataclass(frozen=True, kw_only=True)
class Greeting:
    """One occurrence of a day, and when it is written about."""

    day: date
    due_at: datetime
    latest: datetime


def next_greeting(value: Day, *, zone: str, now: datetime, after: date | None = None) -> Greeting:
    """The next occurrence that can still be written about in time; strictly after `after`, if it
    is given. One that is nearer than LEAD_DAYS is written about on the next morning, the day's
    own at the latest."""
    today = now.astimezone(ZoneInfo(zone)).date()
    day = occurrences.next_after(value, after or today - timedelta(days=1))
    latest = occurrences.due_at(day, lead_days=0, at=UNTIL, zone=zone)
    in_time = occurrences.due_at(day, lead_days=LEAD_DAYS, at=AT, zone=zone)
    due_at = max(in_time, _next_morning(today, zone, now))
    if due_at < latest:
        return Greeting(day=day, due_at=due_at, latest=latest)
    return next_greeting(value, zone=zone, now=now, after=day)


def zone_of(time_zone: str | None, numbers: Iterable[str], *, otherwise: str) -> str:
    """By whose clock it is morning: the customer's own, if it is known, else their number's."""
    own = place_of_visitor(None, time_zone=time_zone).zones
    of_numbers = [zone for number in numbers for zone in place_of(number).zones]
    return next(iter((*own, *of_numbers)), otherwise)


def _next_morning(today: date, zone: str, now: datetime) -> datetime:
    morning = occurrences.due_at(today, lead_days=0, at=AT, zone=zone)
    if morning >= now + NOTICE:
        return morning
    return occurrences.due_at(today + timedelta(days=1), lead_days=0, at=AT, zone=zone)
