"""When a Korean consent to advertisements is to be confirmed again: every two years, before the
same date comes round (정보통신망법 §50⑧, 시행령 §62의3, RULES KR-6). The calendar only.
"""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from marketing.places import SEOUL

EVERY_YEARS = 2
FROM_DAYS, TO_DAYS = 30, 1
"""How long before the date the notice may go, at the earliest and at the latest."""
_MORNING, _EVENING = time(10), time(20, 50)


@dataclass(frozen=True, kw_only=True)
class Reconfirmation:
    """One date by which a consent is to be confirmed again."""

    on: date
    """The same date as that of the consent; the last of February for a leap day, as 민법 §160③ ends
    a term of years."""
    notice_at: datetime
    """The first moment at which the notice is due, in UTC."""
    latest: datetime
    """After this it is too late."""


def coming(agreed_at: datetime, now: datetime) -> Reconfirmation:
    """The first one that is after today, by the clock of Seoul."""
    agreed, today = _day(agreed_at), _day(now)
    on = next(day for day in _dates(agreed) if day > today)
    return Reconfirmation(
        on=on,
        notice_at=_at(on - timedelta(days=FROM_DAYS), _MORNING),
        latest=_at(on - timedelta(days=TO_DAYS), _EVENING),
    )


def last_due(agreed_at: datetime, now: datetime) -> date | None:
    """The newest date by which it ought to have been confirmed, today's among them; None within the
    first two years."""
    agreed, today = _day(agreed_at), _day(now)
    due = None
    for day in _dates(agreed):
        if day > today:
            return due
        due = day
    return due


def _dates(agreed: date) -> list[date]:
    years = range(agreed.year + EVERY_YEARS, agreed.year + 100, EVERY_YEARS)
    return [_in_year(agreed, year) for year in years]


def _in_year(agreed: date, year: int) -> date:
    is_gone = (agreed.month, agreed.day) == (2, 29) and not isleap(year)
    return date(year, 2, 28) if is_gone else agreed.replace(year=year)


def _day(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(SEOUL)).date()


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, ZoneInfo(SEOUL)).astimezone(ZoneInfo("UTC"))
