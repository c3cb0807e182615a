"""How customers feel, by the sentences that were labelled by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from marketing.sentiment import Sentiment, sentiment

LABELLED = yaml.safe_load(
    (Path(__file__).parent / "labelled_sentiment.yml").read_text(encoding="utf-8")
)
LEAST_RIGHT = 0.9


@pytest.mark.parametrize("language", ["korean", "english"])
def test_labelled_sentences_are_felt_as_they_are_meant(language: str) -> None:
    labelled = [(text, label) for label, texts in LABELLED[language].items() for text in texts]
    assert len(labelled) >= 60
    wrong = [
        f"{text!r}: {found}, not {label}"
        for text, label in labelled
        if (found := sentiment(text)) != label
    ]
    assert 1 - len(wrong) / len(labelled) >= LEAST_RIGHT, "\n".join(wrong)


@pytest.mark.parametrize("language", ["korean", "english"])
def test_nobody_who_is_not_angry_is_taken_for_angry(language: str) -> None:
    others = (
        text for label, texts in LABELLED[language].items() if label != "angry" for text in texts
    )
    assert [text for text in others if sentiment(text) is Sentiment.ANGRY] == []


@pytest.mark.parametrize(
    ("text", "felt"),
    [
        ("예쁜데 발이 아파요", Sentiment.NEGATIVE),
        ("they're cute but they hurt", Sentiment.NEGATIVE),
        ("나쁘지 않네요", Sentiment.POSITIVE),
        ("not bad", Sentiment.POSITIVE),
        ("이 신발 편해요?", Sentiment.NEUTRAL),
        ("", Sentiment.NEUTRAL),
        ("😀", Sentiment.NEUTRAL),
    ],
)
def test_denials_and_mixed_words(text: str, felt: Sentiment) -> None:
    assert sentiment(text) is felt
