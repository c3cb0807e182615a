"""Who plainly asks for a person, or tells of a mishap that only a person can put right."""

from __future__ import annotations

import pytest

from marketing.person_wanted import is_plain, names_a_person
from nlu.flows import read_examples


@pytest.mark.parametrize(
    "text",
    [
        "상담원이요",
        "사장님 바꿔 주세요",
        "다른 색이 왔어요",
        "카드 결제가 두 번 됐어요",
        "get me a human",
        "I'm done with bots, I don't want a robot",
        "you sent me the wrong color",
        "I was charged twice",
    ],
)
def test_it_is_plain(text: str) -> None:
    assert is_plain(text)


@pytest.mark.parametrize(
    "text",
    [
        "로봇이랑 얘기하는 거예요?",
        "사장님이면 사시겠어요?",
        "답답하니까",
        "불러 주세요",
        "하자가",
        "she ordered the wrong size",
        "are you a robot?",
        "i was cxarge-d twice",
    ],
)
def test_it_is_not(text: str) -> None:
    assert not is_plain(text)


@pytest.mark.parametrize(
    "text",
    [
        "상담원 불러 주세요",
        "매니저 바꿔 줘요",
        "somebody from your team",
        "I don’t want a bot",
        "call me",
    ],
)
def test_a_person_is_named(text: str) -> None:
    assert names_a_person(text)


@pytest.mark.parametrize(
    "text", ["Team Jo", "아빠 사랑해요", "다른 색이 왔어요", "I was charged twice"]
)
def test_no_person_is_named(text: str) -> None:
    assert not names_a_person(text)


def test_every_sentence_of_the_training_data_is() -> None:
    examples = [one.text for one in read_examples() if one.intent == "ask_human"]
    assert len(examples) > 100
    assert [text for text in examples if not is_plain(text)] == []
