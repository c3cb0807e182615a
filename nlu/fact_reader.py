"""Facts as a Rasa component: what a message tells of somebody becomes its property `facts`.

Must not keep or answer anything: actions/learning.py does, with the day and what is known already.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.component import Component
from nlu.entity import Entity
from nlu.facts.finder import FactFinder
from nlu.facts.rules import read_rules

FACTS = "facts"


@lru_cache(maxsize=1)
def shipped_finder() -> FactFinder:
    """The rules under data/facts, made ready once in a process. Raises BrokenRules."""
    return FactFinder(read_rules())


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class FactReader(Component):
    """Sets `facts` of every message; stands after whatever finds the entities."""

    def __init__(self, config: dict[str, Any]) -> None:
        """With the shipped rules; it has no settings."""
        super().__init__(config)
        self._finder = shipped_finder()

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that Rasa checks for before it trains."""
        return ["spacy", "kiwipiepy"]

    def _read(self, message: Message) -> None:
        entities = [_entity(found) for found in message.get(ENTITIES) or []]
        facts = self._finder.find(message.get(TEXT) or "", entities)
        message.set(FACTS, facts, add_to_output=True)


def _entity(found: dict[str, Any]) -> Entity:
    return Entity(found["entity"], str(found["value"]), found["start"], found["end"])
