"""Which past turns are nearest to what is asked, by their words: pure, and without SQL. Each comes
with the words it was chosen for.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from heapq import nlargest
from math import log
from typing import NamedTuple

from marketing.disclosure import VISIT

SATURATION = 1.2
LENGTH = 0.75
"""k1 and b of Okapi BM25, as usual (Robertson and Zaragoza 2009, section 3.2)."""

TO_ITS_ANSWER = 0.5
TO_WHAT_LED_TO_IT = 0.3
"""What an utterance gives of its score to the next one and to the one before: an answer belongs to
its question, and seldom repeats its words."""

SAID_BY = 1.3
IN_PERIOD = 1.5
"""How much more a turn counts if it was said by whom, or when, the question says."""

FADES = 0.2
HALF_FADED = timedelta(days=180)
"""An old turn counts a fifth less than a new one in the end, half of that after half a year."""

PIECES = 0.6
"""What a match by the pieces of a word counts."""

FEWEST_LETTERS = 5
"""A shorter word has too few pieces to be told from another by them."""

EVERY = ""
"""The word of which `word_frequencies` holds how many turns there are."""


@dataclass(frozen=True, kw_only=True)
class About:
    """What is asked about."""

    words: Sequence[str]
    said_by: str | None = None
    """`in` or `out`, if the question says whose words it means."""
    since: datetime | None = None
    until: datetime | None = None
    """The time that the question names."""
    refers_back: bool = False
    """True if it plainly means something of an earlier visit."""
    in_passing: bool = False
    """True if nothing in it asks for the past: then only what was said lately is looked through."""


class Candidate(NamedTuple):
    """A past turn as far as ranking goes: hundreds are made for every question, so cheaply."""

    seq: int
    direction: str
    at: float
    """Seconds since 1970."""
    said: str
    """Its words, with a space before and after each; empty where nobody has read it. A few words
    are looked for in hundreds of turns, and few of these need to be taken apart."""


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """A past turn that was found."""

    seq: int
    score: float
    because: tuple[str, ...]
    """The words asked for that it, or its neighbour, holds; the rarest first."""


def rank(
    newest: Sequence[Candidate],
    older: Sequence[Candidate],
    about: About,
    *,
    frequencies: Mapping[str, int],
    now: datetime,
    limit: int,
    without: Container[int] = (),
) -> list[Ranked]:
    """Up to `limit` turns that have to do with what is asked, the nearest first. `newest` are all
    turns of some stretch of time, from which it is seen what this customer says often; `older` only
    what was found by single words; `without` are turns that are not wanted. `frequencies` are turns
    per word over all customers."""
    turns = [*newest, *older]
    weights = weights_of(about.words, newest, turns, frequencies)
    at = sorted(set().union(*(_at(word, turns) for word in weights)))
    holding = [turns[place] for place in at]
    texts, usual = [turn.said.split() for turn in holding], _usual_length(map(_length, turns))
    own = {
        turn.seq: score * _by_the_way(turn, about, now)
        for turn, score in zip(holding, bm25(texts, weights, usual), strict=True)
    }
    pooled = _with_neighbours(own, turns, are_unknown={turn.seq for turn in older})
    reasons = {turn.seq: words for turn, words in zip(holding, texts, strict=True)}
    best = nlargest(
        limit, (seq for seq in pooled if seq not in without), key=lambda seq: (pooled[seq], seq)
    )
    return [
        Ranked(seq=seq, score=pooled[seq], because=_reasons(seq, reasons, weights)) for seq in best
    ]


def weights_of(
    asked: Iterable[str],
    newest: Sequence[Candidate],
    turns: Sequence[Candidate],
    frequencies: Mapping[str, int],
) -> dict[str, float]:
    """How much each word counts. A word that is in none of the turns counts by those words of
    theirs that share pieces with it."""
    asked = dict.fromkeys(asked)
    said = said_in(asked, newest)
    held = said.keys() | said_in(asked, turns[len(newest) :]).keys()
    shares = {word: 1.0 for word in asked if word in held}
    if missing := [word for word in asked if word not in held]:
        like = _words_like(missing, set().union(*(turn.said.split() for turn in turns)))
        said += said_in(like.keys() - shares.keys(), newest)
        shares = {**like, **shares}
    read = sum(1 for turn in newest if turn.said)
    return {
        word: share * _rarity(word, said[word], read, frequencies) for word, share in shares.items()
    }


def _words_like(missing: Iterable[str], known: Iterable[str]) -> dict[str, float]:
    """Words that stand for some that nothing was found by, and what each then counts."""
    found: dict[str, float] = {}
    for word in missing:
        for like, share in _alike(word, known):
            found[like] = max(PIECES * share, found.get(like, 0.0))
    return found


def said_in(words: Iterable[str], turns: Sequence[Candidate]) -> Counter[str]:
    """How many of the turns hold each of the words."""
    return Counter({word: len(at) for word in words if (at := _at(word, turns))})


def _at(word: str, turns: Sequence[Candidate]) -> list[int]:
    """Where among the turns the word was said."""
    marked = f" {word} "
    return [place for place, turn in enumerate(turns) if marked in turn.said]


def bm25(
    texts: Sequence[Sequence[str]], weights: Mapping[str, float], usual: float | None = None
) -> list[float]:
    """Okapi BM25 of each text, the words weighing as given; `usual` is the length of a text where
    these are not all."""
    length = _usual_length(map(len, texts)) if usual is None else usual
    return [
        sum(
            weights[word] * _saturated(count, len(words) / length)
            for word, count in _counted(words, weights).items()
        )
        for words in texts
    ]


def _length(turn: Candidate) -> int:
    """In words."""
    return max(0, turn.said.count(" ") - 1)


def _usual_length(of_each: Iterable[int]) -> float:
    lengths = [length for length in of_each if length]
    return sum(lengths) / len(lengths) if lengths else 1.0


def _counted(words: Sequence[str], weights: Mapping[str, float]) -> dict[str, int]:
    held = [word for word in words if word in weights]
    return {word: held.count(word) for word in held}


def inverse_frequency(holding: int, of: int) -> float:
    """How telling a word is that `holding` of so many texts hold: never negative."""
    return log(1 + (of - holding + 0.5) / (holding + 0.5))


def _saturated(count: int, length: float) -> float:
    return count * (SATURATION + 1) / (count + SATURATION * (1 - LENGTH + LENGTH * length))


def _rarity(word: str, said: int, read: int, frequencies: Mapping[str, int]) -> float:
    """The lesser of what all customers and this one make of it."""
    own = inverse_frequency(said, read)
    if word not in frequencies:
        return own
    return min(
        own, inverse_frequency(frequencies[word], max(frequencies[EVERY], frequencies[word]))
    )


def _alike(word: str, known: Iterable[str]) -> Iterator[tuple[str, float]]:
    """Words that begin alike (a slip seldom hits the first letter) and share half their pieces with
    this one, with the share (Dice)."""
    asked = pieces(word)
    first = _first_letter(word)
    for other in known if asked else ():
        if _first_letter(other) == first:
            shared, all_of_both = len(asked & pieces(other)), len(asked) + len(pieces(other))
            if 4 * shared >= all_of_both:
                yield other, 2 * shared / all_of_both


@lru_cache(maxsize=50_000)
def _first_letter(word: str) -> str:
    return unicodedata.normalize("NFD", word)[0]


@lru_cache(maxsize=50_000)
def pieces(word: str) -> frozenset[str]:
    """Every two letters that follow each other, the edges included, of a word of five letters or
    more. A Korean syllable is two or three letters: 고어텍스 and 고어택스 differ in one of nine."""
    letters = unicodedata.normalize("NFD", word)
    if len(letters) < FEWEST_LETTERS or word[0].isdigit():
        return frozenset()
    edged = f" {letters} "
    return frozenset(edged[at : at + 2] for at in range(len(edged) - 1))


def _by_the_way(turn: Candidate, about: About, now: datetime) -> float:
    """What speaks for a turn beside its words."""
    at = datetime.fromtimestamp(turn.at, UTC)
    faded: float = 1 - 0.5 ** (max(now - at, timedelta(0)) / HALF_FADED)
    factor = 1 - FADES * faded
    if about.said_by == turn.direction:
        factor *= SAID_BY
    if about.since is not None and about.until is not None and about.since <= at < about.until:
        factor *= IN_PERIOD
    return factor


def _with_neighbours(
    own: Mapping[int, float], turns: Sequence[Candidate], *, are_unknown: Container[int]
) -> dict[int, float]:
    """Each turn's score with its share of its neighbours', within one visit. The neighbours of some
    may not be among the candidates, and count all the same."""
    at = {turn.seq: turn.at for turn in turns}
    pooled = dict(own)
    for seq, score in own.items():
        for neighbour, share in ((seq + 1, TO_ITS_ANSWER), (seq - 1, TO_WHAT_LED_TO_IT)):
            if neighbour not in at:
                is_of_the_visit = seq in are_unknown
            else:
                is_of_the_visit = abs(at[neighbour] - at[seq]) <= VISIT.total_seconds()
            if is_of_the_visit:
                pooled[neighbour] = pooled.get(neighbour, 0.0) + share * score
    return pooled


def _reasons(
    seq: int, said: Mapping[int, Sequence[str]], weights: Mapping[str, float]
) -> tuple[str, ...]:
    """Its own words; of one that has none, its neighbours'."""
    words = said.get(seq) or [*said.get(seq - 1, ()), *said.get(seq + 1, ())]
    shared = {word for word in words if word in weights}
    return tuple(sorted(shared, key=lambda word: (-weights[word], word)))
