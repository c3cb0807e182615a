"""What chooses one of several things, and what only talks about one."""

from __future__ import annotations

import pytest

from actions.choices import holds_a_question, only_points

HARU = "하루 20"


def _named(text: str) -> list[tuple[int, int]]:
    places = [(text.find(name), len(name)) for name in (HARU, "Haru 20") if name in text]
    return [(start, start + length) for start, length in places]


@pytest.mark.parametrize(
    "text",
    [
        *("2", "1번이요", "no. 2", "the first one please", "I'll take the second"),
        *("첫 번째 거로 할게요", "두번째걸로 주세요", "네 첫번째요", "그 두 번째 걸로요"),
        *("하루 20", "하루 20이요", "하루 20으로 부탁드려요", "the Haru 20 please"),
    ],
)
def test_pointing_at_one_chooses_it(text: str) -> None:
    assert only_points(text, _named(text))


@pytest.mark.parametrize(
    "text",
    [
        *("1번이 뭐였죠?", "the Haru 20?", "the first one looks like a brick"),
        *("the Haru 20? my coach wears it", "하루 20은 지난달에 남편이 샀고요"),
        *("첫 번째 거는 동생이 갖고 싶어 해요", "첫 번째가 더 예쁘긴 하네요"),
    ],
)
def test_talking_of_one_does_not(text: str) -> None:
    assert not only_points(text, _named(text))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "270 있어요?",
            "어떻게 바꿔요",
            "언제까지 되나요",
            "얼마예요",
            "2번은 몇 시에 와요",
            "이거 될까요",
        ),
        *("the boots? how long does it take", "when can I return it", "is the first one in"),
        *("can I buy it", "can I send back the boots"),
    ],
)
def test_a_question_is_held_wherever_it_stands(text: str) -> None:
    assert holds_a_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "릿지 GTX요",
        "2번이요",
        "발이 아파서요",
        "the boots",
        "the first one",
        "they are too small",
        "",
    ],
)
def test_an_answer_holds_none(text: str) -> None:
    assert not holds_a_question(text)
