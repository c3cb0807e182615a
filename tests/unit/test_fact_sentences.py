"""The labelled sentences of tests/facts: enough, none twice, labelled as docs/facts.md says."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).parents[2]
FOLDER = PROJECT / "tests" / "facts"
LANGUAGES = ("ko", "en")
PARTS = ("written_against", "held_out")
KINDS = {
    kind
    for row in re.findall(r"^\| (`[a-z_`, ]+`) \|", (PROJECT / "docs/facts.md").read_text(), re.M)
    for kind in re.findall(r"[a-z_]+", row)
}
PEOPLE = {
    *("self", "wife", "husband", "partner", "son", "daughter", "child", "mother", "father"),
    *("parents", "grandchild", "grandparent", "sibling", "nephew_or_niece", "friend"),
}
HANGUL = re.compile("[가-힣]")


def sentences(part: str, language: str) -> list[dict[str, Any]]:
    """The labelled sentences of one file."""
    told = yaml.load((FOLDER / f"{part}_{language}.yml").read_text("utf-8"), yaml.CSafeLoader)
    assert told["today"] == date(2026, 11, 27)
    return list(told["sentences"])


def words(text: str) -> str:
    """What is left of a sentence when signs, blanks and capitals are not looked at."""
    return re.sub(r"[\W_ㅋㅎㅠㅜ]+", "", text.casefold())


def everything(part: str) -> list[dict[str, Any]]:
    return [sentence for language in LANGUAGES for sentence in sentences(part, language)]


def test_there_are_enough_of_them() -> None:
    korean = [one for part in PARTS for one in sentences(part, "ko")]
    every = [one for part in PARTS for one in everything(part)]

    assert len(every) >= 400
    assert len(korean) * 2 >= len(every)
    assert sum(not one["facts"] for one in every) >= 120


def test_the_held_out_part_is_large_enough_by_itself() -> None:
    for language in LANGUAGES:
        held_out = sentences("held_out", language)

        assert len(held_out) >= 160
        assert sum(not one["facts"] for one in held_out) >= 55


def test_none_is_told_twice() -> None:
    counted = Counter(one["said"].casefold() for part in PARTS for one in everything(part))

    assert [said for said, count in counted.items() if count > 1] == []


def test_no_held_out_sentence_was_written_against_or_trained_on() -> None:
    against = {words(one["said"]) for one in everything("written_against")}
    trained = {
        words(line.strip().removeprefix("- "))
        for file in (PROJECT / "data" / "nlu").glob("*.yml")
        for line in file.read_text(encoding="utf-8").splitlines()
    }
    held_out = {words(one["said"]) for one in everything("held_out")}

    assert held_out & against == set()
    assert held_out & trained == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_is_held_out_in_both_languages(language: str) -> None:
    told = {fact["kind"] for one in sentences("held_out", language) for fact in one["facts"]}

    assert told == KINDS


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_are_those_of_the_documentation(part: str, language: str) -> None:
    for one in sentences(part, language):
        for fact in one["facts"]:
            assert fact["kind"] in KINDS, one
            assert fact["subject"].split(":")[0] in PEOPLE, one
            assert (
                {"kind", "subject", "value"}
                <= set(fact)
                <= {
                    *("kind", "subject", "value", "item"),
                }
            ), one


def test_held_out_korean_is_korean_and_english_is_not() -> None:
    assert [one for one in sentences("held_out", "ko") if not HANGUL.search(one["said"])] == []
    assert [one for one in sentences("held_out", "en") if HANGUL.search(one["said"])] == []
