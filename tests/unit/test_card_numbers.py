"""Card numbers are never kept; other numbers are. The card numbers are those that the card
companies publish for tests."""

from __future__ import annotations

import pytest

from marketing.card_numbers import masked, was_masked

CARDS = [
    "4242424242424242",
    "4242 4242 4242 4242",
    "4242-4242-4242-4242",
    "4242\u20134242\u20134242\u20134242",
    "４２４２４２４２４２４２４２４２",
    "４２４２　４２４２　４２４２　４２４２",
    "4242\u00a04242\u00a04242\u00a04242",
    "4242 - 4242 - 4242 - 4242",
    "4242.4242.4242.4242",
    "4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2",
    "42424242 42424242",
    "4222222222222",  # Visa of 13
    "30569309025904",  # Diners of 14
    "3056 930902 5904",
    "378282246310005",  # American Express of 15
    "3782 822463 10005",
    "5555555555554444",
    "2223003122003222",
    "6011111111111117",
    "3530111333300000",
    "6205500000000000004",  # UnionPay of 19
    "6205 5000 0000 0000 004",
    "9490220006611406",  # a Korean issuer
]
OTHERS = [
    "010-1234-5678",
    "+82 10-1234-5678",
    "+8210123456789012",
    "02-0000-1127",
    "503-555-0142 503-555-0199",
    "(503) 555-0142",
    "4242424242424241",  # the check digit is wrong
    "ORD-4242424242424242",
    "#4242424242424242",
    "order A4242424242424242",
    "20261127-0001234567",
    "2026112700012345",
    "8801234567893",  # a bar code of Korea
    "0012345678905",  # a bar code of America
    "9788937460449",  # an ISBN
    "424242424242",
    "42424242424242424242",
    "270 275 280 285",
    "ridge-gtx-270",
    "4, 2, 4, 2",
    "482913",
    "0000000000000000",
    "1588-1234",
]


@pytest.mark.parametrize("card", CARDS)
@pytest.mark.parametrize(
    "around", ["{}", "제 카드 {} 로 결제해 주세요", "card: {}, exp 12/27 cvc 123", "{}요"]
)
def test_no_digit_of_a_card_is_left(card: str, around: str) -> None:
    kept = masked(around.format(card))
    assert not any(sign.isdigit() for sign in kept[: len(around.partition("{}")[0]) + len(card)])
    assert was_masked(kept)
    assert len(kept) == len(around.format(card))
    assert masked(kept) == kept


@pytest.mark.parametrize("text", OTHERS)
def test_other_numbers_stay(text: str) -> None:
    assert masked(text) == text
    assert masked(f"이 번호예요: {text}") == f"이 번호예요: {text}"
    assert not was_masked(text)


def test_two_cards_and_an_order_in_one_message() -> None:
    text = "4242 4242 4242 4242 말고 5555555555554444, 주문 20261127-0001"
    assert masked(text) == "•••• •••• •••• •••• 말고 ••••••••••••••••, 주문 20261127-0001"
