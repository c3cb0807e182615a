"""Days of the year in coming years, and the moment to write about one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketing.occurrences import due_at, next_after, years

WEDDING: Mapping[str, int | None] = {"month": 7, "day": 12, "year": 2024}
BIRTHDAY: Mapping[str, int | None] = {"month": 5, "day": 3, "year": None}
LEAP_DAY: Mapping[str, int | None] = {"month": 2, "day": 29, "year": 2024}
CHUSEOK: Mapping[str, int | None] = {"month": 8, "day": 15, "year": None, "lunar": True}
LATE: Mapping[str, int | None] = {"month": 12, "day": 1, "year": 2000, "lunar": True}
NEW_YORK = "America/New_York"


@pytest.mark.parametrize(
    ("value", "after", "comes"),
    [
        (WEDDING, "2026-06-10", "2026-07-12"),
        (WEDDING, "2026-07-11", "2026-07-12"),
        (WEDDING, "2026-07-12", "2027-07-12"),
        (WEDDING, "2026-12-31", "2027-07-12"),
        (BIRTHDAY, "2026-05-02", "2026-05-03"),
        (BIRTHDAY, "2026-05-04", "2027-05-03"),
        ({"month": 12, "day": 31}, "2026-12-31", "2027-12-31"),
        ({"month": 1, "day": 1}, "2026-12-31", "2027-01-01"),
        (LEAP_DAY, "2026-02-27", "2026-02-28"),
        (LEAP_DAY, "2026-02-28", "2027-02-28"),
        (LEAP_DAY, "2027-12-01", "2028-02-29"),
        (LEAP_DAY, "2028-02-28", "2028-02-29"),
        (LEAP_DAY, "2028-02-29", "2029-02-28"),
        (LEAP_DAY, "2099-06-01", "2100-02-28"),
        # Published days of Chuseok, and lunar 12/1 twice in one solar year.
        (CHUSEOK, "2024-09-17", "2025-10-06"),
        (CHUSEOK, "2026-01-01", "2026-09-25"),
        (LATE, "2027-01-07", "2027-01-08"),
        (LATE, "2027-01-08", "2027-12-28"),
        # A wedding is first kept a year after.
        ({"month": 5, "day": 3, "year": 2027}, "2026-11-27", "2028-05-03"),
    ],
)
def test_when_it_comes_next(value: Mapping[str, int | None], after: str, comes: str) -> None:
    assert next_after(value, date.fromisoformat(after)) == date.fromisoformat(comes)


@settings(max_examples=100, derandomize=True)
@given(born=st.dates(date(1900, 1, 1), date(2026, 12, 31)))
def test_it_comes_once_in_every_year(born: date) -> None:
    value: Mapping[str, int | None] = {"month": born.month, "day": born.day, "year": born.year}
    day, seen = date(2026, 12, 31), []
    for _ in range(4):
        day = next_after(value, day)
        seen.append(day.year)
    assert seen == [2027, 2028, 2029, 2030]


@pytest.mark.parametrize(
    ("value", "on", "full"),
    [
        (WEDDING, "2027-07-12", 3),
        (WEDDING, "2025-07-12", 1),
        (WEDDING, "2024-07-12", None),
        (BIRTHDAY, "2027-05-03", None),
        ({"month": 5, "day": 3}, "2027-05-03", None),
        (LEAP_DAY, "2027-02-28", 3),
        ({"month": 1, "day": 1, "year": 1999}, "2029-01-01", 30),
    ],
)
def test_full_years_are_told_only_if_the_year_was(
    value: Mapping[str, int | None], on: str, full: int | None
) -> None:
    assert years(value, date.fromisoformat(on)) == full


def test_the_wedding_day_is_written_about_on_the_wednesday_before() -> None:
    """STORIES 1: five days before Monday 12 July 2027, at ten."""
    day = next_after(WEDDING, date(2027, 3, 1))
    due = due_at(day, lead_days=5, at=time(10), zone="Asia/Seoul")
    assert due == datetime(2027, 7, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("occurrence", "lead_days", "at", "zone", "due"),
    [
        ("2027-01-02", 5, "10:00", "Asia/Seoul", "2026-12-28T01:00"),
        ("2027-05-03", 0, "10:00", "America/Los_Angeles", "2027-05-03T17:00"),
        ("2027-01-03", 0, "10:00", "America/Los_Angeles", "2027-01-03T18:00"),
        # Clocks in New York go from 2 to 3 on 2027-03-14 at 7 UTC and from 2 to 1 on 2027-11-07.
        ("2027-03-14", 0, "01:59", NEW_YORK, "2027-03-14T06:59"),
        ("2027-03-14", 0, "02:00", NEW_YORK, "2027-03-14T07:00"),
        ("2027-03-14", 0, "02:30", NEW_YORK, "2027-03-14T07:00"),
        ("2027-03-15", 1, "02:59:30", NEW_YORK, "2027-03-14T07:00"),
        ("2027-03-14", 0, "03:00", NEW_YORK, "2027-03-14T07:00"),
        ("2027-03-14", 0, "03:01", NEW_YORK, "2027-03-14T07:01"),
        ("2027-11-07", 0, "01:30", NEW_YORK, "2027-11-07T05:30"),
        ("2027-11-07", 0, "02:00", NEW_YORK, "2027-11-07T07:00"),
        # Samoa left out the whole of 2011-12-30, which ended there at 10 UTC.
        ("2011-12-30", 0, "10:00", "Pacific/Apia", "2011-12-30T10:00"),
    ],
)
def test_when_it_is_due(occurrence: str, lead_days: int, at: str, zone: str, due: str) -> None:
    found = due_at(
        date.fromisoformat(occurrence), lead_days=lead_days, at=time.fromisoformat(at), zone=zone
    )
    assert found == datetime.fromisoformat(due).replace(tzinfo=UTC)


ZONES = (
    *(NEW_YORK, "America/Chicago", "America/Denver", "America/Los_Angeles", "Asia/Seoul"),
    *("Europe/London", "Australia/Lord_Howe", "Africa/Cairo"),
)


def _first_shown(day: date, at: time, zone: str) -> datetime:
    """By looking at the clock minute after minute from the evening before."""
    moment = datetime.combine(day, time(0), UTC) - timedelta(hours=16)
    wanted = datetime.combine(day, at)
    while moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) < wanted:
        moment += timedelta(minutes=30)
    return moment


@pytest.mark.parametrize("zone", ZONES)
def test_no_day_is_lost_and_none_comes_twice(zone: str) -> None:
    """RULES F7 in small: each day around the changes of the clocks of 2027, at each half-hour."""
    days = [
        date(2027, month, first) + timedelta(days=more)
        for month, first in ((3, 13), (3, 27), (4, 3), (4, 29), (10, 2), (10, 30), (11, 6))
        for more in range(3)
    ]
    for day in days:
        for half_hours in range(0, 48, 3):
            at = time(half_hours // 2, half_hours % 2 * 30)
            due = due_at(day, lead_days=0, at=at, zone=zone)
            assert due == _first_shown(day, at, zone), (day, at)


@pytest.mark.parametrize(("on", "number"), [("2027-01-08", 26), ("2027-12-28", 27)])
def test_years_of_a_lunar_day_are_lunar_years(on: str, number: int) -> None:
    assert years(LATE, date.fromisoformat(on)) == number
