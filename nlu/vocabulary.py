"""The features seen in training and what each weighs: TF-IDF, one row of numbers for a text.

Knows nothing of Rasa, and not what a feature means. Needs SciPy to make a matrix, else only NumPy.
"""

from __future__ import annotations

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
class Occurrences:
    """Which features of one block occur in which texts, and how often: an entry for each."""

    texts: Integers
    places: Integers
    counts: Integers


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
    def learn(
        cls, texts: Sequence[Any], blocks: Mapping[str, float]
    ) -> tuple[Vocabulary, Mapping[str, Occurrences]]:
        """Every feature of the texts, in sorted order so that training is repeatable, and where
        each occurs; a text has a mapping of features to their counts under the name of each
        block."""
        features: dict[str, dict[str, int]] = {}
        occurrences: dict[str, Occurrences] = {}
        frequencies: list[Integers] = []
        columns: list[Integers] = []
        marks = _marks(len(texts))
        places = taken = 0
        for block in blocks:
            names = sorted({name for text in texts for name in getattr(text, block)})
            features[block] = {name: at for at, name in enumerate(names, start=places)}
            found = occurrences[block] = _occurrences(texts, block, features[block])
            at = found.places - places
            frequencies.append(np.bincount(at, minlength=len(names)))
            patterns = np.zeros(len(names), dtype=np.int64)
            np.add.at(patterns, at, marks[found.texts] * found.counts)
            # A column holds features of one block, for each block has a length of its own.
            distinct, shared = np.unique(patterns, return_inverse=True)
            columns.append(taken + shared)
            places, taken = places + len(names), taken + len(distinct)
        column_of = np.concatenate(columns)
        counts = np.concatenate(frequencies)
        vocabulary = cls(
            blocks=blocks,
            features=features,
            inverse_frequency=np.log((1.0 + len(texts)) / (1.0 + counts)) + 1.0,
            column_of=column_of,
            sharing=np.bincount(column_of),
        )
        return vocabulary, occurrences

    def occurrences(self, texts: Sequence[Any]) -> Mapping[str, Occurrences]:
        """Of the features that are known, by block."""
        return {block: _occurrences(texts, block, self.features[block]) for block in self.blocks}

    def row(self, text: Any) -> tuple[Integers, Floats]:
        """Columns (some repeat) and values of one text: sublinear TF-IDF, each block scaled to its
        length."""
        _, columns, values = self._entries(self.occurrences([text]), 1)
        return columns, values

    def matrix(self, occurrences: Mapping[str, Occurrences], texts: int) -> csr_matrix:
        """One sparse row for each of so many texts."""
        from scipy.sparse import csr_matrix

        rows, columns, values = self._entries(occurrences, texts)
        return csr_matrix((values, (rows, columns)), shape=(texts, len(self.sharing)))

    def _entries(
        self, occurrences: Mapping[str, Occurrences], texts: int
    ) -> tuple[Integers, Integers, Floats]:
        """Row, column and value of each occurrence."""
        rows, columns, values = [], [], []
        for block, length in self.blocks.items():
            found = occurrences[block]
            weights = (1.0 + np.log(found.counts)) * self.inverse_frequency[found.places]
            squares = np.bincount(found.texts, weights * weights, minlength=texts)
            at = self.column_of[found.places]
            weights *= length / np.sqrt(squares[found.texts] * self.sharing[at])
            rows.append(found.texts)
            columns.append(at)
            values.append(weights)
        return np.concatenate(rows), np.concatenate(columns), np.concatenate(values)

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


def _occurrences(texts: Sequence[Any], block: str, places: Mapping[str, int]) -> Occurrences:
    counted = [getattr(text, block) for text in texts]
    sizes = np.asarray([len(one) for one in counted], dtype=np.int64)
    at = np.asarray([places.get(name, -1) for one in counted for name in one], dtype=np.int64)
    counts = np.asarray([count for one in counted for count in one.values()], dtype=np.int64)
    of_text = np.repeat(np.arange(len(texts)), sizes)
    known = at >= 0
    return Occurrences(of_text[known], at[known], counts[known])


def _marks(texts: int) -> Integers:
    """A random number for each text: sums of them (modulo 2^64) are equal only for features that
    occur in the same texts equally often, but for one chance in 2^64."""
    drawn: Integers = np.random.RandomState(0).randint(1, 2**62, size=texts, dtype=np.int64)
    return drawn
