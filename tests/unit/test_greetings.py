"""When a birthday or an anniversary is written about: by hand, from a calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketing.greetings import NOTICE, next_greeting, zone_of
from marketing.occurrences import Day

SEOUL, NEW_YORK = "Asia/Seoul", "America/New_York"
WEDDING: Day = {"month": 7, "day": 12, "year": 2024}
LEAP_DAY: Day = {"month": 2, "day": 29, "year": 2020}


def at(moment: str, zone: str = SEOUL) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("now", "day", "due"),
    [
        ("2026-06-10 12:00", "2026-07-12", "2026-07-07 10:00"),
        ("2026-07-07 08:59", "2026-07-12", "2026-07-07 10:00"),
        ("2026-07-07 09:00", "2026-07-12", "2026-07-07 10:00"),
        ("2026-07-07 09:01", "2026-07-12", "2026-07-08 10:00"),
        ("2026-07-10 23:30", "2026-07-12", "2026-07-11 10:00"),
        ("2026-07-11 15:00", "2026-07-12", "2026-07-12 10:00"),
        ("2026-07-12 07:00", "2026-07-12", "2026-07-12 10:00"),
        ("2026-07-12 09:30", "2027-07-12", "2027-07-07 10:00"),
        ("2026-07-12 21:00", "2027-07-12", "2027-07-07 10:00"),
        ("2026-07-13 00:30", "2027-07-12", "2027-07-07 10:00"),
    ],
)
def test_it_comes_five_days_ahead_or_as_soon_as_there_is_a_morning(
    now: str, day: str, due: str
) -> None:
    greeting = next_greeting(WEDDING, zone=SEOUL, now=at(now))
    assert greeting.day == date.fromisoformat(day)
    assert greeting.due_at == at(due)
    assert greeting.latest == at(f"{day} 20:00")


@pytest.mark.parametrize(
    ("value", "after", "day"),
    [
        (WEDDING, "2026-07-12", "2027-07-12"),
        (LEAP_DAY, "2026-02-28", "2027-02-28"),
        (LEAP_DAY, "2027-02-28", "2028-02-29"),
        (LEAP_DAY, "2028-02-29", "2029-02-28"),
    ],
)
def test_the_one_after_comes_a_year_on(value: Day, after: str, day: str) -> None:
    over = date.fromisoformat(after)
    now = datetime(over.year, over.month, over.day, 1, tzinfo=UTC) - timedelta(days=5)
    greeting = next_greeting(value, zone=SEOUL, now=now, after=over)
    assert greeting.day == date.fromisoformat(day)
    assert greeting.due_at == at(f"{greeting.day - timedelta(days=5)} 10:00")


def test_years_that_went_by_unnoticed_are_passed_over() -> None:
    greeting = next_greeting(
        WEDDING, zone=SEOUL, now=at("2029-09-01 12:00"), after=date(2026, 7, 12)
    )
    assert greeting.day == date(2030, 7, 12)


def test_the_morning_is_that_of_the_customers_own_clock() -> None:
    # Clocks go forward on 2027-03-14: 10:00 is 15:00 UTC before it and 14:00 after.
    before = next_greeting({"month": 3, "day": 18}, zone=NEW_YORK, now=at("2027-01-01 00:00"))
    after = next_greeting({"month": 3, "day": 20}, zone=NEW_YORK, now=at("2027-01-01 00:00"))
    assert before.due_at == datetime(2027, 3, 13, 15, tzinfo=UTC)
    assert after.due_at == datetime(2027, 3, 15, 14, tzinfo=UTC)


@settings(max_examples=300, derandomize=True)
@given(
    day=st.dates(date(2020, 1, 1), date(2020, 12, 31)),
    hours=st.integers(0, 6 * 365 * 24),
    zone=st.sampled_from([SEOUL, NEW_YORK, "America/Los_Angeles", "Pacific/Apia"]),
)
def test_whenever_it_is_told_it_comes_in_time(day: date, hours: int, zone: str) -> None:
    now = datetime(2026, 1, 1, 0, 30, tzinfo=UTC) + timedelta(hours=hours)
    greeting = next_greeting({"month": day.month, "day": day.day}, zone=zone, now=now)
    local = greeting.due_at.astimezone(ZoneInfo(zone))
    assert local.hour == 10
    assert greeting.due_at >= now + NOTICE
    assert timedelta(0) <= greeting.day - local.date() <= timedelta(days=5)
    assert greeting.day - now.astimezone(ZoneInfo(zone)).date() <= timedelta(days=367)


@pytest.mark.parametrize(
    ("time_zone", "numbers", "zone"),
    [
        ("Asia/Tokyo", ["+821000000007"], "Asia/Tokyo"),
        (None, ["+821000000007"], SEOUL),
        (None, ["+12125550142"], NEW_YORK),
        ("UTC", ["+12125550142"], NEW_YORK),
        ("Nowhere/Land", [], "America/Los_Angeles"),
        (None, [], "America/Los_Angeles"),
    ],
)
def test_whose_clock_it_is(time_zone: str | None, numbers: list[str], zone: str) -> None:
    assert zone_of(time_zone, numbers, otherwise="America/Los_Angeles") == zone
