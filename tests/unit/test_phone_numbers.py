"""Telephone numbers as customers write them, against the numbering plans of Korea and America."""

from __future__ import annotations

import pytest

from marketing.phone_numbers import read

KOREAN, AMERICAN = "+821012345678", "+15035550142"


@pytest.mark.parametrize(
    "written",
    [
        *("010-1234-5678", "01012345678", "010 1234 5678", "010.1234.5678", "010–1234–5678"),
        *("+82 10-1234-5678", "+821012345678", "82-10-1234-5678", "+82 (0)10 1234 5678"),
        "０１０-１２３４-５６７８",
    ],
)
def test_a_korean_mobile_number_is_read_however_it_is_written(written: str) -> None:
    number = read(written)
    assert number is not None
    assert (number.value, number.may_take_texts) == (KOREAN, True)


@pytest.mark.parametrize(
    "written",
    [
        *("(503) 555-0142", "503-555-0142", "5035550142", "503.555.0142", "503 555 0142"),
        *("+1 (503) 555-0142", "1-503-555-0142", "+15035550142"),
    ],
)
def test_an_american_number_is_read_however_it_is_written(written: str) -> None:
    number = read(written)
    assert number is not None
    assert (number.value, number.may_take_texts) == (AMERICAN, True)


@pytest.mark.parametrize("written", ["02-312-4567", "031-123-4567", "080-000-1127"])
def test_a_korean_office_or_free_line_takes_no_texts(written: str) -> None:
    number = read(written)
    assert number is not None
    assert not number.may_take_texts


def test_a_number_of_another_country_needs_its_code() -> None:
    number = read("+44 7911 123456")
    assert number is not None
    assert number.value == "+447911123456"


@pytest.mark.parametrize(
    "written", ["", "0", "12345", "010-12345", "999 999 9999", "+", "+0", "1" * 40, "abc"]
)
def test_what_is_no_number_is_none(written: str) -> None:
    assert read(written) is None
