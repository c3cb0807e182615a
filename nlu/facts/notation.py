"""The notation in which rules write what they look for, made into patterns of spaCy's Matcher.

A pattern is a row of pieces with spaces between, each for one word: `신|입` one of these lemmas,
`!작` any but this, `<size>` something of that type, `<person:wife|husband>` one of these,
`_` any word, `..` up to four words of the same clause, `*` the value itself, up to four words that
are nothing recognised, `~` what was taken back ("270 말고"), `^` and `$` the clause's ends; `?`
after a piece makes it optional, `+` repeats it. `=> wide` at the end says what the value is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

BEGIN, END = "^", "$"
_PIECE = re.compile(
    r"(?P<not>!)?(?:<(?P<type>[a-z_|]+)(?::(?P<value>[^<>\s]+))?>|(?P<words>[^<>!?+]+))(?P<op>[?+])?"
)
TYPE = "TAG"
"""Where spaCy's documents carry the types: tags take a tenth of the time of its entities."""
_BORDER = {"LEMMA": {"NOT_IN": [BEGIN, END]}}
_FREE_TYPES = ["", "number"]
_NEVER_FREE = re.findall(
    r"\S+",
    """
    i me my our you your he she it we us they them this that these those what how who when where if
    and or but so because for in on at with to from by be not do of would shoe shoes design designs
    color style brand stuff thing things huge big massive
    저 나 우리 저희 그 이 것 거 걸 수 때 마리 신발 디자인 색 색깔 스타일 브랜드 옷
    """,
)
VALUE = "*"
Pattern = list[dict[str, Any]]


class BadPattern(ValueError):
    """A pattern cannot be read; the message says which piece and what is allowed."""


@dataclass(frozen=True)
class Written:
    """A pattern as spaCy's Matcher takes it."""

    text: str
    pattern: Pattern
    words: frozenset[str]
    """The lemmas named in it."""
    types: frozenset[str]
    """The types named in it."""
    value: str | None
    """What the fact's value is, if the pattern says so."""
    free: frozenset[int]
    """Which pieces are the value itself."""

    @property
    def needs(self) -> list[frozenset[str]]:
        """Of each of these sets of lemmas and `<types>` one must be there for it to match."""
        return [_named(one) for one in self.pattern if one.get("OP") != "?" and _named(one)]


def _named(token: dict[str, Any]) -> frozenset[str]:
    if TYPE in token and "IN" in token[TYPE] and "" not in token[TYPE]["IN"]:
        return frozenset(f"<{kind}>" for kind in token[TYPE]["IN"])
    lemma = token.get("LEMMA")
    return frozenset(lemma["IN"]) if isinstance(lemma, dict) and "IN" in lemma else frozenset()


def read(text: str) -> list[Written]:
    """The patterns that are written there: one, or one for each way to read a piece that names both
    words and types (`i|<person>`). Raises BadPattern."""
    shown, arrow, value = text.partition("=>")
    ways = [_ways(piece) for piece in shown.split()]
    return [_read(f"{' '.join(way)} {arrow} {value}") for way in product(*ways)]


def _ways(piece: str) -> list[str]:
    operator = piece[-1] if piece[-1] in "?+" else ""
    parts = re.findall(r"<[^>]*>|[^<>|]+", piece.removesuffix(operator))
    words = [part for part in parts if not part.startswith("<")]
    types = [part for part in parts if part.startswith("<")]
    if not words or not types:
        return [piece]
    return ["|".join(words) + operator, *(f"{one}{operator}" for one in types)]


def _read(text: str) -> Written:
    shown, _, value = (part.strip() for part in text.partition("=>"))
    pieces = shown.split()
    if not pieces:
        raise BadPattern(f"{text!r} looks for nothing")
    pattern: Pattern = []
    words: set[str] = set()
    types: set[str] = set()
    free: set[int] = set()
    for piece in pieces:
        if piece == VALUE:
            free.update(range(len(pattern), len(pattern) + 4))
            pattern.extend(_free())
        else:
            pattern.extend(_compiled(piece, words, types))
    found = (frozenset(words), frozenset(types), value or None, frozenset(free))
    return Written(text, pattern, *found)


def _free() -> Iterator[dict[str, Any]]:
    word = {
        TYPE: {"IN": _FREE_TYPES},
        "LEMMA": {"NOT_IN": [*_NEVER_FREE, BEGIN, END]},
    }
    yield word
    yield from ({**word, "OP": "?"} for _ in range(3))


def _compiled(piece: str, words: set[str], types: set[str]) -> Iterator[dict[str, Any]]:
    if piece == "..":
        yield from ({**_BORDER, "OP": "?"} for _ in range(4))
        return
    if piece in (BEGIN, END):
        yield {"LEMMA": piece}
        return
    match = _PIECE.fullmatch(piece)
    if match is None:
        raise BadPattern(f"{piece!r} is no piece: write words, <type>, <type:value>, _ or ..")
    token: dict[str, Any] = {}
    if match["type"]:
        named = match["type"].split("|")
        types.update(named)
        token[TYPE] = {"IN": named}
        if match["value"]:
            token["LEMMA"] = {"IN": match["value"].split("|")}
    elif match["words"] == "_":
        token.update(_BORDER)
    else:
        named = match["words"].split("|")
        words.update(named)
        token["LEMMA"] = {"NOT_IN": [*named, BEGIN, END]} if match["not"] else {"IN": named}
    if match["op"]:
        token["OP"] = match["op"]
    yield token
