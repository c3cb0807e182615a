"""Trains the intent model, and on held-out folds calibrates it and chooses when it refuses.

Must be repeatable: the same examples and settings give the same model, bit for bit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nlu.held_out import Examples, judging
from nlu.linear_model import BLOCKS, LinearModel, softmax
from nlu.text_features import features_of
from nlu.vector_machine import fit
from nlu.vocabulary import Floats, Integers, Occurrences, Vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray


class NothingToLearn(ValueError):
    """The training data hold fewer than two intents."""


@dataclass(frozen=True)
class TrainingSettings:
    """How the model is trained."""

    regularisation: float = 0.8
    """The C of the support vector machine; smaller is smoother."""
    folds: int = 3
    """Held-out folds for calibration and for the choice of what to refuse."""
    judged_enough: int = 2500
    """Once this many examples were held out and judged, the other folds are left alone."""
    out_of_scope_intent: str = "out_of_scope"
    """The intent whose examples lie outside what the bot is for."""
    margin_loss: float = 0.0225
    """Share of right answers inside the scope that refusing by margin may cost."""
    known_share_loss: float = 0.002
    """Share of texts inside the scope that refusing by known n-grams may cost."""


def train(
    texts: list[str],
    intents: list[str],
    settings: TrainingSettings,
    entities_of: Callable[[str], Sequence[tuple[str, str]]] = lambda _: (),
) -> LinearModel:
    """A model of the examples, with the entities (name, value) that are found in each.

    Raises `NothingToLearn` for fewer than two intents.
    """
    names = sorted(set(intents))
    if len(names) < 2:
        raise NothingToLearn(f"needs examples of at least two intents, got {names}")
    labels = np.searchsorted(np.asarray(names), np.asarray(intents)).astype(np.int64)
    fold_of = assign_folds(labels, settings.folds)
    with judging(len(texts)) as judge:
        features = [features_of(text, entities_of(text)) for text in texts]
        vocabulary, occurrences = Vocabulary.learn(features, BLOCKS)
        rows = vocabulary.matrix(occurrences, len(texts))
        known_shares = _known_shares(occurrences["characters"], fold_of)
        enough, regularisation = settings.judged_enough, settings.regularisation
        judge.ask(Examples(rows, labels, len(names), fold_of, enough, regularisation))
        weights, intercept = fit(rows, labels, len(names), regularisation)
        held_out = judge.answer()
    judged = labels[held_out.judged]
    inside = np.asarray([names[label] != settings.out_of_scope_intent for label in judged])
    return LinearModel(
        intents=names,
        vocabulary=vocabulary,
        weights=weights,
        intercept=intercept,
        temperature=choose_temperature(held_out.decisions, judged),
        least_margin=choose_margin(held_out.decisions, judged, inside, settings.margin_loss),
        least_known_share=quantile(
            known_shares[held_out.judged][inside], settings.known_share_loss
        ),
    )


def _known_shares(grams: Occurrences, fold_of: Integers) -> Floats:
    """Share of each example's character n-grams that the other folds hold; 0.0 if it has none."""
    features = int(grams.places.max(initial=-1)) + 1
    fold = fold_of[grams.texts]
    first = np.full(features, np.iinfo(np.int64).max)
    last = np.full(features, -1)
    np.minimum.at(first, grams.places, fold)
    np.maximum.at(last, grams.places, fold)
    is_known = (first != last)[grams.places]
    known = np.bincount(grams.texts, is_known, minlength=len(fold_of))
    of_all = np.bincount(grams.texts, minlength=len(fold_of))
    shares: Floats = known / np.maximum(of_all, 1)
    return shares


def assign_folds(labels: Integers, folds: int) -> Integers:
    """A fold for each example, every intent dealt out evenly; works for any number of examples."""
    shuffled = np.random.RandomState(0).permutation(len(labels))
    dealt: dict[int, int] = defaultdict(int)
    fold_of = np.zeros(len(labels), dtype=np.int64)
    for at in shuffled:
        label = int(labels[at])
        fold_of[at] = (dealt[label] + label) % folds
        dealt[label] += 1
    return fold_of


def choose_temperature(decisions: Floats, labels: Integers) -> float:
    """The temperature that makes held-out probabilities most likely (Guo et al., 2017)."""
    from scipy.optimize import minimize_scalar

    at = np.arange(len(labels))

    def surprise(logarithm: float) -> float:
        probabilities = softmax(decisions / np.exp(logarithm))
        return float(-np.log(probabilities[at, labels] + 1e-12).mean())

    best = minimize_scalar(surprise, bounds=(-4.0, 2.0), method="bounded")
    return float(np.exp(best.x))


def choose_margin(
    decisions: Floats, labels: Integers, inside: NDArray[np.bool_], loss: float
) -> float:
    """The largest margin that refuses at most `loss` of the right answers inside the scope."""
    right = inside & (decisions.argmax(axis=1) == labels)
    return quantile(decisions.max(axis=1)[right], loss)


def quantile(values: Floats, share: float) -> float:
    """The value that `share` of the values lie below; refuses nothing if there are none."""
    if len(values) == 0:
        return float("-inf")
    return float(np.sort(values)[int(share * len(values))])
