"""Entities learnt from annotated training data as a Rasa component.

Only where `data/nlu` has annotations is there anything to learn; else it finds nothing, at no cost.
Unlike Rasa's CRFEntityExtractor it loads what it has learnt. Must stand after the classifier in the
pipeline, for the intent helps it; takes nothing away that other extractors have found.
"""

from __future__ import annotations

from pathlib import Path

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.component import LearningComponent
from nlu.entity import Entity
from nlu.token_model import Annotated, TokenModel

_NOTHING = "nothing_learnt"
_LIKELY = 4
"""So many intents of the ranking are believed, each with its share."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class TrainedEntityExtractor(LearningComponent, EntityExtractorMixin):
    """Adds the entities that the annotations of the training data have taught it."""

    _model: TokenModel | None = None
    """Without one it finds nothing."""

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that Rasa checks for before it trains."""
        return ["sklearn", "scipy", "safetensors"]

    def _learn(self, training_data: TrainingData) -> None:
        """From every text, if any has an annotation."""
        examples = [example for example in training_data.nlu_examples if example.get(TEXT)]
        self._model = None
        if any(example.get(ENTITIES) for example in examples):
            self._model = TokenModel.learn([_annotated(example) for example in examples])

    def _keep(self, folder: Path) -> None:
        if self._model is None:
            (folder / _NOTHING).touch()
        else:
            self._model.save(folder)

    def _recall(self, folder: Path) -> None:
        self._model = TokenModel.load(folder)

    def _read(self, message: Message) -> None:
        if self._model is None:
            return
        entities = self._model.find(message.get(TEXT) or "", _likely_intents(message))
        found = [entity.as_rasa(type(self).__name__) for entity in entities]
        message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)


def _annotated(example: Message) -> Annotated:
    entities = [
        Entity(one["entity"], str(one["value"]), one["start"], one["end"])
        for one in example.get(ENTITIES) or []
    ]
    return Annotated(example.get(TEXT), entities, example.get(INTENT))


def _likely_intents(message: Message) -> dict[str, float]:
    """The best intents with their shares, whether or not the classifier trusts them."""
    ranking = [
        (str(intent["name"]), float(intent["confidence"]))
        for intent in message.get(INTENT_RANKING_KEY) or []
        if intent["name"] != DEFAULT_NLU_FALLBACK_INTENT_NAME
    ]
    return dict(ranking[:_LIKELY])
