"""The extractor as Rasa runs it: trained, stored, loaded; and idle where nothing is annotated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent import stand_ins

stand_ins.install()

from rasa.engine.graph import ExecutionContext, GraphSchema  # noqa: E402
from rasa.engine.storage.local_model_storage import LocalModelStorage  # noqa: E402
from rasa.engine.storage.resource import Resource  # noqa: E402
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402
from rasa.shared.nlu.training_data.training_data import TrainingData  # noqa: E402

from nlu.trained_entities import TrainedEntityExtractor  # noqa: E402

CONTEXT = ExecutionContext(GraphSchema({}), node_name="entities")
RESOURCE = Resource("entities")
REFUSED = {"name": "nlu_fallback", "confidence": 0.6}
CITIES = ("boston", "denver", "austin", "chicago")


def example(text: str, city: str | None = None) -> Message:
    data: dict[str, Any] = {TEXT: text, INTENT: "travel"}
    if city is not None:
        start = text.index(city)
        end = start + len(city)
        data[ENTITIES] = [{"entity": "city", "value": city, "start": start, "end": end}]
    return Message(data)


ANNOTATED = [
    *(example(f"a flight to {city} please", city) for city in CITIES),
    *(example(f"i live in {city}", city) for city in CITIES),
    example("i live here"),
    example("a flight please"),
]


def loaded_after(examples: list[Message], folder: Path) -> TrainedEntityExtractor:
    storage = LocalModelStorage(folder)
    extractor = TrainedEntityExtractor.create({}, storage, RESOURCE, CONTEXT)
    extractor.train(TrainingData(examples))
    return TrainedEntityExtractor.load({}, storage, RESOURCE, CONTEXT)


def test_what_was_annotated_is_found_after_loading(tmp_path: Path) -> None:
    extractor = loaded_after(ANNOTATED, tmp_path)
    (message,) = extractor.process([Message({TEXT: "a flight to oslo please"})])
    assert message.as_dict(only_output_properties=True)[ENTITIES] == [
        {
            "entity": "city",
            "value": "oslo",
            "start": 12,
            "end": 16,
            "extractor": "TrainedEntityExtractor",
        }
    ]


def test_what_others_have_found_stays(tmp_path: Path) -> None:
    extractor = loaded_after(ANNOTATED, tmp_path)
    other = {"entity": "size", "value": "270", "start": 0, "end": 3, "extractor": "other"}
    (message,) = extractor.process([Message({TEXT: "270 to denver", ENTITIES: [other]})])
    assert message.get(ENTITIES)[0] == other
    assert [one["value"] for one in message.get(ENTITIES)[1:]] == ["denver"]


@pytest.mark.parametrize(
    "ranking",
    [None, [], [REFUSED], [REFUSED, {"name": "travel", "confidence": 0.4}]],
)
def test_a_refused_intent_is_not_counted_on(tmp_path: Path, ranking: Any) -> None:
    extractor = loaded_after(ANNOTATED, tmp_path)
    message = Message({TEXT: "i live in boston", "intent_ranking": ranking})
    (read,) = extractor.process([message])
    assert [one["value"] for one in read.get(ENTITIES)] == ["boston"]


def test_without_annotations_it_finds_and_stores_nothing(tmp_path: Path) -> None:
    extractor = loaded_after([example("i live in boston"), example("hello")], tmp_path)
    (message,) = extractor.process([Message({TEXT: "i live in boston"})])
    assert message.get(ENTITIES) is None
    assert [path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()] == [0]


def test_a_training_without_annotations_ends_what_an_earlier_one_taught(tmp_path: Path) -> None:
    storage = LocalModelStorage(tmp_path)
    extractor = TrainedEntityExtractor.create({}, storage, RESOURCE, CONTEXT)
    extractor.train(TrainingData(ANNOTATED))
    extractor.train(TrainingData([example("i live in boston")]))
    (message,) = extractor.process([Message({TEXT: "i live in boston"})])
    assert message.get(ENTITIES) is None
