"""Numbers of orders, told apart from sizes, sums, telephone numbers, days and everything else that
is counted."""

from __future__ import annotations

import pytest

from nlu.measures import find_measures


def _found(text: str) -> list[tuple[str, str | None]]:
    return [(one.value, one.role) for one in find_measures(text) if one.entity == "order_number"]


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("1043 어디쯤이에요?", "1043"),
        ("1043번 주문 취소해 주세요", "1043"),
        ("주문번호 1023번 언제 와요", "1023"),
        ("주문번호는 100412 예요", "100412"),
        ("주문번호가 a-1023인데요 언제 오나요", "A-1023"),
        ("주문번호1043이요", "1043"),
        ("주문건 1043 반품할게요", "1043"),
        ("please cancel my order 1043", "1043"),
        ("status of order #1043", "1043"),
        ("order #A-1023 hasn't come", "A-1023"),
        ("it's no. 1023", "1023"),
        ("my order number is 900", "900"),
        ("order no 1043 please", "1043"),
        ("where is tr-7kq2m4xa", "TR-7KQ2M4XA"),
        ("주문번호 SG-7KQ2M4XA 조회", "SG-7KQ2M4XA"),
        ("where's TR-ABCDEFGH?", "TR-ABCDEFGH"),
        ("#1043이요", "1043"),
        ("20261123-0001 주문 언제 와요", None),
        ("order number 20261123-0001", "20261123-0001"),
    ],
)
def test_what_is_plainly_an_order_number(said: str, number: str | None) -> None:
    assert _found(said)[:1] == ([] if number is None else [(number, None)])


@pytest.mark.parametrize("said", ["1043", "1043이요", "the 1043 one", "1043 말고요", "12345"])
def test_a_bare_number_may_be_one(said: str) -> None:
    assert [role for _, role in _found(said)] == ["bare"]


def test_several_are_found() -> None:
    assert _found("order #1043 and order #1051") == [("1043", None), ("1051", None)]


@pytest.mark.parametrize(
    "said",
    [
        "주문한 신발 언제 와요",
        "270으로 교환해 주세요",
        "order 270 in red",
        "주문 270으로 바꿔 주세요",
        "I want to order 2 pairs",
        "where is my order",
        "I'd like to re-order it",
        "re-ordering socks",
        "SOR-NVY-270-R 있어요?",
        "haru-20 있어요?",
        "아이 160 사이즈",
        "9.5 wide",
        "15000원 이하로요",
        "150,000원짜리",
        "$1200",
        "1200 dollars",
        "50000 이하로 보여 주세요",
        "3000포인트 언제 없어져요",
        "010-1234-5678로 전화 주세요",
        "01012345678",
        "(503) 555-0142",
        "2026-11-23에 주문했어요",
        "2024년 7월 12일",
        "my orders from 2024",
        "1,234,567",
        "482913",
        "code 482-913",
        "zip 97201",
        "송장번호 5500123 조회",
        "tracking number 5500123",
        "in order to return it by 5 p.m.",
        "#1",
        "no 270 please",
    ],
)
def test_other_numbers_are_none(said: str) -> None:
    assert _found(said) == []
