"""The classifier as Rasa runs it: trained, stored, loaded, and refusing what it does not know."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent import stand_ins

stand_ins.install()

from rasa.engine.graph import ExecutionContext, GraphSchema  # noqa: E402
from rasa.engine.storage.local_model_storage import LocalModelStorage  # noqa: E402
from rasa.engine.storage.resource import Resource  # noqa: E402
from rasa.shared.nlu.constants import INTENT, TEXT  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402
from rasa.shared.nlu.training_data.training_data import TrainingData  # noqa: E402

from nlu.catalogue import CatalogueEntry, CatalogueSnapshot, current_snapshot, set_snapshot  # noqa: E402
from nlu.catalogue_entities import CatalogueEntityExtractor  # noqa: E402
from nlu.intent_classifier import LinearIntentClassifier  # noqa: E402
from nlu.training import NothingToLearn  # noqa: E402

EXAMPLES = {
    "greet": ["hello", "hi there", "안녕하세요", "good morning"],
    "ask_stock": ["do you have the ridge", "ridge 있어요?", "is the ridge in stock", "ridge 재고"],
    "tell_about_me": ["my birthday is may 3", "생일은 5월 3일이에요", "my birthday", "내 생일"],
}
CONTEXT = ExecutionContext(GraphSchema({}), node_name="classifier")
RESOURCE = Resource("classifier")


@pytest.fixture
def catalogue() -> Iterator[None]:
    before = current_snapshot()
    entries = (
        CatalogueEntry("product", "ridge-gtx", ("ridge",)),
        CatalogueEntry("product", "mossback", ("mossback",)),
    )
    set_snapshot(CatalogueSnapshot(entries))
    yield
    set_snapshot(before)


def trained_in(folder: Path, **settings: Any) -> tuple[LinearIntentClassifier, LocalModelStorage]:
    folder.mkdir(exist_ok=True)
    storage = LocalModelStorage(folder)
    config = {**LinearIntentClassifier.get_default_config(), **settings}
    classifier = LinearIntentClassifier.create(config, storage, RESOURCE, CONTEXT)
    messages = [
        Message({TEXT: text, INTENT: intent})
        for intent, texts in EXAMPLES.items()
        for text in texts
    ]
    classifier.train(TrainingData(messages))
    return classifier, storage


def classified(classifier: LinearIntentClassifier, text: str) -> Message:
    (message,) = CatalogueEntityExtractor({}).process([Message({TEXT: text})])
    return classifier.process([message])[0]


def test_what_was_trained_is_recognised_after_loading(tmp_path: Path, catalogue: None) -> None:
    _, storage = trained_in(tmp_path)
    config = LinearIntentClassifier.get_default_config()
    loaded = LinearIntentClassifier.load(config, storage, RESOURCE, CONTEXT)
    for text, intent in (("hello!", "greet"), ("ridge 있어요", "ask_stock")):
        message = classified(loaded, text)
        assert message.get(INTENT)["name"] == intent
        assert message.as_dict(only_output_properties=True)[INTENT]["name"] == intent


def test_a_product_that_training_never_saw_is_asked_for(tmp_path: Path, catalogue: None) -> None:
    classifier, _ = trained_in(tmp_path)
    assert classified(classifier, "do you have the mossback").get(INTENT)["name"] == "ask_stock"


def test_an_intent_that_acts_must_be_told_plainly(tmp_path: Path, catalogue: None) -> None:
    text = "hello qqq zzz"  # one word of three is known
    lenient, _ = trained_in(tmp_path / "lenient")
    assert classified(lenient, text).get(INTENT)["name"] == "greet"
    strict, _ = trained_in(tmp_path / "strict", acting_intents=["greet"])
    assert classified(strict, text).get(INTENT)["name"] == "nlu_fallback"
    assert classified(strict, "hello").get(INTENT)["name"] == "greet"


@pytest.mark.parametrize("text", ["zzzqqq", "", "😀", "쀍뒓꿿"])
def test_what_is_not_known_falls_back(tmp_path: Path, catalogue: None, text: str) -> None:
    classifier, _ = trained_in(tmp_path)
    message = classified(classifier, text)
    assert message.get(INTENT)["name"] == "nlu_fallback"
    ranking = message.get("intent_ranking")
    assert ranking[0] == message.get(INTENT)
    assert {intent["name"] for intent in ranking[1:]} == set(EXAMPLES)


def test_the_ranking_is_as_long_as_configured(tmp_path: Path, catalogue: None) -> None:
    classifier, _ = trained_in(tmp_path, ranking_length=2)
    assert len(classified(classifier, "hello").get("intent_ranking")) == 2


def test_an_untrained_classifier_says_so(tmp_path: Path) -> None:
    config = LinearIntentClassifier.get_default_config()
    storage = LocalModelStorage(tmp_path)
    classifier = LinearIntentClassifier.create(config, storage, RESOURCE, CONTEXT)
    with pytest.raises(NothingToLearn):
        classifier.process([Message({TEXT: "hello"})])


def test_a_model_loads_in_a_tenth_of_a_second(tmp_path: Path, catalogue: None) -> None:
    _, storage = trained_in(tmp_path)
    config = LinearIntentClassifier.get_default_config()
    LinearIntentClassifier.load(config, storage, RESOURCE, CONTEXT)  # imports safetensors
    begun = time.process_time()
    LinearIntentClassifier.load(config, storage, RESOURCE, CONTEXT)
    assert time.process_time() - begun < 0.1
