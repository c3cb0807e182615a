"""Money, times, days and numbers as Koreans and Americans write them."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from marketing import formats


@pytest.mark.parametrize(
    ("amount", "currency", "language", "written"),
    [
        ("139000", "KRW", "ko", "139,000원"),
        ("139000", "KRW", "en", "₩139,000"),
        ("119.00", "USD", "en", "$119"),
        ("6.50", "USD", "en", "$6.50"),
        ("1234.5", "USD", "en", "$1,234.50"),
        ("119", "USD", "ko", "119달러"),
        ("0", "KRW", "ko", "0원"),
        ("12.5", "EUR", "en", "12.50 EUR"),
    ],
)
def test_money(amount: str, currency: str, language: str, written: str) -> None:
    assert formats.money(Decimal(amount), currency, language) == written


@pytest.mark.parametrize(
    ("at", "korean", "english"),
    [
        (time(10), "오전 10시", "10 a.m."),
        (time(20), "오후 8시", "8 p.m."),
        (time(10, 30), "오전 10시 30분", "10:30 a.m."),
        (time(0), "오전 12시", "12 a.m."),
        (time(12, 5), "오후 12시 5분", "12:05 p.m."),
    ],
)
def test_clock_times(at: time, korean: str, english: str) -> None:
    assert formats.clock_time(at, "ko") == korean
    assert formats.clock_time(at, "en") == english


@pytest.mark.parametrize(
    ("day", "korean", "english"),
    [
        (23, "오늘 오전 10시", "today 10 a.m."),
        (24, "내일 오전 10시", "tomorrow 10 a.m."),
        (27, "금요일 오전 10시", "Friday 10 a.m."),
    ],
)
def test_moments_of_the_coming_week(day: int, korean: str, english: str) -> None:
    seoul = ZoneInfo("Asia/Seoul")
    now = datetime(2026, 11, 23, 9, tzinfo=seoul)
    at = datetime(2026, 11, day, 10, tzinfo=seoul)
    assert formats.moment(at, now, "ko") == korean
    assert formats.moment(at, now, "en") == english


def test_a_week_is_a_short_table() -> None:
    hours = {"opens": "10:00", "closes": "20:00"}
    week = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), hours)
    assert formats.week(week, "ko") == "월~금 10:00~20:00\n토~일 휴무"
    assert formats.week(week, "en") == "Monday–Friday 10 a.m.–8 p.m.\nSaturday–Sunday closed"


def test_days_of_the_year() -> None:
    with_year: dict[str, int | None] = {"month": 7, "day": 12, "year": 2024}
    assert formats.day_of_year(with_year, "ko") == "2024년 7월 12일"
    assert formats.day_of_year(with_year, "en") == "July 12, 2024"
    without: dict[str, int | None] = {"month": 5, "day": 3, "year": None}
    assert formats.day_of_year(without, "ko") == "5월 3일"
    assert formats.day_of_year(without, "en") == "May 3"


@pytest.mark.parametrize(
    ("day", "today", "korean", "english"),
    [
        # 2027-07-07 is a Wednesday: STORIES 1.
        ("2027-07-12", "2027-07-07", "다음 주 월요일", "next Monday"),
        ("2027-07-07", "2027-07-07", "오늘", "today"),
        ("2027-07-08", "2027-07-07", "내일", "tomorrow"),
        ("2027-07-09", "2027-07-07", "이번 주 금요일", "this Friday"),
        ("2027-07-11", "2027-07-07", "이번 주 일요일", "this Sunday"),
        ("2027-07-18", "2027-07-07", "다음 주 일요일", "next Sunday"),
        ("2027-07-19", "2027-07-07", "7월 19일", "July 19"),
        ("2027-07-06", "2027-07-07", "7월 6일", "July 6"),
        # From a Sunday, a Monday and over the end of the year.
        ("2027-07-12", "2027-07-11", "내일", "tomorrow"),
        ("2027-07-13", "2027-07-11", "다음 주 화요일", "next Tuesday"),
        ("2027-07-18", "2027-07-12", "이번 주 일요일", "this Sunday"),
        ("2027-07-19", "2027-07-12", "다음 주 월요일", "next Monday"),
        ("2027-01-02", "2026-12-30", "이번 주 토요일", "this Saturday"),
    ],
)
def test_days_to_come(day: str, today: str, korean: str, english: str) -> None:
    at, now = date.fromisoformat(day), date.fromisoformat(today)
    assert formats.coming_day(at, now, "ko") == korean
    assert formats.coming_day(at, now, "en") == english


@pytest.mark.parametrize(
    ("years", "english"),
    [
        *((1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (10, "10th"), (11, "11th")),
        *((12, "12th"), (13, "13th"), (20, "20th"), (21, "21st"), (22, "22nd"), (23, "23rd")),
        *((101, "101st"), (111, "111th"), (112, "112th")),
    ],
)
def test_anniversaries_are_counted(years: int, english: str) -> None:
    assert formats.ordinal_anniversary(years, "ko") == f"{years}주년"
    assert formats.ordinal_anniversary(years, "en") == english


@pytest.mark.parametrize(
    ("number", "dialled"),
    [
        ("+82200001127", "02-0000-1127"),
        ("+821012345678", "010-1234-5678"),
        ("+82312345678", "031-234-5678"),
        ("+15035550127", "(503) 555-0127"),
        ("+4930123456", "+4930123456"),
        ("", ""),
    ],
)
def test_phone_numbers(number: str, dialled: str) -> None:
    assert formats.phone(number) == dialled


@pytest.mark.parametrize(
    ("words", "korean", "english"),
    [
        ([], "", ""),
        (["A"], "A", "A"),
        (["A", "B"], "A, B", "A and B"),
        (["A", "B", "C"], "A, B, C", "A, B and C"),
    ],
)
def test_listings(words: list[str], korean: str, english: str) -> None:
    assert formats.listing(words, "ko") == korean
    assert formats.listing(words, "en") == english
