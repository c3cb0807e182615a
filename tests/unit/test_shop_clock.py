"""When it is to be by the shop's clock, and where the demo's clock starts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from command import clock
from marketing.errors import BadInput

NOW = datetime(2026, 11, 25, 23, 10, 41, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        ("+3d", "2026-11-28T23:10:41+00:00"),
        ("+2h", "2026-11-26T01:10:41+00:00"),
        ("+30m", "2026-11-25T23:40:41+00:00"),
        ("+0m", "2026-11-25T23:10:41+00:00"),
        (" +1d ", "2026-11-26T23:10:41+00:00"),
        ("2027-07-07T10:00+09:00", "2027-07-07T01:00:00+00:00"),
        ("2027-07-07T10:00:00Z", "2027-07-07T10:00:00+00:00"),
        ("2027-07-07T10:00", "2027-07-07T10:00:00+00:00"),
        ("2027-07-07 10:00", "2027-07-07T10:00:00+00:00"),
        ("2027-07-07", "2027-07-07T00:00:00+00:00"),
        ("2026-11-25T20:00:00-05:00", "2026-11-26T01:00:00+00:00"),
    ],
)
def test_a_time_is_understood(given: str, then: str) -> None:
    assert clock.target_of(given, NOW).isoformat() == then


@pytest.mark.parametrize("given", ["-3d", "-1m", "2026-11-25T23:10:40", "2026-11-26T08:00+09:00"])
def test_time_only_goes_forward(given: str) -> None:
    with pytest.raises(BadInput, match=r"only goes forward.*2026-11-25 23:10:41 UTC"):
        clock.target_of(given, NOW)


@pytest.mark.parametrize(
    "given", ["", "soon", "3d", "+3", "+3w", "+1.5d", "+٣d", "+ 3d", "10:00", "2027-02-30"]
)
def test_what_is_no_time_is_refused_with_an_example(given: str) -> None:
    with pytest.raises(BadInput, match=r"is not a time: .*2027-07-07T10:00"):
        clock.target_of(given, NOW)


@pytest.mark.parametrize("given", ["+999999d", "2100-01-02", "9999-12-31T23:59-12:00"])
def test_a_time_that_dates_could_not_hold_for_long_is_refused(given: str) -> None:
    with pytest.raises(BadInput, match="too far"):
        clock.target_of(given, NOW)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-25T09:00:00", "2026-11-25T23:10:00"),
        ("2026-11-25T23:09:59.999", "2026-11-25T23:10:00"),
        ("2026-11-25T23:10:00", "2026-11-25T23:10:00"),
        ("2026-11-25T23:10:00.001", "2026-11-26T23:10:00"),
        ("2026-12-31T23:59:59", "2027-01-01T23:10:00"),
    ],
)
def test_the_demo_starts_at_the_next_morning_in_seoul(now: str, then: str) -> None:
    start = clock.next_start(datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert start == datetime.fromisoformat(then).replace(tzinfo=UTC)


def test_the_time_is_told_where_the_customers_are() -> None:
    summer = datetime(2027, 7, 1, 23, 10, 41, tzinfo=UTC)
    assert clock.lines(summer, "en") == [
        "2027-07-01 23:10:41  UTC",
        "2027-07-02 08:10:41  Seoul",
        "2027-07-01 19:10:41  New York",
        "2027-07-01 16:10:41  Los Angeles",
    ]
    assert clock.summary(NOW, "en") == (
        "Shop clock: 2026-11-25 23:10:41 UTC"
        " · 11-26 08:10 Seoul · 11-25 18:10 New York · 11-25 15:10 Los Angeles"
    )
    assert clock.summary(NOW, "ko").startswith(
        "가게 시계: 2026-11-25 23:10:41 UTC · 11-26 08:10 서울"
    )
