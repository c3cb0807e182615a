"""Which day is meant by "in March" and "next Friday". 2026-11-21 is a Saturday."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from marketing import reminders

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("told", "country", "day"),
    [
        ("month/03", "KR", "2027-03-02"),  # the 1st is a holiday there
        ("month/03", "US", "2027-03-01"),
        ("2027-03", "KR", "2027-03-02"),
        ("month/11", "KR", "2026-11-23"),  # what is left of it
        ("month/01", "US", "2027-01-04"),  # a Friday that is free, then a weekend
        ("month+1", "KR", "2026-12-01"),
        ("year+1", "KR", "2027-01-04"),
        ("week+1", "US", "2026-11-23"),
        ("week+1/fri", "US", "2026-11-27"),
        ("on/sat", "US", "2026-11-28"),  # named, so that very day
        ("days+1", "KR", "2026-11-22"),
        ("days+7", "KR", "2026-11-30"),
        ("days+3", "KR", "2026-11-24"),
        ("03-01", "KR", "2027-03-01"),  # named, too
        ("2027-05-03", "US", "2027-05-03"),
        ("lunar:01-01", "KR", "2027-02-07"),
    ],
)
def test_the_day_that_is_meant(told: str, country: str, day: str) -> None:
    assert reminders.day(told, today=TODAY, country=country) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "told", ["days+0", "days-1", "month-1", "week-1", "year-1", "2026-05", "2031-03", "afternoon"]
)
def test_no_day_is_meant(told: str) -> None:
    assert reminders.day(told, today=TODAY, country="KR") is None


def test_it_is_told_at_ten_in_the_morning_there() -> None:
    day = date(2027, 3, 2)
    assert reminders.due_at(day, "Asia/Seoul") == datetime(2027, 3, 2, 1, tzinfo=UTC)
    assert reminders.due_at(day, "America/Los_Angeles") == datetime(2027, 3, 2, 18, tzinfo=UTC)
