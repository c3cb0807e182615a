"""Keeps text that nobody can have meant as an answer from being taken for one.

Looks at the text alone, not at what the model thinks of it, and must come after the classifier
and the entities in the pipeline (docs/decisions/0006).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import regex
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.component import Component, set_intent
from nlu.text_features import without_mood

_LETTER = regex.compile(r"\p{L}")
_OUR_LETTER = regex.compile(r"[\p{Hangul}\p{Latin}]")
_MARK = regex.compile(r"\p{M}|\ufffd")
_SPEECH = regex.compile(r"[가-힣\p{Latin}\p{N}]")
_LONE_VOWEL = re.compile("[ㅏ-ㅣ]")
_UNSEEN = regex.compile(r"\p{Cf}")
_SLASHES = re.compile("[\uff0f\u2044\u2215\u29f8]")
_CODE = re.compile(
    r"[{}]|</?[a-zA-Z][^<>]*>|;\s*--|^\s*/\s*\w|\s/[a-z_]{3,}\b|\bEXTERNAL:|%[a-z]%|^['\"]\s*;"
)
_TELLING_NUMBERS = frozenset({"size", "date", "money", "phone", "code"})


def why_unknown(text: str, entities: set[str], longest: int) -> str | None:
    """Why `text` cannot be understood whatever the model says, or None if it can be.

    `entities` are the names of the entities found in it, `longest` is in characters.
    """
    if len(text) > longest:
        return "too_long"
    letters = _LETTER.findall(unicodedata.normalize("NFC", without_mood(text)))
    if not letters:
        return None if entities & _TELLING_NUMBERS else "no_words"
    if 2 * len(_OUR_LETTER.findall("".join(letters))) < len(letters):
        return "other_script"
    if 3 * len(_MARK.findall(unicodedata.normalize("NFC", text))) > len(letters):
        return "garbled"
    if _LONE_VOWEL.search(text) and not _SPEECH.search(unicodedata.normalize("NFC", text)):
        return "loose_letters"
    if _CODE.search(_SLASHES.sub("/", _UNSEEN.sub("", text))):
        return "program_text"
    return None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class UnknownTextGuard(Component):
    """Replaces the intent of unknown text by `nlu_fallback`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`longest`: characters beyond which a text is no single request."""
        return {"longest": 1000}

    def _read(self, message: Message) -> None:
        entities = {entity["entity"] for entity in message.get(ENTITIES) or []}
        if why_unknown(message.get(TEXT) or "", entities, self._config["longest"]):
            set_intent(message, DEFAULT_NLU_FALLBACK_INTENT_NAME)
