"""Two questions in one message ("얼마고 270 있어요?"): each is answered as if asked alone.

Only where both halves are plainly understood, ask different things and change nothing; else the
message stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Parse = Callable[[str], dict[str, Any]]

ASKING = frozenset(
    {"ask_price", "ask_stock", "ask_product", "ask_recommendation", "ask_store_info", "ask_help"}
)
"""Intents that tell something and do nothing."""
LONGEST = 200
SURE = 0.6
_BETWEEN = re.compile(
    r"(?<=[?!.])\s+|\s*,\s*|\s+(?:and|also|plus)\s+(?:also\s+)?|\s*그리고\s*|(?<=[가-힣]고)(?:요,?)?\s+",
    re.IGNORECASE,
)
_ONLY_LINKS = re.compile(r"(?<=[가-힣])이?고$")
_LETTERS = re.compile(r"[가-힣A-Za-z]{2}")


def requests_in(
    text: str, parsed: dict[str, Any], parse: Parse
) -> tuple[tuple[str, dict[str, Any]], ...]:
    """The requests of a message, each with how it was understood: two, or the message itself."""
    whole = ((text, parsed),)
    if len(text) > LONGEST or _intent(parsed) not in ASKING:
        return whole
    for first, second in _halves(text):
        one, two = parse(first), parse(second)
        if _is_sure(one) and _is_sure(two) and _intent(one) != _intent(two):
            return ((first, one), (second, two))
    return whole


def _halves(text: str) -> Iterator[tuple[str, str]]:
    for gap in _BETWEEN.finditer(text):
        first, second = text[: gap.start()].strip(), text[gap.end() :].strip()
        first = _ONLY_LINKS.sub("", first)
        if _LETTERS.search(first) and _LETTERS.search(second):
            yield first, second


def _intent(parsed: Mapping[str, Any]) -> str:
    return str((parsed.get("intent") or {}).get("name") or "")


def _is_sure(parsed: Mapping[str, Any]) -> bool:
    confidence = float((parsed.get("intent") or {}).get("confidence") or 0)
    return _intent(parsed) in ASKING and confidence >= SURE
