"""Days of the year that customers tell: read, checked against the calendar, never guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

EARLIEST_YEAR = 1900
_LEAP_YEAR = 2000
_TOLD = re.compile(r"(?:(\d{4})-)?(\d{2})-(\d{2})")
_LOOKS_LIKE_A_DATE = re.compile(
    r"(?:(?P<year>\d{2,4})\s*년\s*)?(?P<month>\d{1,4})\s*월\s*(?P<day>\d{1,4})\s*일"
    r"|(?<![\d/.])(?P<us_month>\d{1,4})/(?P<us_day>\d{1,4})(?:/(?P<us_year>\d{4}))?(?![\d/])"
    r"|\b(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(?:the\s+)?"
    r"(?P<name_day>\d{1,4})(?:st|nd|rd|th)?\b",
    re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, kw_only=True)
class DayOfYear:
    """A day that comes every year, and the year it began in if that was said."""

    month: int
    day: int
    year: int | None

    def as_value(self) -> dict[str, int | None]:
        """The value of a fact of kind `birthday` or `anniversary`."""
        return {"month": self.month, "day": self.day, "year": self.year}


def read(told: str, *, today: date) -> DayOfYear | None:
    """The day behind `YYYY-MM-DD` or `MM-DD`; None if there is no such day or it is still to come
    in a year that was named, or before 1900."""
    match = _TOLD.fullmatch(told)
    if match is None:
        return None
    year = int(match.group(1)) if match.group(1) else None
    return _checked(year, int(match.group(2)), int(match.group(3)), today)


def impossible(text: str, *, today: date) -> str | None:
    """The first words of `text` that are written like a date but are none ("13월 45일")."""
    for match in _LOOKS_LIKE_A_DATE.finditer(text):
        year, month, day = _numbers(match)
        if _checked(year, month, day, today) is None:
            return match.group().strip()
    return None


def _numbers(match: re.Match[str]) -> tuple[int | None, int, int]:
    found = match.groupdict()
    if found["name"]:
        return None, _MONTHS.index(found["name"].lower()) + 1, int(found["name_day"])
    year = found["year"] or found["us_year"]
    is_full = year is not None and len(year) == 4
    month, day = found["month"] or found["us_month"], found["day"] or found["us_day"]
    return int(year) if is_full else None, int(month), int(day)


def _checked(year: int | None, month: int, day: int, today: date) -> DayOfYear | None:
    try:
        found = date(year or _LEAP_YEAR, month, day)
    except ValueError:
        return None
    if year is not None and not (year >= EARLIEST_YEAR and found <= today):
        return None
    return DayOfYear(month=month, day=day, year=year)
