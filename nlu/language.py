"""Tells Korean from English, so that every answer is in the customer's language.

Must not guess from anything but the text itself and the fallback the caller gives.
"""

from __future__ import annotations

import re
from typing import Literal

Language = Literal["ko", "en"]

# Syllables, conjoining jamo, compatibility jamo ("ㅋㅋ") and half-width jamo.
HANGUL = "\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e\ua960-\ua97f\ud7b0-\ud7ff\uffa1-\uffdc"
_HANGUL = re.compile(f"[{HANGUL}]")
_LATIN = re.compile("[A-Za-z]")
_WORD = re.compile("[a-z]+")

# Words that are English and nothing else: no product or brand is called so, and no
# Korean writes them in passing, as "ok".
_ENGLISH = frozenset(
    _WORD.findall(
        """
        a about am an and any anything are at back backpack backpacks boots buy bye can cheaper
        clothes color colour could customer delivery did do does everything find for forget from get
        gifts go good goodbye great had has have hello help hey hi hours how human i in is it
        jackets like looking me messages more much my need not opening or order orders our out
        person please policy price prices recommend remember return returns sale sell shipping shoe
        shoes show size sizes so sold somebody someone something sorry stock stop store take talk
        tell than thank thanks that these they thing this those to today under want was we wear what
        when where which who why width will with would you your already cheap daughter discount
        expensive feet husband interested maybe never nevermind sounds too wife worth
        """
    )
)


def has_hangul(text: str) -> bool:
    """Whether the text holds at least one Hangul syllable or jamo."""
    return _HANGUL.search(text) is not None


def has_english(text: str) -> bool:
    """Whether the text holds a word that is plainly English, and no name."""
    return not _ENGLISH.isdisjoint(_WORD.findall(text.lower()))


def detect(text: str, fallback: Language = "ko", *, is_remembered: bool = False) -> Language:
    """The language of `text`: any Hangul makes it Korean, else Latin letters English.

    `fallback` is the language of text that has neither. Where it `is_remembered` as what the
    customer writes, a Korean stays Korean until a plainly English word comes: a name or a slip of
    the keyboard ("Ridge GTX 270?", "asdf") does not change the language.
    """
    if has_hangul(text):
        return "ko"
    if not _LATIN.search(text):
        return fallback
    if is_remembered and fallback == "ko" and not has_english(text):
        return "ko"
    return "en"
