"""Lunar days against the public holidays that Korea has published for them."""

from __future__ import annotations

from datetime import date

import pytest

from marketing import lunar

SEOLLAL, CHUSEOK, BUDDHAS_BIRTHDAY = (1, 1), (8, 15), (4, 8)


@pytest.mark.parametrize(
    ("year", "day", "solar"),
    [
        (2024, SEOLLAL, "2024-02-10"),
        (2025, SEOLLAL, "2025-01-29"),
        (2026, SEOLLAL, "2026-02-17"),
        # A day after the Chinese New Year: the new moon falls after midnight in Korea.
        (2027, SEOLLAL, "2027-02-07"),
        (2024, CHUSEOK, "2024-09-17"),
        (2025, CHUSEOK, "2025-10-06"),
        (2026, CHUSEOK, "2026-09-25"),
        (2024, BUDDHAS_BIRTHDAY, "2024-05-15"),
        (2025, BUDDHAS_BIRTHDAY, "2025-05-05"),
        (2026, BUDDHAS_BIRTHDAY, "2026-05-24"),
    ],
)
def test_holidays(year: int, day: tuple[int, int], solar: str) -> None:
    assert lunar.solar(year, *day) == date.fromisoformat(solar)


def test_a_leap_month_comes_only_in_some_years() -> None:
    """2025 had a leap sixth month from 25 July to 22 August."""
    assert lunar.solar(2025, 6, 1, leap=True) == date(2025, 7, 25)
    assert lunar.solar(2026, 6, 1, leap=True) == lunar.solar(2026, 6, 1)


def test_every_lunar_day_has_its_solar_day_in_every_year() -> None:
    for year in range(2024, lunar.LAST_YEAR + 1):
        days = [lunar.solar(year, month, day) for month in range(1, 13) for day in (1, 29, 30)]
        assert days == sorted(days)


@pytest.mark.parametrize(("month", "day"), [(13, 1), (0, 1), (8, 31), (8, 0)])
def test_what_is_no_lunar_day(month: int, day: int) -> None:
    assert not lunar.is_day(month, day)
    with pytest.raises(ValueError, match="no lunar day"):
        lunar.solar(2026, month, day)
