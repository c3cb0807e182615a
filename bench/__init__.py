"""Benchmarks: each module has `run(data)` and returns figures beside their bound."""

from __future__ import annotations

from typing import Any

Figure = dict[str, Any]
"""bench, what, value, unit, bound, ratio, aim, met (DESIGN §4)."""


def figure(
    bench: str,
    what: str,
    value: float,
    unit: str,
    *,
    bound: float | None = None,
    ratio: float | None = None,
    aim: str | None = None,
    met: bool | None = None,
) -> Figure:
    """One figure as `./dangol bench --json` writes it."""
    return {
        "bench": bench,
        "what": what,
        "value": value,
        "unit": unit,
        "bound": bound,
        "ratio": ratio,
        "aim": aim,
        "met": met,
    }
