"""When a day of the year comes next, how many years it has been, and when to write about it.

The calendar is ours, with zoneinfo, because schedulers lose days when the clocks change. Holds no
opinion on whether anything is sent.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from marketing import lunar

Day = Mapping[str, int | None]
"""The value of a fact `birthday` or `anniversary`: `month`, `day` and, if it was said, `year`;
`lunar` and `leap` where it is one of the Korean lunar calendar."""


def next_after(value: Day, after: date) -> date:
    """The first occurrence strictly after `after`.

    29 February is kept on the 28th in a common year: the last day of its month, as 민법 §160③ ends
    a term of years, and a day early rather than a day late.

    A day whose year is still to come, a wedding, is first kept a year after. A lunar one is kept
    on the solar day that it falls on.
    """
    began = value.get("year") or 0
    earliest = max(after.year - 1, began + 1)
    # A lunar day lies in the solar year of its number or in the next.
    days = (_in_year(value, year) for year in range(earliest, earliest + 4))
    return next(day for day in days if day > after)


def years(value: Day, on: date) -> int | None:
    """How many full years it has been at the occurrence `on`; None if the year was never said or
    `on` is the day itself."""
    began = value.get("year")
    if began is None:
        return None
    # The last days of a lunar year lie in the next solar one.
    number = on.year - 1 if value.get("lunar") and _in_year(value, on.year) != on else on.year
    return number - began if number > began else None


def due_at(occurrence: date, *, lead_days: int, at: time, zone: str) -> datetime:
    """The moment, in UTC, `lead_days` before the occurrence when clocks in `zone` show `at`.

    A time that they skip becomes the first that they show after it; of one that they show twice,
    the first is meant.
    """
    clock = ZoneInfo(zone)
    local = datetime.combine(occurrence - timedelta(days=lead_days), at)
    while not _exists(local, clock):
        local = local.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return local.replace(tzinfo=clock).astimezone(UTC)


def _in_year(value: Day, year: int) -> date:
    month, day = int(value["month"] or 1), int(value["day"] or 1)
    if value.get("lunar"):
        return lunar.solar(year, month, day, leap=bool(value.get("leap")))
    if (month, day) == (2, 29) and not isleap(year):
        day = 28
    return date(year, month, day)


def _exists(local: datetime, clock: ZoneInfo) -> bool:
    """True if the clocks ever show this."""
    shown = local.replace(tzinfo=clock).astimezone(UTC).astimezone(clock)
    return shown.replace(tzinfo=None) == local
