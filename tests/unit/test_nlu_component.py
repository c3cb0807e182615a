"""The frame of the components: what was learnt is kept and recalled, and an intent comes first."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from agent import stand_ins

stand_ins.install()

from rasa.engine.graph import ExecutionContext, GraphSchema  # noqa: E402
from rasa.engine.storage.local_model_storage import LocalModelStorage  # noqa: E402
from rasa.engine.storage.resource import Resource  # noqa: E402
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402
from rasa.shared.nlu.training_data.training_data import TrainingData  # noqa: E402

from nlu.clear_word_guard import ClearWordGuard  # noqa: E402
from nlu.code_digest import code_digest  # noqa: E402
from nlu.component import LearningComponent, set_intent  # noqa: E402
from nlu.whole_answer_guard import WholeAnswerGuard  # noqa: E402

PROJECT = Path(__file__).resolve().parents[2]
CONTEXT = ExecutionContext(GraphSchema({}), node_name="guard")
RESOURCE = Resource("guard")
EXAMPLES = [
    *(Message({TEXT: text, INTENT: "affirm"}) for text in ("yes please", "네 좋아요")),
    Message({TEXT: "i'll take it", INTENT: "accept_offer"}),
]


def test_other_code_makes_other_trained_parts(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "words.py").write_text("A = 1")
    first = code_digest.__wrapped__(tmp_path)
    assert code_digest.__wrapped__(tmp_path) == first
    (tmp_path / "deep" / "words.py").write_text("A = 2")
    changed = code_digest.__wrapped__(tmp_path)
    (tmp_path / "deep" / "words.py").rename(tmp_path / "words.py")
    assert len({first, changed, code_digest.__wrapped__(tmp_path)}) == 3


def test_every_component_of_the_pipeline_tells_its_code() -> None:
    pipeline = yaml.safe_load((PROJECT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    for name in [one["name"] for one in pipeline]:
        module, kind = name.rsplit(".", 1)
        component = getattr(importlib.import_module(module), kind)
        told = component.fingerprint_addon(component.get_default_config())
        assert code_digest() in told, name


def _intent(name: str, confidence: float) -> dict[str, Any]:
    return {"name": name, "confidence": confidence}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, ["buy"]),
        ([], ["buy"]),
        ([_intent("affirm", 0.9), _intent("deny", 0.1)], ["buy", "affirm", "deny"]),
        ([_intent("affirm", 0.6), _intent("buy", 0.4)], ["buy", "affirm"]),
        ([_intent("buy", 0.6), _intent("affirm", 0.4)], ["buy", "affirm"]),
    ],
)
def test_an_intent_comes_first_and_once(before: Any, after: list[str]) -> None:
    message = Message({TEXT: "x", INTENT_RANKING_KEY: before})
    set_intent(message, "buy")
    told = message.as_dict(only_output_properties=True)
    assert told[INTENT] == _intent("buy", 1.0)
    assert told[INTENT_RANKING_KEY][0] == told[INTENT]
    assert [one["name"] for one in told[INTENT_RANKING_KEY]] == after


def test_an_intent_may_be_less_than_sure() -> None:
    message = Message({TEXT: "x"})
    set_intent(message, "ask_faq", 0.7)
    assert message.get(INTENT) == _intent("ask_faq", 0.7)


@pytest.mark.parametrize(
    ("guard", "settings", "unclear"),
    [
        (ClearWordGuard, {"yes": ["affirm"]}, "yes but not today"),
        (WholeAnswerGuard, {"intents": ["affirm", "accept_offer"]}, "it"),
    ],
)
def test_what_was_learnt_is_there_after_loading(
    tmp_path: Path, guard: type[LearningComponent], settings: dict[str, Any], unclear: str
) -> None:
    storage = LocalModelStorage(tmp_path)
    config = {**guard.get_default_config(), **settings}
    trained = guard.create(config, storage, RESOURCE, CONTEXT)
    trained.train(TrainingData(EXAMPLES))
    for one in (trained, guard.load(config, storage, RESOURCE, CONTEXT)):
        said = [("yes please", "affirm"), ("네 좋아요", "affirm"), (unclear, "unsure")]
        for text, intent in said:
            (read,) = one.process([Message({TEXT: text, INTENT: _intent("affirm", 0.9)})])
            assert read.get(INTENT)["name"] == intent


def test_one_that_has_learnt_nothing_knows_no_answer(tmp_path: Path) -> None:
    config = {**WholeAnswerGuard.get_default_config(), "intents": ["affirm"]}
    untrained = WholeAnswerGuard.create(config, LocalModelStorage(tmp_path), RESOURCE, CONTEXT)
    (read,) = untrained.process([Message({TEXT: "yes", INTENT: _intent("affirm", 0.9)})])
    assert read.get(INTENT)["name"] == "unsure"
