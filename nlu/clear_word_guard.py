"""Keeps what was not said plainly from being taken for a yes, a consent, a purchase or an end.

Must come after the classifier and the entities in the pipeline; what is plain is judged by
`nlu.clear_words` (docs/flows.md, "Never a wrong yes").
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME as _FALLBACK
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
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
from nlu.named_deeds import names

_FILE = "words.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ClearWordGuard(GraphComponent):
    """Replaces the intent of a message that says it but unclearly."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        known: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        """Holds the settings, and the words of each closed intent once trained or loaded."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._known = known or {}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`yes`: intents said in no other words than those of their examples. `taking`: what such
        an intent becomes if it goes on in the words of a purchase ("yes, order it"). `purchase`:
        intents said in any words, but plainly. `ending`: the same, for what ends something;
        `theirs`: for what somebody has. `deeds`: the deed (nlu.named_deeds) that must be named for
        an intent. `unclear`: the intent of an unclear yes or purchase; anything else that is
        unclear is `nlu_fallback`."""
        return {
            "yes": [],
            "purchase": [],
            "taking": {},
            "ending": [],
            "theirs": [],
            "deeds": {},
            "unclear": "unsure",
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ClearWordGuard:
        """A guard that knows no words yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ClearWordGuard:
        """The guard with the words that `train` stored."""
        with model_storage.read_from(resource) as folder:
            stored = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        known = {intent: frozenset(words) for intent, words in stored.items()}
        return cls(config, model_storage, resource, known)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns the words of the examples of each closed intent, and of a purchase."""
        told = (*self._config["yes"], *self._config["purchase"])
        texts: dict[str, list[str]] = {intent: [] for intent in told}
        for example in training_data.intent_examples:
            if example.get(INTENT) in texts and example.get(TEXT):
                texts[example.get(INTENT)].append(example.get(TEXT))
        self._known = {intent: words_of(said) for intent, said in texts.items()}
        stored = {intent: sorted(words) for intent, words in self._known.items()}
        with self._model_storage.write_to(self._resource) as folder:
            (folder / _FILE).write_text(json.dumps(stored, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves the examples as they are."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Gives every unclear message the intent that stands for it, with confidence 1."""
        for message in messages:
            meant = self._instead(message)
            if meant is not None:
                _mean(message, meant)
        return messages

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
        deed = self._config["deeds"].get(intent)
        return None if deed is None or names(text, deed) else not_understood

    def _takes(self, intent: str, text: str, spans: list[tuple[int, int]]) -> bool:
        words = frozenset().union(*self._known.values())
        return intent in self._config["taking"] and says_it_is_taken(text, spans, words)


def _mean(message: Message, name: str) -> None:
    meant = {"name": name, "confidence": 1.0}
    ranking = [intent for intent in message.get(INTENT_RANKING_KEY) or [] if intent["name"] != name]
    message.set(INTENT, meant, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [meant, *ranking], add_to_output=True)
