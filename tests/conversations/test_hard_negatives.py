"""Sentences that look like a yes and are none: whatever is open when one is said, nothing comes of
it. That none is read as one is in test_understanding.py.
"""

from __future__ import annotations

from nlu.flows import flow_by_intent, read_examples
from nlu.language import has_hangul
from nlu.text_features import normalise
from tests.conversations.hard_negatives import hard_negatives, wrongly_done
from tests.conversations.real_shop import RealShop
from tests.conversations.standing import OPENED, changes, standing


def test_there_are_enough_of_them_in_both_languages() -> None:
    texts = [text for text, _ in hard_negatives()]
    korean = [text for text in texts if has_hangul(text)]
    assert len(set(texts)) == len(texts) >= 300
    assert 0.45 <= len(korean) / len(texts) <= 0.55
    assert frozenset().union(*(none for _, none in hard_negatives())) <= set(flow_by_intent())


def test_none_is_a_training_sentence() -> None:
    trained = {normalise(example.text) for example in read_examples()}
    assert [text for text, _ in hard_negatives() if normalise(text) in trained] == []


def test_nothing_comes_of_any(real_shop: RealShop) -> None:
    wrong = []
    opened = list(OPENED.values())
    for place, (text, _) in enumerate(hard_negatives()):
        customer = opened[place % len(opened)](real_shop)
        before = standing(real_shop, customer)
        real_shop.hears(customer, text)
        wrong += wrongly_done(text, changes(before, standing(real_shop, customer)))
    assert wrong == []
