"""Reads nlu_held_out/hard_negatives.yml: sentences that look like a yes and are none."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parent / "nlu_held_out" / "hard_negatives.yml"
A_YES = frozenset({"affirm", "accept_offer", "give_consent", "buy"})
_NOTHING_OF = (
    *("accepted", "consent marketing given", "consent night given", "erased", "learns_not"),
    *("- fact", "- customer", "unlinked", "marketing given"),
)
"""What no such sentence may change, whatever is open when it is said."""


@cache
def hard_negatives() -> list[tuple[str, frozenset[str]]]:
    """Each sentence, and the intents that it is none of."""
    groups: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return [
        (text, A_YES | frozenset(group.get("nor", ())))
        for group in groups
        for text in group["texts"]
    ]


def wrongly_done(text: str, changed: list[str]) -> list[str]:
    """Those of the changes that the sentence must not have made."""
    return [f"{text!r}: {one}" for one in changed if any(what in one for what in _NOTHING_OF)]
