"""Which sentences close a number: a refusing word about messages, and nothing less (RULES US-2)."""

from __future__ import annotations

import pytest

from marketing.opt_out import Refusal, is_only_of, refusal

CLEAR = (
    "stop texting me",
    "please stop sending me messages",
    "unsubscribe me please",
    "I want to opt out",
    "don't text me again",
    "do not contact me anymore",
    "take me off your list",
    "leave me alone",
    "no more texts please",
    "remove me from this list",
    "quit texting me",
    "stop spamming me",
    "please stop these texts",
    "i don't want any more messages",
    "stop all marketing",
    "cancel my subscription to these texts",
    "I no longer wish to receive texts",
    "these texts need to stop",
    "please dont message me",
    "문자 보내지 마세요",
    "문자 그만 보내 주세요",
    "광고 문자 그만 받고 싶어요",
    "더 이상 연락하지 마세요",
    "수신 거부할게요",
    "광고 차단해 주세요",
    "문자 받기 싫어요",
    "이제 그만 보내세요",
    "광고 문자 안 받을래요",
    "문자 수신 철회합니다",
    "마케팅 수신 동의 철회할게요",
    "다시는 문자하지 마",
    "연락 끊어 주세요",
    "알림 문자 거부합니다",
    "문자 좀 보내지 마요",
    "문자 이제 필요 없어요",
    "광고 사절이에요",
    "그만 연락하세요",
)
NOT_A_REFUSAL = (
    "문자 다시 보내 주세요",
    "문자로 답 주세요",
    "문자로 알려 주세요",
    "알림 받을 수 있어요?",
    "please don't call, text me",
    "non-stop hiking",
    "do you have bus stop posters",
    "stop by tomorrow?",
    "문자 못 받았어요",
    "전화하지 말고 문자 주세요",
    "bus stop",
    "The rain won't stop",
    "can you text me when it is back",
    "취소 주문 문의",
    "cancel my order please",
    "문자 안 왔어요",
)
UNCLEAR = ("stop it", "that is enough", "이제 그만할래요", "싫어요")


@pytest.mark.parametrize("text", CLEAR)
def test_a_refusing_word_about_messages_is_clear(text: str) -> None:
    assert refusal(text) is Refusal.CLEAR


@pytest.mark.parametrize("text", UNCLEAR)
def test_a_refusing_word_alone_is_not(text: str) -> None:
    assert refusal(text) is Refusal.UNCLEAR


@pytest.mark.parametrize("text", NOT_A_REFUSAL)
def test_asking_for_messages_or_saying_stop_of_something_else_refuses_nothing(text: str) -> None:
    assert refusal(text) is None


OF_ONE_TOPIC = (
    ("어버이날 문자는 보내지 말아 주세요", "어버이날"),
    ("어버이날 관련 광고 그만 보내 주세요", "어버이날"),
    ("어버이날에는 연락하지 마세요", "어버이날"),
    ("다른 광고는 괜찮은데 어버이날 문자는 보내지 마세요", "어버이날"),
    ("러닝화 광고는 그만 보내 주세요", "러닝화"),
    ("생일 축하 문자는 보내지 마세요", "생일 축하 문자"),
    ("please don't text me about Mother's Day", "Mother's Day"),
    ("take me off the Father's Day list", "Father's Day"),
    ("no more anniversary texts please", "anniversary"),
    ("don't send me any Mother's Day ads", "Mother's Day"),
    ("No Mother's Day stuff, I lost my mom", "Mother's Day"),
)
OF_EVERYTHING = (
    ("어버이날 문자도 다른 것도 보내지 마세요", "어버이날"),
    ("어버이날이든 뭐든 모든 문자 보내지 마세요", "어버이날"),
    ("러닝화는 샀으니까 이제 문자 보내지 마세요", "러닝화"),
    ("어버이날 얘기는 싫고 문자 그만 보내세요", "어버이날"),
    ("no Mother's Day stuff, and stop texting me", "Mother's Day"),
    ("stop texting me. I lost my mom, no Mother's Day", "Mother's Day"),
    ("stop sending me Mother's Day and all your texts", "Mother's Day"),
    ("don't text me about Mother's Day or anything", "Mother's Day"),
    ("stop texting me, I have running shoes", "running shoes"),
)


@pytest.mark.parametrize(("text", "named"), OF_ONE_TOPIC)
def test_a_topic_may_be_refused_alone(text: str, named: str) -> None:
    start = text.index(named)
    assert is_only_of(text, [(start, start + len(named))])


@pytest.mark.parametrize(("text", "named"), OF_EVERYTHING)
def test_whoever_wants_no_messages_at_all_is_not_taken_for_less(text: str, named: str) -> None:
    start = text.index(named)
    assert not is_only_of(text, [(start, start + len(named))])


def test_a_refusal_of_nothing_in_particular_is_of_everything() -> None:
    assert not is_only_of("문자 보내지 마세요", [])
    assert is_only_of("I lost my mom", [])
