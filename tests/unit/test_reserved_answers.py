"""No text message offers a word that carriers reserve as an answer: whoever gives it would be opted
out, or answered by the carrier (RULES US-1, US-6). Choices are digits."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from marketing.opt_out import HELP_WORDS, START_WORDS, STOP_WORDS, keyword

RESPONSES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).resolve().parents[2] / "domain.yml").read_text(encoding="utf-8")
)["responses"]
ASKS_FOR_YES = frozenset(
    {"utter_consent_request", "utter_consent_request_night", "utter_consent_asked_by_text"}
)
"""The double opt-in."""
_ASKED_FOR = re.compile(
    r"(?:reply|answer|text|send|type|say|write|respond(?: with)?)\s+(?:with\s+)?[\"'“‘]?([A-Za-z]+)"
    r"|[\"'“‘]?([가-힣A-Za-z]+)[\"'”’]?\s?(?:이라고|라고|으로|로)\s*(?:답|보내|적어|회신|써)",
    re.IGNORECASE,
)
_RESERVED = STOP_WORDS | START_WORDS | HELP_WORDS | {"YES"}


def _texts() -> list[tuple[str, str]]:
    """Every wording that a text message may carry."""
    return [
        (name, str(variant.get("text") or ""))
        for name, variants in RESPONSES.items()
        for variant in variants
        if variant.get("channel") in (None, "sms")
    ]


def _asked_for(text: str) -> set[str]:
    words = {next(filter(None, found.groups())) for found in _ASKED_FOR.finditer(text)}
    return {word.upper() for word in words if word.upper() in _RESERVED}


def test_what_a_text_tells_to_write_is_found() -> None:
    assert _asked_for("Reply STOP to end") == {"STOP"}
    assert _asked_for("‘수신거부’라고 보내 주세요") == {"수신거부"}
    assert _asked_for("Text PERSON") == set()


def test_no_text_offers_a_reserved_word_as_an_answer() -> None:
    offered = {
        (name, word) for name, text in _texts() for word in _asked_for(text) if word != "STOP"
    }
    assert {name for name, word in offered if word == "YES"} <= ASKS_FOR_YES
    assert {name for name, word in offered if word not in ("YES", "HELP", "START")} == set()


def test_a_list_of_choices_is_numbered_and_no_choice_is_reserved() -> None:
    for name, text in _texts():
        for line in text.split("\n")[1:]:
            numbered = re.match(r"(\d)\s+(.+)", line)
            if numbered:
                assert keyword(numbered[2], "sms") is None, name


def test_no_button_is_a_reserved_word() -> None:
    for name, variants in RESPONSES.items():
        for variant in variants:
            for button in variant.get("buttons") or ():
                assert keyword(str(button["payload"]), "web") is None, name
