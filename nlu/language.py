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


def has_hangul(text: str) -> bool:
    """Whether the text holds at least one Hangul syllable or jamo."""
    return _HANGUL.search(text) is not None


def detect(text: str, fallback: Language = "ko") -> Language:
    """The language of `text`: any Hangul makes it Korean, else any Latin letter English.

    `fallback` is the language of text that has neither, usually the customer's last one.
    """
    if has_hangul(text):
        return "ko"
    if _LATIN.search(text):
        return "en"
    return fallback
