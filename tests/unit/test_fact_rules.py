"""The shipped rules of facts hold their own examples, and a broken file says what to do."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from spacy.matcher import Matcher
from spacy.vocab import Vocab

from marketing import disclosure, told
from nlu.entity_finder import EntityFinder
from nlu.facts import notation
from nlu.facts.finder import FactFinder
from nlu.facts.rules import FOLDER, BrokenRules, Rule, read_rules

SAID_ON = date(2026, 11, 27)
RULES = read_rules()
ENTITIES = EntityFinder()


@pytest.fixture(scope="module")
def finder() -> FactFinder:
    return FactFinder(RULES)


def read(finder: FactFinder, said: str) -> list[told.Told]:
    return told.settled(finder.find(said, ENTITIES.find(said)), today=SAID_ON)


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.name)
def test_a_rule_reads_its_examples(finder: FactFinder, rule: Rule) -> None:
    for example in rule.matches:
        found = [one for one in read(finder, example["said"]) if one.rule == rule.name]
        assert [one.value for one in found] == [example["value"]], example["said"]
        assert found[0].subject == example.get("of", found[0].subject), example["said"]


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.name)
def test_a_rule_leaves_alone_what_it_must(finder: FactFinder, rule: Rule) -> None:
    for said in rule.does_not_match:
        assert [one for one in read(finder, said) if one.rule == rule.name] == [], said


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.name)
def test_levels_and_items_are_those_by_which_facts_are_told_and_kept(rule: Rule) -> None:
    assert rule.item == (rule.kind in told.ITEM_KINDS)
    if rule.level != "never":
        assert (rule.level == "say") == (rule.kind in disclosure.SAY)
    else:
        assert rule.kind == told.MUTED_TOPIC


GOOD = {
    "rule": "shoe_size",
    "kind": "shoe_size",
    "level": "say",
    "value": "size",
    "type": "size",
    "ko": ["<size> 신"],
    "matches": [{"said": "270 신어요", "value": 270}],
    "does_not_match": ["270 있어요?"],
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"level": "maybe"}, "'level' must be one of say, say_when_proven, never"),
        ({"value": "length"}, "'value' must be one of size"),
        ({"ko": []}, "it looks for nothing: add patterns under 'ko' or 'en'"),
        ({"ko": ["<size 신"]}, "is no piece: write words"),
        ({"ko": ["<lenght> 신"]}, "there is no type lenght: add it to words.yml"),
        ({"matches": []}, "it needs examples"),
        ({"does_not_match": []}, "it needs examples"),
        ({"nonsense": 1}, "there is no nonsense; there are"),
        ({"kind": None}, "add kind"),
    ],
)
def test_a_broken_rule_says_where_and_what_to_do(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    written = {key: value for key, value in {**GOOD, **change}.items() if value is not None}
    _write(tmp_path, written)
    with pytest.raises(BrokenRules) as broken:
        read_rules(tmp_path)
    assert str(tmp_path / "sizes.yml") in str(broken.value)
    assert "rule shoe_size" in str(broken.value)
    assert said in str(broken.value)


def test_two_rules_of_one_name_are_refused(tmp_path: Path) -> None:
    _write(tmp_path, GOOD, GOOD)
    with pytest.raises(BrokenRules, match="two of that name"):
        read_rules(tmp_path)


def test_a_file_that_is_no_yaml_is_named(tmp_path: Path) -> None:
    _write(tmp_path, GOOD)
    (tmp_path / "sizes.yml").write_text("facts: [", encoding="utf-8")
    with pytest.raises(BrokenRules, match=r"sizes\.yml: it cannot be read as YAML"):
        read_rules(tmp_path)


def test_the_notation_is_that_of_spacy() -> None:
    (written,) = notation.read("<size|number> .. !not|no wear|take? $ => wide")
    border = {"LEMMA": {"NOT_IN": ["^", "$"]}}
    assert written.pattern == [
        {"TAG": {"IN": ["size", "number"]}},
        *[{**border, "OP": "?"}] * 4,
        {"LEMMA": {"NOT_IN": ["not", "no", "^", "$"]}},
        {"LEMMA": {"IN": ["wear", "take"]}, "OP": "?"},
        {"LEMMA": "$"},
    ]
    assert written.value == "wide"


def test_every_pattern_is_one_of_spacy() -> None:
    matcher = Matcher(Vocab())
    for written in (one for rule in RULES.rules for by in rule.patterns.values() for one in by):
        matcher.add(written.text, [written.pattern])  # spaCy validates what it is given
    assert len(matcher) > 0


def test_a_piece_of_words_and_types_is_read_either_way() -> None:
    assert [one.text for one in notation.read("i|<person> be")] == ["i be  ", "<person> be  "]


def _write(folder: Path, *written: Any) -> None:
    import yaml

    shutil.copy(FOLDER / "words.yml", folder)
    content = yaml.safe_dump({"facts": list(written)}, allow_unicode=True)
    (folder / "sizes.yml").write_text(content, encoding="utf-8")
