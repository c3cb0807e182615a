"""Runs of labels: the likeliest one, by trying every run there is."""

from __future__ import annotations

import math
from itertools import pairwise, product

import numpy as np
import pytest

from nlu.label_chain import learn_following, likeliest_run

LABELS = 3


def test_what_follows_more_often_than_by_chance_is_favoured() -> None:
    following = learn_following([[0, 0, 1, 1, 0], [0, 2, 0]], LABELS)
    # Six pairs, and 0.1 for each of the nine. After 1 come 0 and 1, once each; twice comes 1.
    assert following[1, 1] == pytest.approx(math.log((1.1 / 2.3) / (2.3 / 6.9)))
    assert following[1, 2] == pytest.approx(math.log((0.1 / 2.3) / (1.3 / 6.9)))
    assert following[1, 1] > 0 > following[1, 2]


def test_no_pair_says_more_than_its_bound() -> None:
    following = learn_following([[0] * 5000 + [1] * 5000], 2)
    assert abs(following).max() <= 4.0


@pytest.mark.parametrize("seed", range(20))
def test_no_other_run_is_likelier(seed: int) -> None:
    random = np.random.RandomState(seed)
    decisions = random.normal(scale=0.2, size=(1 + seed % 5, LABELS))
    following = random.normal(scale=2.0, size=(LABELS, LABELS))

    def likelihood(run: tuple[int, ...]) -> float:
        told = sum(decisions[at, label] for at, label in enumerate(run))
        return float(told + 0.07 * sum(following[one, next_] for one, next_ in pairwise(run)))

    every_run = product(range(LABELS), repeat=len(decisions))
    assert tuple(likeliest_run(decisions, following)) == max(every_run, key=likelihood)


def test_a_text_without_tokens_has_no_labels() -> None:
    assert likeliest_run(np.zeros((0, LABELS)), np.zeros((LABELS, LABELS))) == []
