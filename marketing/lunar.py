"""The Korean lunar calendar (음력), by the Korea Astronomy and Space Science Institute's tables.

Not the Chinese one: the two differ by a day where the new moon falls about midnight.
"""

from __future__ import annotations

from datetime import date

from korean_lunar_calendar import KoreanLunarCalendar

LAST_YEAR = 2049
"""The last lunar year whose every day the tables hold."""
_DAYS_AT_MOST = 30


def is_day(month: int, day: int) -> bool:
    """True for a day that some lunar year has."""
    return 1 <= month <= 12 and 1 <= day <= _DAYS_AT_MOST


def solar(year: int, month: int, day: int, *, leap: bool = False) -> date:
    """The solar day of a lunar one. A day of a leap month is kept in the ordinary month in years
    that do not have it, and the 30th on the 29th in a month that ends there, as families do.

    Raises ValueError for what is no lunar day at all, or beyond LAST_YEAR.
    """
    if not is_day(month, day) or year > LAST_YEAR:
        raise ValueError(f"no lunar day: {year}-{month}-{day}")
    calendar = KoreanLunarCalendar()
    for try_leap in (True, False) if leap else (False,):
        for try_day in (day, day - 1) if day == _DAYS_AT_MOST else (day,):
            if calendar.setLunarDate(year, month, try_day, try_leap):
                return date(calendar.solarYear, calendar.solarMonth, calendar.solarDay)
    raise ValueError(f"no lunar day: {year}-{month}-{day}")
