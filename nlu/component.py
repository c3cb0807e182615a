"""The frame of our Rasa components: made from their settings, then asked message by message.

Rasa reads the names and annotations of `create`, `load`, `train` and `process`, so a component
must not declare them otherwise: it says what it does in `_read`, `_learn`, `_keep` and `_recall`.
"""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.code_digest import code_digest
from nlu.uncollected import uncollected


class Component(GraphComponent):
    """Has settings and learns nothing."""

    def __init__(self, config: dict[str, Any]) -> None:
        """Takes the settings of `get_default_config`."""
        self._config = config

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Component:
        """One with the given settings."""
        return cls(config)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """What else than settings and inputs makes a trained part another one."""
        return code_digest()

    def process(self, messages: list[Message]) -> list[Message]:
        """Reads each message, and puts into it what it makes of it."""
        for message in messages:
            self._read(message)
        return messages

    @abstractmethod
    def _read(self, message: Message) -> None:
        """Puts into `message` what it makes of it."""


class LearningComponent(Component):
    """Learns from the training data, and keeps in the model what it has learnt."""

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        """Takes the settings of `get_default_config`, and where to keep what is learnt."""
        super().__init__(config)
        self._model_storage = model_storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LearningComponent:
        """One that has learnt nothing yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LearningComponent:
        """One with what `train` kept."""
        loaded = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            loaded._recall(folder)
        return loaded

    def train(self, training_data: TrainingData) -> Resource:
        """Learns, and keeps it."""
        with uncollected():
            self._learn(training_data)
        with self._model_storage.write_to(self._resource) as folder:
            self._keep(folder)
        return self._resource

    @abstractmethod
    def _learn(self, training_data: TrainingData) -> None:
        """Learns from the examples."""

    @abstractmethod
    def _keep(self, folder: Path) -> None:
        """Writes what was learnt into `folder`, which is never left empty: Rasa's cache brings
        back no folder that is."""

    @abstractmethod
    def _recall(self, folder: Path) -> None:
        """Reads what `_keep` wrote."""


def set_intent(message: Message, name: str, confidence: float = 1.0) -> None:
    """Makes `name` the intent of a message; what it was taken for comes next in the ranking."""
    meant = {"name": name, "confidence": confidence}
    ranking = message.get(INTENT_RANKING_KEY) or []
    others = [intent for intent in ranking if intent["name"] != name]
    message.set(INTENT, meant, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [meant, *others], add_to_output=True)
