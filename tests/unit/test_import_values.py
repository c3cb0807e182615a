"""Cells as Korean and American shops write them. Moments were worked out by hand: Seoul is nine
hours ahead of UTC the year round, Los Angeles eight hours behind in winter and seven in summer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from command import import_values as values
from command.import_errors import NotRead

SEOUL = ZoneInfo("Asia/Seoul")
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
AFTERNOON = datetime(2026, 11, 27, 6, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-27 15:05",
        "2026-11-27T15:05:00",
        "2026-11-27T15:05:00+09:00",
        "2026-11-27T06:05:00Z",
        "2026-11-27 06:05:00+00",
        "2026-11-27T06:05:00+0000",
        "2026-11-27 15:05:00 KST",
        "2026/11/27 15:05",
        "2026.11.27 15:05",
        "2026. 11. 27. 오후 3:05",
        "2026. 11. 27. 오후 3:05:00",
        "2026. 11. 27. (금) 오후 3:05",
        "2026년 11월 27일 15시 5분",
        "2026년 11월 27일 오후 3시 5분",
        "2026년 11월 27일 금요일 오후 3:05",
        "11/27/2026 3:05 PM",
        "11/27/2026 03:05:00 p.m.",
        "20261127 15:05",
        "202611271505",
        "20261127150500",
        "1795759500",
        1795759500,
        1795759500000,
        46353.628472222222,
        "46353.62847222",
        datetime(2026, 11, 27, 15, 5),  # noqa: DTZ001 - as a workbook gives it
    ],
)
def test_a_moment(written: object) -> None:
    assert values.moment(written, SEOUL) == AFTERNOON


@pytest.mark.parametrize(
    "written", ["2026-11-27", "2026. 11. 27.", "2026년 11월 27일", "11/27/2026", "20261127", 46353]
)
def test_a_day_is_its_midnight_by_the_shops_clock(written: object) -> None:
    assert values.moment(written, SEOUL) == datetime(2026, 11, 26, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "hour"),
    [("오전 12:00", 0), ("오후 12:00", 12), ("오전 11:59", 11), ("오후 11:59", 23)],
)
def test_noon_and_midnight_in_korean(written: str, hour: int) -> None:
    found = values.moment(f"2026. 11. 27. {written}", SEOUL).astimezone(SEOUL)
    assert found.hour == hour


def test_the_shops_clock_is_put_forward_in_summer() -> None:
    assert values.moment("2026-07-04 12:00", LOS_ANGELES) == datetime(2026, 7, 4, 19, tzinfo=UTC)
    assert values.moment("2026-12-04 12:00", LOS_ANGELES) == datetime(2026, 12, 4, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        *("", "yesterday", "2026-13-01", "2026-02-30", "27/11/2026", "11/27/26", "오후 3:05", "12"),
        *(
            "2026-11-27 25:00",
            "2026. 11. 27. 오후 13:05",
            "0000-00-00",
            "9999-12-31T23:59:59-12:00",
        ),
        *(12, -46353, 10**20),
    ],
)
def test_what_is_no_moment_is_refused(written: object) -> None:
    with pytest.raises(NotRead, match="not_a_moment"):
        values.moment(written, SEOUL)


@pytest.mark.parametrize(
    ("written", "amount", "currency"),
    [
        ("12,000원", "12000", "KRW"),
        ("12,000 원", "12000", "KRW"),
        ("₩12,000", "12000", "KRW"),
        ("￦ 12,000", "12000", "KRW"),
        ("$1,299.00", "1299.00", "USD"),
        ("1299.00 USD", "1299.00", "USD"),
        ("KRW 1,234,567", "1234567", "KRW"),
        ("12000", "12000", None),
        (12000, "12000", None),
        (12.5, "12.5", None),
        ("0", "0", None),
    ],
)
def test_an_amount(written: object, amount: str, currency: str | None) -> None:
    assert values.amount(written) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    "written",
    ["", "free", "-5", "1.299,00", "12,00", "1,2345", "1e5", "12 000", "NaN", True, "9" * 13],
)
def test_what_is_no_amount_is_refused(written: object) -> None:
    with pytest.raises(NotRead, match="not_an_amount"):
        values.amount(written)


def test_there_is_no_half_won() -> None:
    assert values.in_coins(Decimal("12000.00"), "KRW") == 12000
    assert values.in_coins(Decimal("12.50"), "USD") == Decimal("12.50")
    for amount, currency in [("12000.5", "KRW"), ("12.505", "USD")]:
        with pytest.raises(NotRead, match="half_a_coin"):
            values.in_coins(Decimal(amount), currency)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("010-1234-5678", "+821012345678"),
        ("01012345678", "+821012345678"),
        (1012345678, "+821012345678"),
        ("+82 10 1234 5678", "+821012345678"),
        ("(503) 555-0142", "+15035550142"),
        (5035550142, "+15035550142"),
    ],
)
def test_a_telephone_number_gets_back_the_zero_that_a_spreadsheet_took(
    written: object, number: str
) -> None:
    assert values.phone(written).value == number


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("5월 3일", {"month": 5, "day": 3, "year": None}),
        ("05-03", {"month": 5, "day": 3, "year": None}),
        ("1988-02-29", {"month": 2, "day": 29, "year": 1988}),
        ("1988. 2. 29.", {"month": 2, "day": 29, "year": 1988}),
        ("02-29", {"month": 2, "day": 29, "year": None}),
        (date(1988, 2, 29), {"month": 2, "day": 29, "year": 1988}),
    ],
)
def test_a_day_that_comes_round(written: object, kept: object) -> None:
    assert values.day_of_year(written) == kept


WORDS: list[tuple[Callable[[Any], str], object, str]] = [
    (values.action, "동의", "given"),
    (values.action, "Y", "given"),
    (values.action, 1, "given"),
    (values.action, True, "given"),
    (values.action, "opt-in", "given"),
    (values.action, "미동의", "refused"),
    (values.action, "수신 거부", "refused"),
    (values.action, 0, "refused"),
    (values.action, "Opt-Out", "refused"),
    (values.purpose, "야간광고", "night"),
    (values.purpose, "Marketing", "marketing"),
    (values.language, "ko-KR", "ko"),
    (values.language, "한국어", "ko"),
    (values.country, "대한민국", "KR"),
    (values.country, "us", "US"),
    (values.currency, "원", "KRW"),
    (values.currency, "usd", "USD"),
    (values.for_whom, "여성", "women"),
    (values.time_zone, "America/New_York", "America/New_York"),
    (values.email, " Ann@Example.COM ", "ann@example.com"),
]


@pytest.mark.parametrize(("read", "written", "meaning"), WORDS)
def test_a_word(read: Callable[[Any], str], written: object, meaning: str) -> None:
    assert read(written) == meaning


@pytest.mark.parametrize(
    ("read", "written"),
    [
        (values.action, "maybe"),
        (values.action, ""),
        (values.purpose, "all"),
        (values.language, "fr"),
        (values.country, "Atlantis"),
        (values.currency, "dollars"),
        (values.phone, "12"),
        (values.phone, "010-123"),
        (values.email, "ann"),
        (values.email, "a@b,c@d.e"),
        (values.time_zone, "Seoul"),
        (values.time_zone, "../etc"),
        (values.whole, "1.5"),
        (values.whole, "-1"),
        (values.whole, 10**12),
    ],
)
def test_what_is_none_is_refused(read: Callable[[Any], object], written: object) -> None:
    with pytest.raises(NotRead, match=r"^not_a"):
        read(written)


def test_a_whole_number() -> None:
    assert [values.whole(one) for one in ("1,200", "3개", 7, "5.0")] == [1200, 3, 7, 5]
