"""Entities as a Rasa component: catalogue words by spaCy, measures and topics by pattern.

Takes the catalogue snapshot at the moment it reads a message, so that a new one needs no training.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.catalogue import current_snapshot
from nlu.catalogue_matcher import CatalogueMatcher
from nlu.entity import Entity
from nlu.measures import find_measures
from nlu.topics import find_topics


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class CatalogueEntityExtractor(GraphComponent):
    """Adds `product`, `category`, `brand`, `colour`, `activity`, `size`, `width`, `money`, `date`,
    `name`, `person`, `fact_kind` and `store_topic` to messages."""

    def __init__(self) -> None:
        """Without a matcher yet: the first message makes it."""
        self._matcher: CatalogueMatcher | None = None

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that Rasa checks for before it trains."""
        return ["spacy"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CatalogueEntityExtractor:
        """An extractor; it has no settings."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the entities of each message, keeping any that other extractors have found."""
        for message in messages:
            found = [entity.as_rasa(type(self).__name__) for entity in self.find(message.get(TEXT))]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)
        return messages

    def find(self, text: str | None) -> list[Entity]:
        """All entities of the text, in text order."""
        if not text:
            return []
        snapshot = current_snapshot()
        if self._matcher is None or self._matcher.snapshot is not snapshot:
            self._matcher = CatalogueMatcher(snapshot)
        measures = find_measures(text)
        taken = {(one.entity, at) for one in measures for at in range(one.start, one.end)}
        words = [
            one
            for one in self._matcher.find(text)
            if not any((one.entity, at) in taken for at in range(one.start, one.end))
        ]
        found = [*words, *measures, *find_topics(text)]
        return sorted(found, key=lambda one: (one.start, one.end))
