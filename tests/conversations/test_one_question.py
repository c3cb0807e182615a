"""At most one question about the person in a visit, whichever flow asks it, and with the reason why
it is asked (issue "Understanding and dialogue").
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import permutations

import pytest

from tests.conversations.real_shop import RealShop

WITH_A_SURVEY = datetime.fromisoformat("2026-12-14T14:00:00+09:00")
KOREAN = {
    "러닝화 보여 주세요": "신발 사이즈를 알려 주시면 남아 있는 것만",
    "우리 아이 패딩 추천해 주세요": "말씀해 주시면 맞는 것만",
    "주차 되나요?": "상품을 준비하는 데 참고하려고요",
}
ENGLISH = {
    "show me running shoes": "Tell me your shoe size and I'll show you",
    "recommend a winter jacket for my kid": "Tell me and I'll show only what fits",
    "do you have parking?": "It helps us decide what to make",
}
"""What is said, and the question with its reason that may be asked of the person in turn."""
OF_A_CHILD = [{"kind": "clothing_size", "value": "110", "subject": "child", "days_ago": 400}]


@pytest.mark.parametrize("said", permutations(KOREAN), ids=range(6))
def test_one_question_a_visit_in_korean(real_shop: RealShop, said: Sequence[str]) -> None:
    _asks_once(real_shop, said, KOREAN, "안녕하세요", "ko")


@pytest.mark.parametrize("said", permutations(ENGLISH), ids=range(6))
def test_one_question_a_visit_in_english(real_shop: RealShop, said: Sequence[str]) -> None:
    _asks_once(real_shop, said, ENGLISH, "hello", "en")


def _asks_once(
    real_shop: RealShop, said: Sequence[str], asks: dict[str, str], greeting: str, language: str
) -> None:
    """Everything that may be asked is answered with something else, twice over; a day later, the
    next question may come."""
    real_shop.travel_to(WITH_A_SURVEY)
    customer = real_shop.customer(is_proven=True, language=language, known=OF_A_CHILD)
    real_shop.hears(customer, greeting)
    answers = []
    for one in (*said, *said):
        real_shop.travel(minutes=1)
        answers.append(real_shop.hears(customer, one).text)
    asked = [one for one in answers if any(question in one for question in asks.values())]
    assert asked == answers[:1]
    assert asks[said[0]] in asked[0]
    real_shop.travel(days=1)
    real_shop.hears(customer, greeting)
    later = [real_shop.hears(customer, one).text for one in said]
    assert sum(any(question in one for question in asks.values()) for one in later) == 1
