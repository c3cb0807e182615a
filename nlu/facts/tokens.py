"""The words of a message as the rules see them: Kiwi's morphemes and English words, each thing that
was recognised (a size, a day, a colour, a person) as one word of its type.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from nlu.catalogue import CatalogueEntry, CatalogueSnapshot
from nlu.catalogue_matcher import CatalogueMatcher
from nlu.entity import Entity
from nlu.facts.moments import find_moments
from nlu.facts.rules import Words
from nlu.facts.told_plainly import SURNAMES, find_told_plainly
from nlu.language import has_hangul
from nlu.spans import morphemes

_TAKEN_OVER = {
    "phone", "code", "money", "size", "width", "colour", "brand", "activity", "category", "product",
    "name",
}  # fmt: skip
_OCCASIONS = frozenset({"everyday", "gifts", "winter", "rain", "school"})
"""Activities of a catalogue that are occasions: nobody is fond of them."""
_RANK = {
    name: rank
    for rank, name in enumerate(
        ("phone", "code", "money", "age", "day", "time", "width", "name", "size", "person")
    )
}
_LOWEST = {"number": 99}
_ENGLISH_WORD = re.compile(
    r"\bb-day\b|[a-z]+n['’]t\b|[^\W\d_]+(?=['’])|['’](?:s|m|re|ve|ll|d)\b|[^\W\d_]+|\d+(?:[.,]\d+)*|[^\w\s]",
    re.IGNORECASE,
)
PUT_RIGHT = "~"
"""Stands where something was taken back ("270 말고", "not 270 but")."""
_RUN_TOGETHER = {
    "im": ("i", "be"), "ive": ("i", "have"), "dont": ("do", "not"), "doesnt": ("do", "not"),
    "didnt": ("do", "not"), "isnt": ("be", "not"), "arent": ("be", "not"), "wont": ("not", "not"),
    "cant": ("cannot", "not"), "thats": ("that", "be"), "hes": ("he", "be"), "shes": ("she", "be"),
}  # fmt: skip
"""Written without their apostrophe."""
_SHORT = {"'m": "be", "'re": "be", "'s": "be", "'ve": "have", "'ll": "will", "'d": "would"}
_PLURAL = re.compile("[^'’]s$")
"""Roses are no colour."""
_CANNOT = {"can't": "cannot", "won't": "not"}


@dataclass(frozen=True)
class Token:
    """One word: a morpheme, an English word, or something that was recognised."""

    text: str
    lemma: str
    tag: str
    """Kiwi's part of speech; `SL` for English words, `SP` for commas, `SF` for sentence ends."""
    start: int
    end: int
    type: str = ""
    """What was recognised, or empty."""


class Lexicon:
    """Finds the words that rules speak of by their type."""

    def __init__(self, words: Words, known: Iterable[str]) -> None:
        """`known` are the English lemmas that rules name."""
        self._known = frozenset(known)
        self._lemmas = words.lemmas
        entries: list[CatalogueEntry] = []
        self._stems: dict[str, tuple[str, str]] = {}
        for kind, values in words.types.items():
            for value, said in values.items():
                phrases = []
                for phrase in (one for by in said.values() for one in by):
                    if phrase.endswith("-"):
                        self._stems[phrase[:-1]] = (kind, value)
                    else:
                        phrases.append(phrase)
                entries.append(CatalogueEntry(kind, value, tuple(phrases)))
        self._matcher = CatalogueMatcher(CatalogueSnapshot(tuple(entries)))

    def tokens(self, text: str, entities: Sequence[Entity]) -> list[Token]:
        """The words of the text in order; `entities` are those found in it already."""
        pieces = _korean(text) if has_hangul(text) else list(_english(text))
        things = self._things(text, entities)
        named = (
            *_given_names(text, pieces, things),
            *_own_names(pieces, things),
            *_fallen_apart(pieces, things),
        )
        things = sorted([*things, *named], key=lambda one: one.start)
        return list(self._typed(list(_merged(text, pieces, things, self._lemma))))

    def _things(self, text: str, entities: Sequence[Entity]) -> list[Entity]:
        """What stands for one word each: of those that overlap the longest, numbers last."""
        usable = [
            one
            for one in entities
            if one.entity in _TAKEN_OVER
            and not (one.entity == "activity" and one.value in _OCCASIONS)
            and not (one.entity == "colour" and _PLURAL.search(text[one.start : one.end]))
        ]
        words = [one for one in self._matcher.find(text) if not _is_of_a_size(text, one)]
        people = [one for one in words if one.entity == "person"]
        # "아이 옷" is a category, but it also says whose.
        usable = [
            one for one in usable if one.entity != "category" or not any(map(one.overlaps, people))
        ]
        found = [*words, *find_moments(text), *usable, *find_told_plainly(text)]
        kept: list[Entity] = []
        for one in sorted(found, key=_preference):
            if not any(map(one.overlaps, kept)):
                kept.append(one)
        return sorted(kept, key=lambda one: one.start)

    def _lemma(self, word: str) -> str:
        """An English word as the rules name it."""
        said = word.lower().replace("’", "'")
        said = _SHORT.get(said, said)
        if said in self._lemmas:
            return self._lemmas[said]
        if said in self._known:
            return said
        for ending, instead in _ENDINGS:
            if said.endswith(ending) and said.removesuffix(ending) + instead in self._known:
                return said.removesuffix(ending) + instead
        return said

    def _typed(self, tokens: Sequence[Token]) -> Iterator[Token]:
        """Stems with their types; 하 belongs to what stands before it ("넉넉하게")."""
        at = 0
        while at < len(tokens):
            one = tokens[at]
            after = tokens[at + 1] if at + 1 < len(tokens) else None
            is_stem = after is not None and after.lemma == "하" and after.tag in ("XSA", "XSV")
            stem = self._stems.get(one.lemma) if not one.type else None
            if stem is None and not one.type and is_stem:
                stem = self._stems.get(f"{one.lemma}하")
                at += stem is not None
            yield replace(one, type=stem[0], lemma=stem[1]) if stem else one
            at += 1


_GIVEN = re.compile(
    r"\s+(?P<name>[가-힣]{2})(?:(?P<called>이)(?=[는가도의랑한]|네)|(?=[는가도의랑]\s|,))"
)


def _given_names(text: str, pieces: Sequence[Token], things: Sequence[Entity]) -> Iterator[Entity]:
    """Names that Kiwi does not know, beside a person: "아들 서준이는", "딸 지우가". A common noun
    ("아들 신발은") is one word to it; a name that it does not know falls apart."""
    for one in things:
        match = _GIVEN.match(text, one.end) if one.entity == "person" else None
        if match is None or any(one.start <= match.start("name") < one.end for one in things):
            continue
        start, end = match.span("name")
        whole = next((piece for piece in pieces if piece.start == start), None)
        is_word = whole is not None and whole.end == end and whole.tag in ("NNG", "MAG", "NR")
        if match["called"] or not is_word:
            stop = match.end("called") if match["called"] else end
            yield Entity("given_name", match["name"], start, stop)


def _fallen_apart(pieces: Sequence[Token], things: Sequence[Entity]) -> Iterator[Entity]:
    """서준이는: two syllables of which Kiwi makes two nouns, called by a name's ending."""
    for first, second, called, particle in zip(
        pieces, pieces[1:], pieces[2:], pieces[3:], strict=False
    ):
        if (
            called.tag == "XSN"
            and particle.tag.startswith("J")
            and called.text == "이"
            and all(len(one.text) == 1 and one.tag.startswith("N") for one in (first, second))
            and first.end == second.start
            and not any(thing.start < called.end and first.start < thing.end for thing in things)
        ):
            yield Entity("given_name", first.text + second.text, first.start, called.end)


_FULL_NAME = re.compile(f"[{SURNAMES}][가-힣]{{2}}(?<![구동시군산역도점층])")
_BEFORE_ONES_NAME = frozenset(
    {"저", "나", "는", "은", "ᆫ", "제", "가", "안녕", "하", "세요", "안녕하세요"}
)


def _own_names(pieces: Sequence[Token], things: Sequence[Entity]) -> Iterator[Entity]:
    """Who says "김서현입니다" or "저는 이은지고요" at the beginning."""
    for one, copula in pairwise(pieces[:8]):
        if (
            one.tag == "NNP"
            and copula.tag == "VCP"
            and _FULL_NAME.fullmatch(one.text)
            and not any(thing.start < one.end and one.start < thing.end for thing in things)
        ):
            yield Entity("name", one.text, one.start, one.end)
        elif one.tag not in ("SF", "SP") and one.lemma not in _BEFORE_ONES_NAME:
            return


_A_SIZE = re.compile(r"(?:'s)?\s*(?:size\s*)?\d")
_KIDS_SIZE = re.compile(r"(?:kids|children|toddlers?)(?:'s)?'?$", re.IGNORECASE)


def _is_of_a_size(text: str, one: Entity) -> bool:
    """ "kids 110" names nobody."""
    said = text[one.start : one.end]
    return _KIDS_SIZE.match(said) is not None and _A_SIZE.match(text, one.end) is not None


_ENDINGS = (
    ("ies", "y"), ("es", ""), ("s", ""), ("ied", "y"), ("ed", ""), ("ed", "e"), ("ing", ""),
    ("ing", "e"), ("nning", "n"), ("mming", "m"), ("pping", "p"), ("tting", "t"),
)  # fmt: skip


def _preference(one: Entity) -> tuple[int, int, int]:
    weak = _LOWEST.get(one.entity, 0)
    return (weak, one.start - one.end, _RANK.get(one.entity, 20))


def _english(text: str, offset: int = 0) -> Iterator[Token]:
    for match in _ENGLISH_WORD.finditer(text):
        word, start = match.group(), match.start() + offset
        lower = word.lower().replace("’", "'")
        if lower in _RUN_TOGETHER:
            cut = start + len(word) - 1
            for lemma, begin, end in zip(
                _RUN_TOGETHER[lower], (start, cut), (cut, start + len(word)), strict=True
            ):
                yield Token(text[begin - offset : end - offset], lemma, "SL", begin, end)
        elif lower.endswith("n't"):
            cut = start + len(word) - 3
            stem = _CANNOT.get(lower, lower[:-3])
            yield Token(word[:-3] or word, stem, "SL", start, cut)
            yield Token(word[-3:], "not", "SL", cut, start + len(word))
        elif word in ",;":
            yield Token(word, ",", "SP", start, start + len(word))
        elif word in ".!?":
            yield Token(word, word, "SF", start, start + len(word))
        else:
            yield Token(word, lower, "SL", start, start + len(word))


def _korean(text: str) -> list[Token]:
    found = [
        Token(one.form, one.form, str(one.tag), one.start, one.start + one.len)
        for one in morphemes(text)
    ]
    return list(_mended(text, found))


def _mended(text: str, found: Sequence[Token]) -> Iterator[Token]:
    """What Kiwi takes for something else: 좋아하다 and 싫어하다 parted by a negation, 270 신고 (no
    report), 110 입고 (no delivery), 상의 (nothing of a table)."""
    at = 0
    while at < len(found):
        one = found[at]
        following = found[at + 1 : at + 3]
        if (
            one.lemma in ("좋", "싫")
            and len(following) == 2
            and following[0].tag == "EC"
            and following[1].lemma == "하"
        ):
            yield Token(
                one.text,
                f"{one.lemma}어하".replace("좋어", "좋아"),
                "VV",
                one.start,
                following[1].end,
            )
            at += 3
            continue
        if one.tag == "ETM" and following and following[0].text in ("데", "데요"):
            yield Token(one.text + "데", "는데", "EC", one.start, following[0].end)
            at += 2
            continue
        if one.lemma == "밖에" and following and following[0].lemma in ("안", "못"):
            at += 2  # "나이키밖에 안 신어요" is "나이키만 신어요"
            continue
        if one.text == "밖에" and following and following[0].lemma == "없":
            one = replace(one, tag="MAG")
        if one.lemma == "장난" and any(then.lemma == "아니" for then in following):
            at += 2 if following[0].lemma == "아니" else 3  # "장난 아니게 넓어요"
            continue
        if one.lemma == "최" and following and following[0].text == "애":
            yield Token("최애", "최애", "NNG", one.start, following[0].end)
            at += 2
            continue
        if one.lemma == "재" and following and following[0].text == "고":
            yield Token("재고", "재고", "NNG", one.start, following[0].end)
            at += 2
            continue
        if one.text == "저" and one.tag in ("MM", "NNG") and following and following[0].tag == "SN":
            one = replace(one, tag="NP")  # "저 240이요"
        if one.lemma == "상" and following and following[0].tag == "JKG":
            yield Token("상의", "상의", "NNG", one.start, following[0].end)
            at += 2
            continue
        is_after_size = at > 0 and text[: one.start].rstrip()[-1:].isdigit()
        if one.lemma in ("신고", "입고") and is_after_size:
            yield Token(one.text[0], one.lemma[0], "VV", one.start, one.start + 1)
            yield Token("고", "고", "EC", one.start + 1, one.end)
        elif one.lemma == "시" and following and following[0].text == "ᆫ" and is_after_size:
            yield Token("신", "신", "VV", one.start, one.end)
            at += 1
        elif one.tag in ("SP", "SC"):
            is_comma = one.text in (",", ";")
            yield replace(one, lemma="," if is_comma else one.text, tag="SP" if is_comma else "SW")
        elif one.tag.startswith(("VV-", "VA-", "VX-", "XSA-", "XSV-")):
            yield replace(one, tag=one.tag.split("-")[0])
        else:
            yield one
        at += 1


def _merged(
    text: str, pieces: Sequence[Token], things: Sequence[Entity], lemma: Mapping[str, str] | object
) -> Iterator[Token]:
    """The pieces, with every recognised thing as one word in place of those it covers."""
    waiting = list(things)
    for piece in pieces:
        while waiting and waiting[0].start <= piece.start and piece.start < waiting[0].end:
            break
        while waiting and waiting[0].end <= piece.start:
            yield from _things_of(text, waiting.pop(0))
        if waiting and waiting[0].start <= piece.start < waiting[0].end:
            continue
        if waiting and piece.start < waiting[0].start < piece.end:
            continue
        if piece.tag == "SL":
            yield replace(piece, lemma=lemma(piece.lemma))  # type: ignore[operator]
        else:
            yield piece
    for one in waiting:
        yield from _things_of(text, one)


def _things_of(text: str, one: Entity) -> Iterator[Token]:
    """The thing; after a day also the 생 of "3월 2일생", which Kiwi takes for a part of the day."""
    yield _thing(text, one)
    if text[one.start : one.end].endswith(("'s", "’s")):  # "my wife's a small"
        yield Token("'s", "be", "SL", one.end - 2, one.end)
    if one.entity == "day" and text.startswith("생", one.end):
        yield Token("생", "생", "NNB", one.end, one.end + 1)


def _thing(text: str, one: Entity) -> Token:
    return Token(text[one.start : one.end], one.value, "NNP", one.start, one.end, one.entity)
