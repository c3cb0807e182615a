"""Telephone numbers, and the codes of six digits that prove them, found by pattern.

Must not decide whether a number exists or may be written to: the actions do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.entity import Entity

_GAP = r"[\s.·\-‐‑–—]*"
_BEFORE = r"(?<![\d.,$₩#+])"
_AFTER = r"(?!\d)(?!\s*(?:원|만|천|달러|번\s*버스|dollars?|usd)\b)"
_PHONES = tuple(
    re.compile(_BEFORE + pattern + _AFTER)
    for pattern in (
        # 010-1234-5678, +82 10 1234 5678, 82(0)10-1234-5678, 02-123-4567
        rf"(?:\+?{_GAP}82{_GAP}(?:\(?0\)?{_GAP})?|0)1[016789]{_GAP}\d{{3,4}}{_GAP}\d{{4}}",
        r"\(?0(?:2|[3-6]\d|70)\)?[\s.\-]+\d{3,4}[\s.\-]+\d{4}",
        # (503) 555-0142, 503.555.0142, +1 503 555 0142
        rf"(?:\+?1{_GAP})?\([2-9]\d{{2}}\){_GAP}[2-9]\d{{2}}{_GAP}\d{{4}}",
        rf"(?:\+?1{_GAP})?[2-9]\d{{2}}{_GAP}[2-9]\d{{2}}{_GAP}\d{{4}}",
        # Any other country, by its code.
        r"\+\d[\d\s.\-()]{6,18}\d",
    )
)
_CODE = re.compile(r"(?<![\d.,$₩#\-])(\d{3})[\s\-]?(\d{3})(?![\d,\-])(?!\.\d)(?!\s*[원만천명개월])")
_OTHER_NUMBER = re.compile(r"주문|송장|운송장|\border\b|\btracking\b|\bzip\b", re.IGNORECASE)


def find_phones(text: str) -> Iterator[Entity]:
    """Entities `phone`: the number as it was written."""
    for pattern in _PHONES:
        for match in pattern.finditer(text):
            yield Entity("phone", match.group().strip(), match.start(), match.end())


def find_codes(text: str) -> Iterator[Entity]:
    """Entities `code`: six digits that are not said to be the number of an order."""
    if _OTHER_NUMBER.search(text):
        return
    for match in _CODE.finditer(text):
        yield Entity("code", match.group(1) + match.group(2), match.start(), match.end())
