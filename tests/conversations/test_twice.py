"""Whatever is said twice running is not answered word for word alike (issue "Understanding and
dialogue")."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.conversations.real_shop import RealShop

KOREAN = (
    *("안녕하세요", "고마워요", "배송비 얼마예요", "영업시간 알려 주세요", "반품은 어떻게 해요?"),
    *("매장 어디예요?", "카드 되나요", "주차 되나요", "추천해 주세요", "270 등산화 추천해 주세요"),
    *("릿지 GTX 얼마예요?", "릿지 GTX 270 있어요?", "상담원 연결해 주세요", "뭐 할 수 있어요?"),
    *("나에 대해 뭘 알고 있어?", "제 이름은 김민수예요", "제 사이즈는 270이에요", "네", "아니요"),
    *("오늘 날씨 어때", "ㅁㄴㅇㄹ", "😀", "2", "비싸요", "저기요", "뒤로", "처음부터", "취소"),
    *("문자로 소식 받고 싶어요", "어버이날 얘기는 하지 마세요", "3월에 다시 알려 주세요", "살게요"),
    *("어제 딴 데서 샀어요", "왜 저한테 보내셨어요?", "다 잊어 주세요", "안녕히 계세요"),
    *("저번에 제가 물어본 신발 뭐였죠?", "이 번호 연결 끊어 주세요", "내 데이터 보내 주세요"),
)
ENGLISH = (
    *("hi", "thanks", "how long does shipping take?", "what are your store hours?", "bye"),
    *(
        "can I return these?",
        "where is your store",
        "do you take cards",
        "can you recommend something?",
    ),
    *(
        "recommend hiking shoes in 9",
        "how much is the Ridge GTX?",
        "do you have the Ridge GTX in 9?",
    ),
    *("I want to talk to a person", "what can you do?", "what do you know about me?", "yes", "no"),
    *("what's the weather", "asdf qwer", "2", "too expensive", "hey", "back", "start over"),
    *("text me about offers", "please no Mother's Day", "remind me in March", "I'll take it"),
    *("I already bought one elsewhere", "why me?", "forget everything", "my name is Minsu"),
)


@pytest.mark.parametrize("channel", ["web", "sms"])
@pytest.mark.parametrize("messages", [KOREAN, ENGLISH], ids=["ko", "en"])
def test_nothing_is_said_word_for_word_twice_running(
    real_shop: RealShop, channel: str, messages: tuple[str, ...]
) -> None:
    repeated = []
    for said in messages:
        customer = real_shop.customer(channel, language="ko" if messages is KOREAN else "en")
        answers = [real_shop.hears(customer, said).text for _ in range(4)]
        if any(one == two for one, two in pairwise(answers) if one):
            repeated.append((said, answers))
    assert repeated == []
