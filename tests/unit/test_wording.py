"""Which wording is said, and that no blank is ever shown."""

from __future__ import annotations

import pytest

from marketing import wording


def _variant(
    text: str, language: str | None = None, channel: str | None = None
) -> dict[str, object]:
    variant: dict[str, object] = {"text": text}
    if language:
        variant["condition"] = [{"type": "slot", "name": "language", "value": language}]
    if channel:
        variant["channel"] = channel
    return variant


ALL = [
    _variant("ko"),
    _variant("ko web", "ko"),
    _variant("ko sms", "ko", "sms"),
    _variant("en 1", "en"),
    _variant("en 2", "en"),
    _variant("any sms", None, "sms"),
]


@pytest.mark.parametrize(
    ("language", "channel", "turn", "expected"),
    [
        ("ko", "web", 0, "ko web"),
        ("ko", "sms", 0, "ko sms"),
        ("en", "web", 0, "en 1"),
        ("en", "web", 1, "en 2"),
        ("en", "web", 2, "en 1"),
        ("en", "sms", 0, "en 1"),
        ("ja", "sms", 0, "any sms"),
        ("ja", "web", 0, "ko"),
    ],
)
def test_language_goes_before_channel(
    language: str, channel: str, turn: int, expected: str
) -> None:
    chosen = wording.choose(ALL, language=language, channel=channel, turn=turn)
    assert chosen is not None
    assert chosen["text"] == expected


def test_a_wording_for_others_is_never_taken() -> None:
    assert wording.choose([_variant("x", "ko")], language="en", channel="web") is None
    assert wording.choose([_variant("x", None, "sms")], language="en", channel="web") is None


def test_blanks_are_filled_and_a_missing_value_is_an_error() -> None:
    assert wording.fill("{size} / {shop_name}", {"size": 270, "shop_name": "숲길"}) == "270 / 숲길"
    assert wording.fill("a {b} c", {"b": "{c}"}) == "a {c} c"
    with pytest.raises(KeyError):
        wording.fill("{size}", {})
