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
    """The features seen in training, by block, and the inverse document frequency of each."""

    columns: Mapping[str, Mapping[str, int]]
    inverse_frequency: Floats

    @classmethod
    def learn(cls, texts: list[TextFeatures]) -> Vocabulary:
        """Every feature of the texts, in sorted order so that training is repeatable."""
        columns: dict[str, dict[str, int]] = {}
        frequencies: list[int] = []
        for block in _BLOCKS:
            seen: dict[str, int] = {}
            for text in texts:
                for feature in getattr(text, block):
                    seen[feature] = seen.get(feature, 0) + 1
            names = sorted(seen)
            columns[block] = {name: len(frequencies) + at for at, name in enumerate(names)}
            frequencies.extend(seen[name] for name in names)
        counts = np.asarray(frequencies, dtype=np.float64)
        return cls(columns, np.log((1.0 + len(texts)) / (1.0 + counts)) + 1.0)

    def row(self, text: TextFeatures) -> tuple[Integers, Floats]:
        """Columns and values of one text: sublinear TF-IDF, each block scaled to its length."""
        columns: list[int] = []
        values: list[Floats] = []
        for block, length in _BLOCKS.items():
            known = self._known(block, getattr(text, block))
            at = np.fromiter(known, dtype=np.int64, count=len(known))
            weights = np.fromiter(known.values(), dtype=np.float64, count=len(known))
            weights *= self.inverse_frequency[at]
            values.append(weights * length / max(float(np.linalg.norm(weights)), 1e-12))
            columns.extend(known)
        return np.asarray(columns, dtype=np.int64), np.concatenate(values)

    def _known(self, block: str, counted: Counter[str]) -> dict[int, float]:
        columns = self.columns[block]
        return {
            columns[feature]: 1.0 + math.log(count)
            for feature, count in counted.items()
            if feature in columns
        }

    def matrix(self, texts: list[TextFeatures]) -> csr_matrix:
        """One sparse row for each text."""
        from scipy.sparse import csr_matrix

        rows = [self.row(text) for text in texts]
        ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        indices = np.concatenate([columns for columns, _ in rows])
        data = np.concatenate([values for _, values in rows])
        return csr_matrix((data, indices, ends), shape=(len(rows), len(self.inverse_frequency)))

    def known_share(self, text: TextFeatures) -> float:
        """Share of the text's distinct character n-grams seen in training; 0.0 if it has none."""
        columns = self.columns["characters"]
        known = sum(gram in columns for gram in text.characters)
        return known / len(text.characters) if text.characters else 0.0

    def known_word_share(self, text: TextFeatures) -> float:
        """Share of the text's distinct words that training has seen whole; 0.0 if it has none."""
        columns = self.columns["words"]
        words = [word for word in text.words if " " not in word and word != QUESTION_MARK]
        return sum(word in columns for word in words) / len(words) if words else 0.0


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
            },
            folder / _ARRAYS,
        )
        names: dict[str, Any] = {
            "intents": self.intents,
            "temperature": self.temperature,
            "least_margin": self.least_margin,
            "least_known_share": self.least_known_share,
            "features": {block: list(self.vocabulary.columns[block]) for block in _BLOCKS},
        }
        (folder / _NAMES).write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        """Reads what `save` wrote."""
        from safetensors.numpy import load_file

        arrays = load_file(folder / _ARRAYS)
        names = json.loads((folder / _NAMES).read_text(encoding="utf-8"))
        columns: dict[str, dict[str, int]] = {}
        offset = 0
        for block in _BLOCKS:
            features = names["features"][block]
            columns[block] = {feature: offset + at for at, feature in enumerate(features)}
            offset += len(features)
        return cls(
            intents=names["intents"],
            vocabulary=Vocabulary(columns, arrays["inverse_frequency"]),
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
