"""Turns a text into the named features the intent classifier counts.

Must give the same features in training and in use, and must not know any intent.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from nlu.language import has_hangul
from nlu.spans import split

_REPEATED = re.compile(r"([^\d])\1{2,}")
# Laughing, crying, sighing: "네 ㅋㅋㅋ" is "네". Not the ㅋ of "ㅇㅋ" or the ㅎ of "ㅎㅇ".
_MOOD = re.compile("[ㅋㅎㅠㅜㅡㅗㅉㄷ]{2,}|(?<![ㄱ-ㅣ])[ㅋㅎㅠㅜㅡ](?![ㄱ-ㅣ0-9])")
QUESTION_MARK = "?"
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
# Entities whose values are the same for every shop.
_TELLING_VALUES = frozenset(
    {"fact_kind", "person", "problem", "product_topic", "store_topic", "width"}
)
# How chats are spelt: "잇어여" is "있어요", "돼나요" is "되나요".
_CHAT_SPELLINGS = tuple(
    (re.compile(pattern), right)
    for pattern, right in (
        (r"(?<=[게께해네아어워줘세죠])[용욤염욥](?![가-힣])", "요"),
        (r"(?<=[할살갈볼올줄될일을])께(?=요?(?![가-힣]))", "게"),
        (r"잇(?=[어으나는냐네던다습])", "있"),
        (r"햇(?=[어으나는네던다습])", "했"),
        (r"(?<=[가-힣])[됬됫](?=[어으나는네던다습])", "됐"),
        (r"돼(?=나|는)", "되"),
        (r"되(?=[요여](?![가-힣]))", "돼"),
        (r"(?<=[어아해돼와에예까죠나가네져줘세])여(?![가-힣])", "요"),
        (r"해조(?![가-힣])", "해줘"),
        (r"주세[여욤염](?![가-힣])", "주세요"),
    )
)
_APOSTROPHE = re.compile("[’‘`´]")
_BEGIN, _END = "^", "$"
_REACH = 10
"""Two tokens this far apart still count as a pair."""


@dataclass(frozen=True)
class TextFeatures:
    """How often each feature occurs in one text, by block."""

    words: Counter[str]
    characters: Counter[str]
    concepts: Counter[str]


def without_mood(text: str) -> str:
    """The text without Korean letters that only laugh, cry or sigh."""
    return _MOOD.sub(" ", text)


def normalise(text: str) -> str:
    """Moods off, lower case, letters in one form and at most two in a row, Korean as it is spelt
    outside chats, any digit as 0."""
    folded = unicodedata.normalize("NFKC", without_mood(text)).casefold()
    for pattern, right in _CHAT_SPELLINGS:
        folded = pattern.sub(right, folded)
    folded = _REPEATED.sub(r"\1\1", _APOSTROPHE.sub("'", folded))
    return _DIGIT.sub("0", folded)


def features_of(text: str, entities: Iterable[tuple[str, str]] = ()) -> TextFeatures:
    """Tokens, their neighbours and pairs; character n-grams within words (1–4 Korean, 2–5 other);
    concepts.

    `entities` are the names and values of the entities found in the text: "a category is named"
    says more of an intent than which one, so that words never seen in training still help.
    """
    normalised = normalise(text)
    pieces = (normalised[span.start : span.end] for span in split(normalised))
    tokens = [piece for piece in pieces if piece == QUESTION_MARK or _WORD.match(piece)]
    neighbours = [f"{first} {second}" for first, second in pairwise((_BEGIN, *tokens, _END))]
    words = _WORD.findall(normalised)
    characters = [gram for word in words for gram in _ngrams_of(word)]
    characters += _endings("".join(words))
    return TextFeatures(
        words=Counter([*tokens, *neighbours, *_pairs(tokens)]),
        characters=Counter(characters),
        concepts=Counter(set(_concepts(entities))),
    )


@lru_cache(maxsize=2**14)
def _ngrams_of(word: str) -> list[str]:
    shortest, longest = (1, 4) if has_hangul(word) else (2, 5)
    return ngrams(f" {word} ", shortest, longest)


def _pairs(tokens: list[str]) -> Iterator[str]:
    """Any two tokens in their order, whatever stands between: "when … open" is also in "when do
    you usually open"."""
    for at, first in enumerate(tokens):
        for second in tokens[at + 1 : at + 1 + _REACH]:
            yield f"{first} … {second}"


def _endings(letters: str) -> Iterator[str]:
    """The last one to five letters of a Korean text, for its endings tell asking from telling."""
    longest = min(len(letters), 5) if has_hangul(letters[-1:]) else 0
    for length in range(1, longest + 1):
        yield f"{letters[-length:]}{_END}"


def _concepts(entities: Iterable[tuple[str, str]]) -> Iterator[str]:
    for entity, value in entities:
        yield entity
        if entity in _TELLING_VALUES:
            yield f"{entity}={value}"


def ngrams(padded: str, shortest: int, longest: int) -> list[str]:
    """Every n-gram of a word that stands between two spaces, the bare space left out."""
    grams: list[str] = []
    for length in range(shortest, longest + 1):
        grams.extend(padded[at : at + length] for at in range(len(padded) - length + 1))
    return [gram for gram in grams if gram != " "]
