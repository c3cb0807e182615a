"""Which messages are the beginning of one that goes on: they wait a moment for their rest, so that
three lines in a row get one answer. A complete request never waits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from marketing.opt_out import refusal
from marketing.ways_back import way_back
from memory.current import CurrentTurn
from memory.inbox import Claimed

MOST_PIECES = 5
"""Whoever writes on and on is answered after so many."""

_VOCATIVE = re.compile(
    r"\W*((저기|여기|여보세|사장님|선생님|언니|헤이)(요|여|용)?|저기용|있잖아요?|저 ?혹시|혹시요?"
    r"|hey+|excuse me|pardon me|yo|um+|uhm?)\W*",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\s*[가-힣A-Za-z'\u2019]+(\s+[가-힣A-Za-z'\u2019]+){0,3}[\s,~]*")
_LONGEST = 30
"""Letters; whoever has written more has written what they wanted to."""
_BARE = re.compile(r"\s*(?!\S*(요|다|까|죠|줘|네|응|예|니|나)\s*$)[가-힣A-Za-z]+[\s,~]*")
"""One word that ends no sentence."""
_WHOLE_IN_ONE_WORD = frozenset({"affirm", "deny", "greet", "goodbye", "thank", "opt_out"})
_NOT_UNDERSTOOD = "nlu_fallback"


def is_vocative(text: str) -> bool:
    """True if the whole message only asks for attention."""
    return _VOCATIVE.fullmatch(text) is not None


def is_unfinished(
    text: str, parsed: Mapping[str, Any], *, is_awaited: bool, goes_on: bool = False
) -> bool:
    """True if more is to come: a mere vocative; a few words that nothing is made of; or, where it
    `goes_on` from another piece, a single word. Where an answer is awaited any other message is
    one, and what refuses or goes back never waits."""
    if is_vocative(text):
        return True
    if is_awaited or len(text) > _LONGEST or refusal(text) or way_back(text):
        return False
    intent = (parsed.get("intent") or {}).get("name")
    if goes_on and _BARE.fullmatch(text):
        return intent not in _WHOLE_IN_ONE_WORD
    is_known = bool(parsed.get("entities")) or intent != _NOT_UNDERSTOOD
    return not is_known and _WORDS.fullmatch(text) is not None


def is_answer_awaited(turn: CurrentTurn) -> bool:
    """True if something was asked or offered that a few words may answer."""
    recalled = turn.recalled
    return (
        bool(recalled.offers)
        or recalled.code_sent_to is not None
        or any(number.standing.asked for number in recalled.numbers)
        or _open_question(recalled.tracker) is not None
    )


def joined(pieces: Sequence[Claimed]) -> Claimed:
    """The pieces as one message, by the newest of them; vocatives say nothing beside the rest."""
    newest = pieces[-1]
    said = [piece.text for piece in pieces if not is_vocative(piece.text)]
    return replace(newest, text=" ".join(said) or newest.text)


def _open_question(tracker: Any) -> str | None:
    """What the scratch pad says was asked last; nothing, where it cannot be read."""
    events = tracker.get("events") if isinstance(tracker, Mapping) else None
    for event in reversed(events if isinstance(events, list) else []):
        if not isinstance(event, Mapping):
            return None
        if event.get("event") == "slot" and event.get("name") == "open_question":
            return str(event["value"]) if event.get("value") else None
    return None
