"""A message that is nothing but a telephone number, or a code of six digits, wants what it is:
no sentence could teach a model which digits.

Stands after the classifier and the guard; looks at the entities, not at what the model thinks.
"""

from __future__ import annotations

from typing import Any

import regex
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.component import Component, set_intent

_LETTER = regex.compile(r"\p{L}")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class BareNumbers(Component):
    """Gives such a message the intent that belongs to its entity."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`intents`: entity → intent, the first entity that is there counts."""
        return {"intents": {}}

    def _read(self, message: Message) -> None:
        found = {entity["entity"] for entity in message.get(ENTITIES) or []}
        intents = self._config["intents"].items()
        meant = next((name for entity, name in intents if entity in found), None)
        if meant is not None and not _LETTER.search(message.get(TEXT) or ""):
            set_intent(message, meant)
