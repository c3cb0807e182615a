"""Working days against the published calendars of both countries."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from marketing import working_days

# Korea: the public holidays of 2026 to 2028 as published, without days of elections.
KOREAN = """
2026-01-01 2026-02-16 2026-02-17 2026-02-18 2026-03-01 2026-03-02 2026-05-01 2026-05-05 2026-05-24
2026-05-25 2026-06-06 2026-07-17 2026-08-15 2026-08-17 2026-09-24 2026-09-25 2026-09-26 2026-10-03
2026-10-05 2026-10-09 2026-12-25
2027-01-01 2027-02-06 2027-02-07 2027-02-08 2027-02-09 2027-03-01 2027-05-01 2027-05-03 2027-05-05
2027-05-13 2027-06-06 2027-07-17 2027-07-19 2027-08-15 2027-08-16 2027-09-14 2027-09-15 2027-09-16
2027-10-03 2027-10-04 2027-10-09 2027-10-11 2027-12-25 2027-12-27
2028-01-01 2028-01-26 2028-01-27 2028-01-28 2028-03-01 2028-05-01 2028-05-02 2028-05-05 2028-06-06
2028-07-17 2028-08-15 2028-10-02 2028-10-03 2028-10-04 2028-10-05 2028-10-09 2028-12-25
"""
# United States: federal holidays as the Office of Personnel Management lists them, where observed.
AMERICAN = """
2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-09-07 2026-10-12 2026-11-11
2026-11-26 2026-12-25
2027-01-01 2027-01-18 2027-02-15 2027-05-31 2027-06-18 2027-07-05 2027-09-06 2027-10-11 2027-11-11
2027-11-25 2027-12-24 2027-12-31
"""


@pytest.mark.parametrize(
    ("country", "published", "years"),
    [("KR", KOREAN, (2026, 2027, 2028)), ("US", AMERICAN, (2026, 2027))],
)
def test_the_calendar_is_the_published_one(
    country: str, published: str, years: tuple[int, ...]
) -> None:
    holidays = {date.fromisoformat(one) for one in published.split()}
    day = date(years[0], 1, 1)
    while day.year <= years[-1]:
        is_free = day in holidays or day.weekday() >= 5
        assert working_days.is_one(day, country) is not is_free, day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "country", "found"),
    [
        ("2027-03-01", "KR", "2027-03-02"),
        ("2027-03-01", "US", "2027-03-01"),
        ("2027-02-06", "KR", "2027-02-10"),
        ("2026-11-26", "US", "2026-11-27"),
        ("2026-11-28", "FR", "2026-11-30"),
        ("2026-12-25", "FR", "2026-12-25"),
    ],
)
def test_the_first_working_day(day: str, country: str, found: str) -> None:
    asked, wanted = date.fromisoformat(day), date.fromisoformat(found)
    assert working_days.first(asked, country) == wanted
