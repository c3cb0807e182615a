"""Finds the catalogue's words in a text, with spaCy's phrase matcher.

Hangul is matched syllable by syllable, so that spacing does not matter and a word is found before
its particle ("런닝화를"); a match must still begin and end where a word or a morpheme does.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from nlu.catalogue import CatalogueEntry, CatalogueSnapshot
from nlu.entity import Entity, longest_first
from nlu.language import has_hangul
from nlu.spans import Span, runs, split

# What may follow a noun inside one Korean word, whatever the analyser makes of it.
_ENDING = re.compile(
    "(?:색|은|는|이|가|을|를|의|에|도|만|로|으로|와|과|랑|이랑|하고|나|이나|요|이요|용|좀|들|꺼|거|것|용|"
    "까지|부터|처럼|보다|같은|이에요|예요|에요|인데|인가|이야|야|임|있|없|추천|재고|얼마|주세요|줘|사이즈)"
)
# Longest phrase, in syllables, that must not be put together from two words of the text.
_TOO_SHORT_TO_BRIDGE = 2
# "They run small" is about sizes, not about running.
_SHORTEST_MISTYPED = 6
_DOUBLED = re.compile(r"([a-z])\1")
_SIZING = re.compile(
    r"\bruns?\s+(?:a (?:bit|little)\s+)?(?:small|large|big|true|narrow|wide|tight)", re.IGNORECASE
)


@lru_cache(maxsize=8)
def _pieces(text: str) -> list[Span]:
    """Hangul by syllable, everything else by token; kept for the other matchers, which read the
    same text in turn. Kiwi is not asked, so that a shop's phrases cost nothing of its time."""
    pieces: list[Span] = []
    for run in runs(text):
        if has_hangul(text[run.start : run.end]):
            pieces.extend(Span(at, at + 1) for at in range(run.start, run.end))
        else:
            pieces.append(run)
    return pieces


@dataclass(frozen=True)
class _Bounds:
    """Offsets at which a word or a morpheme begins, and at which one ends."""

    starts: frozenset[int]
    ends: frozenset[int]


@lru_cache(maxsize=8)
def _bounds(text: str) -> _Bounds:
    """Kept, as the pieces are."""
    tokens = split(text)
    starts = frozenset(token.start for token in tokens)
    return _Bounds(starts, frozenset(token.end for token in tokens))


@lru_cache(maxsize=2**14)
def _norm(piece: str) -> str:
    """Lower case, composed, English plural and possessive endings off."""
    folded = unicodedata.normalize("NFKC", piece).casefold().replace("’", "'")
    folded = re.sub("'s?$", "", folded)
    return folded[:-1] if len(folded) > 3 and re.search("[^s]s$", folded) else folded


@lru_cache(maxsize=1)
def _vocab() -> Vocab:
    """The words of every matcher of this process, so that they can share a document."""
    return Vocab()


@lru_cache(maxsize=8)
def _words(text: str) -> list[str]:
    """The normal form of each piece; kept as they are."""
    return [_norm(text[span.start : span.end]) or "'" for span in _pieces(text)]


@lru_cache(maxsize=8)
def _document(text: str) -> Doc:
    """The pieces as spaCy's tokens; kept as they are."""
    return Doc(_vocab(), words=_words(text))


class CatalogueMatcher:
    """Finds the phrases of one snapshot."""

    def __init__(self, snapshot: CatalogueSnapshot) -> None:
        """Prepares the phrases; about 50 ms for a thousand."""
        self.snapshot = snapshot
        self._matcher = PhraseMatcher(_vocab(), attr="ORTH")
        self._found_by: dict[str, tuple[CatalogueEntry, str]] = {}
        self._beginnings: set[str] = set()
        words: set[str] = set()
        for entry in snapshot.entries:
            for phrase in entry.phrases:
                self._add(entry, phrase)
                words.update(_words(phrase))
        self._meant_by = _mistyped(words)
        """Latin words with a slip of the keyboard, and what they are."""

    def _add(self, entry: CatalogueEntry, phrase: str) -> None:
        document = _document(phrase)
        if len(document) > 0:
            key = str(len(self._found_by))
            self._found_by[key] = (entry, phrase)
            self._matcher.add(key, [document])
            self._beginnings.add(document[0].text)

    def _read(self, text: str) -> Doc | None:
        """The text, its slips mended; None where no phrase begins with a word of it."""
        words = _words(text)
        mended = [self._meant_by.get(word, word) for word in words]
        if self._beginnings.isdisjoint(mended):
            return None
        return _document(text) if mended == words else Doc(_vocab(), words=mended)

    def find(self, text: str) -> list[Entity]:
        """Entities of the text in order, without overlap, the longest match first."""
        document = self._read(text)
        if document is None:
            return []
        pieces = _pieces(text)
        found: list[Entity] = []
        for key, first, last in self._matcher(document):
            entry, phrase = self._found_by[_vocab().strings[key]]
            start, end = pieces[first].start, pieces[last - 1].end
            if _stands_alone(text, Span(start, end), phrase):
                found.append(Entity(entry.entity, entry.identifier, start, end))
        sizing = [match.span() for match in _SIZING.finditer(text)]
        return longest_first(
            entity
            for entity in found
            if not any(start <= entity.start < end for start, end in sizing)
        )


def _mistyped(words: set[str]) -> dict[str, str]:
    """Each way to leave out a letter, to swap two or to double one wrongly ("runing", "jakcet");
    not at the beginning of a word, nor where it would be another word or might be two."""
    meant: dict[str, set[str]] = {}
    for word in words:
        if len(word) >= _SHORTEST_MISTYPED and word.isascii() and word.isalpha():
            for slip in _slips(word) - words:
                meant.setdefault(slip, set()).add(word)
    return {slip: found.pop() for slip, found in meant.items() if len(found) == 1}


def _slips(word: str) -> set[str]:
    places = range(1, len(word))
    left_out = {word[:at] + word[at + 1 :] for at in places}
    swapped = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in places[:-1]}
    doubled = {word[:at] + word[at] + word[at:] for at in places}
    return left_out | swapped | doubled | {_DOUBLED.sub(r"\1", word)}


def _stands_alone(text: str, span: Span, phrase: str) -> bool:
    """Whether the match begins and ends at a word or morpheme and is not put together by chance."""
    if not has_hangul(phrase):
        return True  # whole Latin words by construction
    bounds = _bounds(text)
    if span.start not in bounds.starts:
        return False
    rest = text[span.end :]
    ends_word = not rest or not has_hangul(rest[0])
    if len(phrase) == 1:
        begins_word = span.start == 0 or not has_hangul(text[span.start - 1])
        return begins_word and (ends_word or _ENDING.match(rest) is not None)
    matched = text[span.start : span.end]
    bridges = len(matched.split()) > len(phrase.split())
    if bridges and len(phrase) <= _TOO_SHORT_TO_BRIDGE:
        return False
    return ends_word or span.end in bounds.ends or _ENDING.match(rest) is not None
