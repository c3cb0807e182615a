"""The language of a text comes from its letters, else from the caller."""

from __future__ import annotations

import pytest

from nlu.language import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("안녕하세요", "ko"),
        ("Nike 런닝화 270", "ko"),
        ("ㅇㅇ", "ko"),
        ("ㅋㅋ ok", "ko"),
        ("한글", "ko"),  # decomposed syllables
        ("ok", "en"),
        ("café 270", "en"),
    ],
)
def test_letters_decide(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["", "270", "😀", "?!", "こんにちは"])
def test_text_without_our_letters_keeps_the_customers_language(text: str) -> None:
    assert detect(text, "en") == "en"
    assert detect(text, "ko") == "ko"


@pytest.mark.parametrize(
    "text",
    [
        "asdf",
        "asdf qwer",
        "Ridge GTX 270?",
        "GTX",
        "the north face",
        "Two of Us Anniversary Box",
        "ok",
        "yes",
        "no",
    ],
)
def test_a_name_or_a_slip_leaves_a_korean_conversation_korean(text: str) -> None:
    assert detect(text, "ko", is_remembered=True) == "ko"
    assert detect(text, "en", is_remembered=True) == "en"
    assert detect(text, "ko") == "en"


@pytest.mark.parametrize(
    "text",
    [
        *("hello", "Thanks!", "do you have the Ridge GTX in 9?", "running shoes", "What's new"),
        *("too expensive", "not now", "sounds good", "maybe later", "why me?", "nevermind"),
    ],
)
def test_plain_english_turns_a_korean_conversation(text: str) -> None:
    assert detect(text, "ko", is_remembered=True) == "en"


def test_hangul_turns_an_english_conversation() -> None:
    assert detect("안녕", "en", is_remembered=True) == "ko"
