"""Every two years, before the same date (시행령 §62의3, RULES KR-6); dates counted by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.reconfirmation import coming, last_due

SEOUL = ZoneInfo("Asia/Seoul")


def _seoul(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("agreed", "now", "on"),
    [
        ("2026-11-27T12:00", "2026-11-28T12:00", date(2028, 11, 27)),
        ("2026-11-27T12:00", "2028-11-26T23:59", date(2028, 11, 27)),
        ("2026-11-27T12:00", "2028-11-27T00:00", date(2030, 11, 27)),
        ("2024-02-29T12:00", "2025-01-01T00:00", date(2026, 2, 28)),
        ("2024-02-29T12:00", "2026-02-28T00:00", date(2028, 2, 29)),
        ("2026-11-27T00:30", "2027-01-01T00:00", date(2028, 11, 27)),  # the 26th in London
    ],
)
def test_the_next_date_is_two_years_on(agreed: str, now: str, on: date) -> None:
    assert coming(_seoul(agreed), _seoul(now)).on == on


def test_the_notice_goes_between_thirty_days_and_one_day_before() -> None:
    found = coming(_seoul("2026-11-27T12:00"), _seoul("2028-01-01T00:00"))
    assert found.notice_at == _seoul("2028-10-28T10:00")
    assert found.latest == _seoul("2028-11-26T20:50")


@pytest.mark.parametrize(
    ("agreed", "now", "due"),
    [
        ("2026-11-27T12:00", "2028-11-26T23:59", None),
        ("2026-11-27T12:00", "2028-11-27T00:00", date(2028, 11, 27)),
        ("2026-11-27T12:00", "2030-11-26T00:00", date(2028, 11, 27)),
        ("2026-11-27T12:00", "2031-01-01T00:00", date(2030, 11, 27)),
        ("2024-02-29T12:00", "2026-02-27T23:59", None),
        ("2024-02-29T12:00", "2026-02-28T00:00", date(2026, 2, 28)),
        ("2024-02-29T12:00", "2028-02-28T23:59", date(2026, 2, 28)),
        ("2024-02-29T12:00", "2028-02-29T00:00", date(2028, 2, 29)),
    ],
)
def test_what_should_have_been_confirmed_by_now(agreed: str, now: str, due: date | None) -> None:
    assert last_due(_seoul(agreed), _seoul(now)) == due


@given(
    agreed=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(SEOUL)),  # noqa: DTZ001
    later=st.integers(min_value=0, max_value=6000),
)
def test_no_two_years_go_by_without_a_date(agreed: datetime, later: int) -> None:
    now = agreed + timedelta(days=later)
    found = coming(agreed, now)
    assert found.on > now.date()
    assert found.notice_at < found.latest < datetime.combine(found.on, datetime.min.time(), SEOUL)
    last = last_due(agreed, now) or agreed.date()
    assert 729 <= (found.on - last).days <= 731
    assert last <= now.date()
