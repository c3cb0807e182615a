"""What agrees to advertising: plain, whole and unconditional words (RULES US-7), for this and for
nothing else (KR-4)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from marketing.agreeing_words import agrees, is_a_yes

DOMAIN = Path(__file__).resolve().parents[2] / "domain.yml"
ASKED_BY = (
    *("utter_consent_disclosure", "utter_consent_disclosure_night", "utter_consent_plain_words"),
    *("utter_consent_request", "utter_consent_request_night"),
    *("utter_consent_word_wanted", "utter_consent_agree_wanted"),
)


@pytest.mark.parametrize(
    "text",
    [
        *("I agree", "i agree.", "I AGREE!", "Yes, I agree", "ok, I agree", "I do agree", "agreed"),
        *(
            "I consent",
            "I agree to receive texts",
            "I agree to get your texts",
            "I consent to offers",
        ),
        *("“I agree”", "Ｉ agree", "I\u200b agree", "  I  agree \n", "I agree~"),
        *(
            "동의",
            "동의해요",
            "동의합니다.",
            "동의 합니다",
            "네, 동의합니다",
            "예 동의해요",
            "넵 동의할게요",
        ),
        *("동의함", "동의하겠습니다!", "동의드립니다", "동의해요, 보내 주세요", "‘동의해요’"),
        *(
            "광고 수신에 동의합니다",
            "네 광고 문자 수신 동의해요",
            "마케팅 정보 수신에 동의하겠습니다",
        ),
    ],
)
def test_plain_words_agree(text: str) -> None:
    assert agrees(text)
    assert not is_a_yes(text)


@pytest.mark.parametrize(
    "text",
    [
        *("yes", "YES.", "y", "yes please", "Yes!", "네", "예", "네네", "넵", "네."),
    ],
)
def test_a_mere_yes_is_less_than_plain_words(text: str) -> None:
    assert is_a_yes(text)
    assert not agrees(text)


VAGUE = [
    *("ok", "sure", "fine", "yeah", "why not", "sounds good", "cool", "got it", "👍", "go ahead"),
    *("yes I think so", "I guess I agree", "maybe I agree", "I might agree", "send them"),
    *(
        "좋아요",
        "그래요",
        "알겠어요",
        "응",
        "ㅇㅇ",
        "ㅇㅋ",
        "괜찮아요",
        "보내 주세요",
        "그렇게 해 주세요",
    ),
    *("동의할까 해요", "아마 동의해요", "동의하는 편이에요", "", " ", "...", "1"),
]
REFUSED = [
    *("I don't agree", "I do not agree", "no, I agree not", "I disagree", "I never agreed", "no"),
    *(
        "동의 안 해요",
        "동의하지 않아요",
        "동의 못 해요",
        "미동의",
        "비동의",
        "동의 안 함",
        "동의 철회",
        "동의 거부",
    ),
    *("I agree, but not now", "I agreed by mistake", "동의했었는데 취소할게요"),
]
ASKED = [
    *("I agree?", "agree to what?", "do I have to agree?", "what if I agree", "yes?", "네?"),
    *("동의해요?", "동의하면 뭐가 좋아요?", "꼭 동의해야 하나요", "뭘 동의해요", "동의요？"),
]
CONDITIONAL = [
    *("I agree if it's once a week", "I agree unless it costs", "I agree after you fix my order"),
    *("쿠폰 주면 동의해요", "하루 한 건이면 동의합니다", "나중에 동의할게요", "낮에만 동의해요"),
]
SOMETHING_ELSE = [
    *(
        "I agree to the terms",
        "I agree to the privacy policy",
        "I agree with you",
        "I agree that's nice",
    ),
    *("I agree to receive emails", "I agree to calls", "I agree to everything", "agree to all"),
    *("I agree to the transfer of my data", "my wife agrees", "she said I agree"),
    *("이용약관에 동의합니다", "개인정보 수집에 동의합니다", "개인정보 수집 및 이용에 동의해요"),
    *(
        "제3자 제공에 동의합니다",
        "국외 이전에 동의합니다",
        "전체 동의",
        "모두 동의합니다",
        "다 동의해요",
    ),
    *("이메일 수신에 동의합니다", "야간 광고 수신에 동의합니다", "위치정보 이용에 동의합니다"),
    *("그 말에 동의해요", "남편이 동의해요", "동의해요라고 하래요"),
]


@pytest.mark.parametrize("text", [*VAGUE, *REFUSED, *ASKED, *CONDITIONAL, *SOMETHING_ELSE])
def test_what_is_vague_refused_asked_or_about_something_else_does_not_agree(text: str) -> None:
    assert not agrees(text)


@pytest.mark.parametrize("text", [*VAGUE, *REFUSED, *ASKED, *CONDITIONAL, *SOMETHING_ELSE])
def test_nor_is_it_a_yes(text: str) -> None:
    assert not is_a_yes(text)


@cache
def _responses() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    responses: Mapping[str, Sequence[Mapping[str, Any]]]
    responses = yaml.load(DOMAIN.read_text("utf-8"), yaml.CSafeLoader)["responses"]
    return responses


@pytest.mark.parametrize("response", ASKED_BY)
def test_the_words_that_a_question_asks_for_are_taken(response: str) -> None:
    """Whoever answers as they were told has agreed, and whoever takes the way out has not."""
    variants = _responses()[response]
    for variant in variants:
        told = re.findall("‘([^’]+)’|“([^”]+)”|reply (?:just )?([A-Z ]+[A-Z])", variant["text"])
        assert told or "sms" in variant.get("channel", "")
        for words in map("".join, told):
            is_taken = agrees(words) or is_a_yes(words)
            assert is_taken is (words not in ("아니요", "NO")), words
        for place, button in enumerate(variant.get("buttons", ())):
            assert agrees(button["payload"]) is (place == 0), button
