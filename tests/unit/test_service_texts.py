"""An offer in a service text is refused, whatever its words are."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from marketing.service_texts import RESPONSES, offer_in, with_offers

PROJECT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "text",
    [
        "[숲길] 문의하신 환불 답변이 도착했어요. 지금 10% 할인 중! {link}",
        "[숲길] 답변 도착. 쿠폰도 드려요 {link}",
        "[숲길] 답변과 함께 특가 상품을 보세요 {link}",
        "[숲길] 답변이 왔어요. 5만 원부터 무료배송 {link}",
        "(광고)[숲길] 답변이 도착했어요. {link}",
        "Trailhead: your answer is here. Save 20% today {link}",
        "Trailhead: your answer is here, and a coupon too {link}",
        "Trailhead: your answer is here. Free shipping this week {link}",
        "Trailhead: your answer is here. The Ridge GTX is now {price} {link}",
    ],
)
def test_a_service_text_with_an_offer_is_refused(text: str) -> None:
    assert offer_in(text) is not None
    assert with_offers({"utter_answer_arrived": [{"text": text}]})


@pytest.mark.parametrize(
    "text",
    [
        "[숲길] 문의하신 환불 답변이 도착했어요. {link}",
        "[숲길] 문의하신 배송 답변이 도착했어요. {link}",
        "Trailhead: the answer to your question about your refund is here. {link}",
    ],
)
def test_a_plain_one_is_not(text: str) -> None:
    assert offer_in(text) is None


def test_the_words_that_ship_are_service_texts() -> None:
    domain = yaml.load((PROJECT / "domain.yml").read_text("utf-8"), yaml.CSafeLoader)
    assert set(RESPONSES) <= set(domain["responses"])
    assert with_offers(domain["responses"]) == []
