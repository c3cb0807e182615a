"""Whether an order may still be given back: cases made by hand."""

from __future__ import annotations

from datetime import date

import pytest

from marketing.return_period import Period, return_period


@pytest.mark.parametrize(
    ("delivered", "today", "state", "last_day"),
    [
        ("2026-11-05", "2026-11-19", Period.OPEN, "2026-11-19"),
        ("2026-11-05", "2026-11-20", Period.OVER, "2026-11-19"),
        (None, "2026-11-15", Period.OPEN, "2026-11-15"),
        (None, "2026-11-16", Period.UNSURE, "2026-11-15"),
        (None, "2026-11-25", Period.UNSURE, "2026-11-15"),
        (None, "2026-11-26", Period.OVER, "2026-11-15"),
    ],
)
def test_fourteen_days_from_delivery_of_an_order_of_the_first(
    delivered: str | None, today: str, state: Period, last_day: str
) -> None:
    found = return_period(
        ordered_on=date(2026, 11, 1),
        delivered_on=date.fromisoformat(delivered) if delivered else None,
        days=14,
        longest_delivery_days=3,
        today=date.fromisoformat(today),
    )
    assert (found.state, found.last_day) == (state, date.fromisoformat(last_day))
