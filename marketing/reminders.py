"""On which day somebody is told again what they asked to be told later. Holds no opinion on whether
they are.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from marketing import dates, occurrences, working_days

AT = time(10)
WITHIN = timedelta(hours=10)
"""So long after its time it may still be told: the same day, never at night."""
FURTHEST = timedelta(days=2 * 365)
_A_WHILE = re.compile(r"week\+\d+|days\+(?:[7-9]|\d{2,})")
"""A week, or a time from now, means no day in particular."""
_DAY = timedelta(days=1)


def day(told: str, *, today: date, country: str) -> date | None:
    """The day that is meant by what nlu has noted: a day that was named, tomorrow at the earliest;
    of a week, a month or a year, and for "in two weeks", its first working day. None for what is
    past, today, or too far."""
    found = dates.place(told, today=today)
    if found is None:
        return None
    begins = date(found.year, found.month or 1, found.day or 1)
    is_named = found.day is not None and not _A_WHILE.fullmatch(told)
    if not is_named and begins <= today and found.day is None:
        begins = today + _DAY
    if (found.year, found.month or begins.month) != (begins.year, begins.month):
        return None
    meant = begins if is_named else working_days.first(begins, country)
    return meant if today < meant <= today + FURTHEST else None


def due_at(on: date, zone: str) -> datetime:
    """Ten in the morning there, in UTC."""
    return occurrences.due_at(on, lead_days=0, at=AT, zone=zone)
