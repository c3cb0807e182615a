"""Where an order stands, and which numbers are those of orders."""

from __future__ import annotations

import pytest

from marketing.order_state import Stage, number_named, possible_numbers, stage_of


@pytest.mark.parametrize(
    ("told", "stage"),
    [
        ([], Stage.TAKEN),
        (["Order Refunded"], Stage.TAKEN),
        (["Order Request Made"], Stage.TAKEN),
        (["Order Shipped"], Stage.SHIPPED),
        (["Order Delivered", "Order Shipped"], Stage.DELIVERED),
        (["Order Cancelled", "Order Shipped"], Stage.CANCELLED),
    ],
)
def test_the_furthest_that_was_told_counts(told: list[str], stage: Stage) -> None:
    assert stage_of(told) is stage


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("1043 어디쯤이에요?", "1043"),
        ("1043번 주문 취소해 주세요", "1043"),
        ("주문번호는 100412 예요", "100412"),
        ("please cancel my order 1043", "1043"),
        ("status of order #1043", "1043"),
        ("where is TR-7KQ2M4XA", "TR-7KQ2M4XA"),
        ("주문번호 SG-7KQ2M4XA 조회", "SG-7KQ2M4XA"),
        ("주문한 신발 언제 와요", None),
        ("270으로 교환해 주세요", None),
        ("where is my order", None),
        ("010-1234-5678로 전화 주세요", None),
        ("in order to return it by 5 p.m.", None),
    ],
)
def test_what_is_plainly_an_order_number(said: str, number: str | None) -> None:
    assert number_named(said) == number


def test_whatever_may_be_one_is_looked_up_among_their_own() -> None:
    assert possible_numbers("is it a-12 or 1043, the sg-7kq?") == {"A-12", "1043", "SG-7KQ"}
