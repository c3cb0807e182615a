"""Patterns are tried only on texts that may hold what they find; nothing is missed by that."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from pathlib import Path

import pytest

from nlu import order_numbers, quantities, sizes, spoken_languages, topics
from nlu.facts import calendar_days
from nlu.facts.calendar_days import find_calendar_days
from nlu.order_numbers import find_order_numbers
from nlu.quantities import find_quantities
from nlu.sizes import find_lettered_sizes, find_widths
from nlu.spoken_languages import find_languages
from nlu.topics import find_topics

PROJECT = Path(__file__).parents[2]
ALWAYS = re.compile("")
FINDERS = {
    "order numbers": (order_numbers, "_MAY_HOLD", find_order_numbers),
    "quantities": (quantities, "_MAY_HOLD", find_quantities),
    "letters": (sizes, "_MAY_HOLD_LETTERS", find_lettered_sizes),
    "widths": (sizes, "_MAY_HOLD_WIDTHS", find_widths),
    "languages": (spoken_languages, "_MAY_HOLD", find_languages),
    "days": (calendar_days, "_MAY_HOLD_ENGLISH", find_calendar_days),
}


@lru_cache(maxsize=1)
def lines() -> list[str]:
    """Every line that a customer might write: training sentences, facts, answers and stories, as
    they are and in capitals."""
    folders = ("data", "tests/conversations")
    files = sorted(chain.from_iterable((PROJECT / one).rglob("*.yml") for one in folders))
    written = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return list(dict.fromkeys(written + [line.upper() for line in written[::4]]))


def found_in_lines(find: Callable[[str], object]) -> list[str]:
    return [str(list(find(line))) for line in lines()]  # type: ignore[call-overload]


@pytest.mark.parametrize("what", FINDERS)
def test_a_text_that_may_hold_nothing_holds_nothing(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, name, find = FINDERS[what]
    found = found_in_lines(find)
    monkeypatch.setattr(module, name, ALWAYS)
    assert found_in_lines(find) == found
    assert any(one != "[]" for one in found)


def test_a_text_that_may_hold_no_topic_holds_none(monkeypatch: pytest.MonkeyPatch) -> None:
    found = found_in_lines(find_topics)
    for name in ("_KOREAN", "_ENGLISH"):
        patterns = getattr(topics, name)
        tried = {entity: replace(one, may_hold=ALWAYS) for entity, one in patterns.items()}
        monkeypatch.setattr(topics, name, tried)
    assert found_in_lines(find_topics) == found


def test_the_lines_are_many() -> None:
    assert len(lines()) > 15_000
