"""Days of the year as customers tell them, against the calendar."""

from __future__ import annotations

from datetime import date

import pytest

from marketing.dates import DayOfYear, impossible, read

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("05-03", DayOfYear(month=5, day=3, year=None)),
        ("2024-07-12", DayOfYear(month=7, day=12, year=2024)),
        ("02-29", DayOfYear(month=2, day=29, year=None)),
        ("2026-11-22", DayOfYear(month=11, day=22, year=2026)),
    ],
)
def test_a_day_that_is_one(told: str, day: DayOfYear) -> None:
    assert read(told, today=TODAY) == day


@pytest.mark.parametrize(
    "told", ["13-01", "02-30", "2025-02-29", "2026-11-23", "1899-01-01", "", "5-3", "May 3"]
)
def test_a_day_that_is_none(told: str) -> None:
    assert read(told, today=TODAY) is None


def test_the_value_of_a_fact() -> None:
    day = DayOfYear(month=5, day=3, year=None)
    assert day.as_value() == {"month": 5, "day": 3, "year": None}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("제 생일은 13월 45일이에요", "13월 45일"),
        ("생일은 2월 30일", "2월 30일"),
        ("결혼기념일은 2030년 5월 3일", "2030년 5월 3일"),
        ("my birthday is February 30th", "February 30th"),
        ("bday 13/45", "13/45"),
    ],
)
def test_words_like_a_date_that_are_none(text: str, words: str) -> None:
    assert impossible(text, today=TODAY) == words


@pytest.mark.parametrize(
    "text",
    [
        "결혼기념일은 5월 3일이에요",
        "2024년 7월 12일에 결혼했어요",
        "1990년 2월 28일",
        "my birthday is may 3",
        "I wear a 9 1/2",
        "12/25",
        "may I see 270",
        "",
    ],
)
def test_nothing_is_found_wrong_with_real_days_and_other_words(text: str) -> None:
    assert impossible(text, today=TODAY) is None
