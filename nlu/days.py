"""Days of the year, with or without a year, as customers write birthdays and anniversaries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from nlu.entity import Entity

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?:,?\s*((?:19|20)\d\d))?"
_KOREAN = re.compile(r"(?:((?:19|20)\d\d|\d\d)\s*년\s*)?(\d{1,2})\s*월\s*(\d{1,2})\s*일")
_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{1,2})(?!\d)")
# "9 1/2" is a size.
_SLASH = re.compile(r"(?<![\d/.])(?<!\d )(\d{1,2})/(\d{1,2})(?:/((?:19|20)\d\d))?(?![\d/])")
_MONTH_FIRST = re.compile(
    rf"\b{_MONTH}\s+(?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th)?\b{_YEAR}", re.IGNORECASE
)
_DAY_FIRST = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b{_YEAR}", re.IGNORECASE
)
_DIGIT = re.compile(r"\d")
_LEAP_YEAR = 2000


def find_days(text: str) -> Iterator[Entity]:
    """Entities `date`: value "2024-07-12", or "07-12" where no year is said."""
    if not _DIGIT.search(text):
        return
    for match in (*_KOREAN.finditer(text), *_ISO.finditer(text)):
        yield from _day(match, match.group(1), int(match.group(2)), match.group(3))
    for match in _SLASH.finditer(text):
        yield from _day(match, match.group(3), int(match.group(1)), match.group(2))
    for match in _MONTH_FIRST.finditer(text):
        yield from _day(match, match.group(3), _month(match.group(1)), match.group(2))
    for match in _DAY_FIRST.finditer(text):
        yield from _day(match, match.group(3), _month(match.group(2)), match.group(1))


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _day(match: re.Match[str], year: str | None, month: int, day: str) -> Iterator[Entity]:
    """Nothing for a day that does not exist."""
    if year is not None and len(year) == 2:
        year = ("19" if int(year) >= 50 else "20") + year
    try:
        found = date(int(year or _LEAP_YEAR), month, int(day))
    except ValueError:
        return
    value = found.isoformat() if year else f"{found:%m-%d}"
    yield Entity("date", value, match.start(), match.end())
