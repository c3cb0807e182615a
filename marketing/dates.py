"""Days that customers tell: read from the notation of nlu (nlu/facts/calendar_days.py), placed in
the calendar, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from marketing import lunar

EARLIEST_YEAR = 1900
FURTHEST_YEARS = 3
"""A wedding or a plan lies at most so many years ahead; more is a slip."""
_LEAP_YEAR = 2000
_TOLD = re.compile(r"(?:(\d{4})-)?(\d{2})-(\d{2})")
_LUNAR = re.compile(r"lunar(-leap)?:(?:(\d{4})-)?(\d{2})-(\d{2})")
_MONTH_OF_YEAR = re.compile(r"(\d{4})-(\d{2})")
_RELATIVE = re.compile(r"(days|week|month|year)([+-]\d+)(?:/([a-z\d-]+))?")
_MONTH = re.compile(r"month/(\d{2})")
_ON = re.compile(r"on/([a-z]{3})")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
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
    is_lunar: bool = False
    is_leap: bool = False
    """In a leap month of the lunar calendar (윤달)."""

    def as_value(self) -> dict[str, int | bool | None]:
        """The value of a fact of kind `birthday` or `anniversary`."""
        value: dict[str, int | bool | None] = {
            "month": self.month,
            "day": self.day,
            "year": self.year,
        }
        if self.is_lunar:
            value["lunar"] = True
        if self.is_leap:
            value["leap"] = True
        return value


@dataclass(frozen=True, kw_only=True)
class When:
    """A day, or the whole of a month (day None) or of a year (month None too)."""

    year: int
    month: int | None = None
    day: int | None = None

    def as_value(self) -> str | None:
        """`2027-03-02` or `2027-03`; None where only the year is known."""
        if self.month is None:
            return None
        return f"{self.year}-{self.month:02}" + ("" if self.day is None else f"-{self.day:02}")


def read(told: str, *, today: date) -> DayOfYear | None:
    """The day that comes every year behind what nlu has noted; with its year only if that was
    named. None if there is no such day, if it is only a month, or if a year that was named is
    still to come or before 1900."""
    match = _TOLD.fullmatch(told)
    if match is not None:
        year = int(match.group(1)) if match.group(1) else None
        return _checked(year, int(match.group(2)), int(match.group(3)), today)
    match = _LUNAR.fullmatch(told)
    if match is not None:
        return _lunar_day(match, today)
    found = place(told, today=today)
    if found is None or found.month is None or found.day is None:
        return None
    return DayOfYear(month=found.month, day=found.day, year=None)


def read_wedding(told: str, *, today: date) -> DayOfYear | None:
    """The day of a marriage, past or still to come: a year that was meant ("next May 3rd") is as
    good as one that was named. None as for `read`, or more than FURTHEST_YEARS ahead."""
    match = _TOLD.fullmatch(told)
    year = int(match.group(1)) if match is not None and match.group(1) else None
    if match is not None and year is not None and today.year <= year <= today.year + FURTHEST_YEARS:
        return _existing(year, int(match.group(2)), int(match.group(3)))
    if told.startswith("year"):
        found = place(told, today=today)
        if found is None or found.month is None or found.day is None:
            return None
        return _existing(found.year, found.month, found.day)
    return read(told, today=today)


def later(told: str, *, today: date) -> str | None:
    """The next such day or month from today, `2027-03-02` or `2027-03`; None if none was said, or
    if it is past or further off than FURTHEST_YEARS."""
    found = place(told, today=today)
    if found is None or not today.year <= found.year <= today.year + FURTHEST_YEARS:
        return None
    value = found.as_value()
    is_past = value is not None and value < f"{today:%Y-%m-%d}"[: len(value)]
    return None if is_past else value


def place(told: str, *, today: date) -> When | None:
    """Where in the calendar that is which nlu has noted; what has no year comes next after today.
    None for what is no notation or no day."""
    try:
        return _place(told, today)
    except ValueError:
        return None


def _place(told: str, today: date) -> When | None:
    if match := _TOLD.fullmatch(told):
        month, day = int(match.group(2)), int(match.group(3))
        if match.group(1):
            return _on(date(int(match.group(1)), month, day))
        return _next_day(month, day, today)
    if match := _MONTH_OF_YEAR.fullmatch(told):
        return When(year=int(match.group(1)), month=int(match.group(2)))
    if match := _MONTH.fullmatch(told):
        month = date(_LEAP_YEAR, int(match.group(1)), 1).month
        return When(year=today.year + (month < today.month), month=month)
    if match := _ON.fullmatch(told):
        ahead = (_WEEKDAYS.index(match.group(1)) - today.weekday()) % 7 or 7
        return _on(today + timedelta(days=ahead))
    if match := _LUNAR.fullmatch(told):
        day = int(match.group(4))
        leap = match.group(1) is not None
        years = (today.year - 1, today.year, today.year + 1)
        days = [lunar.solar(year, int(match.group(3)), day, leap=leap) for year in years]
        return _on(next(one for one in days if one >= today))
    if match := _RELATIVE.fullmatch(told):
        return _shifted(match.group(1), int(match.group(2)), match.group(3), today)
    return None


def _shifted(unit: str, shift: int, rest: str | None, today: date) -> When:
    if unit == "days":
        return _on(today + timedelta(days=shift))
    if unit == "week":
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=shift)
        return _on(monday + timedelta(days=_WEEKDAYS.index(rest) if rest else 0))
    if unit == "month":
        months = today.year * 12 + today.month - 1 + shift
        year, month = months // 12, months % 12 + 1
        return _on(date(year, month, int(rest))) if rest else When(year=year, month=month)
    year = today.year + shift
    if rest is None:
        return When(year=year)
    parts = [int(part) for part in rest.split("-")]
    return _on(date(year, *parts)) if len(parts) == 2 else When(year=year, month=parts[0])


def _on(day: date) -> When:
    return When(year=day.year, month=day.month, day=day.day)


def _next_day(month: int, day: int, today: date) -> When:
    """29 February in the next year that has one."""
    for year in range(today.year, today.year + 9):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= today:
            return _on(found)
    raise ValueError(f"no such day: {month}-{day}")


def impossible(text: str, *, today: date) -> str | None:
    """The first words of `text` that are written like a date but are none ("13월 45일")."""
    for match in _LOOKS_LIKE_A_DATE.finditer(text):
        year, month, day = _numbers(match)
        is_to_come = year is not None and today.year <= year <= today.year + FURTHEST_YEARS
        checked = _existing(year, month, day) if is_to_come else _checked(year, month, day, today)
        if checked is None:
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


def _lunar_day(match: re.Match[str], today: date) -> DayOfYear | None:
    year = int(match.group(2)) if match.group(2) else None
    month, day = int(match.group(3)), int(match.group(4))
    if not lunar.is_day(month, day) or (year and not EARLIEST_YEAR <= year <= today.year):
        return None
    leap = match.group(1) is not None
    return DayOfYear(month=month, day=day, year=year, is_lunar=True, is_leap=leap)


def _checked(year: int | None, month: int, day: int, today: date) -> DayOfYear | None:
    found = _existing(year, month, day)
    if found is not None and year is not None:
        is_past = date(year, month, day) <= today
        return found if year >= EARLIEST_YEAR and is_past else None
    return found


def _existing(year: int | None, month: int, day: int) -> DayOfYear | None:
    try:
        date(year or _LEAP_YEAR, month, day)
    except ValueError:
        return None
    return DayOfYear(month=month, day=day, year=year)
