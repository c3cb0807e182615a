"""Reads facts from a message: one place tells apart what is told from what is asked, denied, put
right, supposed, heard or past, and of whom it is told.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from nlu.entity import Entity
from nlu.facts import people
from nlu.facts.clauses import Clause, Cutter, is_denied_twice
from nlu.facts.corrections import put_right
from nlu.facts.notation import BEGIN, END, Written
from nlu.facts.people import Mention
from nlu.facts.rules import Rule, RuleSet
from nlu.facts.settling import Fact, settled
from nlu.facts.tokens import PUT_RIGHT, Lexicon, Token
from nlu.language import has_hangul

_LATIN = re.compile("[A-Za-z]")
_CAPITALISED = re.compile("[A-Z][a-z]")
_WOMEN = re.compile(r"women|ladies|여성|여자", re.IGNORECASE)
_LEFT_OUT = re.compile("[JEFS]|VCP|XSN")
_KEPT = frozenset({"SN", "SL"})
_NOUN = re.compile("N|S[NL]|XPN|XSN|XR")
_GAP = re.compile(r"\s*(?:(?:the|a|an|my|his|her|of)\s+)*", re.IGNORECASE)
_SHOES = frozenset(
    {"신", "신기", "신발", "운동화", "등산화", "구두", "러닝화", "샌들", "부츠", "장화", "발"}
    | {"shoe", "foot", "footwear", "sandals"}
)
_CALLED_SO = re.compile(r"(?:이)?라(?:는|고 하는)\s*")
_BEFORE_A_NAME = frozenset({"named", "called", "name", "be", ",", "이름"})


@dataclass(frozen=True)
class _Word:
    """A word of the document, with where it comes from."""

    token: Token
    at: int
    """Its place among all tokens; -1 for a clause's border."""
    clause: Clause
    place: range
    """The places of its clause among all tokens."""


class _Ready:
    """A pattern with a matcher of its own, and what must be in a message for it to be tried: of a
    thousand patterns a message needs a dozen."""

    def __init__(self, rule: Rule, written: Written, vocab: Any) -> None:
        self.rule = rule
        self.written = written
        self.needs = written.needs
        self._vocab = vocab

    @cached_property
    def _matcher(self) -> Matcher:
        """Made when it is first tried, as most never are."""
        matcher = Matcher(self._vocab)
        matcher.add(self.written.text, [self.written.pattern])
        return matcher

    def spans(self, document: Doc) -> Iterator[list[tuple[int, int]]]:
        """Where it matches: the places of the words, with the pieces that they are where that
        matters."""
        if not self.written.free:
            for _key, start, end in self._matcher(document):
                yield [(at, -1) for at in range(start, end)]
            return
        found: Any = self._matcher(document, with_alignments=True)
        for _key, start, _end, alignment in found:
            yield [(start + at, piece) for at, piece in enumerate(alignment)]


def _by_need(patterns: Iterable[_Ready]) -> Mapping[str, Sequence[_Ready]]:
    """Each pattern under the rarest of what it needs: the words that the fewest others need."""
    patterns = list(patterns)
    common = Counter(word for one in patterns for need in one.needs for word in need)
    found: dict[str, list[_Ready]] = defaultdict(list)
    for one in patterns:
        rarest = min(one.needs, key=lambda need: sum(common[word] for word in need))
        for word in rarest:
            found[word].append(one)
    return found


class FactFinder:
    """Rules made ready; made once, as that takes some 100 ms."""

    def __init__(self, rules: RuleSet) -> None:
        """Compile the patterns."""
        self._marks = rules.words.marks
        self._ignored = self._mark("ignored")
        known = {
            word
            for rule in rules.rules
            for written in rule.patterns["en"]
            for word in written.words
        }
        for rule in rules.rules:
            known |= rule.unless["en"]
        for by in rules.words.marks.values():
            known |= by["en"]
        self._lexicon = Lexicon(rules.words, known)
        self._cutter = Cutter(rules.words.marks)
        self._vocab = Vocab()
        self._patterns = {
            tongue: _by_need(
                _Ready(rule, written, self._vocab)
                for rule in rules.rules
                for written in rule.patterns[tongue]
            )
            for tongue in ("ko", "en")
        }
        self._denies = self._mark("denies")

    def _mark(self, mark: str) -> frozenset[str]:
        by = self._marks.get(mark, {})
        return by.get("ko", frozenset()) | by.get("en", frozenset())

    def find(self, text: str, entities: Sequence[Entity]) -> list[Fact]:
        """The facts of a message in order; `entities` are those recognised in it."""
        tokens, _names = people.named(text, put_right(text, self._lexicon.tokens(text, entities)))
        tokens = people.told_apart(tokens)
        if not tokens:
            return []
        words = self._words(tokens)
        spoken_of = people.mentions(tokens)
        found = [
            fact
            for rule, written, span in self._matches(text, words)
            for fact in self._facts(text, words, spoken_of, rule, written, span)
        ]
        return settled(found)

    def _words(self, tokens: Sequence[Token]) -> list[_Word]:
        words: list[_Word] = []
        at = 0
        for clause in self._cutter.clauses(tokens):
            place = range(at, at + len(clause.tokens))
            border = Token("", BEGIN, "", 0, 0)
            words.append(_Word(border, -1, clause, place))
            for place_of, token in zip(place, clause.tokens, strict=True):
                if self._is_kept(token):
                    words.append(_Word(token, place_of, clause, place))
            words.append(_Word(replace(border, lemma=END), -1, clause, place))
            at = place.stop
        return words

    def _is_kept(self, token: Token) -> bool:
        if token.type or token.tag in _KEPT:
            return bool(token.type) or token.lemma not in self._ignored
        if token.lemma == PUT_RIGHT:
            return True
        return not _LEFT_OUT.match(token.tag) and token.lemma not in self._ignored

    def _matches(
        self, text: str, words: Sequence[_Word]
    ) -> Iterator[tuple[Rule, Written, list[tuple[int, int]]]]:
        tongues = ["ko"] if has_hangul(text) else []
        tongues += ["en"] if _LATIN.search(text) else []
        there = {one.token.lemma for one in words}
        there |= {f"<{one.token.type}>" for one in words if one.token.type}
        for tongue in tongues:
            patterns = self._patterns[tongue]
            near = {one: None for needed in there for one in patterns.get(needed, ())}
            possible = [one for one in near if all(map(there.intersection, one.needs))]
            document = _document(self._vocab, words)
            for one in possible:
                for span in one.spans(document):
                    yield one.rule, one.written, span

    def _facts(
        self,
        text: str,
        words: Sequence[_Word],
        spoken_of: Sequence[Mention],
        rule: Rule,
        written: Written,
        span: Sequence[tuple[int, int]],
    ) -> Iterator[Fact]:
        matched = [words[at] for at, _piece in span]
        inside = [one for one in matched if one.at >= 0]
        if not inside:
            return
        clause = inside[0].clause
        kind = self._kind(rule, written, clause)
        if kind is None:
            return
        for value, first, last in self._values(text, words, span, rule, written):
            anchor = first if first is not None else inside[0]
            subject = rule.of or _named_in(inside, anchor, spoken_of)
            if rule.reading == "pet" and _is_of_the_speaker(words, anchor):
                subject = people.SELF
            subject = subject or people.whose(spoken_of, at=anchor.at, clause=anchor.place)
            if subject == people.NOBODY or (
                clause.is_reported and not (rule.even_heard and subject != people.SELF)
            ):
                continue
            yield {
                "rule": rule.name,
                "kind": kind,
                "subject": subject,
                "reading": rule.reading,
                "value": value,
                "level": rule.level,
                "item": rule.item,
                "start": anchor.token.start,
                "end": (last or inside[-1]).token.end,
                "confidence": 1.0,
                "sentence": clause.sentence,
                "words": len(inside),
                **self._besides(rule, text, words, inside, anchor, subject, value),
            }

    def _kind(self, rule: Rule, written: Written, clause: Clause) -> str | None:
        """What kind of fact it is, given what becomes of it in its clause; None if it is none."""
        if (clause.is_supposed and not rule.even_supposed) or clause.is_hearsay:
            return None
        if (clause.is_asked and not rule.even_asked) or (clause.is_past and not rule.even_past):
            return None
        if clause.lemmas & (rule.unless["ko"] | rule.unless["en"]):
            return None
        if clause.is_denied and not rule.even_denied and not written.words & self._denies:
            return rule.negated
        return None if clause.is_denied and is_denied_twice(clause.tokens) else rule.kind

    def _values(
        self,
        text: str,
        words: Sequence[_Word],
        span: Sequence[tuple[int, int]],
        rule: Rule,
        written: Written,
    ) -> Iterator[tuple[str | None, _Word | None, _Word | None]]:
        if written.value is not None:
            free = [words[at] for at, piece in span if piece in written.free]
            if not written.free or _is_place(text, free, needs_capital=True):
                yield written.value, None, None
        elif written.free:
            free = [words[at] for at, piece in span if piece in written.free]
            free = _in_one_piece(text, free)
            needs_capital = {"be", "in"} <= written.words
            if free and (
                rule.reading != "city" or _is_place(text, free, needs_capital=needs_capital)
            ):
                yield text[free[0].token.start : free[-1].token.end], free[0], free[-1]
        else:
            places = [at for at, _ in span if words[at].token.type in rule.types]
            for at in sorted({one for place in places for one in _row(words, place)}):
                value: str | None = words[at].token.lemma
                if rule.reading == "name" and words[at].token.type == "person":
                    value = people.name_of(words[at].token.lemma)
                if value is not None:
                    yield value, words[at], words[at]

    def _besides(
        self,
        rule: Rule,
        text: str,
        words: Sequence[_Word],
        inside: Sequence[_Word],
        anchor: _Word,
        subject: str,
        value: str | None,
    ) -> Mapping[str, Any]:
        """What some readings need besides the value."""
        if rule.reading == "size":
            of_woman = people.is_woman(subject) or _WOMEN.search(text) is not None
            of_shoe = not _SHOES.isdisjoint(anchor.clause.lemmas)
            return {"of_woman": of_woman, "of_shoe": of_shoe}
        near = [one for one in words if one.clause.sentence == anchor.clause.sentence]
        if rule.reading == "family":
            is_counted = people.kind_of(anchor.token.lemma) == value
            return {"count": _count_beside(near if is_counted else inside, anchor, is_counted)}
        if rule.reading == "intention":
            return {"when": _first(near, "day", anchor)}
        if rule.reading == "promise":
            return {"about": _first(near, "category", anchor)}
        if rule.reading == "pet":
            return {"name": _name_of_pet(text, near, anchor)}
        return {}


def _named_in(matched: Sequence[_Word], anchor: _Word, spoken_of: Sequence[Mention]) -> str | None:
    """The person whom the pattern itself names, the nearest of them; not who only comes along."""
    places = {one.at for one in spoken_of}
    named = [one for one in matched if one.token.type == "person" and one.at in places]
    nearest = min(named, key=lambda one: abs(one.at - anchor.at), default=None)
    return nearest.token.lemma if nearest is not None else None


def _is_of_the_speaker(words: Sequence[_Word], anchor: _Word) -> bool:
    """ "I have two children and a dog" """
    return any(
        one.token.lemma in ("i", "we") and one.clause is anchor.clause and one.at < anchor.at
        for one in words
    )


def _document(vocab: Any, words: Sequence[_Word]) -> Doc:
    return Doc(
        vocab,
        words=["_"] * len(words),  # no pattern looks at them, and spaCy would keep each for ever
        lemmas=[one.token.lemma for one in words],
        tags=[one.token.type for one in words],
    )


def _row(words: Sequence[_Word], at: int) -> Iterator[int]:
    """The places of the things of one type that stand in a row with this one."""
    kind = words[at].token.type
    yield at
    for step in (-1, 1):
        place = at + step
        while 0 <= place < len(words) and words[place].at >= 0:
            if words[place].token.type == kind:
                yield place
            elif (
                words[place].token.lemma not in ("and", "or", "&", ",")
                and words[place].token.type != "number"
            ):
                break
            place += step


def _in_one_piece(text: str, free: Sequence[_Word]) -> list[_Word]:
    """The last words of a Korean object that are nouns in a row; English words as they are."""
    kept: list[_Word] = []
    for one in reversed(free):
        if not _NOUN.match(one.token.tag):
            break
        if kept and not _GAP.fullmatch(text[one.token.end : kept[-1].token.start]):
            break
        kept.append(one)
    return kept[::-1]


def _is_place(text: str, free: Sequence[_Word], *, needs_capital: bool) -> bool:
    """A name, and not "a small flat"; where words of any kind may stand, one that begins with a
    capital."""
    if not free:
        return False
    if has_hangul(free[0].token.text):
        return any(one.token.tag == "NNP" for one in free)
    if needs_capital and not _CAPITALISED.match(free[0].token.text):
        return False
    before = text[: free[0].token.start].split()
    return not before or before[-1].lower() not in ("a", "an", "the", "my", "our", "your")


def _count_beside(near: Sequence[_Word], anchor: _Word, is_counted: bool) -> str:
    numbers = {one.at: one.token.lemma for one in near if one.token.type == "number"}
    if not is_counted:  # "a mom of three"
        return next(iter(numbers.values()), "1")
    is_english = anchor.token.text.isascii()
    steps = (-1, -2) if is_english else (1, -1, 2)  # "two little boys", "아이가 둘"
    beside = (anchor.at + step for step in steps if anchor.at + step in numbers)
    return next((numbers[at] for at in beside), "1")


def _first(near: Sequence[_Word], kind: str, anchor: _Word) -> str | None:
    found = [one for one in near if one.token.type == kind]
    same = [one for one in found if one.clause is anchor.clause]
    return next((one.token.lemma for one in (*same, *found)), None)


def _name_of_pet(text: str, near: Sequence[_Word], anchor: _Word) -> str | None:
    before = [one.token for one in near if 0 <= one.at < anchor.at]
    if before and _CALLED_SO.fullmatch(text[before[-1].end : anchor.token.start]):
        return before[-1].text
    named = [one.token.text for one in near if one.token.type == "name"]
    after = [one.token for one in near if one.at > anchor.at]
    first = next((one for one in after if one.lemma not in _BEFORE_A_NAME), None)
    if named or first is None or first.type:
        return next(iter(named), None)
    is_korean = first.tag in ("NNP", "NNG") and 1 < len(first.text) <= 4
    is_english = first.tag == "SL" and first.text[:1].isupper() and len(first.text) > 1
    return first.text if is_korean or is_english else None
