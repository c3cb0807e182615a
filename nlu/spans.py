"""Cuts Korean and English text into pieces whose offsets are exact.

Needs no Rasa. Every piece is a substring of the text and no letter is ever lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import regex

from nlu.language import HANGUL

if TYPE_CHECKING:
    from kiwipiepy import Kiwi
    from kiwipiepy import Token as Morpheme


class Span(NamedTuple):
    """A piece of a text: `text[start:end]`, offsets in code points."""

    start: int
    end: int


# A run of Hangul | a number ("9.5", "10,000") | letters and marks with inner apostrophes
# | one grapheme of anything else (punctuation, an emoji with its modifiers).
_PIECE = regex.compile(
    rf"(?P<hangul>[{HANGUL}]+)"
    r"|(?P<number>\p{N}+(?:[.,]\p{N}+)*)"
    rf"|(?P<word>(?:(?![{HANGUL}])\p{{L}}\p{{M}}*)+"
    rf"(?:['’](?:(?![{HANGUL}])\p{{L}}\p{{M}}*)+)*)"
    r"|(?P<other>[^\s\x1c-\x1f]\p{M}*(?:\u200d\S\p{M}*)*)"  # str.isspace knows \x1c to \x1f
)
_COMPLETE_SYLLABLE = re.compile("[\uac00-\ud7a3]")


@lru_cache(maxsize=1)
def shared_kiwi() -> Kiwi:
    """The one morpheme analyser of this process, loaded at first use (about 1 s, 280 MB)."""
    from kiwipiepy import Kiwi

    return Kiwi(num_workers=1, load_multi_dict=False, load_typo_dict=False)


@lru_cache(maxsize=8)
def morphemes(text: str) -> tuple[Morpheme, ...]:
    """Kiwi's morphemes of a whole text; kept, because a message's are asked for more than once."""
    return tuple(shared_kiwi().tokenize(text))


@lru_cache(maxsize=8)
def split(text: str) -> tuple[Span, ...]:
    """The tokens of `text` in order, without overlap, covering everything but white space. Kept for
    the other parts of the pipeline, which ask for the same text in turn."""
    spans: list[Span] = []
    for piece in _PIECE.finditer(text):
        if piece.lastgroup == "hangul" and _COMPLETE_SYLLABLE.search(piece.group()):
            spans.extend(
                Span(piece.start() + start, piece.start() + end)
                for start, end in _morphemes(piece.group())
            )
        else:
            spans.append(Span(piece.start(), piece.end()))
    return tuple(spans)


def runs(text: str) -> Iterator[Span]:
    """The tokens of `split`, but every run of Hangul as one, which needs no Kiwi."""
    return (Span(*piece.span()) for piece in _PIECE.finditer(text))


@lru_cache(maxsize=2**14)
def _morphemes(run: str) -> tuple[Span, ...]:
    """Kiwi's morphemes of a run of Hangul, made to tile the run; kept, because runs are common
    words and Kiwi takes a fifth of a millisecond for one.

    Contracted morphemes share a syllable ("했" is 하 + 었): they become one token, and whatever
    Kiwi leaves uncovered joins the token before it.
    """
    starts = {0}
    covered = 0
    for morpheme in shared_kiwi().tokenize(run):
        if covered <= morpheme.start < len(run):
            starts.add(morpheme.start)
        covered = max(covered, morpheme.start + morpheme.len)
    bounds = [*sorted(starts), len(run)]
    return tuple(Span(start, end) for start, end in pairwise(bounds))
