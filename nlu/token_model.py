"""Labels the tokens of a text with the entities they belong to, by one linear machine.

Knows nothing of Rasa. What stands around a token, the shape of its letters and the intent of the
text speak for a label; of the labels of a text, the likeliest run is taken. In use the intent is
not sure: each of the likeliest ones speaks with its share.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.entity import Entity
from nlu.label_chain import learn_following, likeliest_run
from nlu.spans import Span, split
from nlu.text_features import ngrams, normalise
from nlu.training import NothingToLearn
from nlu.vector_machine import fit
from nlu.vocabulary import Floats, Vocabulary

_ARRAYS = "entities.safetensors"
_NAMES = "entities.json"
_NONE = ""
"""The label of a token of no entity."""
_BLOCKS = {"place": 1.4, "company": 0.6, "letters": 1.0, "purpose": 1.0}
_REGULARISATION = 0.3
_LONGEST_PIECE = 5
_NEIGHBOURS = (-3, -2, -1, 1, 2, 3)
_EDGES = ("^", "$")


@dataclass(frozen=True)
class TokenFeatures:
    """Which features one token has, by block; a dictionary keeps their order, its values are 1."""

    place: dict[str, int]
    """The token and its near neighbours, each with where it stands."""
    company: dict[str, int]
    """Every other token of the text, before or behind."""
    letters: dict[str, int]
    """Pieces of the token."""
    purpose: dict[str, int]
    """The intent, alone and with the token and the one before it."""


@dataclass(frozen=True)
class Annotated:
    """A text of the training data with its entities and, if known, its intent."""

    text: str
    entities: Sequence[Entity]
    intent: str | None


@dataclass(frozen=True)
class TokenModel:
    """A trained labeller, kept as arrays and JSON."""

    labels: list[str]
    vocabulary: Vocabulary
    weights: Floats
    intercept: Floats
    following: Floats
    """What each label, a row, says of the next one, a column."""

    @classmethod
    def learn(cls, texts: Sequence[Annotated]) -> TokenModel:
        """Raises `NothingToLearn` if no token of the texts belongs to an entity."""
        features: list[TokenFeatures] = []
        labels: list[list[str]] = []
        for text in texts:
            spans = split(text.text)
            features += _features(text.text, spans, text.intent)
            labels.append([_label_of(span, text.entities) for span in spans])
        names = sorted({label for run in labels for label in run})
        if len(names) < 2:
            raise NothingToLearn("needs texts with tokens both inside and outside of entities")
        vocabulary, occurrences = Vocabulary.learn(features, _BLOCKS)
        place = {name: at for at, name in enumerate(names)}
        runs = [[place[label] for label in run] for run in labels]
        rows = vocabulary.matrix(occurrences, len(features))
        at = np.asarray([label for run in runs for label in run], dtype=np.int64)
        weights, intercept = fit(rows, at, len(names), _REGULARISATION)
        return cls(names, vocabulary, weights, intercept, learn_following(runs, len(names)))

    def find(self, text: str, intents: Mapping[str, float]) -> list[Entity]:
        """The entities of a text: each run of tokens with the same label. `intents` are those it
        may have, with their shares."""
        spans = split(text)
        run_of_labels = likeliest_run(self._decisions(text, spans, intents), self.following)
        found = []
        for label, run in groupby(zip(run_of_labels, spans, strict=True), key=itemgetter(0)):
            tokens = [span for _, span in run]
            if self.labels[label] != _NONE:
                start, end = tokens[0].start, tokens[-1].end
                found.append(Entity(self.labels[label], text[start:end], start, end))
        return found

    def _decisions(self, text: str, spans: Sequence[Span], intents: Mapping[str, float]) -> Floats:
        """A row for each token, a column for each label."""
        decisions = np.tile(self.intercept, (len(spans), 1))
        shares: Sequence[tuple[str | None, float]] = [*intents.items()] or [(None, 1.0)]
        whole = sum(share for _, share in shares)
        for intent, share in shares:
            for at, token in enumerate(_features(text, spans, intent)):
                columns, values = self.vocabulary.row(token)
                decisions[at] += share / whole * (values @ self.weights[columns])
        return decisions

    def save(self, folder: Path) -> None:
        """Writes the model into an existing folder."""
        from safetensors.numpy import save_file

        arrays: dict[str, NDArray[Any]] = {
            "weights": self.weights.astype(np.float32),
            "intercept": self.intercept,
            "following": self.following,
            **self.vocabulary.arrays(),
        }
        save_file(arrays, folder / _ARRAYS)
        names: dict[str, Any] = {"labels": self.labels, "features": self.vocabulary.names()}
        (folder / _NAMES).write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> TokenModel | None:
        """What `save` wrote, or None where nothing was saved."""
        from safetensors.numpy import load_file

        if not (folder / _NAMES).exists():
            return None
        arrays = load_file(folder / _ARRAYS)
        names = json.loads((folder / _NAMES).read_text(encoding="utf-8"))
        vocabulary = Vocabulary.of(_BLOCKS, names["features"], arrays)
        return cls(
            labels=names["labels"],
            vocabulary=vocabulary,
            weights=arrays["weights"],
            intercept=arrays["intercept"],
            following=arrays["following"],
        )


def _label_of(span: Span, entities: Sequence[Entity]) -> str:
    for entity in entities:
        if span.start < entity.end and entity.start < span.end:
            return entity.entity
    return _NONE


def _features(text: str, spans: Sequence[Span], intent: str | None) -> list[TokenFeatures]:
    tokens = [normalise(text[span.start : span.end]).strip() for span in spans]
    return [_features_at(at, tokens, intent) for at in range(len(tokens))]


def _features_at(at: int, tokens: Sequence[str], intent: str | None) -> TokenFeatures:
    token, before = tokens[at], _token(at - 1, tokens)
    company = [
        f"{'<' if other < at else '>'}{word}" for other, word in enumerate(tokens) if other != at
    ]
    purpose = [] if intent is None else [intent, f"{intent}|{token}", f"{intent}|<{before}"]
    return TokenFeatures(
        place=dict.fromkeys(_placed(at, tokens), 1),
        company=dict.fromkeys(company, 1),
        letters=dict.fromkeys(ngrams(f" {token} ", 2, _LONGEST_PIECE), 1),
        purpose=dict.fromkeys(purpose, 1),
    )


def _placed(at: int, tokens: Sequence[str]) -> Iterator[str]:
    token = tokens[at]
    yield from (f"={token}", f"<{token[:3]}", f"<{token[:2]}", f">{token[-3:]}", f">{token[-2:]}")
    yield f"shape {_shape(token)}"
    near = {away: _token(at + away, tokens) for away in _NEIGHBOURS}
    for away in _NEIGHBOURS:
        yield f"{away}={near[away]}"
    for away in (-1, 1):
        yield from (f"{away}<{near[away][:3]}", f"{away}>{near[away][-3:]}")
    yield from (f"{near[-1]}|{token}", f"{token}|{near[1]} after", f"{near[-1]}|·|{near[1]}")
    yield from (f"{near[-2]}|{near[-1]}|·", f"·|{near[1]}|{near[2]}")


def _token(at: int, tokens: Sequence[str]) -> str:
    if 0 <= at < len(tokens):
        return tokens[at]
    return _EDGES[at >= 0]


def _shape(token: str) -> str:
    """Runs of Hangul, of other letters and of digits, each as one sign."""
    marked = re.sub("[가-힣ㄱ-ㅣ]+", "가", token)
    return re.sub(r"0+", "0", re.sub(r"[^\W\d_가]+", "x", marked))
