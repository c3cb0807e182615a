"""Which language is asked for, also where another one is named that is not wanted."""

from __future__ import annotations

import pytest

from nlu.spoken_languages import find_languages


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("영어로 해 주세요", {"en"}),
        ("잉글리시 플리즈", {"en"}),
        ("English 가능해요?", {"en"}),
        ("영어로 못 해요?", {"en"}),
        ("영어 안 돼요?", {"en"}),
        ("한국말로", {"ko"}),
        ("우리 말로 대답해", {"ko"}),
        ("영어 말고 한국어로요", {"ko"}),
        ("한국어 말고 영어로 해 주세요", {"en"}),
        ("영어를 몰라요", {"ko"}),
        ("영어 못 읽어요", {"ko"}),
        ("제가 한국어를 잘 못해요", {"en"}),
        ("한국말이 서툴러서요 영어 되나요", {"en"}),
        ("영어라서 무슨 말인지 모르겠어요", {"ko"}),
        ("왜 갑자기 영어로 말해", {"ko"}),
        ("영어로 말하지 마세요", {"ko"}),
        ("영어 그만하고 한국어로 해", {"ko"}),
        ("일본어 되나요", {"other"}),
        ("일본말 못해요", set()),
        ("speak Korean please", {"ko"}),
        ("can you switch to English?", {"en"}),
        ("I don't speak Korean", {"en"}),
        ("I can’t read Korean", {"en"}),
        ("can't you speak English?", {"en"}),
        ("why don't you use English", {"en"}),
        ("why is this in korean", {"en"}),
        ("no korean please", {"en"}),
        ("stop answering in English", {"ko"}),
        ("my English is bad, Korean please", {"ko"}),
        ("my Korean isn't great", {"en"}),
        ("in Korean instead of English", {"ko"}),
        ("Korean or English?", {"ko", "en"}),
        ("habla español?", {"other"}),
        ("언어 바꿔 주세요", set()),
        ("영어 숙제 도와줘", set()),
        ("영어로 번역해줘", set()),
        ("what's that in Korean sizes", set()),
        ("engine oil", set()),
    ],
)
def test_the_language_that_is_wanted(text: str, wanted: set[str]) -> None:
    assert {one.value for one in find_languages(text)} == wanted


def test_the_name_is_where_it_stands() -> None:
    (found,) = find_languages("please, English")
    assert (found.entity, found.start, found.end) == ("language", 8, 15)
