"""A broken question or answer is told with its file, its line, its entry and what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nlu.faq_entries import BrokenFaq, from_json, read_entries, to_json

GOOD = """faq:
- id: dogs
  questions:
    ko: ["강아지 데리고 가도 돼요?"]
    en: ["Can I bring my dog?"]
  answer:
    ko: "네, {shop_name}에 함께 오세요."
    en: "Yes."
"""


def written(folder: Path, content: str, name: str = "shop.yml") -> Path:
    (folder / name).write_text(content, encoding="utf-8")
    return folder


def test_an_entry_is_read_and_kept_as_it_was_written(tmp_path: Path) -> None:
    (entry,) = read_entries(written(tmp_path, GOOD))
    assert entry.id == "dogs"
    assert entry.questions == {"ko": ["강아지 데리고 가도 돼요?"], "en": ["Can I bring my dog?"]}
    assert entry.answer["en"] == "Yes."
    assert entry.sms == {}
    assert from_json(to_json([entry])) == [entry]


def test_a_shop_without_questions_has_none(tmp_path: Path) -> None:
    assert read_entries(tmp_path / "faq") == []


def test_the_shipped_entries_can_be_used() -> None:
    assert len(read_entries()) >= 12


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("faq:", "questions:", 1, "it must hold a list 'faq:'"),
        ("id: dogs", "id: Dogs!", 2, "an 'id' is a short name"),
        ("id: dogs", "name: dogs", 2, "an 'id' is a short name"),
        ("  answer:", "  reply:", 2, "entry dogs: unknown reply"),
        ('    en: ["Can I bring my dog?"]\n', "", 2, "entry dogs: 'questions' needs 'ko' and 'en'"),
        ('["Can I bring my dog?"]', "[]", 2, "questions.en needs at least one wording"),
        ('["Can I bring my dog?"]', "[12]", 2, "questions.en: 12 is no text"),
        ('["Can I bring my dog?"]', '["개 돼요?"]', 2, "is in the other language: move it"),
        ('en: "Yes."', 'en: ""', 2, "answer.en is no text"),
        ('en: "Yes."', 'en: "네."', 2, "answer.en is in the other language"),
        ('en: "Yes."', f'en: "{"a" * 601}"', 2, "answer.en is longer than 600 characters"),
        ('en: "Yes."', f'en: "{"a" * 301}"', 2, "too long for a text message: add sms.en"),
        ("{shop_name}", "{price}", 2, "may hold in braces only"),
        ("{shop_name}", "{shop_name", 2, "may hold in braces only"),
        ("faq:", "faq: [", 2, "it is no YAML"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, line: int, told: str
) -> None:
    assert old in GOOD
    folder = written(tmp_path, GOOD.replace(old, new))
    with pytest.raises(BrokenFaq, match=rf"shop\.yml:{line}: .*{re.escape(told)}"):
        read_entries(folder)


def test_a_long_answer_may_have_a_short_one_for_texts(tmp_path: Path) -> None:
    long = GOOD.replace('en: "Yes."', f'en: "{"a" * 301}"') + '  sms: {en: "Yes."}\n'
    (entry,) = read_entries(written(tmp_path, long))
    assert entry.sms == {"en": "Yes."}


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (GOOD, "entry dogs: there are two of that id"),
        (GOOD.replace("id: dogs", "id: pets"), "is asked in dogs, too"),
    ],
)
def test_nothing_is_written_twice(tmp_path: Path, second: str, told: str) -> None:
    written(tmp_path, GOOD)
    written(tmp_path, second, "shop_two.yml")
    with pytest.raises(BrokenFaq, match=re.escape(told)):
        read_entries(tmp_path)
