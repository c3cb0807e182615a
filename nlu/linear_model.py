"""The intent model itself: TF-IDF of named features and a linear support vector machine.

Knows nothing of Rasa. Training needs scikit-learn; use needs only numpy, so that loading is quick.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nlu.text_features import QUESTION_MARK, TextFeatures, features_of

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Mapping

    from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_ARRAYS = "weights.safetensors"
_NAMES = "model.json"
# Each block of features, and the length its part of a text's vector is scaled to.
_BLOCKS = {"words": 1.0, "characters": 1.0, "concepts": 0.7}


@dataclass(frozen=True)
class Vocabulary:
    """The features seen in training, by block, and what each weighs.

    Features that occur in the same texts equally often are told apart by nothing, and share one
    column: the machine is the same as with a column each, smaller and trained sooner.
    """

    features: Mapping[str, Mapping[str, int]]
    """The place of each feature in the arrays below, by block."""
    inverse_frequency: Floats
    column_of: Integers
    sharing: Integers
    """How many features share each column."""

    @classmethod
    def learn(cls, texts: list[TextFeatures]) -> Vocabulary:
        """Every feature of the texts, in sorted order so that training is repeatable."""
        places: dict[str, dict[str, int]] = {}
        frequencies: list[int] = []
        patterns: list[int] = []
        marks = _marks(len(texts))
        for block in _BLOCKS:
            seen: dict[str, int] = {}
            pattern: dict[str, int] = {}
            for text, mark in zip(texts, marks, strict=True):
                for feature, count in getattr(text, block).items():
                    seen[feature] = seen.get(feature, 0) + 1
                    pattern[feature] = pattern.get(feature, 0) + mark * count
            names = sorted(seen)
            places[block] = {name: len(frequencies) + at for at, name in enumerate(names)}
            frequencies.extend(seen[name] for name in names)
            # A column holds features of one block, for each block has a length of its own.
            patterns.extend(hash((pattern[name], len(places))) for name in names)
        _, column_of, sharing = np.unique(patterns, return_inverse=True, return_counts=True)
        counts = np.asarray(frequencies, dtype=np.float64)
        return cls(
            features=places,
            inverse_frequency=np.log((1.0 + len(texts)) / (1.0 + counts)) + 1.0,
            column_of=column_of.astype(np.int64),
            sharing=sharing.astype(np.int64),
        )

    def row(self, text: TextFeatures) -> tuple[Integers, Floats]:
        """Columns (some repeat) and values of one text: sublinear TF-IDF, each block scaled to its
        length."""
        places: list[int] = []
        values: list[Floats] = []
        for block, length in _BLOCKS.items():
            known = self._known(block, getattr(text, block))
            at = np.fromiter(known, dtype=np.int64, count=len(known))
            weights = np.fromiter(known.values(), dtype=np.float64, count=len(known))
            weights *= self.inverse_frequency[at]
            values.append(weights * length / max(float(np.linalg.norm(weights)), 1e-12))
            places.extend(known)
        columns = self.column_of[np.asarray(places, dtype=np.int64)]
        return columns, np.concatenate(values) / np.sqrt(self.sharing[columns])

    def _known(self, block: str, counted: Counter[str]) -> dict[int, float]:
        features = self.features[block]
        return {
            features[feature]: 1.0 + math.log(count)
            for feature, count in counted.items()
            if feature in features
        }

    def matrix(self, texts: list[TextFeatures]) -> csr_matrix:
        """One sparse row for each text."""
        from scipy.sparse import csr_matrix

        rows = [self.row(text) for text in texts]
        ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        indices = np.concatenate([columns for columns, _ in rows])
        data = np.concatenate([values for _, values in rows])
        matrix = csr_matrix((data, indices, ends), shape=(len(rows), len(self.sharing)))
        matrix.sum_duplicates()
        return matrix

    def known_share(self, text: TextFeatures) -> float:
        """Share of the text's distinct character n-grams seen in training; 0.0 if it has none."""
        features = self.features["characters"]
        known = sum(gram in features for gram in text.characters)
        return known / len(text.characters) if text.characters else 0.0

    def known_word_share(self, text: TextFeatures) -> float:
        """Share of the text's distinct words that training has seen whole; 0.0 if it has none."""
        features = self.features["words"]
        words = [word for word in text.words if " " not in word and word != QUESTION_MARK]
        return sum(word in features for word in words) / len(words) if words else 0.0


def _marks(texts: int) -> list[int]:
    """A random number for each text: sums of them are equal only for features that occur in the
    same texts equally often (but for one chance in 2^64)."""
    drawn = np.random.RandomState(0).randint(1, 2**62, size=texts, dtype=np.int64)
    return [int(mark) for mark in drawn]


@dataclass(frozen=True)
class Opinion:
    """What the model makes of one text."""

    ranking: list[tuple[str, float]]
    """Intents with calibrated probabilities, most likely first."""
    margin: float
    """Largest decision value: above 0 the text lies on the intent's own side."""
    known_share: float
    """Share of the text's distinct character n-grams seen in training, 0 to 1."""
    known_word_share: float
    """Share of the text's distinct words that training has seen whole, 0 to 1."""
    is_trusted: bool
    """Whether margin and known share reach what training found that answers need, and the text
    holds at least one word that training has seen."""


@dataclass(frozen=True)
class LinearModel:
    """A trained model; made by `nlu.training.train`, kept as arrays and JSON, never as pickle."""

    intents: list[str]
    vocabulary: Vocabulary
    weights: Floats
    """One row a feature, one column an intent."""
    intercept: Floats
    temperature: float
    """Decision values are divided by this before the softmax (learnt on held-out folds)."""
    least_margin: float
    """Below this margin a text is refused (learnt on held-out folds)."""
    least_known_share: float
    """Below this share of known n-grams a text is refused (learnt on held-out folds)."""

    def opinion(self, text: str, entities: Iterable[tuple[str, str]] = ()) -> Opinion:
        """Ranking, margin and share of known n-grams of one text with the entities found in it."""
        features = features_of(text, entities)
        columns, values = self.vocabulary.row(features)
        decisions = values @ self.weights[columns] + self.intercept
        probabilities = softmax(decisions[np.newaxis, :] / self.temperature)[0]
        order = np.argsort(-probabilities, kind="stable")
        margin, known_share = float(decisions.max()), self.vocabulary.known_share(features)
        known_word_share = self.vocabulary.known_word_share(features)
        return Opinion(
            ranking=[(self.intents[at], float(probabilities[at])) for at in order],
            margin=margin,
            known_share=known_share,
            known_word_share=known_word_share,
            is_trusted=margin >= self.least_margin
            and known_share >= self.least_known_share
            and known_word_share > 0.0,
        )

    def save(self, folder: Path) -> None:
        """Writes the arrays as safetensors and the names as JSON into an existing folder."""
        from safetensors.numpy import save_file

        save_file(
            {
                "weights": self.weights.astype(np.float32),
                "intercept": self.intercept,
                "inverse_frequency": self.vocabulary.inverse_frequency,
                "column_of": self.vocabulary.column_of,
                "sharing": self.vocabulary.sharing,
            },
            folder / _ARRAYS,
        )
        names: dict[str, Any] = {
            "intents": self.intents,
            "temperature": self.temperature,
            "least_margin": self.least_margin,
            "least_known_share": self.least_known_share,
            "features": {block: list(self.vocabulary.features[block]) for block in _BLOCKS},
        }
        (folder / _NAMES).write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        """Reads what `save` wrote."""
        from safetensors.numpy import load_file

        arrays = load_file(folder / _ARRAYS)
        names = json.loads((folder / _NAMES).read_text(encoding="utf-8"))
        features: dict[str, dict[str, int]] = {}
        offset = 0
        for block in _BLOCKS:
            known = names["features"][block]
            features[block] = {feature: offset + at for at, feature in enumerate(known)}
            offset += len(known)
        return cls(
            intents=names["intents"],
            vocabulary=Vocabulary(
                features, arrays["inverse_frequency"], arrays["column_of"], arrays["sharing"]
            ),
            weights=arrays["weights"],
            intercept=arrays["intercept"],
            temperature=names["temperature"],
            least_margin=names["least_margin"],
            least_known_share=names["least_known_share"],
        )


def softmax(scores: Floats) -> Floats:
    """Probabilities along the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return result
