"""Finds the entry of data/faq that a message asks for: by its words and by its letters, each
weighted by how few wordings hold it. Must not know Rasa, nor decide what is answered.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nlu.faq_entries import Entry
from nlu.search_words import search_words
from nlu.text_features import features_of

_SHARES = {"words": 0.6, "characters": 0.4}
"""How much each kind of feature says of a wording."""
_ASK_ONLY = frozenset({"방법", "알리다", "가르치다", "가능", "궁금", "부탁"})
"""Words that ask, and do not say for what."""


@dataclass(frozen=True)
class Match:
    """An entry, and how much of a message is in one of its wordings: 0 to 1."""

    entry: Entry
    score: float


class FaqSearch:
    """Cosine similarity to every wording, the best wording of an entry counts. What a message holds
    and no wording does makes it less alike."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        """Reads all wordings, in both languages."""
        self._entries = entries
        self._of_wording: list[int] = []
        counted: list[Mapping[str, Counter[str]]] = []
        for place, entry in enumerate(entries):
            for wording in (one for by in entry.questions.values() for one in by):
                self._of_wording.append(place)
                counted.append(_features(wording))
        self._blocks = {
            block: _Block([features[block] for features in counted]) for block in _SHARES
        }

    def best(self, text: str, most: int = 3) -> list[Match]:
        """At most so many entries, the likeliest first; none that has nothing in common."""
        features = _features(text)
        scores: dict[int, float] = defaultdict(float)
        for block, share in _SHARES.items():
            for wording, alike in self._blocks[block].alike(features[block]).items():
                scores[wording] += share * alike
        by_entry: dict[int, float] = defaultdict(float)
        for wording, score in scores.items():
            place = self._of_wording[wording]
            by_entry[place] = max(by_entry[place], score)
        ranked = sorted(by_entry.items(), key=lambda one: (-one[1], one[0]))[:most]
        return [Match(self._entries[place], score) for place, score in ranked]


class _Block:
    """One kind of feature of all wordings, as unit vectors."""

    def __init__(self, wordings: Sequence[Counter[str]]) -> None:
        held_by = Counter(feature for wording in wordings for feature in wording)
        self._rare = math.log(1 + len(wordings)) + 1
        self._weights = {
            feature: math.log((1 + len(wordings)) / (1 + count)) + 1
            for feature, count in held_by.items()
        }
        self._holders: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, wording in enumerate(wordings):
            for feature, weight in self._vector(wording).items():
                self._holders[feature].append((place, weight))

    def _vector(self, counted: Counter[str]) -> dict[str, float]:
        raw = {
            feature: (1 + math.log(count)) * self._weights.get(feature, self._rare)
            for feature, count in counted.items()
        }
        length = math.sqrt(sum(weight * weight for weight in raw.values()))
        return {feature: weight / length for feature, weight in raw.items()}

    def alike(self, counted: Counter[str]) -> dict[int, float]:
        """The cosine with every wording that shares a feature."""
        cosines: dict[int, float] = defaultdict(float)
        for feature, weight in self._vector(counted).items():
            for place, other in self._holders.get(feature, ()):
                cosines[place] += weight * other
        return cosines


def says_enough(text: str) -> bool:
    """True if the text holds two words that mean something: "socks" alone asks for nothing yet."""
    return len(_features(text)["words"]) >= 2


def _features(text: str) -> dict[str, Counter[str]]:
    """Without numbers: a size says nothing of the question."""
    words = (word for word in search_words(text) if word not in _ASK_ONLY)
    characters = features_of(text).characters
    return {
        "words": Counter(word for word in words if not word.isdigit()),
        "characters": Counter(
            {gram: count for gram, count in characters.items() if not gram.strip().isdigit()}
        ),
    }
