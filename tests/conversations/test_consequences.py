"""What a conversation leaves in memory, beyond its words."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from memory import outbox
from memory.outbox import Outgoing, Passed
from tests.conversations.real_shop import Customer, RealShop

MONDAY = datetime.fromisoformat("2026-11-23T14:00:00+09:00")


@pytest.fixture(autouse=True)
def on_a_monday(real_shop: RealShop) -> None:
    real_shop.travel_to(MONDAY)


def _ledger(real_shop: RealShop, customer: Customer) -> list[tuple[str, str]]:
    rows = real_shop.rows(
        "SELECT purpose, action FROM consents WHERE customer_id = :id ORDER BY consent_id",
        id=customer.customer_id,
    )
    return [(row.purpose, row.action) for row in rows]


def _permission(real_shop: RealShop, customer: Customer) -> str:
    (row,) = real_shop.rows(
        "SELECT marketing FROM permissions WHERE customer_id = :id", id=customer.customer_id
    )
    return str(row.marketing)


def _send_all(real_shop: RealShop, customer: Customer) -> list[str]:
    """What the gate lets through to this customer, in order."""
    sent = []
    while True:
        with real_shop.engine.begin() as connection:
            taken = outbox.begin_sending(connection, now=MONDAY, lease=timedelta(minutes=1))
            if taken is None:
                return sent
            if isinstance(taken, Passed):
                continue
            outbox.record_accepted(
                connection, taken.outbox_id, provider_id=f"SM{taken.outbox_id}", status="queued"
            )
        if _is_to(real_shop, customer, taken):
            sent.append(taken.body)


def _is_to(real_shop: RealShop, customer: Customer, taken: Outgoing) -> bool:
    (row,) = real_shop.rows(
        "SELECT customer_id FROM outbox WHERE outbox_id = :id", id=taken.outbox_id
    )
    return bool(row.customer_id == customer.customer_id)


def test_no_more_advertising_said_on_the_web_counts_for_the_person(real_shop: RealShop) -> None:
    customer = real_shop.customer()
    real_shop.hears(customer, "광고 그만 보내 주세요")
    assert _permission(real_shop, customer) == "refused"
    assert _ledger(real_shop, customer) == [("marketing", "withdrawn")]
    (kept,) = real_shop.rows(
        "SELECT evidence FROM consents WHERE customer_id = :id", id=customer.customer_id
    )
    assert kept.evidence == {"channel": "web", "seq": 1, "said": "광고 그만 보내 주세요"}


def test_a_sentence_by_text_does_all_that_stop_does(real_shop: RealShop) -> None:
    customer = real_shop.customer("sms")
    real_shop.hears(customer, "hello")
    assert len(_send_all(real_shop, customer)) == 1
    real_shop.hears(customer, "do you have the Ridge GTX in 9?")
    real_shop.hears(customer, "please stop texting me already")
    assert _permission(real_shop, customer) == "refused"
    assert _ledger(real_shop, customer) == [("marketing", "withdrawn"), ("texts", "withdrawn")]
    # The answer about the Ridge GTX was still waiting: only the confirmation goes out.
    (confirmation,) = _send_all(real_shop, customer)
    assert confirmation.startswith("You're unsubscribed from Trailhead texts")


def test_after_it_nothing_is_answered_until_start(real_shop: RealShop) -> None:
    customer = real_shop.customer("sms")
    real_shop.hears(customer, "자꾸 문자 오는데 그만 받고 싶어요")
    assert not real_shop.hears(customer, "러닝화 추천해 주세요").answers
    assert len(_send_all(real_shop, customer)) == 1
    real_shop.hears(customer, "수신재개")
    assert real_shop.hears(customer, "러닝화 추천해 주세요").answers


def test_a_confirmation_that_comes_too_late_is_not_sent(real_shop: RealShop) -> None:
    customer = real_shop.customer("sms")
    real_shop.hears(customer, "please stop texting me already")
    (row,) = real_shop.rows(
        "SELECT not_after, purpose, message_class FROM outbox WHERE customer_id = :id",
        id=customer.customer_id,
    )
    assert row.purpose == "stop_confirmation"
    # RULES US-4: within five minutes of receipt.
    assert timedelta() < row.not_after - MONDAY <= timedelta(minutes=6)


def test_asking_for_a_person_is_kept_for_the_shop(real_shop: RealShop) -> None:
    customer = real_shop.customer()
    real_shop.hears(customer, "상담원 연결해 주세요")
    (event,) = real_shop.rows(
        "SELECT name, properties FROM events WHERE customer_id = :id", id=customer.customer_id
    )
    assert (event.name, event.properties) == ("Human Asked For", {"channel": "web", "seq": 1})


def test_a_correction_closes_the_old_fact_and_keeps_it(real_shop: RealShop) -> None:
    customer = real_shop.customer()
    real_shop.hears(customer, "제 사이즈는 270이에요")
    real_shop.hears(customer, "제 사이즈는 265예요")
    first, second = real_shop.rows(
        "SELECT value, said, source, source_seq, valid_from, valid_to FROM facts "
        "WHERE customer_id = :id ORDER BY fact_id",
        id=customer.customer_id,
    )
    assert (first.value, first.said, first.source_seq) == (270, "제 사이즈는 270이에요", 1)
    assert first.valid_to == second.valid_from
    assert (second.value, second.source, second.valid_to) == (265, "said", None)


def test_a_forgotten_name_is_not_said_again(real_shop: RealShop) -> None:
    customer = real_shop.customer(is_proven=True, name="민수")
    assert "민수" in real_shop.hears(customer, "안녕하세요").text
    real_shop.hears(customer, "이름 잊어줘")
    assert "민수" not in real_shop.hears(customer, "안녕하세요").text


def test_forgetting_everything_ends_what_was_known_of_anybody(real_shop: RealShop) -> None:
    known = [
        {"kind": "shoe_size", "value": 270},
        {"kind": "clothing_size", "value": "90", "subject": "child"},
    ]
    customer = real_shop.customer(is_proven=True, name="민수", known=known)
    real_shop.hears(customer, "다 잊어 주세요")
    real_shop.hears(customer, "네")
    assert real_shop.facts_of(customer) == []
    assert "민수" not in real_shop.hears(customer, "안녕하세요").text


def test_the_country_says_which_money_and_the_language_how_it_is_written(
    real_shop: RealShop,
) -> None:
    customer = real_shop.customer(country="US")
    assert "99달러" in real_shop.hears(customer, "소리 로드 얼마예요?").text
    other = real_shop.customer(country="KR")
    assert "₩119,000" in real_shop.hears(other, "how much is the Sori Road?").text


def test_cards_lead_to_pages_and_pictures_of_the_shop(real_shop: RealShop) -> None:
    heard = real_shop.hears(real_shop.customer(), "릿지 GTX 방수 돼요?")
    (card,) = heard.answers[0].payload["cards"]
    assert card == {
        "product_id": "ridge-gtx",
        "title": "릿지 GTX",
        "price": "189,000원",
        "url": "https://shop.example/products/ridge-gtx",
        "picture": "https://shop.example/pictures/ridge-gtx.svg",
    }
