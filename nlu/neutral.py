"""Messages that are in neither language for certain: names, sizes, "ok", "네", an emoji.

Needs Korean's morphemes, so it stands apart from nlu/language.py, which is asked by their splitter.
"""

from __future__ import annotations

from nlu.language import has_english, has_hangul
from nlu.spans import morphemes

_OF_A_SENTENCE = frozenset({"EF", "EP", "MAG", "NP"})
"""Kiwi's tags of what a Korean name, a kind of goods or a yes does not hold: an ending that closes
a sentence or tells a time, an adverb, a pronoun."""


def is_neutral(text: str) -> bool:
    """True if the text holds no plainly English word and nothing that makes a Korean sentence."""
    if has_english(text):
        return False
    return not has_hangul(text) or _OF_A_SENTENCE.isdisjoint(
        one.tag.split("-")[0] for one in morphemes(text)
    )
