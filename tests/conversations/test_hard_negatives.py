"""Sentences that look like a yes and are none: whatever is open when one is said, nothing comes of
it. Plain words do what they say. That each is read as what it is, is in test_understanding.py.
"""

from __future__ import annotations

import pytest

from nlu.flows import flow_by_intent, read_examples
from nlu.language import has_hangul
from nlu.text_features import normalise
from tests.conversations.hard_negatives import hard_negatives, plain_words, wrongly_done
from tests.conversations.real_shop import RealShop
from tests.conversations.standing import OPENED, changes, standing

PARTS = 8
"""Each within the time that a test may take."""
MOST_IDLE = 0.1
"""Of plain words: those that are asked back, as which product or for a plainer word."""


def _half_is_korean(texts: list[str]) -> bool:
    return 0.45 <= sum(map(has_hangul, texts)) / len(texts) <= 0.55


def test_there_are_enough_of_them_in_both_languages() -> None:
    texts = [one.text for one in hard_negatives()]
    assert len(set(texts)) == len(texts) >= 700
    assert _half_is_korean(texts)
    none_of = frozenset().union(*(one.none_of for one in hard_negatives()))
    assert none_of <= set(flow_by_intent())


def test_there_are_enough_plain_words_in_both_languages() -> None:
    said = {(one.text, one.opened) for one in plain_words()}
    assert len(said) == len(plain_words()) >= 80
    assert _half_is_korean([one.text for one in plain_words()])


def test_none_is_a_training_sentence() -> None:
    trained = {normalise(example.text) for example in read_examples()}
    texts = [one.text for one in hard_negatives()]
    assert [text for text in texts if normalise(text) in trained] == []


def _changed_by(real_shop: RealShop, text: str, opened: str) -> list[str]:
    customer = OPENED[opened](real_shop)
    before = standing(real_shop, customer)
    real_shop.hears(customer, text)
    return changes(before, standing(real_shop, customer))


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_comes_of_any(real_shop: RealShop, part: int) -> None:
    wrong = []
    for one in hard_negatives()[part::PARTS]:
        wrong += wrongly_done(one.text, _changed_by(real_shop, one.text, one.opened))
    assert wrong == [], "\n".join(wrong)


def test_what_plain_words_say_is_done(real_shop: RealShop) -> None:
    idle = []
    for one in plain_words():
        changed = _changed_by(real_shop, one.text, one.opened)
        if one.changed and not any(line.startswith(one.changed) for line in changed):
            idle.append(f"{one.text!r} ({one.opened}): {changed}")
    assert len(idle) <= len(plain_words()) * MOST_IDLE, "\n".join(idle)
