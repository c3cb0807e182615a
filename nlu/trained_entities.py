"""Entities learnt from annotated training data as a Rasa component.

Only where `data/nlu` has annotations is there anything to learn; else it finds nothing, at no cost.
Unlike Rasa's CRFEntityExtractor it loads what it has learnt. Must stand after the classifier in the
pipeline, for the intent helps it; takes nothing away that other extractors have found.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.entity import Entity
from nlu.token_model import Annotated, TokenModel

_NOTHING = "nothing_learnt"
"""A file, because Rasa's cache brings back no folder that is empty."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class TrainedEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Adds the entities that the annotations of the training data have taught it."""

    def __init__(
        self, model_storage: ModelStorage, resource: Resource, model: TokenModel | None = None
    ) -> None:
        """Without a model it finds nothing."""
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that Rasa checks for before it trains."""
        return ["sklearn", "scipy", "safetensors"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TrainedEntityExtractor:
        """An extractor that has learnt nothing yet; it has no settings."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TrainedEntityExtractor:
        """The extractor with the model that `train` stored, if it had anything to learn."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, TokenModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from every text, if any has an annotation, and stores the model."""
        examples = [example for example in training_data.nlu_examples if example.get(TEXT)]
        self._model = None
        if any(example.get(ENTITIES) for example in examples):
            self._model = TokenModel.learn([_annotated(example) for example in examples])
        with self._model_storage.write_to(self._resource) as folder:
            if self._model is None:
                (folder / _NOTHING).touch()
            else:
                self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds what is found to the entities of each message."""
        if self._model is None:
            return messages
        for message in messages:
            entities = self._model.find(message.get(TEXT) or "", _likely_intent(message))
            found = [entity.as_rasa(type(self).__name__) for entity in entities]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)
        return messages


def _annotated(example: Message) -> Annotated:
    entities = [
        Entity(one["entity"], str(one["value"]), one["start"], one["end"])
        for one in example.get(ENTITIES) or []
    ]
    return Annotated(example.get(TEXT), entities, example.get(INTENT))


def _likely_intent(message: Message) -> str | None:
    """The best intent, whether or not the classifier trusts it."""
    for intent in message.get(INTENT_RANKING_KEY) or []:
        if intent["name"] != DEFAULT_NLU_FALLBACK_INTENT_NAME:
            return str(intent["name"])
    return None
