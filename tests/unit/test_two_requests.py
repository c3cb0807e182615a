"""A message is cut in two only where both halves are plain; what acts is only named."""

from __future__ import annotations

from typing import Any

import pytest

from agent.two_requests import requests_in

READ_AS = {
    "얼마": "ask_price",
    "270 있어요?": "ask_stock",
    "what time do you close": "ask_store_info",
    "do you have wide boots?": "ask_stock",
    "how much is it?": "ask_price",
    "forget everything": "forget_everything",
    "yes": "affirm",
    "다 잊어 주세요": "forget_everything",
    "배송비 얼마예요?": "ask_store_info",
    "영업시간은요?": "ask_store_info",
    "상담원 연결해 주세요": "ask_human",
    "stop texting me": "opt_out",
    "no more": "opt_out",
    "있으면 살게요": "buy",
    "스노라인 부츠 재입": "stock_alert",
    "언제 돼요?": "ask_store_info",
}


def _parse(text: str) -> dict[str, Any]:
    name = READ_AS.get(text, "nlu_fallback")
    return {"text": text, "intent": {"name": name, "confidence": 0.9}, "entities": []}


def _requests(text: str, intent: str = "ask_stock") -> list[str]:
    whole = {"text": text, "intent": {"name": intent, "confidence": 0.9}, "entities": []}
    found = requests_in(text, whole, _parse)
    return [*(said for said, _ in found.answered), *([f"({found.left})"] if found.left else [])]


@pytest.mark.parametrize(
    ("text", "halves"),
    [
        ("얼마고 270 있어요?", ["얼마", "270 있어요?"]),
        (
            "what time do you close and do you have wide boots?",
            ["what time do you close", "do you have wide boots?"],
        ),
        ("how much is it? do you have wide boots?", ["how much is it?", "do you have wide boots?"]),
        ("배송비 얼마예요? 그리고 270 있어요?", ["배송비 얼마예요?", "270 있어요?"]),
        ("배송비 얼마예요? 상담원 연결해 주세요", ["배송비 얼마예요?", "상담원 연결해 주세요"]),
        (
            "what time do you close, and stop texting me",
            ["what time do you close", "stop texting me"],
        ),
    ],
)
def test_two_questions_are_two_requests(text: str, halves: list[str]) -> None:
    assert _requests(text) == halves


@pytest.mark.parametrize(
    "text",
    [
        "yes, do you have wide boots?",
        "how much is it? no more",  # whether messages are meant is not plain
        "배송비 얼마예요? 영업시간은요?",  # the flow answers both by itself
        "270 있어요?",
        "black and white shoes",
        "얼마고 " + "아" * 200,
    ],
)
def test_anything_else_stays_whole(text: str) -> None:
    assert _requests(text) == [text]


@pytest.mark.parametrize("intent", ["ask_price", "forget_everything"])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("how much is it? forget everything", ["how much is it?", "(forget everything)"]),
        ("forget everything, how much is it?", ["how much is it?", "(forget everything)"]),
        ("얼마고 다 잊어 주세요", ["얼마", "(다 잊어 주세요)"]),
        ("270 있어요? 있으면 살게요", ["270 있어요?", "(있으면 살게요)"]),
    ],
)
def test_what_acts_beside_a_question_is_named_and_not_done(
    text: str, found: list[str], intent: str
) -> None:
    assert _requests(text, intent=intent) == found


def test_a_purchase_as_a_whole_stays_one() -> None:
    assert _requests("270 있어요? 있으면 살게요", intent="buy") == ["270 있어요? 있으면 살게요"]


def test_what_acts_as_a_whole_is_not_taken_apart() -> None:
    text = "what time do you close and do you have wide boots?"
    assert _requests(text, intent="forget_everything") == [text]


def test_a_noun_that_ends_like_a_joined_verb_is_not_cut() -> None:
    assert _requests("스노라인 부츠 재입고 언제 돼요?") == ["스노라인 부츠 재입고 언제 돼요?"]
