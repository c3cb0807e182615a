"""Days of the year as customers tell them, against the calendar."""

from __future__ import annotations

from datetime import date

import pytest

from marketing.dates import DayOfYear, impossible, later, read, read_wedding

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


FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("told", "when"),
    [
        ("days+1", "2026-11-28"),
        ("days+2", "2026-11-29"),
        ("week+1/fri", "2026-12-04"),
        ("week+0/sat", "2026-11-28"),
        ("on/fri", "2026-12-04"),
        ("on/mon", "2026-11-30"),
        ("month/04", "2027-04"),
        ("month/11", "2026-11"),
        ("month+1", "2026-12"),
        ("month+2/03", "2027-01-03"),
        ("year+1/05", "2027-05"),
        ("year+1/05-03", "2027-05-03"),
        ("03-02", "2027-03-02"),
        ("2027-03", "2027-03"),
        ("lunar:01-01", "2027-02-07"),
        ("year+1", None),
        ("days-1", None),
        ("2026-11-26", None),
        ("2036-01-01", None),
        ("month/13", None),
        ("month+1/31", "2026-12-31"),
        ("month+3/30", None),
    ],
)
def test_the_next_such_day(told: str, when: str | None) -> None:
    assert later(told, today=FRIDAY) == when


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("days+1", {"month": 11, "day": 28, "year": None}),
        ("year-1/05-03", {"month": 5, "day": 3, "year": None}),
        ("lunar:08-03", {"month": 8, "day": 3, "year": None, "lunar": True}),
        ("lunar:1960-08-03", {"month": 8, "day": 3, "year": 1960, "lunar": True}),
        ("lunar-leap:06-05", {"month": 6, "day": 5, "year": None, "lunar": True, "leap": True}),
        ("month/04", None),
        ("lunar:08-31", None),
    ],
)
def test_a_day_of_every_year(told: str, day: dict[str, object] | None) -> None:
    found = read(told, today=FRIDAY)
    assert (found and found.as_value()) == day


@pytest.mark.parametrize(
    ("told", "year"),
    [("year+1/05-03", 2027), ("2027-06-05", 2027), ("year-1/05-03", 2025), ("05-03", None)],
)
def test_a_wedding_may_be_still_to_come(told: str, year: int | None) -> None:
    found = read_wedding(told, today=FRIDAY)
    assert found is not None
    assert found.year == year


def test_no_wedding_is_ten_years_off() -> None:
    assert read_wedding("2036-06-05", today=FRIDAY) is None
