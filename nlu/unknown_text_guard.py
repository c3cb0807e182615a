"""Keeps text that nobody can have meant as an answer from being taken for one.

Looks at the text alone, not at what the model thinks of it, and must come after the classifier
and the entities in the pipeline (docs/decisions/0006).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import regex
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

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
class UnknownTextGuard(GraphComponent):
    """Replaces the intent of unknown text by `nlu_fallback`."""

    def __init__(self, config: dict[str, Any]) -> None:
        """Takes the settings of `get_default_config`."""
        self._longest: int = config["longest"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`longest`: characters beyond which a text is no single request."""
        return {"longest": 1000}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> UnknownTextGuard:
        """A guard with the given settings."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Gives every unknown message the intent `nlu_fallback` with confidence 1."""
        for message in messages:
            entities = {entity["entity"] for entity in message.get(ENTITIES) or []}
            if why_unknown(message.get(TEXT) or "", entities, self._longest):
                _refuse(message)
        return messages


def _refuse(message: Message) -> None:
    refused = {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": 1.0}
    ranking = [
        intent
        for intent in message.get(INTENT_RANKING_KEY) or []
        if intent["name"] != DEFAULT_NLU_FALLBACK_INTENT_NAME
    ]
    message.set(INTENT, refused, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [refused, *ranking], add_to_output=True)
