"""What a conversation leaves in memory, beyond its words."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from marketing.decisions import Reason
from marketing.stock import Asked
from memory import addresses, catalogue, due, outbox, stock_alerts
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
    assert confirmation.startswith("Trailhead: you unsubscribed on ")


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


def test_a_number_given_up_by_text_is_confirmed_once_and_begins_anew(real_shop: RealShop) -> None:
    number = "+15035550891"
    customer = real_shop.customer("sms", number=number, language="en")
    real_shop.hears(customer, "do you have the Ridge GTX in 9?")
    real_shop.hears(customer, "unlink my number")
    real_shop.hears(customer, "unlink my number")
    # What still waited to be sent does not go, but the confirmation does.
    (confirmation,) = _send_all(real_shop, customer)
    assert confirmation.startswith("Trailhead: the number ending in 0891 was disconnected on ")
    (row,) = real_shop.rows(
        "SELECT unlinked_at FROM addresses WHERE customer_id = :id AND kind = 'phone'",
        id=customer.customer_id,
    )
    assert row.unlinked_at is not None
    assert real_shop.hears(customer, "hello").answers
    with real_shop.engine.connect() as connection:
        found = addresses.find(connection, "phone", number)
    assert found is not None
    assert found.customer_id != customer.customer_id


def test_what_is_not_to_be_spoken_of_is_found_by_no_word(real_shop: RealShop) -> None:
    customer = real_shop.customer(is_proven=True, language="en")
    real_shop.hears(customer, "please no Mother's Day stuff this year, I lost my mom")
    real_shop.hears(customer, "do you have running shoes?")
    hushed, other = real_shop.rows(
        "SELECT words FROM turns WHERE customer_id = :id AND direction = 'in' ORDER BY seq",
        id=customer.customer_id,
    )
    assert hushed.words == []
    assert other.words


def test_asking_for_a_person_is_kept_and_queued_for_the_shop(real_shop: RealShop) -> None:
    customer = real_shop.customer()
    real_shop.hears(customer, "상담원 연결해 주세요")
    real_shop.hears(customer, "사람이요")
    (waiting,) = real_shop.rows(
        "SELECT state, channel, address_id, said FROM hand_overs WHERE customer_id = :id",
        id=customer.customer_id,
    )
    assert (waiting.state, waiting.channel, waiting.address_id) == ("waiting", "web", None)
    assert waiting.said == "상담원 연결해 주세요"
    event, _again = real_shop.rows(
        "SELECT name, properties FROM events WHERE customer_id = :id ORDER BY event_id",
        id=customer.customer_id,
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


def test_a_code_goes_to_whoever_has_the_number_and_only_that(real_shop: RealShop) -> None:
    owner = real_shop.customer("sms", name="영희", number="+821050000502")
    stranger = real_shop.customer()
    heard = real_shop.hears(stranger, "010-5000-0502")
    new = real_shop.hears(real_shop.customer(), "010-5000-0503")
    assert heard.text == new.text
    (row,) = real_shop.rows(
        "SELECT * FROM outbox WHERE customer_id = :id AND purpose = 'code'", id=owner.customer_id
    )
    assert row.message_class == "service"
    assert row.key.startswith(f"code:{stranger.customer_id}:")
    assert timedelta() < row.not_after - MONDAY <= timedelta(minutes=11)
    assert real_shop.last_code() not in heard.text


def test_a_number_that_somebody_typed_is_not_theirs(real_shop: RealShop) -> None:
    """Whoever writes from it is not taken into the memory of whoever typed it."""
    stranger = real_shop.customer()
    real_shop.hears(stranger, "제 사이즈는 270이에요")
    real_shop.hears(stranger, "010-5000-0504")
    real_shop.hears(stranger, "제 이름은 도둑이에요", by="+821050000504")
    heard = real_shop.hears(stranger, "나에 대해 뭘 알고 있어?", by="+821050000504")
    assert "270" not in heard.text
    assert "도둑" not in real_shop.hears(stranger, "나에 대해 뭘 알고 있어?").text


def test_two_with_a_log_in_are_not_made_one_by_a_shared_number(real_shop: RealShop) -> None:
    number = "+821050000505"
    customer = real_shop.customer(is_proven=True, name="민수")
    owner = real_shop.customer(is_proven=True, name="영희", number=number)
    for one in (customer, owner):
        real_shop.log_in_known(one)
    real_shop.hears(customer, "010-5000-0505")
    heard = real_shop.hears(customer, real_shop.last_code())
    assert "연결해 드릴 수 없어요" in heard.text
    assert "영희" not in real_shop.hears(customer, "안녕하세요").text


def test_an_offer_has_one_coupon_on_whatever_side_it_is_found_dear(real_shop: RealShop) -> None:
    number = "+15035550506"
    guest = real_shop.customer(language="en")
    real_shop.somebody_else(guest, {"number": number, "shows": "haru-20"})
    by_link = real_shop.hears(guest, "too expensive").text
    by_text = real_shop.hears(guest, "too expensive", by=number).text
    code = re.compile(r"coupon=([A-Z0-9]+)")
    first, second = code.findall(by_link), code.findall(by_text)
    assert len(first) == 1
    assert first == second
    real_shop.hears(guest, "ok do it")
    (row,) = real_shop.rows(
        "SELECT percent, product_id FROM coupons WHERE code = :code", code=first[0]
    )
    assert (row.percent, row.product_id) == (10, "haru-20")
    with real_shop.engine.connect() as connection:
        owner = addresses.find(connection, "phone", number)
    assert owner is not None
    states = real_shop.rows(
        "SELECT DISTINCT state FROM offers WHERE customer_id = :id", id=owner.customer_id
    )
    assert [one.state for one in states] == ["accepted"]


def test_a_declined_offer_is_on_record_with_its_reason(real_shop: RealShop) -> None:
    customer = real_shop.customer("sms", offered=[{"product": "haru-20", "days_ago": 1}])
    real_shop.hears(customer, "어제 딴 데서 샀어요")
    (line,) = real_shop.rows(
        "SELECT decision, reason, details FROM decisions WHERE customer_id = :id",
        id=customer.customer_id,
    )
    assert (line.decision, line.reason) == ("answered", "bought_elsewhere")
    assert line.details["answer"] == "declined"


def test_a_question_that_nothing_answers_is_kept_with_the_turn_it_was_asked_in(
    real_shop: RealShop,
) -> None:
    customer = real_shop.customer(language="en")
    real_shop.hears(customer, "are dogs and cats welcome")
    real_shop.hears(customer, "no")
    (item,) = real_shop.rows(
        "SELECT said, source_seq, state FROM voice_items WHERE customer_id = :id",
        id=customer.customer_id,
    )
    assert (item.said, item.source_seq, item.state) == ("are dogs and cats welcome", 1, "routed")


def _was_promised_and_is_back(real_shop: RealShop, customer: Customer, called: str) -> None:
    """They were to be told of a size that is here again, and could not be written to."""
    with real_shop.engine.begin() as connection:
        product = catalogue.product(connection, "sori-road")
        assert product is not None
        stock_alerts.keep(
            connection,
            customer.customer_id,
            product=product,
            asked=Asked(size="270", width="regular", colour="navy"),
            called=called,
            asked_on=MONDAY.date(),
            now=MONDAY - timedelta(days=9),
        )
        (promised,) = stock_alerts.waiting(connection, customer.customer_id)
        due.finish(connection, promised, reason=Reason.NO_CONSENT, now=MONDAY)


@pytest.mark.parametrize(
    ("greeting", "called", "told", "yes"),
    [
        ("안녕하세요", "소리 로드 270", "다시 들어왔어요", "네"),
        ("hi", "Sori Road in 9", "back in stock", "yes please"),
    ],
)
def test_what_is_back_is_told_at_the_visit_and_bought_by_a_yes(
    real_shop: RealShop, greeting: str, called: str, told: str, yes: str
) -> None:
    customer = real_shop.customer(is_proven=True, language="en" if greeting == "hi" else "ko")
    _was_promised_and_is_back(real_shop, customer, called)
    heard = real_shop.hears(customer, greeting)
    assert called in heard.text
    assert told in heard.text
    assert "checkout?sku=SOR-NVY-270-R" in real_shop.hears(customer, yes).text
    real_shop.travel(days=1)
    assert called not in real_shop.hears(customer, greeting).text
