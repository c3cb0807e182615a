"""Which messages wait for their rest: a mere call, and a few words that mean nothing yet."""

from __future__ import annotations

import pytest

from agent.unfinished import is_unfinished, is_vocative

UNKNOWN = {"intent": {"name": "nlu_fallback"}, "entities": []}


def _read_as(intent: str, *entities: str) -> dict[str, object]:
    return {"intent": {"name": intent}, "entities": [{"entity": one} for one in entities]}


@pytest.mark.parametrize(
    "text", ["저기요", "저기요~", "여기요!", "hey", "Hey,", "excuse me", "사장님"]
)
def test_a_mere_call_waits_whatever_was_asked(text: str) -> None:
    assert is_vocative(text)
    for is_awaited in (True, False):
        assert is_unfinished(text, _read_as("greet"), is_awaited=is_awaited)


@pytest.mark.parametrize("text", ["그 있잖아 그거", "um the thing", "음 그게"])
def test_a_few_words_that_nothing_is_made_of_wait(text: str) -> None:
    assert is_unfinished(text, UNKNOWN, is_awaited=False)


@pytest.mark.parametrize("text", ["네", "270", "2", "482913", "블랙", "그 있잖아 그거", "ㅇㅇ"])
def test_nothing_waits_while_an_answer_is_awaited(text: str) -> None:
    assert not is_unfinished(text, UNKNOWN, is_awaited=True)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "안녕하세요",
            "hi there",
            "저기요 270 있어요?",
            "270",
            "2",
            "😀",
            "ㅇㅇ",
            "뒤로",
            "start over",
        ),
        *("그만 좀 보내세요", "stop texting me", "그게 뭐예요?", "x" * 31, "취소", "日本語"),
    ],
)
def test_what_is_complete_does_not_wait(text: str) -> None:
    understood = _read_as("greet") if text in ("안녕하세요", "hi there") else UNKNOWN
    assert not is_unfinished(text, understood, is_awaited=False)


def test_a_product_alone_is_a_complete_request() -> None:
    assert not is_unfinished("ridge gtx", _read_as("nlu_fallback", "product"), is_awaited=False)


def test_who_writes_in_pieces_is_let_finish() -> None:
    refunds = _read_as("ask_store_info", "store_topic")
    assert is_unfinished("환불", refunds, is_awaited=False, goes_on=True)
    assert not is_unfinished("환불", refunds, is_awaited=False)
    assert not is_unfinished("언제 돼요?", refunds, is_awaited=False, goes_on=True)
    for text, intent in (("네", "affirm"), ("yes", "affirm"), ("고마워", "thank"), ("no", "deny")):
        assert not is_unfinished(text, _read_as(intent), is_awaited=False, goes_on=True)
