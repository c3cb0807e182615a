"""Entities as a Rasa component: catalogue words by spaCy, measures and topics by pattern.

Must not decide anything about them: `EntityFinder` finds, this hands them to Rasa.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.component import Component
from nlu.entity_finder import EntityFinder


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class CatalogueEntityExtractor(Component):
    """Adds `product`, `category`, `brand`, `colour`, `activity`, `size`, `width`, `money`, `date`,
    `phone`, `order_number`, `code`, `name`, `person`, `fact_kind`, `store_topic`, `product_topic`,
    `problem`, `topic`, `quantity` and `moment` to messages."""

    def __init__(self, config: dict[str, Any]) -> None:
        """With a finder of its own; it has no settings."""
        super().__init__(config)
        self._finder = EntityFinder()

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that Rasa checks for before it trains."""
        return ["spacy"]

    def _read(self, message: Message) -> None:
        """Keeps any entities that other extractors have found."""
        entities = self._finder.find(message.get(TEXT) or "")
        found = [entity.as_rasa(type(self).__name__) for entity in entities]
        message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)
