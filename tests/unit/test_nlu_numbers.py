"""Telephone numbers and codes in a message, told apart from sizes, sums and days."""

from __future__ import annotations

import pytest

from agent import stand_ins

stand_ins.install()

from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402

from nlu.bare_numbers import BareNumbers  # noqa: E402
from nlu.measures import find_measures  # noqa: E402

INTENTS = {"phone": "give_phone", "code": "give_code"}


def _found(text: str) -> list[tuple[str, str]]:
    return [(one.entity, one.value) for one in find_measures(text)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("제 번호는 010-1234-5678이에요", "010-1234-5678"),
        ("01012345678로 보내 주세요", "01012345678"),
        ("+82 10 1234 5678", "+82 10 1234 5678"),
        ("my cell is (503) 555-0142 thanks", "(503) 555-0142"),
        ("text me at 503.555.0142.", "503.555.0142"),
        ("5035550142", "5035550142"),
        ("+44 20 7946 0958", "+44 20 7946 0958"),
        ("02-312-4567", "02-312-4567"),
    ],
)
def test_a_telephone_number_is_found_and_nothing_else_in_it(text: str, number: str) -> None:
    assert _found(text) == [("phone", number)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("482913", "482913"),
        ("코드는 482 913이에요", "482913"),
        ("code 482-913", "482913"),
        ("270275", "270275"),
    ],
)
def test_a_code_is_found(text: str, code: str) -> None:
    assert _found(text) == [("code", code)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("270", [("size", "270")]),
        ("270 275 280", [("size", "270"), ("size", "275"), ("size", "280")]),
        ("270 275", [("size", "270"), ("size", "275")]),
        ("150000원", [("money", "150000 KRW")]),
        ("1,234,567", []),
        ("2024-07-12", [("date", "2024-07-12")]),
        ("주문번호 123456 언제 와요", [("order_number", "123456")]),
        ("where is order 123456", [("order_number", "123456")]),
        ("12345", [("order_number", "12345")]),
        ("99999999999", []),
    ],
)
def test_other_numbers_stay_what_they_are(text: str, found: list[tuple[str, str]]) -> None:
    assert _found(text) == found


def _intent(text: str, intent: str = "nlu_fallback") -> str:
    entities = [one.as_rasa("test") for one in find_measures(text)]
    message = Message({TEXT: text, ENTITIES: entities, INTENT: {"name": intent, "confidence": 0.5}})
    (answer,) = BareNumbers({"intents": INTENTS}).process([message])
    return str(answer.get(INTENT)["name"])


def test_a_bare_number_or_code_wants_what_it_is() -> None:
    assert _intent("010-1234-5678") == "give_phone"
    assert _intent(" (503) 555-0142! ") == "give_phone"
    assert _intent("482913") == "give_code"


def test_a_sentence_with_a_number_keeps_its_intent() -> None:
    assert _intent("010-1234-5678 삭제해 주세요", "forget_fact") == "forget_fact"
    assert _intent("270", "tell_about_me") == "tell_about_me"
    assert _intent("12345") == "nlu_fallback"
