"""When a person answers, and until when it is promised. 2026-11-23 is a Monday; the holidays are
those of the published calendars."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from marketing import answer_times
from marketing.answer_times import Promise
from marketing.opening_hours import Closed, Open, Week

SEOUL, PORTLAND = ZoneInfo("Asia/Seoul"), ZoneInfo("America/Los_Angeles")
DAY = {"opens": "10:00", "closes": "18:00"}
WEEK = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), DAY)
HOUR = timedelta(hours=1)


def _seoul(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=SEOUL)


def _portland(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=PORTLAND)


@pytest.mark.parametrize(
    ("asked", "within", "promised"),
    [
        ("2026-11-23T14:00", HOUR, "2026-11-23T15:00"),
        ("2026-11-23T17:00", HOUR, "2026-11-23T18:00"),
        ("2026-11-23T17:30", HOUR, "2026-11-24T10:30"),
        ("2026-11-23T09:00", HOUR, "2026-11-23T11:00"),
        ("2026-11-23T18:00", HOUR, "2026-11-24T11:00"),
        ("2026-11-27T17:59", HOUR, "2026-11-30T10:59"),
        ("2026-12-05T22:30", HOUR, "2026-12-07T11:00"),
        ("2026-11-23T10:00", timedelta(hours=20), "2026-11-25T14:00"),
        # Christmas is a Friday, and 1 January 2027 the next one
        ("2026-12-24T17:30", HOUR, "2026-12-28T10:30"),
        ("2026-12-31T18:00", HOUR, "2027-01-04T11:00"),
        # 설날 2027 is a Sunday: Monday is its third day, Tuesday makes up for it
        ("2027-02-05T20:00", HOUR, "2027-02-10T11:00"),
    ],
)
def test_an_answer_is_promised_by_the_hours_in_which_somebody_is_there(
    asked: str, within: timedelta, promised: str
) -> None:
    assert answer_times.answered_by(WEEK, "KR", _seoul(asked), within) == _seoul(promised)


def test_thanksgiving_is_no_day_for_answers_in_the_united_states() -> None:
    asked = _portland("2026-11-25T17:30")
    assert answer_times.answered_by(WEEK, "US", asked, HOUR) == _portland("2026-11-26T10:30") + (
        timedelta(days=1)
    )
    assert answer_times.answered_by(WEEK, "KR", asked, HOUR) == _portland("2026-11-26T10:30")


def test_hours_are_the_wall_clocks_when_the_clocks_change() -> None:
    asked = _portland("2026-10-30T17:30")
    assert answer_times.answered_by(WEEK, "US", asked, HOUR) == _portland("2026-11-02T10:30")


def test_hours_at_night_of_the_change_are_counted_as_they_pass() -> None:
    nights = {"sunday": {"opens": "00:00", "closes": "06:00"}}
    asked = _portland("2026-11-01T00:00")
    promised = answer_times.answered_by(nights, "US", asked, timedelta(hours=4))
    assert promised == _portland("2026-11-01T03:00")


@pytest.mark.parametrize(
    ("now", "status"),
    [
        ("2026-11-23T10:00", Open(closes_at=_seoul("2026-11-23T18:00"))),
        ("2026-11-23T09:59", Closed(opens_at=_seoul("2026-11-23T10:00"))),
        ("2026-12-05T22:30", Closed(opens_at=_seoul("2026-12-07T10:00"))),
        ("2026-12-25T12:00", Closed(opens_at=_seoul("2026-12-28T10:00"))),
    ],
)
def test_nobody_is_there_on_a_holiday(now: str, status: Open | Closed) -> None:
    assert answer_times.status(WEEK, "KR", _seoul(now)) == status


def test_where_nobody_ever_answers_nothing_is_promised() -> None:
    asked = _seoul("2026-11-23T14:00")
    assert answer_times.answered_by({}, "KR", asked, HOUR) is None
    assert answer_times.status({}, "KR", asked) == Closed(opens_at=None)


def test_the_shops_people_are_told_at_once_and_again_before_the_promise_breaks() -> None:
    asked = _seoul("2026-11-23T14:00")
    assert answer_times.promise(WEEK, "KR", asked, HOUR) == Promise(
        alarm_at=asked,
        again_at=_seoul("2026-11-23T14:40"),
        answered_by=_seoul("2026-11-23T15:00"),
    )


def test_at_night_they_are_told_when_the_first_of_them_is_there() -> None:
    assert answer_times.promise(WEEK, "KR", _seoul("2026-12-05T22:30"), HOUR) == Promise(
        alarm_at=_seoul("2026-12-07T10:00"),
        again_at=_seoul("2026-12-07T10:40"),
        answered_by=_seoul("2026-12-07T11:00"),
    )


@pytest.mark.parametrize(("week", "within"), [(WEEK, None), ({}, HOUR)])
def test_they_are_told_where_nothing_is_promised(week: Week, within: timedelta | None) -> None:
    asked = _seoul("2026-11-23T14:00")
    told_once = Promise(alarm_at=asked, again_at=None, answered_by=None)
    assert answer_times.promise(week, "KR", asked, within) == told_once
