"""What holds a word of a no."""

from __future__ import annotations

import pytest

from marketing.refusing_words import says_no
from nlu.flows import read_examples


@pytest.mark.parametrize(
    "text",
    ["아니요", "괜찮아요", "안 살래요", "ㄴㄴ", "no thanks", "I don’t", "nope", "not me"],
)
def test_a_no(text: str) -> None:
    assert says_no(text)


@pytest.mark.parametrize(
    "text",
    [
        "원하지 뒤꿈치에 충분히",
        "what i meant h",
        "네 좋아요",
        "sure",
        "now",
        "제 취향이에요",
        "that’s my style",
    ],
)
def test_none(text: str) -> None:
    assert not says_no(text)


def test_every_sentence_of_the_training_data_holds_one() -> None:
    examples = [one.text for one in read_examples() if one.intent in ("deny", "decline_offer")]
    assert len(examples) > 250
    assert [text for text in examples if not says_no(text)] == []
