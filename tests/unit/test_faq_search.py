"""The entry that is asked for is found, and what the thresholds of nlu/faq_reader.py do."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nlu.faq_entries import read_entries
from nlu.faq_search import FaqSearch, Match

ASKED = Path(__file__).parent / "faq_asked.yml"
ANSWERED, LEAD, ASKED_BACK = 0.46, 0.08, 0.25


@pytest.fixture(scope="module")
def search() -> FaqSearch:
    return FaqSearch(read_entries())


def asked(kind: str) -> list[tuple[str, str]]:
    """Question and id of the entry it asks for; of `nothing` the id is empty."""
    content = yaml.safe_load(ASKED.read_text(encoding="utf-8"))[kind]
    if isinstance(content, list):
        return [(text, "") for text in content]
    return [(text, name) for name, texts in content.items() for text in texts]


def test_every_question_finds_its_own_entry(search: FaqSearch) -> None:
    for entry in read_entries():
        for question in (one for by in entry.questions.values() for one in by):
            (found, *_) = search.best(question)
            assert found.entry.id == entry.id
            assert found.score == pytest.approx(1.0)


def is_sure(found: list[Match]) -> bool:
    """Whether it is answered at once."""
    far = all(found[0].score - other.score >= LEAD for other in found[1:])
    return found != [] and found[0].score >= ANSWERED and far


def test_most_questions_in_other_words_are_answered_and_none_with_another_answer(
    search: FaqSearch,
) -> None:
    found = [(name, search.best(text)) for text, name in asked("known")]
    sure = [best[0].entry.id == name for name, best in found if is_sure(best)]
    assert all(sure)
    assert len(sure) >= len(found) * 0.8


def test_nearly_all_others_stand_among_the_choices(search: FaqSearch) -> None:
    missing = [
        text
        for text, name in asked("known")
        if name not in {one.entry.id for one in search.best(text) if one.score >= ASKED_BACK}
    ]
    assert len(missing) <= len(asked("known")) * 0.05, missing


def test_what_nobody_has_answered_is_not_answered(search: FaqSearch) -> None:
    assert [text for text, _ in asked("nothing") if is_sure(search.best(text))] == []


@pytest.mark.parametrize("text", ["", "???", "😀", "네", "ㅋㅋ", "ok", "270"])
def test_what_says_nothing_finds_nothing_near(search: FaqSearch, text: str) -> None:
    assert all(one.score < ASKED_BACK for one in search.best(text))


def test_without_entries_nothing_is_found() -> None:
    assert FaqSearch([]).best("Can I bring my dog?") == []
