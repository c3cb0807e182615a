"""Who is plainly angry, and who is not."""

from __future__ import annotations

import pytest

from marketing.anger import is_angry


@pytest.mark.parametrize(
    "text",
    [
        "아 진짜 짜증나네",
        "짜증나게 왜 이래요",
        "너무 화가 나네요",
        "열받아서 못 하겠어요",
        "진짜 빡치네",
        "어이없네 진짜",
        "일 처리가 개판이네요",
        "이거 사기 아니에요?",
        "사기꾼들이네",
        "서비스 최악",
        "지금 장난하냐",
        "소비자원에 신고할 거예요",
        "씨발 뭐야",
        "ㅅㅂ",
        "도대체 몇 번을 말해요",
        "this is ridiculous",
        "I'm so angry right now",
        "i’m furious",
        "I'm fed up with this",
        "worst service ever",
        "wtf is this",
        "This is unacceptable!",
        "you'll hear from my lawyer",
        "what a rip-off",
        "I'm sick of waiting",
        "how many times do I have to say it",
        "이게 말이 되냐",
        "쓰레기 같은 가게",
        "고소할 거예요",
        "다시는 절대 안 와요",
        "you people are liars",
        "I'll never shop here again",
        "I'm reporting you to the bank",
        "you should be ashamed of yourselves",
    ],
)
def test_anger_is_heard(text: str) -> None:
    assert is_angry(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "사기 전에 사이즈 좀 볼게요",
        "신발 사기 좋은 날이네요",
        "최악의 날씨에도 신을 등산화",
        "화이트 색상 있나요",
        "화나무 색 말고요",
        "짜증 안 나요 괜찮아요",
        "하나도 화 안 났어요",
        "화내지 마세요",
        "열 받지 않게 통풍 잘되는 모자",
        "시발점이 어디예요",
        "발열받침 있나요",
        "장난감도 팔아요?",
        "조금 아쉽네요",
        "별로예요",
        "비싸요",
        "환불 언제 돼요",
        "not angry, just curious",
        "my son is a fan of angry birds",
        "is it a scam-free site",
        "sick of my old shoes, show me new ones",
        "worst case I return them",
        "that's too expensive",
        "the weather is terrible",
        "no thanks",
        "I don't want this",
        "쓰레기통 있어요?",
        "말이 됩니다 그건",
        "배송은 언제까지 기다리면 되나요",
        "미친 듯이 편해요",
        "고소한 냄새가 나요",
        "강아지 같이 귀여워요",
        "다시는 물집 걱정 안 해도 되겠어요",
        "disgusting weather today",
        "I never buy black shoes",
        "I'm reporting back on the boots: great",
        "are you kidding, that's cheap!",
        "don't be ashamed to ask, right?",
    ],
)
def test_no_anger_is_read_into_other_words(text: str) -> None:
    assert not is_angry(text)
