"""What FaqReader makes of messages that were understood already: it answers questions and never
takes a message that acts.
"""

from __future__ import annotations

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

from nlu.faq_reader import FAQ, FaqReader  # noqa: E402

CONFIG = Path(__file__).resolve().parents[2] / "config.yml"


def configured() -> dict[str, Any]:
    """The component's settings as they are shipped."""
    pipeline = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["pipeline"]
    (own,) = (one for one in pipeline if one["name"] == "nlu.faq_reader.FaqReader")
    return {**FaqReader.get_default_config(), **own}


def trained(tmp_path: Path, *intents: str) -> FaqReader:
    """Trained with an example of each intent, and loaded again."""
    context = ExecutionContext(GraphSchema({}))
    storage, resource = LocalModelStorage.create(tmp_path), Resource("faq")
    reader = FaqReader.create(configured(), storage, resource, context)
    examples = [Message({TEXT: name, INTENT: name}) for name in intents]
    reader.train(TrainingData(training_examples=examples))
    return FaqReader.load(configured(), storage, resource, context)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> FaqReader:
    return trained(tmp_path_factory.mktemp("faq"), "ask_faq", "affirm")


def read(reader: FaqReader, text: str, understood: str) -> tuple[str, Any]:
    """The intent and what was found."""
    message = Message({TEXT: text, INTENT: {"name": understood, "confidence": 0.9}})
    (done,) = reader.process([message])
    return done.get(INTENT)["name"], done.get(FAQ)


@pytest.mark.parametrize("understood", ["ask_faq", "nlu_fallback", "out_of_scope"])
def test_a_question_is_answered_in_both_languages(reader: FaqReader, understood: str) -> None:
    intent, found = read(reader, "Can I bring my dog to the store?", understood)
    assert intent == "ask_faq"
    assert found["is_sure"] is True
    (entry,) = found["entries"]
    assert entry["id"] == "dogs"
    assert set(entry["answer"]) == set(entry["question"]) == {"ko", "en"}


@pytest.mark.parametrize(
    "understood",
    [
        *("affirm", "accept_offer", "buy", "give_consent", "opt_out", "forget_everything"),
        *("erase_me", "tell_about_me", "ask_human", "ask_stock", "deny"),
    ],
)
def test_what_acts_stays_what_it_is(reader: FaqReader, understood: str) -> None:
    assert read(reader, "Can I bring my dog?", understood) == (understood, None)


def test_a_question_about_products_gives_way_to_a_wording_only(reader: FaqReader) -> None:
    assert read(reader, "다운 재킷 집에서 빨아도 돼요?", "ask_product")[0] == "ask_faq"
    assert read(reader, "이 등산화는 방수가 되나요?", "ask_product") == ("ask_product", None)
    assert read(reader, "패딩", "ask_recommendation") == ("ask_recommendation", None)


def test_goods_that_are_pointed_at_are_asked_about(reader: FaqReader) -> None:
    asked = "can I put it in the washing machine"
    assert read(reader, asked, "ask_product") == ("ask_product", None)


def test_a_question_about_goods_that_are_pointed_at_is_given_back(reader: FaqReader) -> None:
    ranking = [{"name": "ask_faq", "confidence": 0.5}, {"name": "ask_product", "confidence": 0.4}]
    said = {TEXT: "이 등산화는 방수가 되나요?", INTENT: ranking[0], INTENT_RANKING_KEY: ranking}
    (done,) = reader.process([Message(said)])
    assert done.get(INTENT)["name"] == "ask_product"
    assert done.get(FAQ) is None


def test_a_single_word_is_asked_back(reader: FaqReader) -> None:
    intent, found = read(reader, "상품권", "ask_faq")
    assert (intent, found["is_sure"]) == ("ask_faq", False)
    assert found["entries"][0]["id"] == "gift-cards"
    assert read(reader, "상품권", "nlu_fallback") == ("nlu_fallback", None)


def test_where_nothing_is_alike_nothing_is_found(reader: FaqReader) -> None:
    assert read(reader, "비트코인 시세 알려 줘", "out_of_scope") == ("out_of_scope", None)
    assert read(reader, "텐트 대여해 주나요", "ask_faq") == ("ask_faq", None)


def test_without_examples_of_its_intent_no_entries_are_kept(tmp_path: Path) -> None:
    strange = trained(tmp_path, "transfer_money", "affirm")
    assert read(strange, "Can I bring my dog?", "out_of_scope") == ("out_of_scope", None)
