"""Whether the shop is open, in the shop's own zone. 2026-11-23 is a Monday."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from marketing.opening_hours import Closed, Open, runs_of_days, status

SEOUL = ZoneInfo("Asia/Seoul")
LATE, EARLY = {"opens": "10:00", "closes": "20:00"}, {"opens": "11:00", "closes": "18:30"}
WEEK = {"monday": LATE, "tuesday": LATE, "thursday": LATE, "saturday": EARLY}


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SEOUL)


@pytest.mark.parametrize("now", [_at(23, 10), _at(23, 15), _at(23, 19, 59)])
def test_open_from_the_first_minute_to_the_last(now: datetime) -> None:
    assert status(WEEK, now) == Open(closes_at=_at(23, 20))


@pytest.mark.parametrize(
    ("now", "opens_at"),
    [
        (_at(23, 9, 59), _at(23, 10)),
        (_at(23, 20), _at(24, 10)),
        (_at(24, 21), _at(26, 10)),
        (_at(28, 18, 30), _at(30, 10)),
        (_at(29, 12), _at(30, 10)),
    ],
)
def test_closed_until_the_next_opening(now: datetime, opens_at: datetime) -> None:
    assert status(WEEK, now) == Closed(opens_at=opens_at)


def test_open_on_one_day_a_week_only() -> None:
    assert status({"monday": LATE}, _at(23, 20)) == Closed(opens_at=_at(30, 10))


def test_a_shop_that_never_opens() -> None:
    assert status({}, _at(23, 12)) == Closed(opens_at=None)


def test_hours_keep_to_the_wall_clock_when_the_clocks_change() -> None:
    portland = ZoneInfo("America/Los_Angeles")
    saturday_night = datetime(2026, 10, 31, 22, tzinfo=portland)
    assert status({"sunday": EARLY}, saturday_night) == Closed(
        opens_at=datetime(2026, 11, 1, 11, tzinfo=portland)
    )


def test_neighbouring_days_with_equal_hours_stand_together() -> None:
    assert runs_of_days(WEEK) == [
        ("monday", "tuesday", LATE),
        ("wednesday", "wednesday", None),
        ("thursday", "thursday", LATE),
        ("friday", "friday", None),
        ("saturday", "saturday", EARLY),
        ("sunday", "sunday", None),
    ]
