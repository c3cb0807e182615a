"""Keeps what was not said plainly from being taken for a yes, a consent, a purchase or an end.

Must come after the classifier and the entities in the pipeline; what is plain is judged by
`nlu.clear_words` (docs/flows.md, "Never a wrong yes").
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME as _FALLBACK
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.clear_words import (
    says_it_is_taken,
    why_no_ending,
    why_no_purchase,
    why_no_yes,
    why_not_theirs,
    words_of,
)
from nlu.component import LearningComponent, set_intent
from nlu.named_deeds import names

_FILE = "words.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ClearWordGuard(LearningComponent):
    """Replaces the intent of a message that says it but unclearly."""

    _known: Mapping[str, Collection[str]] = MappingProxyType({})
    """The words of each closed intent, once trained or loaded."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`yes`: intents said in no other words than those of their examples. `taking`: what such
        an intent becomes if it goes on in the words of a purchase ("yes, order it"). `purchase`:
        intents said in any words, but plainly. `ending`: the same, for what ends something;
        `theirs`: for what somebody has. `deeds`: what must be named for an intent
        (nlu.named_deeds). `unclear`: the intent of an unclear yes or purchase; anything else that
        is unclear is `nlu_fallback`."""
        return {
            "yes": [],
            "purchase": [],
            "taking": {},
            "ending": [],
            "theirs": [],
            "deeds": {},
            "unclear": "unsure",
        }

    def _learn(self, training_data: TrainingData) -> None:
        """The words of the examples of each closed intent, and of a purchase."""
        told = (*self._config["yes"], *self._config["purchase"])
        texts: dict[str, list[str]] = {intent: [] for intent in told}
        for example in training_data.intent_examples:
            if example.get(INTENT) in texts and example.get(TEXT):
                texts[example.get(INTENT)].append(example.get(TEXT))
        self._known = {intent: words_of(said) for intent, said in texts.items()}

    def _keep(self, folder: Path) -> None:
        stored = {intent: sorted(words) for intent, words in self._known.items()}
        (folder / _FILE).write_text(json.dumps(stored, ensure_ascii=False), encoding="utf-8")

    def _recall(self, folder: Path) -> None:
        stored = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        self._known = {intent: frozenset(words) for intent, words in stored.items()}

    def _read(self, message: Message) -> None:
        meant = self._instead(message)
        if meant is not None:
            set_intent(message, meant)

    def _instead(self, message: Message) -> str | None:
        intent = str((message.get(INTENT) or {}).get("name"))
        text = message.get(TEXT) or ""
        unclear, not_understood = str(self._config["unclear"]), str(_FALLBACK)
        spans = [(one["start"], one["end"]) for one in message.get(ENTITIES) or []]
        if intent in self._config["yes"]:
            reason = why_no_yes(text, spans, self._known.get(intent, ()))
            if reason == "says_more" and self._takes(intent, text, spans):
                return str(self._config["taking"][intent])
            return unclear if reason else None
        if intent in self._config["purchase"]:
            return unclear if why_no_purchase(text) else None
        if intent in self._config["ending"] and why_no_ending(text):
            return not_understood
        if intent in self._config["theirs"] and why_not_theirs(text):
            return not_understood
        deeds = self._config["deeds"].get(intent, ())
        return None if all(names(text, deed) for deed in deeds) else not_understood

    def _takes(self, intent: str, text: str, spans: list[tuple[int, int]]) -> bool:
        words = frozenset().union(*self._known.values())
        return intent in self._config["taking"] and says_it_is_taken(text, spans, words)
