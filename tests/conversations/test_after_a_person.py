"""A question or an offer is open no more once a person of the shop has said something else."""

from __future__ import annotations

from datetime import datetime

import pytest

from memory import hand_overs
from tests.conversations.real_shop import Customer, RealShop

MONDAY = datetime.fromisoformat("2026-11-23T14:00:00+09:00")


@pytest.fixture(autouse=True)
def on_a_monday(real_shop: RealShop) -> None:
    real_shop.travel_to(MONDAY)


def _a_person_writes(real_shop: RealShop, customer: Customer, text: str) -> None:
    with real_shop.engine.begin() as connection:
        taken = hand_overs.take(connection, customer.customer_id, by="Mina", now=MONDAY)
        hand_overs.reply(connection, taken, text, language="en", now=MONDAY)
        hand_overs.close(connection, customer.customer_id, now=MONDAY)


def _asked_of(real_shop: RealShop, customer: Customer) -> list[str]:
    """The texts of the consents that they were asked for, as kept."""
    rows = real_shop.rows(
        "SELECT evidence FROM consents WHERE customer_id = :id ORDER BY consent_id",
        id=customer.customer_id,
    )
    return [row.evidence["text"] for row in rows]


def test_who_agrees_with_a_person_has_agreed_to_nothing_else(
    real_shop: RealShop,
) -> None:
    customer = real_shop.customer(is_proven=True, language="en", number="+15035550515")
    real_shop.hears(customer, "I want to talk to a person")
    real_shop.hears(customer, "send me deals by text")
    _a_person_writes(real_shop, customer, "The blue one is nicer, don't you think?")
    shown_again = real_shop.hears(customer, "I agree").text
    assert _asked_of(real_shop, customer) == []
    real_shop.hears(customer, "I agree")
    # RULES US-7: what they have read last, word for word.
    assert _asked_of(real_shop, customer) == [shown_again]


@pytest.mark.parametrize(
    ("language", "number", "wants_person", "person", "said", "agreement"),
    [
        ("en", "+15035550517", "talk to a person", "Shall I keep them for you?", "YES", "I agree"),
        ("ko", "+821050000517", "상담원 연결해 주세요", "따로 챙겨 둘까요?", "네", "동의"),
        ("en", "+15035550518", "talk to a person", "Anything else?", "no", "I agree"),
        (
            "ko",
            "+821050000518",
            "상담원 연결해 주세요",
            "더 필요하신 거 있으세요?",
            "아니요",
            "동의",
        ),
    ],
)
def test_an_answer_to_a_person_is_none_to_a_consent_that_waits(
    real_shop: RealShop,
    language: str,
    number: str,
    wants_person: str,
    person: str,
    said: str,
    agreement: str,
) -> None:
    customer = real_shop.customer("sms", is_proven=True, language=language, number=number)
    asked = {"en": "send me deals by text", "ko": "세일 소식 문자로 받을래요"}
    real_shop.hears(customer, wants_person)
    real_shop.hears(customer, asked[language])
    assert _actions_of(real_shop, customer) == ["requested"]
    _a_person_writes(real_shop, customer, person)
    real_shop.hears(customer, said)
    assert _actions_of(real_shop, customer) == ["requested"]
    real_shop.hears(customer, agreement)
    assert _actions_of(real_shop, customer)[:2] == ["requested", "given"]


def _actions_of(real_shop: RealShop, customer: Customer) -> list[str]:
    rows = real_shop.rows(
        "SELECT action FROM consents WHERE customer_id = :id ORDER BY consent_id",
        id=customer.customer_id,
    )
    return [row.action for row in rows]


def test_a_yes_to_a_person_takes_no_offer(real_shop: RealShop) -> None:
    customer = real_shop.customer(is_proven=True, language="en", number="+15035550516")
    real_shop.is_offered(customer, "ridge-gtx")
    real_shop.hears(customer, "hi")
    real_shop.hears(customer, "I want to talk to a person")
    _a_person_writes(real_shop, customer, "Shall I tell you when we open on Saturday?")
    assert "size" not in real_shop.hears(customer, "yes please").text
    assert real_shop.offers_of(customer) == {"ridge-gtx": "open"}
    # Whoever names it means it.
    assert "size" in real_shop.hears(customer, "yes, I take the Ridge GTX").text
