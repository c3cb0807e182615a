"""A message that is nothing but a telephone number, or a code of six digits, wants what it is:
no sentence could teach a model which digits.

Stands after the classifier and the guard; looks at the entities, not at what the model thinks.
"""

from __future__ import annotations

from typing import Any

import regex
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

_LETTER = regex.compile(r"\p{L}")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class BareNumbers(GraphComponent):
    """Gives such a message the intent that belongs to its entity."""

    def __init__(self, config: dict[str, Any]) -> None:
        """Takes the settings of `get_default_config`."""
        self._intents: dict[str, str] = config["intents"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`intents`: entity → intent, the first entity that is there counts."""
        return {"intents": {}}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> BareNumbers:
        """A component with the given settings."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the intent of every message without letters in which such a number stands."""
        for message in messages:
            found = {entity["entity"] for entity in message.get(ENTITIES) or []}
            meant = next((name for entity, name in self._intents.items() if entity in found), None)
            if meant is not None and not _LETTER.search(message.get(TEXT) or ""):
                _mean(message, meant)
        return messages


def _mean(message: Message, name: str) -> None:
    meant = {"name": name, "confidence": 1.0}
    ranking = [intent for intent in message.get(INTENT_RANKING_KEY) or [] if intent["name"] != name]
    message.set(INTENT, meant, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [meant, *ranking], add_to_output=True)
