"""A few letters out of an answer answer nothing."""

from __future__ import annotations

import pytest

from agent import stand_ins

stand_ins.install()

from nlu.whole_answer_guard import is_fragment, words_said  # noqa: E402

ANSWERS = {
    words_said(one) for one in ("네", "yes", "do it", "i do", "그렇게 해 주세요", "해 주세요")
}


@pytest.mark.parametrize("text", ["do", "해", "요", "해요", "do NaN", "notable people"])
def test_a_part_of_an_answer_is_none(text: str) -> None:
    assert is_fragment(text, ANSWERS, 9)


@pytest.mark.parametrize("text", ["네네", "Yesss!!", "do it", "네 ㅋㅋ", "해주세요", "well, i do"])
def test_a_whole_answer_is_one_however_it_is_written(text: str) -> None:
    assert not is_fragment(text, ANSWERS, 9)


def test_what_is_longer_is_judged_by_its_words() -> None:
    assert not is_fragment("please do that for me now", ANSWERS, 9)
