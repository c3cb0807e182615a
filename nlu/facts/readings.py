"""Patterns, each with what makes a value of what it finds, tried only on texts in their letters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from nlu.entity import Entity

Reading = tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]]
Letters = tuple[bool, bool]
"""Whether a text has Hangul, and whether it has Latin letters."""

_HANGUL = re.compile("[가-힣]")
_LATIN = re.compile("[A-Za-z]")


def by_letters(readings: Sequence[Reading]) -> Mapping[Letters, Sequence[Reading]]:
    """Those to be tried on a text, by its letters."""
    return {
        (hangul, latin): [
            one for one in readings if (hangul if _HANGUL.search(one[0].pattern) else latin)
        ]
        for hangul in (False, True)
        for latin in (False, True)
    }


def read(text: str, readings: Mapping[Letters, Sequence[Reading]], entity: str) -> Iterator[Entity]:
    """Everything they find in `text`; what is found may overlap."""
    for pattern, make in readings[bool(_HANGUL.search(text)), bool(_LATIN.search(text))]:
        for match in pattern.finditer(text):
            value = make(match)
            if value is not None:
                yield Entity(entity, value, match.start(), match.end())
