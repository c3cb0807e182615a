"""Which one of several things a message points at: by its number or its place."""

from __future__ import annotations

import re

_WORDS = (
    r"첫|\bfirst\b|\b1st\b|^\W*one\W*$",
    r"두\s?번째|둘째|\bsecond\b|\b2nd\b|^\W*two\W*$",
    r"세\s?번째|셋째|\bthird\b|\b3rd\b|^\W*three\W*$",
)
_PLACES = tuple(
    re.compile(rf"{words}|(?<!\d){place}\s*번|^\W*(?:no\.?\s*)?{place}\W*$", re.IGNORECASE)
    for place, words in enumerate(_WORDS, start=1)
)


def place_in(text: str, count: int) -> int | None:
    """The place, from 0, of the one of `count` things that `text` points at; None if it points at
    none of them, or at more than one."""
    found = [place for place, pattern in enumerate(_PLACES[:count]) if pattern.search(text)]
    return found[0] if len(found) == 1 else None
