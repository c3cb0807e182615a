"""Reads the sentences of nlu_held_out that look like a yes and are none, and those that are one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.conversations.standing import OPENED

HELD_OUT = Path(__file__).parent / "nlu_held_out"
FILES = ("hard_negatives.yml", "hard_negatives_second.yml")
A_YES = frozenset({"affirm", "accept_offer", "give_consent", "buy"})
_NOTHING_OF = (
    *("accepted", "consent marketing given", "consent night given", "erased", "learns_not"),
    *("- fact", "- customer", "unlinked", "marketing given"),
)
"""What no such sentence may change, whatever is open when it is said."""


@dataclass(frozen=True, kw_only=True)
class HardNegative:
    """A sentence, what is open when it is said (a name of OPENED) and the intents it is none of."""

    text: str
    opened: str
    none_of: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class PlainWord:
    """A sentence, what is open when it is said, the intents it may be read as (any, if there are
    none) and the first words of what must have changed then.
    """

    text: str
    opened: str
    read_as: frozenset[str]
    changed: str


@cache
def hard_negatives() -> list[HardNegative]:
    """Of both files. Where a group does not say what is open, each thing is in its turn."""
    names = list(OPENED)
    return [
        HardNegative(
            text=text,
            opened=group.get("open") or names[place % len(names)],
            none_of=A_YES | frozenset(group.get("nor", ())),
        )
        for file in FILES
        for place, (text, group) in enumerate(_sentences(file))
    ]


@cache
def plain_words() -> list[PlainWord]:
    """A plain yes, purchase or consent in many wordings."""
    return [
        PlainWord(
            text=text,
            opened=group["open"],
            read_as=frozenset(group.get("read_as", ())),
            changed=group.get("changed", ""),
        )
        for text, group in _sentences("plain_words.yml")
    ]


def _sentences(file: str) -> list[tuple[str, dict[str, Any]]]:
    groups: list[dict[str, Any]] = yaml.load((HELD_OUT / file).read_text("utf-8"), yaml.CSafeLoader)
    return [(text, group) for group in groups for text in group["texts"]]


def wrongly_done(text: str, changed: list[str]) -> list[str]:
    """Those of the changes that the sentence must not have made."""
    return [f"{text!r}: {one}" for one in changed if any(what in one for what in _NOTHING_OF)]
