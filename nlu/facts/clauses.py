"""Where a clause begins and ends, and what becomes of what is said in it: asked, denied, supposed,
heard from others, or past.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nlu.facts.tokens import Token

_KOREAN_QUESTION = re.compile(
    "(?:까|까요|나요|니|냐|은가요|ᆫ가요|는가요|는지요|ᆫ지요|습니까|ᆸ니까|죠|지요|ᆯ까요|을까요|으려나|던가요)$"
)
_KOREAN_SUPPOSES = re.compile(r"(?:면|다면|라면|거든|ᆫ다면|는다면|어도|아도)$")
_KOREAN_HEARSAY = re.compile(
    "(?:대요|대|래요|래|다던데|다더라|다더라고요|ᆫ대요|는대요|다네요|라던데)$"
)
_AUXILIARY = re.compile("V[XC]|XS[VA]")
_WORD = re.compile("[a-z]+")
_ASKING_HEADS = frozenset(
    _WORD.findall(
        """
        do does did is are can could will would should have has what which how where who when why
        any may am
        """
    )
)
_SUBJECTS = frozenset(
    _WORD.findall(
        """
        i my we our he she his her it they their you your this that these those there do does did
        is are can could will would what which how where please just not mine
        """
    )
)
_CUTS = frozenset(
    {"but", "because", "so", "though", "although", "while", "cause", "cuz", "btw", "if"}
)
_OTHERS = frozenset({"they", "he", "she", "people"})
_WONDERS = re.compile("[는은을ᆫᆯ]지$")


@dataclass(frozen=True)
class Clause:
    """Some words in a row of which one thing is said."""

    tokens: Sequence[Token]
    sentence: int
    is_asked: bool
    is_denied: bool
    is_supposed: bool
    is_hearsay: bool
    is_past: bool

    @property
    def lemmas(self) -> frozenset[str]:
        """The lemmas and the `<types>` that stand in it."""
        lemmas = {one.lemma for one in self.tokens}
        return frozenset(lemmas | {f"<{one.type}>" for one in self.tokens if one.type})


class Cutter:
    """Cuts a message into clauses."""

    def __init__(self, marks: Mapping[str, Mapping[str, frozenset[str]]]) -> None:
        """`marks` are the words of words.yml that change what a clause means."""
        self._marks = {
            mark: by.get("ko", frozenset()) | by.get("en", frozenset())
            for mark, by in marks.items()
        }

    def clauses(self, tokens: Sequence[Token]) -> Iterator[Clause]:
        """The clauses in order."""
        for number, sentence in enumerate(_sentences(tokens)):
            asked = sentence[-1].lemma == "?"
            parts = list(_parts(sentence))
            supposed = False  # from the "if" on: "I wear a 9, if that helps" tells a size
            for at, part in enumerate(parts):
                supposed = supposed or self._has("supposes", part)
                yield self._clause(
                    part, number, is_last=at == len(parts) - 1, asked=asked, supposed=supposed
                )

    def _clause(
        self, part: Sequence[Token], sentence: int, *, is_last: bool, asked: bool, supposed: bool
    ) -> Clause:
        ending = next((one for one in reversed(part) if one.tag in ("EF", "EC", "ETN")), None)
        form = ending.text if ending is not None else ""
        is_now = self._has("now", part)
        return Clause(
            tokens=part,
            sentence=sentence,
            is_asked=(is_last and asked)
            or (is_last and _asks(form, ending))
            or _begins_asking(part)
            or _is_connective(ending, _WONDERS),
            is_denied=self._denies(part),
            is_supposed=supposed or _is_connective(ending, _KOREAN_SUPPOSES),
            is_hearsay=self._has("hearsay", part)
            or _quotes(part)
            or _KOREAN_HEARSAY.search(form) is not None,
            is_past=self._has("past", part) and not is_now,
        )

    def _denies(self, part: Sequence[Token]) -> bool:
        words = part[1:] if part and part[0].lemma in ("no", "nope") else part
        return any(one.lemma in self._marks.get("denies", ()) for one in words)

    def _has(self, mark: str, part: Sequence[Token]) -> bool:
        return any(one.lemma in self._marks.get(mark, ()) and not one.type for one in part)


def _sentences(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    sentence: list[Token] = []
    for one in tokens:
        sentence.append(one)
        if one.tag == "SF" and (one.lemma in "?!\n" or one.lemma == "."):
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _parts(sentence: Sequence[Token]) -> Iterator[list[Token]]:
    """At Korean connective endings, at English conjunctions and at commas, but never inside a row
    of things of one type ("blue, green and red")."""
    part: list[Token] = []
    for at, one in enumerate(sentence):
        before = part[-1] if part else None
        after = sentence[at + 1] if at + 1 < len(sentence) else None
        if _cuts_before(one, before, after):
            yield part
            part = []
        part.append(one)
        if _cuts_after(one, after, part):
            yield part
            part = []
    if part:
        yield part


def _cuts_after(one: Token, after: Token | None, part: Sequence[Token]) -> bool:
    if after is None:
        return False
    if one.tag == "EF":
        return after.tag not in ("SF", "SP", "JX") and not any(
            earlier.lemma in _SLIPS for earlier in part
        )
    if one.tag == "EC" and one.text.endswith("면") and after.lemma in ("좋", "되", "하"):
        return False
    if one.text == "게" or after.type == "style":  # "헐렁하게 입는", "가볍고 푹신한"
        return False
    return one.tag == "EC" and not (
        _AUXILIARY.match(after.tag) or after.lemma in ("있", "싶", "않")
    )


def _cuts_before(one: Token, before: Token | None, after: Token | None) -> bool:
    if before is None or after is None:
        return False
    if one.tag == "SP":
        is_row = before.type == after.type and before.type not in ("", "channel")
        return not is_row and before.lemma not in _BARE_WORDS
    if one.tag == "SL" and one.lemma in _CUTS:
        return True
    if one.lemma in ("and", "&", "or"):
        return after.lemma in _SUBJECTS or after.type == "person"
    return False


_SLIPS = frozenset({"잘못", "정정", "실수", "착각"})
_BARE_WORDS = frozenset(
    {"no", "아니", "아니요", "아뇨", "nope", "actually", "sorry", "oops", "wait"}
)


def _is_connective(ending: Token | None, pattern: re.Pattern[str]) -> bool:
    return ending is not None and ending.tag == "EC" and bool(pattern.search(ending.text))


def _asks(form: str, ending: Token | None) -> bool:
    return ending is not None and ending.tag == "EF" and bool(_KOREAN_QUESTION.search(form))


def _quotes(part: Sequence[Token]) -> bool:
    """ "my friend says …", "they say …" """
    return any(
        one.lemma in ("say", "think", "claim") and (who.type == "person" or who.lemma in _OTHERS)
        for who, one in pairwise(part)
    )


def _begins_asking(part: Sequence[Token]) -> bool:
    words = [one for one in part if one.tag == "SL" or one.type][:2]
    words = (
        words[1:] if words and words[0].lemma in ("and", "but", "so", "hi", "hey", "ok") else words
    )
    return bool(words) and not words[0].type and words[0].text.lower() in _ASKING_HEADS
