"""The intent model itself: TF-IDF of named features and a linear support vector machine.

Knows nothing of Rasa. Training needs scikit-learn; use needs only numpy, so that loading is quick.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nlu.text_features import QUESTION_MARK, TextFeatures, features_of
from nlu.vocabulary import Floats, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

_ARRAYS = "weights.safetensors"
_NAMES = "model.json"
# Each block of features, and the length its part of a text's vector is scaled to.
BLOCKS = {"words": 1.0, "characters": 1.0, "concepts": 0.7}


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
        margin, known_share = float(decisions.max()), self._known_share(features)
        known_word_share = self._known_word_share(features)
        return Opinion(
            ranking=[(self.intents[at], float(probabilities[at])) for at in order],
            margin=margin,
            known_share=known_share,
            known_word_share=known_word_share,
            is_trusted=margin >= self.least_margin
            and known_share >= self.least_known_share
            and known_word_share > 0.0,
        )

    def _known_share(self, text: TextFeatures) -> float:
        """Share of the text's distinct character n-grams seen in training; 0.0 if it has none."""
        features = self.vocabulary.features["characters"]
        known = sum(gram in features for gram in text.characters)
        return known / len(text.characters) if text.characters else 0.0

    def _known_word_share(self, text: TextFeatures) -> float:
        """Share of the text's distinct words that training has seen whole; 0.0 if it has none."""
        features = self.vocabulary.features["words"]
        words = [word for word in text.words if " " not in word and word != QUESTION_MARK]
        return sum(word in features for word in words) / len(words) if words else 0.0

    def save(self, folder: Path) -> None:
        """Writes the arrays as safetensors and the names as JSON into an existing folder."""
        from safetensors.numpy import save_file

        save_file(
            {
                "weights": self.weights.astype(np.float32),
                "intercept": self.intercept,
                **self.vocabulary.arrays(),
            },
            folder / _ARRAYS,
        )
        names: dict[str, Any] = {
            "intents": self.intents,
            "temperature": self.temperature,
            "least_margin": self.least_margin,
            "least_known_share": self.least_known_share,
            "features": self.vocabulary.names(),
        }
        (folder / _NAMES).write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        """Reads what `save` wrote."""
        from safetensors.numpy import load_file

        arrays = load_file(folder / _ARRAYS)
        names = json.loads((folder / _NAMES).read_text(encoding="utf-8"))
        return cls(
            intents=names["intents"],
            vocabulary=Vocabulary.of(BLOCKS, names["features"], arrays),
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
