"""Intents belong to the file that holds them, and a broken training file is named with its line."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from nlu.catalogue import read_snapshot
from nlu.catalogue_matcher import CatalogueMatcher
from nlu.flows import BrokenTrainingFile, flow_by_intent, read_examples

PROJECT = Path(__file__).resolve().parents[2]
GOOD = 'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - hello\n    - 안녕\n'


def written(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def test_an_intent_belongs_to_the_file_that_holds_it(tmp_path: Path) -> None:
    written(tmp_path, "welcome.yml", GOOD)
    assert flow_by_intent(tmp_path) == {"greet": "welcome", "nlu_fallback": "out_of_scope"}


def test_examples_know_their_line(tmp_path: Path) -> None:
    path = written(tmp_path, "welcome.yml", GOOD)
    found = [(example.text, example.line) for example in read_examples(tmp_path)]
    assert found == [("hello", 5), ("안녕", 6)]
    assert path.read_text(encoding="utf-8").splitlines()[5].strip() == "- 안녕"


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        ("", 1, "empty"),
        ("nlu: [\n", 2, "expected"),
        ("- a\n", 1, "not a mapping"),
        ("version: '3.1'\nnlu: {}\n", 1, "no list of intents"),
        ("version: '3.1'\nstorys: []\n", 2, "unknown key 'storys'"),
        ("nlu:\n- intent: greet\n", 2, "'intent' and 'examples'"),
        ("nlu:\n- intent: greet\n  exampels: |\n    - hi\n", 2, "'intent' and 'examples'"),
        ("nlu:\n- intent: Greet me\n  examples: |\n    - hi\n", 2, "lower_case"),
        ("nlu:\n- intent: greet\n  examples:\n  - hi\n", 4, "a block of text"),
        ("nlu:\n- intent: greet\n  examples: |\n    - hi\n    hello\n", 5, "begins with '- '"),
        ("nlu:\n- intent: greet\n  examples: |\n    - hi\n    -\n", 5, "begins with '- '"),
        ("nlu:\n- intent: a\n  intent: b\n  examples: |\n    - hi\n", 3, "stands twice"),
        (GOOD + "- intent: bye\n  examples: |\n    - Hello\n", 9, "is also in broken.yml as greet"),
    ],
)
def test_a_broken_file_is_named_with_its_line(
    tmp_path: Path, content: str, line: int, problem: str
) -> None:
    path = written(tmp_path, "broken.yml", content)
    with pytest.raises(BrokenTrainingFile) as broken:
        flow_by_intent(tmp_path)
    assert (broken.value.path, broken.value.line) == (path, line)
    assert problem in broken.value.problem
    assert str(broken.value).startswith(f"{path}:{line}: ")


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.yml"
    path.write_bytes("nlu: 안녕".encode("euc-kr"))
    with pytest.raises(BrokenTrainingFile, match=r"broken\.yml:1"):
        read_examples(tmp_path)


def test_an_intent_in_two_files_is_refused(tmp_path: Path) -> None:
    written(tmp_path, "a.yml", GOOD)
    written(tmp_path, "b.yml", GOOD.replace("hello", "hi").replace("안녕", "반가워"))
    with pytest.raises(BrokenTrainingFile, match=r"b\.yml:5: intent greet is already in a\.yml"):
        flow_by_intent(tmp_path)


def test_every_intent_of_the_domain_has_its_sentences() -> None:
    domain = yaml.load((PROJECT / "domain.yml").read_text("utf-8"), yaml.CSafeLoader)
    spoken = {next(iter(one)) if isinstance(one, dict) else one for one in domain["intents"]}
    assert set(flow_by_intent()) - {"nlu_fallback"} == spoken - {"nlu_fallback"}


@pytest.mark.parametrize("has_hangul", [True, False])
def test_every_intent_has_forty_sentences_in_each_language(has_hangul: bool) -> None:
    counts = dict.fromkeys(set(flow_by_intent()) - {"nlu_fallback"}, 0)
    for example in read_examples():
        counts[example.intent] += bool(re.search("[ㄱ-ㅣ가-힣]", example.text)) == has_hangul
    assert {intent: count for intent, count in counts.items() if count < 40} == {}


# What customers write most: to find and to buy, to answer, to be left alone.
FREQUENT = (
    *("ask_recommendation", "ask_price", "ask_stock", "ask_product", "size_advice", "stock_alert"),
    *("buy", "change_order", "customise", "ask_order_status", "ask_return", "ask_points"),
    *("affirm", "deny", "accept_offer", "decline_offer", "postpone_offer", "object_price"),
    *("ask_why_me", "already_bought", "remind_me", "ask_consent", "give_consent", "opt_out"),
    *("greet", "goodbye", "thank", "smalltalk", "ask_help", "ask_human", "ask_store_info"),
    *("tell_about_me", "ask_my_data", "forget_fact", "erase_me", "give_phone", "mute_topic"),
    *("ask_remembered", "complain", "switch_language", "out_of_scope"),
)
_BLANK = re.compile(r"\d+(?:[.,:/-]\d+)*|첫|두|세|네|다섯|\b(?:one|two|three|four|five|six)\b")


@pytest.mark.parametrize("has_hangul", [True, False])
def test_a_frequent_intent_has_sixty_sentences_in_each_language(has_hangul: bool) -> None:
    counts = dict.fromkeys(FREQUENT, 0)
    for example in read_examples():
        if bool(re.search("[ㄱ-ㅣ가-힣]", example.text)) == has_hangul:
            counts[example.intent] = counts.get(example.intent, 0) + 1
    assert {intent: counts[intent] for intent in FREQUENT if counts[intent] < 60} == {}


def test_few_sentences_differ_from_another_only_in_a_number_or_a_name() -> None:
    """No template blow-up: of one shape there are few, and not many shapes come twice."""
    finder = CatalogueMatcher(read_snapshot())
    for intent, examples in _by_intent().items():
        shapes = Counter(_shape(finder, text) for text in examples)
        again = sum(count - 1 for count in shapes.values())
        assert again <= len(examples) * 0.1, (intent, shapes.most_common(5))


def _by_intent() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for example in read_examples():
        found.setdefault(example.intent, []).append(example.text)
    return found


def _shape(finder: CatalogueMatcher, text: str) -> str:
    """The text with what the catalogue names, and every number, left blank."""
    for named in reversed(finder.find(text)):
        text = f"{text[: named.start]}_{text[named.end :]}"
    return re.sub(r"[\s?!.,~]+", " ", _BLANK.sub("_", text.casefold())).strip()


def test_the_pipeline_names_entities_before_intents_and_guards_after_them() -> None:
    config = yaml.safe_load((PROJECT / "config.yml").read_text(encoding="utf-8"))
    assert [component["name"].rpartition(".")[2] for component in config["pipeline"]] == [
        "KoreanEnglishTokenizer",
        "CatalogueEntityExtractor",
        "LinearIntentClassifier",
        "TrainedEntityExtractor",
        "FactReader",
        "FaqReader",
        "UnknownTextGuard",
        "ClearWordGuard",
        "WholeAnswerGuard",
        "BareNumbers",
    ]
