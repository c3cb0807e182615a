"""A message is cut in two only where both halves are plainly questions, and different ones."""

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
}


def _parse(text: str) -> dict[str, Any]:
    name = READ_AS.get(text, "nlu_fallback")
    return {"text": text, "intent": {"name": name, "confidence": 0.9}, "entities": []}


def _requests(text: str, intent: str = "ask_stock") -> list[str]:
    whole = {"text": text, "intent": {"name": intent, "confidence": 0.9}, "entities": []}
    return [said for said, _ in requests_in(text, whole, _parse)]


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
    ],
)
def test_two_questions_are_two_requests(text: str, halves: list[str]) -> None:
    assert _requests(text) == halves


@pytest.mark.parametrize(
    "text",
    [
        "how much is it? forget everything",
        "yes, do you have wide boots?",
        "얼마고 다 잊어 주세요",
        "배송비 얼마예요? 영업시간은요?",  # the flow answers both by itself
        "270 있어요?",
        "black and white shoes",
        "얼마고 " + "아" * 200,
    ],
)
def test_anything_else_stays_whole(text: str) -> None:
    assert _requests(text) == [text]


def test_what_acts_as_a_whole_is_not_taken_apart() -> None:
    text = "what time do you close and do you have wide boots?"
    assert _requests(text, intent="forget_everything") == [text]
