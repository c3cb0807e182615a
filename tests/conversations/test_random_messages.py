"""A small, fixed part of the fault suite `./dangol torture dialogue`, and its oracle."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.conversations.clear_words_said import INTENDED, is_meant
from tests.conversations.random_messages import Messages
from tests.conversations.real_shop import RealShop
from tests.torture import dialogue


def test_random_messages_are_answered_and_change_nothing_unasked(
    real_shop: RealShop, tmp_path: Path
) -> None:
    url = real_shop.engine.url.render_as_string(hide_password=False)
    outcome = dialogue.run(real_shop, url, tmp_path, dialogue.SEED, 200)
    assert outcome.findings == []
    assert outcome.messages == sum(outcome.statuses.values()) == 200
    assert outcome.without_a_clear_word > 140


def test_most_messages_say_nothing_clear_and_are_the_same_for_a_seed() -> None:
    drawn = [Messages(random.Random(7)) for _ in range(2)]
    first, second = ([one.next() for _ in range(2_000)] for one in drawn)
    assert first == second
    assert sum(one.acts == frozenset() for one in first) > 1_400


@pytest.mark.parametrize(
    ("change", "said", "is_right"),
    [
        ("+ offer sori-road accepted", "네 좋아요", True),
        ("+ offer sori-road accepted", "비 와요", False),
        ("+ offer sori-road accepted", "i want in, have you any like 270", False),
        ("+ offer sori-road declined", "what time is it today", False),
        ("+ offer sori-road declined", "no thanks", True),
        ("+ consent marketing given", "I agree.", True),
        ("+ consent marketing given", "I agree this is annoying", False),
        ("- customer there", "😀", False),
        ("- fact shoe_size self", "forget my size", True),
        ("- fact shoe_size self", "hello there", False),
        ("+ number stopped", "STOP", True),
        ("+ number stopped", "hello", False),
    ],
)
def test_the_oracle_knows_clear_words(change: str, said: str, is_right: bool) -> None:
    assert is_meant(change, said, None) is is_right


def test_what_was_composed_to_say_nothing_may_change_nothing() -> None:
    assert not is_meant("+ offer sori-road accepted", "yes", frozenset())
    assert not is_meant("+ customer erased", "네", INTENDED["deny"])
    assert is_meant("+ customer erased", "네", INTENDED["affirm"])
