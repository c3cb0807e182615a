"""Which one of several things a message points at: by its number, its place or part of its name."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORDS = (
    r"첫|\bfirst\b|\b1st\b|^\W*one\W*$",
    r"두\s?번째|둘째|\bsecond\b|\b2nd\b|^\W*two\W*$",
    r"세\s?번째|셋째|\bthird\b|\b3rd\b|^\W*three\W*$",
    r"네\s?번째|넷째|\bfourth\b|\b4th\b|^\W*four\W*$",
)
_PLACES = tuple(
    re.compile(rf"{words}|(?<!\d){place}\s*번|^\W*(?:no\.?\s*)?{place}\W*$", re.IGNORECASE)
    for place, words in enumerate(_WORDS, start=1)
)


_BOTH = re.compile(
    r"\W*(둘\s*다|두\s*개\s*다|모두|전부)\s*(이?요|주세요|할게요|살게요|좋아요)?\W*"
    r"|\W*(i('ll| will|'d like)?\s*(take|want)?\s*)?(them )?(both|all)( of (them|those))?"
    r"( please)?\W*",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\W*(?:no\.?\s*)?\d+\s*번?\s*(?:이?요|으?로\s*(?:요|할게요)?)?\W*", re.IGNORECASE
)
_WORD = re.compile(r"\w+")
_SAYS_NOTHING = frozenset(
    (
        *(
            "the",
            "for",
            "and",
            "one",
            "two",
            "i",
            "ll",
            "d",
            "a",
            "that",
            "this",
            "it",
            "me",
            "yes",
        ),
        *("take", "want", "like", "get", "buy", "go", "with", "please", "ok", "okay", "of", "us"),
        *(
            "그",
            "그거",
            "그걸로",
            "걸로",
            "거",
            "네",
            "할게요",
            "주세요",
            "살게요",
            "좋아요",
            "요",
            "이요",
        ),
    )
)
"""Words beside a part of a name that change nothing; as part of a name they do not tell it."""
_BESIDE = re.compile(
    r"(?:번째)?(?:거|것|걸)?(?:으?로|을|를)?"
    r"(?:이?요|할게요?|하겠습니다|주세요|줘요?|살게요?|부탁(?:해요?|드려요|드립니다))?"
)
"""What may hang on a number, a place or a name, or follow it, and chooses it."""
_ENDING = r"(?:이?요|(?:으?로)(?:요|할게요|주세요)?|을|를|이|가|만)?"


_QUESTION = re.compile(
    r"[?？]|나요|까요|어떻게|언제|얼마|어디|몇\s?시|^(what|when|where|how|do|does|is|are|can)\b",
    re.IGNORECASE,
)


def holds_a_question(text: str) -> bool:
    """True if a question stands anywhere in `text`: it chooses nothing, whatever it names."""
    return _QUESTION.search(text) is not None


def means_all(text: str) -> bool:
    """True for "both of them", "둘 다요"."""
    return _BOTH.fullmatch(text) is not None


def is_a_number(text: str) -> bool:
    """True for a number and nothing else: among things that were numbered it is meant as one."""
    return _NUMBER.fullmatch(text) is not None


def only_points(text: str, named: Sequence[tuple[int, int]]) -> bool:
    """True if nothing is said beside a number, a place and what stands at `named` (offsets of what
    was recognised): "the first one please", and not "the first one looks like a brick"."""
    for start, end in named:
        text = text[:start] + " " * (end - start) + text[end:]
    for pattern in _PLACES:
        text = pattern.sub(" ", text)
    words = _WORD.findall(text.casefold())
    return "?" not in text and all(
        word in _SAYS_NOTHING or word.isdigit() or _BESIDE.fullmatch(word) for word in words
    )


def named_in(text: str, names: Sequence[str]) -> int | None:
    """The place, from 0, of the name that shares the most words with `text` ("the box" for the
    Anniversary Box); None if none does, if two do alike, or if the text says anything else."""
    said = [word for word in _WORD.findall(text.casefold()) if word not in _SAYS_NOTHING]
    if "?" in text or not said:
        return None
    shared = [sum(_is_in(word, name) for word in said) for name in names]
    most = max(shared, default=0)
    return shared.index(most) if most == len(said) and shared.count(most) == 1 else None


def _is_in(said: str, name: str) -> bool:
    """True if this word, a Korean one with or without an ending, is one of the name's."""
    words = set(_WORD.findall(name.casefold())) - _SAYS_NOTHING
    return any(
        said == word or (not word.isascii() and re.fullmatch(word + _ENDING, said) is not None)
        for word in words
    )


def place_in(text: str, count: int) -> int | None:
    """The place, from 0, of the one of `count` things that `text` points at; None if it points at
    none of them, or at more than one."""
    found = [place for place, pattern in enumerate(_PLACES[:count]) if pattern.search(text)]
    return found[0] if len(found) == 1 else None
