"""What of the past may be said again, and how a day gone by is called."""

from __future__ import annotations

from datetime import date

import pytest

from marketing.past_words import may_repeat, when


@pytest.mark.parametrize(
    ("day", "korean", "english"),
    [
        ("2026-11-27", "아까", "earlier today"),
        ("2026-11-26", "어제", "yesterday"),
        ("2026-11-23", "며칠 전에", "a few days ago"),
        ("2026-11-20", "지난주에", "last week"),
        ("2026-11-10", "이달 초에", "earlier this month"),
        ("2026-10-31", "지난 10월에", "last October"),
        ("2026-05-12", "지난 5월에", "last May"),
        ("2025-12-24", "지난 12월에", "last December"),
        ("2025-11-27", "2025년 11월에", "in November 2025"),
        ("2024-05-03", "2024년 5월에", "in May 2024"),
    ],
)
def test_a_day_gone_by(day: str, korean: str, english: str) -> None:
    today = date(2026, 11, 27)
    assert when(date.fromisoformat(day), today, "ko") == korean
    assert when(date.fromisoformat(day), today, "en") == english


def test_before_a_proof_only_goods_are_spoken_of_again() -> None:
    assert may_repeat(["product", "size", "colour"], is_proven=False)
    assert may_repeat([], is_proven=False)
    assert not may_repeat(["product", "person"], is_proven=False)
    assert not may_repeat(["date"], is_proven=False)
    assert may_repeat(["product", "person", "date"], is_proven=True)
