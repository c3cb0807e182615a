"""Runs the components of a Rasa pipeline one after the other, as Rasa's graph does: fits them,
stores them, loads them again, and asks them text by text. Runs in the published set as well.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.nlu.data_files import Example


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """A trained pipeline, loaded from what it stored."""

    components: Sequence[Any]
    fit_seconds: float
    """All components' training, and nothing else."""
    processor_seconds: float
    """What of that this process had a processor for; less where others use the machine."""
    size: int
    """Bytes that they stored."""

    def read(self, text: str) -> tuple[Any, float]:
        """Rasa's message with intent and entities, and the seconds that took."""
        from rasa.shared.nlu.constants import TEXT
        from rasa.shared.nlu.training_data.message import Message

        message = Message(data={TEXT: text})
        began = time.perf_counter()
        for component in self.components:
            (message,) = component.process([message])
        return message, time.perf_counter() - began


@contextmanager
def fitted(pipeline: Sequence[Mapping[str, Any]], train: Sequence[Example]) -> Iterator[Fitted]:
    """Fit the components of `pipeline` (as in config.yml); what they store goes with the block."""
    from rasa.engine.storage.local_model_storage import LocalModelStorage

    with tempfile.TemporaryDirectory(prefix="bench-nlu-") as folder:
        data = _training_data(train)
        components: list[Any] = []
        seconds = processor = 0.0
        for place, given in enumerate(pipeline):
            storage = LocalModelStorage(Path(folder))
            component, took, worked = _fit(f"component{place}", given, storage, data)
            components.append(component)
            seconds += took
            processor += worked
        stored = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        yield Fitted(
            components=components, fit_seconds=seconds, processor_seconds=processor, size=stored
        )


def _training_data(examples: Sequence[Example]) -> Any:
    from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    return TrainingData(
        [
            Message(data={TEXT: one.text, INTENT: one.intent, ENTITIES: list(one.entities)})
            for one in examples
        ]
    )


def _fit(name: str, given: Mapping[str, Any], storage: Any, data: Any) -> tuple[Any, float, float]:
    """The component as it comes back from storage, and the seconds its training took, by the clock
    and of processor time."""
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.engine.recipes.default_recipe import DefaultV1Recipe
    from rasa.engine.storage.resource import Resource

    found = DefaultV1Recipe._from_registry(given["name"])
    settings = {key: value for key, value in given.items() if key != "name"}
    config = {**found.clazz.get_default_config(), **settings}
    around = (storage, Resource(name), ExecutionContext(GraphSchema({}), node_name=name))
    component = found.clazz.create(config, *around)
    took = worked = 0.0
    if found.is_trainable:
        began, began_working = time.perf_counter(), time.process_time()
        component.train(data)
        took = time.perf_counter() - began
        worked = time.process_time() - began_working
        component = found.clazz.load(config, *around)
    kinds = DefaultV1Recipe.ComponentType
    if found.types & {kinds.MESSAGE_TOKENIZER, kinds.MESSAGE_FEATURIZER}:
        component.process_training_data(data)
    return component, took, worked
