"""TF-IDF rows, held against scikit-learn's, and what shares a column."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from nlu.vocabulary import Vocabulary

TEXTS = [
    "red red red shoe",
    "blue shoe",
    "red boot blue boot",
    "a green boot with a zip",
    "a grey boot with a zip",
]


@dataclass(frozen=True)
class Blocks:
    """The words of a text, and its letters."""

    words: Counter[str]
    letters: Counter[str]


def blocks(text: str) -> Blocks:
    return Blocks(Counter(text.split()), Counter(text.replace(" ", "")))


def learnt(**lengths: float) -> Vocabulary:
    return Vocabulary.learn([blocks(text) for text in TEXTS], lengths or {"words": 1.0})[0]


def rows_of(vocabulary: Vocabulary, texts: list[str]) -> csr_matrix:
    return vocabulary.matrix(vocabulary.occurrences([blocks(text) for text in texts]), len(texts))


def test_texts_are_as_alike_as_in_scikit_learn() -> None:
    theirs = TfidfVectorizer(sublinear_tf=True, token_pattern=r"\S+")
    fitted = theirs.fit_transform(TEXTS)
    asked = ["red shoe shoe", "a zip, a grey zip", "boot"]
    vocabulary = learnt()
    ours = rows_of(vocabulary, TEXTS)
    new = rows_of(vocabulary, asked)
    assert (ours @ ours.T).toarray() == pytest.approx((fitted @ fitted.T).toarray())
    assert (new @ ours.T).toarray() == pytest.approx((theirs.transform(asked) @ fitted.T).toarray())


def test_a_block_is_scaled_to_its_length() -> None:
    _, values = learnt(words=2.0, letters=0.5).row(blocks("red shoe"))
    assert np.linalg.norm(values[:2]) == pytest.approx(2.0)
    assert np.linalg.norm(values[2:]) == pytest.approx(0.5)


def test_only_features_that_occur_in_the_same_texts_equally_often_share_a_column() -> None:
    vocabulary = learnt()
    column = {
        word: vocabulary.column_of[place] for word, place in vocabulary.features["words"].items()
    }
    assert column["a"] != column["with"] == column["zip"]  # "a" is there twice
    apart = ["red", "shoe", "blue", "boot", "green", "grey", "a", "with"]
    assert len({column[word] for word in apart}) == len(apart)


def test_blocks_never_share_a_column() -> None:
    one = Blocks(Counter(["x"]), Counter(["x"]))
    other = Blocks(Counter(["y"]), Counter(["y"]))
    vocabulary, _ = Vocabulary.learn([one, other], {"words": 1.0, "letters": 1.0})
    assert len(set(vocabulary.column_of.tolist())) == 4


@pytest.mark.parametrize("text", ["", "never seen"])
def test_a_text_without_a_known_feature_has_an_empty_row(text: str) -> None:
    columns, values = learnt().row(blocks(text))
    assert len(columns) == len(values) == 0


def test_a_vocabulary_that_was_kept_gives_the_same_rows() -> None:
    before = learnt(words=1.0, letters=0.7)
    after = Vocabulary.of(before.blocks, before.names(), before.arrays())
    for text in TEXTS:
        for ours, theirs in zip(after.row(blocks(text)), before.row(blocks(text)), strict=True):
            assert (ours == theirs).all()
