"""Keeps a fragment ("do", "해") from being taken for an answer because longer answers hold it.

Must come after the classifier in the pipeline; what more is said is `nlu.clear_word_guard`'s.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.language import has_hangul
from nlu.text_features import normalise

_FILE = "answers.json"
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_REPEATED = re.compile(r"(.)\1+")

Words = tuple[str, ...]


def words_said(text: str) -> Words:
    """The words of a text, folded, no letter twice running: "Yesss!!" is "yes"."""
    return tuple(_WORD.findall(_REPEATED.sub(r"\1", normalise(text))))


def is_fragment(text: str, answers: Collection[Words], longest: int) -> bool:
    """True if `text` is at most so long and holds none of the answers whole, or is in Latin letters
    and has no word in common with any of them."""
    words = words_said(text)
    joined = "".join(words)
    if _length(joined) <= longest:
        return not any(_holds(words, joined, one) for one in answers)
    return not has_hangul(joined) and not any(set(words) & set(one) for one in answers)


def _length(joined: str) -> int:
    """In letters; a syllable of Hangul is two or three."""
    return sum(3 if has_hangul(sign) else 1 for sign in joined)


def _holds(words: Words, joined: str, answer: Words) -> bool:
    """Korean words may be written together."""
    if has_hangul("".join(answer)):
        return "".join(answer) in joined
    return any(
        words[place : place + len(answer)] == answer
        for place in range(len(words) - len(answer) + 1)
    )


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WholeAnswerGuard(GraphComponent):
    """Replaces the intent of a short message that is no whole answer."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        answers: Collection[Words] = (),
    ) -> None:
        """Holds the settings, and the answers once trained or loaded."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._answers = answers

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`intents`: those that answer; `longest`: letters (three a Hangul syllable) of a
        message that must hold an example whole; `unclear`: what a fragment means instead."""
        return {"intents": [], "longest": 9, "unclear": "unsure"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> WholeAnswerGuard:
        """A guard that knows no answers yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> WholeAnswerGuard:
        """The guard with the answers that `train` stored."""
        with model_storage.read_from(resource) as folder:
            stored = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, {tuple(one) for one in stored})

    def train(self, training_data: TrainingData) -> Resource:
        """Learns the examples of all these intents: an acceptance may be said as a mere yes."""
        self._answers = {
            words_said(example.get(TEXT) or "")
            for example in training_data.intent_examples
            if example.get(INTENT) in self._config["intents"]
        } - {()}
        stored = sorted(self._answers)
        with self._model_storage.write_to(self._resource) as folder:
            (folder / _FILE).write_text(json.dumps(stored, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves the examples as they are."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Gives every fragment the intent of what is unclear, with confidence 1."""
        for message in messages:
            intent = str((message.get(INTENT) or {}).get("name"))
            longest = int(self._config["longest"])
            is_answer = intent in self._config["intents"]
            if is_answer and is_fragment(message.get(TEXT) or "", self._answers, longest):
                self._unclear(message)
        return messages

    def _unclear(self, message: Message) -> None:
        meant = {"name": str(self._config["unclear"]), "confidence": 1.0}
        ranking = message.get(INTENT_RANKING_KEY) or []
        others = [intent for intent in ranking if intent["name"] != meant["name"]]
        message.set(INTENT, meant, add_to_output=True)
        message.set(INTENT_RANKING_KEY, [meant, *others], add_to_output=True)
