"""The words by which a past turn is found."""

from __future__ import annotations

import time

import pytest

from nlu.search_words import LONGEST_TEXT, MOST_WORDS, search_words, stem


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        ("저번에 본 등산화 270 있어요?", "등산화는요? 270"),
        ("방수 되나요", "방수가 되는 거요"),
        ("발볼이 넓어서 불편해요", "발볼 넓은 분"),
        ("I was running in hiking boots", "do you run? the boot I hiked in"),
        ("she bought two jackets", "what did I buy? a jacket"),
        ("my feet are wide", "a wide foot"),
        ("the dog’s coat", "dogs' coats"),
        ("ＧＴＸ 있어요?", "gtx"),
    ],
)
def test_however_it_is_inflected_it_is_the_same_word(kept: str, asked: str) -> None:
    assert set(search_words(asked)) <= set(search_words(kept)) | {"분", "거"}
    assert search_words(asked)


def test_what_says_little_is_no_word() -> None:
    assert search_words("Do you have it? 네, 있어요!") == []
    assert search_words("what is the one you were talking about") == ["talk"]
    assert search_words("그거 좀 보여 주세요") == ["보이다"]


def test_names_and_numbers_stay_in_korean_text() -> None:
    assert search_words("Ridge GTX 270 사려고요") == ["ridg", "gtx", "270", "사다"]


def test_words_count_as_often_as_they_are_said() -> None:
    assert search_words("jacket, jackets and a Jacket") == ["jacket"] * 3


# From the vocabulary that the authors of the algorithm publish with it.
@pytest.mark.parametrize(
    ("word", "stemmed"),
    [
        ("consistency", "consist"),
        ("consolingly", "consol"),
        ("knightly", "knight"),
        ("knocking", "knock"),
        ("kindness", "kind"),
    ],
)
def test_english_stems_are_those_of_the_published_algorithm(word: str, stemmed: str) -> None:
    assert stem(word) == stemmed


@pytest.mark.parametrize("text", ["", " ", "?!", "😀", "ㅋㅋㅋ", "\x00", "ㄱ" * 50])
def test_a_text_without_words_has_none(text: str) -> None:
    assert search_words(text) == []


def test_a_long_text_is_bounded() -> None:
    began = time.process_time()
    assert len(search_words("등산화 boots " * 100_000)) == MOST_WORDS
    assert len(search_words("a1b2 " * LONGEST_TEXT)) <= MOST_WORDS
    assert time.process_time() - began < 5
