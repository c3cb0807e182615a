"""Two requests in one message ("얼마고 270 있어요?"): two questions are each answered as if asked
alone.

Of a question and something that would act ("how much is it, and cancel my order") the question is
answered, and the other only named, with how to go on: what acts is wanted by itself. Only where
both halves are plainly understood; else the message stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from marketing.opt_out import Refusal, refusal

Parsed = Mapping[str, Any]
Parse = Callable[[str], dict[str, Any]]

ASKING = frozenset(
    {
        *("ask_price", "ask_stock", "ask_product", "ask_recommendation", "ask_store_info"),
        *("ask_help", "ask_points", "ask_basket", "ask_order_status"),
    }
)
"""Intents that tell something and do nothing."""
OBEYED = frozenset({"ask_human", "opt_out"})
"""Done beside a question as if asked alone: it keeps nobody from anything. A refusal only in clear
words."""
ACTING = frozenset(
    {
        *("buy", "change_order", "ask_return", "customise", "remind_me", "cancel_reminder"),
        *("forget_fact", "forget_everything", "erase_me", "export_my_data", "stop_learning"),
        *("mute_topic", "unmute_topic", "unlink_phone", "give_consent", "stock_alert"),
    }
)
"""Intents that change something, or lead to what does."""
_MAY_BE_WHOLE = ASKING | OBEYED | (ACTING - {"buy", "give_consent"})
"""What the message may have been taken for as a whole; "is it there? then I'll take it" stays the
purchase that it is."""
LONGEST = 200
SURE = 0.6
_BETWEEN = re.compile(
    r"(?<=[?!.])\s+|\s*,\s*|\s+(?:and|also|plus)\s+(?:also\s+)?|\s*그리고\s*"
    r"|(?<=[가-힣]고)(?<![입출재광중최신참보]고)(?:요,?)?\s+",  # 입고, 재고: nouns
    re.IGNORECASE,
)
_JOINS = re.compile(r"^(?:and|also|plus|그리고|또)[\s,]+", re.IGNORECASE)
_ONLY_LINKS = re.compile(r"(?<=[가-힣])이?고$")
_LETTERS = re.compile(r"[가-힣A-Za-z]{2}")


@dataclass(frozen=True, kw_only=True)
class Requests:
    """What a message holds."""

    answered: tuple[tuple[str, dict[str, Any]], ...]
    """Each with how it was understood: the message itself, one half of it, or both."""
    left: str | None = None
    """The half that acts, in the customer's words; it is named and not done."""


def requests_in(text: str, parsed: dict[str, Any], parse: Parse) -> Requests:
    """The requests of a message."""
    whole = Requests(answered=((text, parsed),))
    if len(text) > LONGEST or _intent(parsed) not in _MAY_BE_WHOLE:
        return whole
    for first, second in _halves(text):
        halves = ((first, parse(first)), (second, parse(second)))
        found = _of_halves(halves, is_question=_intent(parsed) in ASKING)
        if found is not None:
            return found
    return whole


def _of_halves(
    halves: tuple[tuple[str, dict[str, Any]], ...], *, is_question: bool
) -> Requests | None:
    """None if they are not two requests; `is_question`: the whole was taken for one."""
    intents = [_intent(parsed) for _, parsed in halves]
    if intents[0] == intents[1] or not all(_is_sure(parsed) for _, parsed in halves):
        return None
    asks = [name in ASKING for name in intents]
    if all(asks):
        return Requests(answered=halves) if is_question else None
    if not any(asks):
        return None
    other, parsed = halves[asks.index(False)]
    if _intent(parsed) in OBEYED and _is_plain(other, parsed):
        return Requests(answered=(halves[asks.index(True)], (other, parsed)))
    if _intent(parsed) in ACTING:
        return Requests(answered=(halves[asks.index(True)],), left=other)
    return None


def _is_plain(said: str, parsed: Parsed) -> bool:
    return _intent(parsed) != "opt_out" or refusal(said) is Refusal.CLEAR


def _halves(text: str) -> Iterator[tuple[str, str]]:
    for gap in _BETWEEN.finditer(text):
        first, second = text[: gap.start()].strip(), text[gap.end() :].strip()
        first, second = _ONLY_LINKS.sub("", first), _JOINS.sub("", second)
        if _LETTERS.search(first) and _LETTERS.search(second):
            yield first, second


def _intent(parsed: Parsed) -> str:
    return str((parsed.get("intent") or {}).get("name") or "")


def _is_sure(parsed: Parsed) -> bool:
    confidence = float((parsed.get("intent") or {}).get("confidence") or 0)
    return confidence >= SURE
