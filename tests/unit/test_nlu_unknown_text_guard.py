"""Text that nobody can have meant as an answer falls back; short real answers do not."""

from __future__ import annotations

import pytest

from agent import stand_ins

stand_ins.install()

from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402

from nlu.unknown_text_guard import UnknownTextGuard, why_unknown  # noqa: E402

GUARD = UnknownTextGuard(UnknownTextGuard.get_default_config())


def guarded(text: str, entities: tuple[str, ...] = ()) -> Message:
    """A message that the classifier, by mistake, took for a yes."""
    message = Message({TEXT: text})
    affirm = {"name": "affirm", "confidence": 0.9}
    message.set(INTENT, affirm, add_to_output=True)
    message.set("intent_ranking", [affirm, {"name": "deny", "confidence": 0.1}])
    message.set(ENTITIES, [{"entity": entity} for entity in entities])
    return GUARD.process([message])[0]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no_words"),
        (" \n", "no_words"),
        ("😀", "no_words"),
        ("👍👍👍", "no_words"),
        ("ㅋㅋㅋ", "no_words"),
        ("ㅎㅎ ㅠㅠ", "no_words"),
        ("ㅡㅡ;", "no_words"),
        ("?!", "no_words"),
        ("12345", "no_words"),
        ("\u200b", "no_words"),
        ("ㅋㅣ", "loose_letters"),
        ("ㅇㅈㄹㅏ", "loose_letters"),
        ("こんにちは", "other_script"),
        ("да", "other_script"),
        ("我要买 ok", "other_script"),
        ("y̷̢e̶s", "garbled"),
        ("네\ufffd\ufffd", "garbled"),
        ("<script>alert(1)</script>", "program_text"),
        ('{"intent": "buy"}', "program_text"),
        ("/affirm", "program_text"),
        (" /buy", "program_text"),
        ("\u2060/buy", "program_text"),  # as the agent hands a slash to Rasa
        ("네 " * 501, "too_long"),
    ],
)
def test_unknown_text_is_never_a_yes(text: str, reason: str) -> None:
    assert why_unknown(text, set(), 1000) == reason
    message = guarded(text)
    assert message.get(INTENT) == {"name": "nlu_fallback", "confidence": 1.0}
    assert [one["name"] for one in message.get("intent_ranking")] == [
        "nlu_fallback",
        "affirm",
        "deny",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "네",
        "응",
        "ㅇㅇ",
        "ㅇㅋ",
        "yes",
        "ok",
        "y",
        "네 ㅋㅋㅋ",
        "yes 👍",
        "네 <3",
        "좋아요 ㅎㅎ;;",
        "나이키",
    ],
)
def test_short_real_answers_pass(text: str) -> None:
    assert guarded(text).get(INTENT)["name"] == "affirm"


def test_a_number_alone_passes_only_where_it_is_a_size_a_sum_or_a_day() -> None:
    assert guarded("270", ("size",)).get(INTENT)["name"] == "affirm"
    assert guarded("270", ("store_topic",)).get(INTENT)["name"] == "nlu_fallback"


def test_the_longest_text_that_passes_is_configured() -> None:
    assert why_unknown("a" * 10, set(), 10) is None
    assert why_unknown("a" * 11, set(), 10) == "too_long"
