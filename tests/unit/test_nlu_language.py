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
