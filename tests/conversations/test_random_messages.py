"""A small, fixed part of the fault suite `./dangol torture dialogue`, and its oracle."""

from __future__ import annotations

import pytest

from tests.conversations.real_shop import RealShop
from tests.torture import dialogue


def test_random_messages_are_answered_and_change_nothing_unasked(real_shop: RealShop) -> None:
    outcome = dialogue.run(real_shop, dialogue.SEED, 200)
    assert outcome.findings == []
    assert outcome.messages == 200


@pytest.mark.parametrize(
    ("change", "said", "is_meant"),
    [
        ("+ offer sori-road accepted", "네 좋아요", True),
        ("+ offer sori-road accepted", "비 와요", False),
        ("+ offer sori-road accepted", "ok but don't buy it", False),
        ("+ consent marketing given", "I agree.", True),
        ("+ consent marketing given", "I agree this is annoying", False),
        ("- customer there", "😀", False),
        ("- fact shoe_size self", "forget my size", True),
        ("- fact shoe_size self", "hello there", False),
        ("+ number stopped", "STOP", True),
        ("+ number stopped", "hello", False),
    ],
)
def test_the_oracle_knows_clear_words(change: str, said: str, is_meant: bool) -> None:
    assert dialogue.is_meant(change, said) is is_meant
