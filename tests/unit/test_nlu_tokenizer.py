"""Tokens are exact substrings of the message, and no word is lost beside another script."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agent import stand_ins
from nlu.language import has_hangul
from nlu.spans import runs, shared_kiwi, split

stand_ins.install()

from rasa.shared.nlu.constants import TEXT  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402
from rasa.shared.nlu.training_data.training_data import TrainingData  # noqa: E402

from nlu.tokenizer import KoreanEnglishTokenizer  # noqa: E402

SHOP_LETTERS = "가나다했어요갔줘런닝화를넓은ㅋㅠㅏabcXYZ é’'0.,9 \t\n?!😀👨‍👩‍👧\u200b\ufe0f"
TEXTS = st.text(max_size=60) | st.text(alphabet=SHOP_LETTERS, max_size=60)
KOREAN = st.text(alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), max_size=40)


def tokens_of(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split(text)]


@settings(max_examples=300, deadline=None)
@given(TEXTS | KOREAN)
@example("했어요 그래갖고 갔더라고요 줘 사ㅏㅏ")
@example("한글\u1100\u1161각")
@example("가\u0301나")
@example("9.5와이드")
def test_tokens_tile_everything_but_white_space(text: str) -> None:
    at = 0
    for start, end in split(text):
        assert at <= start < end <= len(text)
        assert text[at:start].strip() == ""
        assert text[start:end].strip() != ""
        at = end
    assert text[at:].strip() == ""


@settings(max_examples=100, deadline=None)
@given(TEXTS | KOREAN)
@example("😀\u200d가나다")
@example("한글abc넓은 9.5와이드")
def test_runs_are_tokens_and_those_of_hangul_all_their_tokens_together(text: str) -> None:
    tokens = split(text)
    together = [
        [one for one in tokens if run.start <= one.start and one.end <= run.end]
        for run in runs(text)
    ]
    assert [one for within in together for one in within] == list(tokens)
    assert [(within[0].start, within[-1].end) for within in together] == list(runs(text))
    assert all(has_hangul(text[within[0].start]) for within in together if len(within) > 1)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("나이키 런닝화 270", ["나이키", "런닝", "화", "270"]),
        ("Nike 런닝화 얼마예요", ["Nike", "런닝", "화", "얼마", "예요"]),
        ("OK 네 좋아요", ["OK", "네", "좋", "아요"]),
        ("size 9.5, men's", ["size", "9.5", ",", "men's"]),
        ("10,000원", ["10,000", "원"]),
        ("좋아요👍🏽👨‍👩‍👧!", ["좋", "아요", "👍", "🏽", "👨‍👩‍👧", "!"]),
        ("ㅋㅋㅋ ㅇㅇ", ["ㅋㅋㅋ", "ㅇㅇ"]),
        ("", []),
        (" \n\t", []),
    ],
)
def test_words_numbers_and_signs(text: str, tokens: list[str]) -> None:
    assert tokens_of(text) == tokens


def test_contracted_morphemes_share_one_token() -> None:
    # 했 is 하 + 었 in one syllable, so Kiwi puts two morphemes at one place.
    starts = [morpheme.start for morpheme in shared_kiwi().tokenize("했어요")]
    assert starts.count(0) == 2
    assert tokens_of("했어요") == ["했", "어요"]


def test_the_analyser_is_loaded_once() -> None:
    assert shared_kiwi() is shared_kiwi()


def tokenizer() -> KoreanEnglishTokenizer:
    return KoreanEnglishTokenizer(KoreanEnglishTokenizer.get_default_config())


def test_rasa_gets_tokens_with_offsets_when_a_message_is_read() -> None:
    (message,) = tokenizer().process([Message({TEXT: "Nike 런닝화를 OK"})])
    found = [(token.text, token.start, token.end) for token in message.get("text_tokens")]
    assert found == [
        ("Nike", 0, 4),
        ("런닝", 5, 7),
        ("화", 7, 8),
        ("를", 8, 9),
        ("OK", 10, 12),
    ]


def test_rasa_gets_tokens_when_it_trains() -> None:
    examples = [Message({TEXT: "2026 포인트", "intent": "ask_points"})]
    trained = tokenizer().process_training_data(TrainingData(examples))
    (example_,) = trained.training_examples
    assert [token.text for token in example_.get("text_tokens")] == ["2026", "포인트"]
