"""The features seen in training and what each weighs: TF-IDF, one row of numbers for a text.

Knows nothing of Rasa, and not what a feature means. Needs SciPy to make a matrix, else only NumPy.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Vocabulary:
    """The features seen in training, by block, and what each weighs.

    Features that occur in the same texts equally often are told apart by nothing, and share one
    column: the machine is the same as with a column each, smaller and trained sooner.
    """

    blocks: Mapping[str, float]
    """Blocks of features, and the length each one's part of a text's row is scaled to."""
    features: Mapping[str, Mapping[str, int]]
    """The place of each feature in the arrays below, by block."""
    inverse_frequency: Floats
    column_of: Integers
    sharing: Integers
    """How many features share each column."""

    @classmethod
    def learn(cls, texts: Sequence[Any], blocks: Mapping[str, float]) -> Vocabulary:
        """Every feature of the texts, in sorted order so that training is repeatable; a text has a
        mapping of features to their counts under the name of each block."""
        places: dict[str, dict[str, int]] = {}
        frequencies: list[int] = []
        patterns: list[int] = []
        marks = _marks(len(texts))
        for block in blocks:
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
            blocks=blocks,
            features=places,
            inverse_frequency=np.log((1.0 + len(texts)) / (1.0 + counts)) + 1.0,
            column_of=column_of.astype(np.int64),
            sharing=sharing.astype(np.int64),
        )

    def row(self, text: Any) -> tuple[Integers, Floats]:
        """Columns (some repeat) and values of one text: sublinear TF-IDF, each block scaled to its
        length."""
        places: list[int] = []
        values: list[Floats] = []
        for block, length in self.blocks.items():
            known = self._known(block, getattr(text, block))
            at = np.fromiter(known, dtype=np.int64, count=len(known))
            weights = np.fromiter(known.values(), dtype=np.float64, count=len(known))
            weights *= self.inverse_frequency[at]
            values.append(weights * length / max(float(np.linalg.norm(weights)), 1e-12))
            places.extend(known)
        columns = self.column_of[np.asarray(places, dtype=np.int64)]
        return columns, np.concatenate(values) / np.sqrt(self.sharing[columns])

    def _known(self, block: str, counted: Mapping[str, int]) -> dict[int, float]:
        features = self.features[block]
        return {
            features[feature]: 1.0 + math.log(count)
            for feature, count in counted.items()
            if feature in features
        }

    def matrix(self, texts: Sequence[Any]) -> csr_matrix:
        """One sparse row for each text."""
        from scipy.sparse import csr_matrix

        rows = [self.row(text) for text in texts]
        ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        indices = np.concatenate([columns for columns, _ in rows])
        data = np.concatenate([values for _, values in rows])
        matrix = csr_matrix((data, indices, ends), shape=(len(rows), len(self.sharing)))
        matrix.sum_duplicates()
        return matrix

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What of it is kept as arrays; the names of the features are kept apart, as `names`."""
        return {
            "inverse_frequency": self.inverse_frequency,
            "column_of": self.column_of,
            "sharing": self.sharing,
        }

    def names(self) -> dict[str, list[str]]:
        """The features of each block, in the order of the arrays."""
        return {block: list(self.features[block]) for block in self.blocks}

    @classmethod
    def of(
        cls,
        blocks: Mapping[str, float],
        names: Mapping[str, Sequence[str]],
        arrays: Mapping[str, NDArray[Any]],
    ) -> Vocabulary:
        """The vocabulary whose `names` and `arrays` were kept."""
        features: dict[str, dict[str, int]] = {}
        offset = 0
        for block in blocks:
            known = names[block]
            features[block] = {feature: offset + at for at, feature in enumerate(known)}
            offset += len(known)
        return cls(
            blocks=blocks,
            features=features,
            inverse_frequency=arrays["inverse_frequency"],
            column_of=arrays["column_of"],
            sharing=arrays["sharing"],
        )


def _marks(texts: int) -> list[int]:
    """A random number for each text: sums of them are equal only for features that occur in the
    same texts equally often (but for one chance in 2^64)."""
    drawn = np.random.RandomState(0).randint(1, 2**62, size=texts, dtype=np.int64)
    return [int(mark) for mark in drawn]
