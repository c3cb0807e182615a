"""Reads facts from a message: one place tells apart what is told from what is asked, denied, put
right, supposed, heard or past, and of whom it is told.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import spacy
from spacy.matcher import Matcher
from spacy.tokens import Doc

from nlu.entity import Entity
from nlu.facts import people
from nlu.facts.clauses import Clause, Cutter, is_denied_twice
from nlu.facts.notation import BEGIN, END, Written
from nlu.facts.people import Mention
from nlu.facts.rules import Rule, RuleSet
from nlu.facts.tokens import PUT_RIGHT, Lexicon, Token
from nlu.language import has_hangul

Fact = dict[str, Any]
"""rule, kind, subject, reading, value, level, item, start, end, confidence and what the reading
needs besides."""

_LATIN = re.compile("[A-Za-z]")
_CAPITALISED = re.compile("[A-Z][a-z]")
_WOMEN = re.compile(r"women|ladies|여성|여자", re.IGNORECASE)
_LEFT_OUT = re.compile("[JEFS]|VCP|XSN")
_KEPT = frozenset({"SN", "SL"})
_NOUN = re.compile("N|S[NL]|XPN|XSN|XR")
_GAP = re.compile(r"\s*(?:(?:the|a|an|my|his|her|of)\s+)*", re.IGNORECASE)
_NOT_THAT = re.compile(
    r"\s*(?:이|가|은|는|을|를|로)?\s*(?:말고|아니고|아니구|아니라|아니(?=\s)|아니에요|아니예요|아닙니다|대신"
    r"|(?:이)?라고\s*(?:했|말했|적었|썼|한 거|말한 거|말씀드)\S*)"
)
_LESS_THAN = re.compile(r"[은는운한]?\s?(?:색깔?|옷|신발|거|것)?\s?보다")
_INSTEAD = frozenset({"not", "instead", "rather", "than", "of"})
_SHOES = frozenset(
    {"신", "신기", "신발", "운동화", "등산화", "구두", "러닝화", "샌들", "부츠", "장화", "발"}
    | {"shoe", "foot", "footwear", "sandals"}
)
_CALLED_SO = re.compile(r"(?:이)?라(?:는|고 하는)\s*")
_BUT = frozenset({"but", ",", "rather"})
_BEFORE_WHAT_IS_TAKEN_BACK = _INSTEAD | {"a", "an", "size", "do", "to", "in"}
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
        self._matcher = Matcher(vocab)
        self._matcher.add(written.text, [written.pattern])

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
    """Rules made ready; made once, as spaCy's matchers take some 100 ms."""

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
        self._vocab = spacy.blank("xx").vocab
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
        tokens, _names = people.named(text, _put_right(text, self._lexicon.tokens(text, entities)))
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
        return _settled(found)

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
            possible = {one: None for needed in there for one in patterns.get(needed, ())}
            possible = [one for one in possible if all(map(there.intersection, one.needs))]
            document = _document(self._vocab, words) if possible else None
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
            places = [words[at] for at, piece in span if piece in written.free]
            if not written.free or _is_place(text, places, needs_capital=True):
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
        value: str,
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


def _put_right(text: str, tokens: Sequence[Token]) -> list[Token]:
    """Without what is taken back: "270 말고 275", "not 270 but 275", "275, not 270"."""
    out: list[Token] = []
    skip_to = -1
    for at, one in enumerate(tokens):
        if one.start < skip_to or (out and out[-1].lemma == PUT_RIGHT and one.lemma in _BUT):
            continue
        match = _NOT_THAT.match(text, one.end) if one.type else None
        less = _LESS_THAN.match(text, one.end) if one.type not in ("", "person") else None
        if less is not None:
            out.append(replace(one, lemma=PUT_RIGHT, type="", tag="IC", end=less.end()))
            skip_to = less.end()
        elif match is not None and any(other.type == one.type for other in tokens[at + 1 :]):
            out.append(replace(one, lemma=PUT_RIGHT, type="", tag="IC", end=match.end()))
            skip_to = match.end()
        elif one.type and _is_taken_back(tokens, at):
            while out and not out[-1].type and out[-1].lemma in _BEFORE_WHAT_IS_TAKEN_BACK:
                out.pop()
            out.append(replace(one, lemma=PUT_RIGHT, type="", tag="IC"))
        else:
            out.append(one)
    return out


def _is_taken_back(tokens: Sequence[Token], at: int) -> bool:
    """ "not 270", "instead of 270", "I said 270 but", where another one is named besides."""
    nearest = tokens[max(0, at - 3) : at]
    before = [one.lemma for one in nearest if one.lemma not in ("a", "an", "size")][-2:]
    kinds = {tokens[at].type} | ({"size"} if tokens[at].type == "number" else set())
    if before[-1:] == ["over"]:  # "plain over flashy"
        return at > 1 and tokens[at - 2].type == tokens[at].type
    if before[-1:] == ["say"]:
        return any(one.type in kinds for one in tokens[at + 1 :])
    if before[-1:] not in (["not"], ["than"]) and before != ["instead", "of"]:
        return False
    return any(one.type in kinds for place, one in enumerate(tokens) if place != at)


def _settled(found: Iterable[Fact]) -> list[Fact]:
    """Each thing once: of readings of the same words the one that says most; of a kind with one
    value the last that was said. What is never kept silences its sentence."""
    facts = list(found)
    silenced = {fact["sentence"] for fact in facts if fact["level"] == "never"}
    kept: dict[tuple[str, str, str], Fact] = {}
    taken: list[Fact] = []
    for fact in sorted(facts, key=lambda one: (-one["words"], one["start"])):
        if fact["sentence"] in silenced and fact["level"] != "never":
            continue
        if any(_says_less(fact, other) for other in taken) or _is_of_a_pet(fact, facts):
            continue
        taken.append(fact)
        item = str(fact["value"]) if fact["item"] else ""
        kind = "clothes" if fact["reading"] == "size" and _is_of_clothes(fact) else fact["kind"]
        key = (kind, fact["subject"], item)
        other = kept.get(key)
        if other is None or (fact["start"] > other["start"] and not fact["item"]):
            kept[key] = fact
    ordered = sorted(kept.values(), key=lambda one: (one["start"], one["kind"]))
    return [{key: one[key] for key in one if key not in ("sentence", "words")} for one in ordered]


def _says_less(fact: Fact, other: Fact) -> bool:
    """True for a second reading of the same words."""
    overlap = fact["start"] < other["end"] and other["start"] < fact["end"]
    return overlap and _topic(fact["kind"]) == _topic(other["kind"])


def _is_of_clothes(fact: Fact) -> bool:
    """A letter, a chest size, a child's height; a small number is a shoe of a child or American."""
    said = str(fact["value"])
    is_number = said.replace(".", "", 1).isdigit()
    return not is_number or (not fact["of_shoe"] and 16 < float(said) < 200)


def _is_of_a_pet(fact: Fact, facts: Sequence[Fact]) -> bool:
    """True for the name of a dog, which is not the customer's."""
    pets = [other.get("name") for other in facts if other["kind"] == "pet"]
    return fact["kind"] == "name" and fact["value"] in pets


def _topic(kind: str) -> str:
    """Liking and disliking one thing exclude each other."""
    return kind.removesuffix("_liked").removesuffix("_disliked").removeprefix("dis")
