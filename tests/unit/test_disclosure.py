"""Nothing personal is shown before a proof (DESIGN rule 13)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from marketing.disclosure import may_say

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
BEFORE = NOW - timedelta(hours=2)


@pytest.mark.parametrize(
    ("kind", "is_proven", "learnt_at", "expected"),
    [
        ("shoe_size", False, BEFORE, True),
        ("anniversary", False, BEFORE, False),
        ("anniversary", False, NOW, True),
        ("anniversary", True, BEFORE, True),
        ("name", False, BEFORE, False),
        ("something_new", False, BEFORE, False),
    ],
)
def test_who_is_told(kind: str, is_proven: bool, learnt_at: datetime, expected: bool) -> None:
    visit_began_at = NOW - timedelta(minutes=5)
    told = may_say(kind, is_proven=is_proven, learnt_at=learnt_at, visit_began_at=visit_began_at)
    assert told is expected
