"""Who may be asked, who refuses, and what is wrong with the file of a survey."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from marketing import surveys
from shops.demo.catalogue import load_catalogue
from shops.demo.survey_files import read_surveys
from shops.errors import CatalogueError
from shops.shape import store_as_json
from shops.store import Store

ROOT = Path(__file__).resolve().parents[2]
CATEGORIES = ["packs", "jackets"]
GOOD = """
survey:
  id: tents
  question: {ko: "텐트도 팔까요?", en: "Should we sell tents?"}
  options:
  - {id: yes_please, label: {ko: "네", en: "Yes"}}
  - {id: no_thanks, label: {ko: "아니요", en: "No"}}
  asked_of: {languages: [ko], bought: [packs]}
  from: 2026-12-01
  until: 2026-12-31
"""


@cache
def _demo_store() -> Store:
    return load_catalogue(ROOT / "data" / "catalogue").store


def read(folder: Path, text: str = GOOD, name: str = "tents.yml") -> list[dict[str, Any]]:
    (folder / name).write_text(text, encoding="utf-8")
    store = _demo_store()
    found: list[dict[str, Any]] = store_as_json(
        replace(store, surveys=read_surveys(folder, CATEGORIES))
    )["surveys"]
    return found


def asked(found: list[dict[str, Any]], **of: Any) -> bool:
    known = {"today": date(2026, 12, 10), "language": "ko", "bought": {"packs"}, "asked": set()}
    return surveys.next_of(found, **{**known, **of}) is not None


@pytest.mark.parametrize(
    ("of", "is_asked"),
    [
        ({}, True),
        ({"today": date(2026, 12, 1)}, True),
        ({"today": date(2026, 12, 31)}, True),
        ({"today": date(2026, 11, 30)}, False),
        ({"today": date(2027, 1, 1)}, False),
        ({"language": "en"}, False),
        ({"bought": {"jackets"}}, False),
        ({"bought": set()}, False),
        ({"asked": {"tents"}}, False),
    ],
)
def test_who_is_asked_and_when(tmp_path: Path, of: dict[str, Any], is_asked: bool) -> None:
    assert asked(read(tmp_path), **of) is is_asked


def test_without_a_condition_everybody_is_asked(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD.replace("  asked_of: {languages: [ko], bought: [packs]}\n", ""))
    assert asked(found, language="en", bought=set())


def test_the_shipped_surveys_are_read_with_the_catalogue() -> None:
    store = store_as_json(load_catalogue(ROOT / "data" / "catalogue").store)
    assert [one["id"] for one in store["surveys"]] == ["wide_kids_boots"]


@pytest.mark.parametrize(
    ("before", "after", "place", "said"),
    [
        ("id: tents", "id: Tents!", "survey.id", "short name"),
        ("until: 2026-12-31", "until: 2026-11-30", "survey.until", "before"),
        ("until: 2026-12-31", "until: soon", "survey.until", ""),
        ("[packs]", "[boats]", "survey.asked_of.bought", "boats"),
        ("[ko]", "[fr]", "survey.asked_of.languages", "fr"),
        ("id: no_thanks", "id: yes_please", "survey.options", "twice"),
        ('  - {id: no_thanks, label: {ko: "아니요", en: "No"}}\n', "", "survey.options", "2 to 5"),
        ("  from: 2026-12-01\n", "", "survey.from", "missing"),
        ("from:", "form:", "survey.form", "not a field"),
    ],
)
def test_what_is_wrong_is_named_by_file_and_field(
    tmp_path: Path, before: str, after: str, place: str, said: str
) -> None:
    assert before in GOOD
    with pytest.raises(CatalogueError) as wrong:
        read(tmp_path, GOOD.replace(before, after))
    assert "tents.yml" in str(wrong.value)
    assert place in str(wrong.value)
    assert said in str(wrong.value)


def test_two_surveys_have_two_names(tmp_path: Path) -> None:
    read(tmp_path)
    with pytest.raises(CatalogueError, match="another survey's"):
        read(tmp_path, name="tents-again.yml")


@pytest.mark.parametrize(
    "text",
    ["설문 안 할래요", "설문조사 그만요", "설문 싫어요", "no more surveys", "I don't do polls"],
)
def test_refusals(text: str) -> None:
    assert surveys.refuses(text)


@pytest.mark.parametrize(
    "text", ["설문 할게요", "안 할래요", "any surveys?", "no thanks", "I'd love a survey"]
)
def test_what_refuses_no_surveys(text: str) -> None:
    assert not surveys.refuses(text)
