"""A question in the middle of anything that is being asked is answered, what was being asked is
asked again, and its answer still counts (issue "Understanding and dialogue").
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from tests.conversations.real_shop import Customer, RealShop

MONDAY = datetime.fromisoformat("2026-12-14T14:00:00+09:00")


@dataclass(frozen=True, kw_only=True)
class Form:
    """What leads to a question, how it is told in the answers, and what answers it."""

    says: Sequence[str]
    asks: str
    answer: str
    leads_to: str
    customer: Mapping[str, Any]
    numbered: bool = False


_TWO_ORDERS = [
    {"number": "1043", "products": ["ridge-gtx/RDG-GRY-270-R"], "days_ago": 3},
    {"number": "1051", "products": ["haru-20"], "days_ago": 5},
]
_TWO_ITEMS = [{"number": "1043", "products": ["ridge-gtx/RDG-GRY-270-R", "haru-20"], "days_ago": 3}]
_ONE_ORDER = [{"number": "1043", "products": ["ridge-gtx/RDG-GRY-270-R"], "days_ago": 3}]

KOREAN = {
    "order_size": Form(
        says=["소리 로드 살게요"],
        asks="사이즈",
        answer="270",
        leads_to="checkout?sku=SOR-NVY-270-R",
        customer={},
    ),
    "customise": Form(
        says=["보온병에 각인해 주세요"], asks="색상", answer="흰색", leads_to="손잡이", customer={}
    ),
    "customise_which": Form(
        says=["맞춤 제작 하고 싶어요"],
        asks="맞춰 드릴 수 있",
        answer="1번",
        leads_to="사이즈",
        customer={},
    ),
    "phone": Form(
        says=["문자로 이어서 받고 싶어요"],
        asks="휴대폰 번호",
        answer="{korean_number}",
        leads_to="여섯 자리 인증번호",
        customer={},
    ),
    "code": Form(
        says=["{korean_number}"],
        asks="인증번호",
        answer="{code}",
        leads_to="번호가 확인됐어요",
        customer={},
    ),
    "consent_marketing": Form(
        says=["세일 소식 문자로 받고 싶어요"],
        asks="‘동의해요’라고 답해 주세요",
        answer="동의해요",
        leads_to="문자",
        customer={"is_proven": True},
        numbered=True,
    ),
    "which_order": Form(
        says=["반품하고 싶어요"],
        asks="어떤 주문 말씀이세요?",
        answer="2번이요",
        leads_to="주문번호 1051(하루 20) 반품 요청을 전했어요",
        customer={"is_proven": True, "ordered": _TWO_ORDERS},
    ),
    "which_item": Form(
        says=["교환할게요"],
        asks="그중 어떤 상품인가요?",
        answer="1번",
        leads_to="어떤 사이즈나 색으로",
        customer={"is_proven": True, "ordered": _TWO_ITEMS},
    ),
    "exchange_for": Form(
        says=["사이즈 교환하고 싶어요"],
        asks="어떤 사이즈나 색으로",
        answer="275",
        leads_to="교환 요청을 전했어요",
        customer={"is_proven": True, "ordered": _ONE_ORDER},
    ),
    "pass_on_request": Form(
        says=["반품 어떻게 해요?"],
        asks="전해 드릴까요",
        answer="네",
        leads_to="반품 요청을 전했어요",
        customer={"is_proven": True, "ordered": _ONE_ORDER},
    ),
    "survey": Form(
        says=["영업시간이 어떻게 돼요?", "주차 되나요?"],
        asks="발볼이 넓은 아이를 위한 등산화",
        answer="살 것 같아요",
        leads_to="감사",
        customer={},
    ),
    "remind_when": Form(
        says=["등산화 알림 하나 잡아 주세요"],
        asks="언제",
        answer="3월에요",
        leads_to="3월",
        customer={},
    ),
    "size_advice": Form(
        says=["사이즈 추천해 주세요 뭐 신어야 할지 모르겠어요"],
        asks="어느 브랜드에서 몇 사이즈",
        answer="나이키 265",
        leads_to="265",
        customer={},
    ),
    "stock_alert": Form(
        says=["재입고 알림 받고 싶어요"],
        asks="어떤 상품을 기다리",
        answer="릿지 GTX 300",
        leads_to="릿지 GTX",
        customer={},
    ),
}
"""By the question that is open."""

KOREAN_ASIDES = {
    "faq": ("등산화 세탁기에 돌려도 되나요?", "세탁기와 건조기는 피해"),
    "smalltalk": ("오늘 날씨 참 춥네요", ""),
    "hours": ("몇 시까지 해요?", "영업"),
    "delivery": ("배송비 얼마예요?", "3,000원"),
    "price": ("하루 20 얼마예요?", "하루 20"),
    "stock": ("하루 20 재고 있어요?", "하루 20"),
    "product": ("하루 20 방수 돼요?", "하루 20"),
    "points": ("포인트는 어떻게 쌓여요?", "1%"),
    "help": ("뭐 할 수 있어요?", ""),
    "my_data": ("나에 대해 뭘 알고 있어?", ""),
    "order_status": ("제 주문 어디쯤 왔어요?", ""),
    "greet": ("안녕하세요", ""),
    "thank": ("고마워요", ""),
    "basket": ("장바구니에 뭐 있어요?", ""),
    "unknown": ("ㅁㄴㅇㄹ ㅋㅌㅊ", ""),
}
"""What is said, and a word of its answer."""

ENGLISH = {
    "order_size": Form(
        says=["I'll take the Sori Road"],
        asks="size",
        answer="9",
        leads_to="check",
        customer={"language": "en"},
    ),
    "customise": Form(
        says=["can I customize the Ridge GTX"],
        asks="Which size would you like?",
        answer="10",
        leads_to="width",
        customer={"language": "en"},
    ),
    "phone": Form(
        says=["can we go on by text?"],
        asks="cell number",
        answer="{american_number}",
        leads_to="six-digit code",
        customer={"language": "en"},
    ),
    "code": Form(
        says=["{american_number}"],
        asks="6-digit code",
        answer="{code}",
        leads_to="verified",
        customer={"language": "en"},
    ),
    "which_order": Form(
        says=["I want to return these"],
        asks="Which order do you mean?",
        answer="the second one",
        leads_to="passed your return request",
        customer={"language": "en", "is_proven": True, "ordered": _TWO_ORDERS},
    ),
    "survey": Form(
        says=["what time do you open", "do you have parking?"],
        asks="hiking boots for kids with wide feet",
        answer="I'd buy them",
        leads_to="hank",
        customer={"language": "en"},
    ),
}
ENGLISH_ASIDES = {
    "faq": ("Can I put hiking boots in the washing machine?", "out of the washer"),
    "smalltalk": ("nice weather today", ""),
    "delivery": ("how much is shipping?", "$"),
    "price": ("how much is the Haru 20?", "Haru 20"),
    "help": ("what can you do?", ""),
}

ANSWERS = {("smalltalk", "survey"), ("unknown", "survey")}
"""A survey takes free words."""
CASES = [
    pytest.param(form, *aside, question, id=f"{name} in {question} ({language})")
    for language, forms, asides in (
        ("ko", KOREAN, KOREAN_ASIDES),
        ("en", ENGLISH, ENGLISH_ASIDES),
    )
    for question, form in forms.items()
    for name, aside in asides.items()
    if (name, question) not in ANSWERS
]


@pytest.fixture(autouse=True)
def on_a_monday(real_shop: RealShop) -> None:
    real_shop.travel_to(MONDAY)


@pytest.mark.parametrize(("form", "aside", "told", "question"), CASES)
def test_what_was_being_asked_is_asked_again(
    real_shop: RealShop, form: Form, aside: str, told: str, question: str
) -> None:
    customer = _asked(real_shop, form)
    heard = real_shop.hears(customer, aside)
    assert told in heard.text, heard
    assert form.asks in heard.text, heard
    assert len(heard.answers) > 1, heard
    assert form.leads_to in real_shop.hears(customer, _filled(real_shop, form.answer)).text


def _asked(real_shop: RealShop, form: Form) -> Customer:
    number = f"+8210{secrets.randbelow(10**8):08}" if form.numbered else None
    customer = real_shop.customer(number=number, **form.customer)
    for said in form.says:
        real_shop.travel(minutes=1)
        heard = real_shop.hears(customer, _filled(real_shop, said))
    assert form.asks.split()[-1] in heard.text, heard
    return customer


def _filled(real_shop: RealShop, said: str) -> str:
    if said == "{code}":
        return real_shop.last_code()
    return said.format(
        korean_number=f"010-7{secrets.randbelow(1000):03}-{secrets.randbelow(10000):04}",
        american_number=f"503-2{secrets.randbelow(100):02}-{secrets.randbelow(10000):04}",
    )


def test_a_language_that_is_asked_for_speaks_the_open_question_again(real_shop: RealShop) -> None:
    customer = _asked(real_shop, KOREAN["order_size"])
    heard = real_shop.hears(customer, "영어로 해 주세요")
    assert "size would you like" in heard.text or "which size" in heard.text
    assert "checkout?sku=SOR-NVY-270-R" in real_shop.hears(customer, "270").text


@pytest.mark.parametrize(
    ("buys", "goes_on_by_text", "asked_again", "answer"),
    [
        ("소리 로드 살게요", "{korean_number}", "사이즈", "270"),
        ("I'll take the Sori Road", "can we go on by text? {american_number}", "size", "9"),
    ],
)
def test_after_a_code_the_order_goes_on(
    real_shop: RealShop, buys: str, goes_on_by_text: str, asked_again: str, answer: str
) -> None:
    customer = real_shop.customer()
    real_shop.hears(customer, buys)
    assert real_shop.hears(customer, _filled(real_shop, goes_on_by_text)).texts
    wrong = "000000" if real_shop.last_code() != "000000" else "000001"
    assert asked_again not in real_shop.hears(customer, wrong).text
    heard = real_shop.hears(customer, real_shop.last_code())
    assert asked_again in heard.answers[-1].text
    assert "checkout?sku=SOR-NVY-270-R" in real_shop.hears(customer, answer).text


def test_whoever_keeps_the_number_to_themselves_orders_all_the_same(real_shop: RealShop) -> None:
    customer = _asked(real_shop, KOREAN["order_size"])
    assert "휴대폰 번호" in real_shop.hears(customer, "문자로 이어서 받고 싶어요").text
    assert "사이즈" in real_shop.hears(customer, "아니요 됐어요").answers[-1].text
    assert "checkout?sku=SOR-NVY-270-R" in real_shop.hears(customer, "270").text


def test_a_question_asked_back_in_between_leads_to_both_answers(real_shop: RealShop) -> None:
    customer = _asked(real_shop, KOREAN["order_size"])
    assert "사이즈" not in real_shop.hears(customer, "언어 바꿔 주세요").text
    heard = real_shop.hears(customer, "1번")
    assert "한국어" in heard.answers[0].text
    assert "사이즈" in heard.answers[-1].text


def test_a_consent_is_told_in_full_again_and_only_once(real_shop: RealShop) -> None:
    customer = _asked(real_shop, KOREAN["consent_marketing"])
    first = real_shop.hears(customer, "몇 시까지 해요?").text
    assert "하루" in first
    assert "그만 받기" in first
    assert "동의해요" not in real_shop.hears(customer, "배송비 얼마예요?").text


def test_a_question_about_goods_names_no_order_to_give_back(real_shop: RealShop) -> None:
    customer = _asked(real_shop, KOREAN["which_order"])
    real_shop.hears(customer, "하루 20 얼마예요?")
    assert real_shop.asked_of_people(customer) is None
