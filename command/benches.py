"""Finds a benchmark or fault suite by its name and runs it."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

import bench
from marketing.errors import BadInput, NotFound
from tests import torture as suites

Figure = dict[str, Any]
"""bench, what, value, unit, bound, ratio, aim, met (DESIGN §4)."""


def run(name: str, data: Path | None, json_file: Path | None, minutes: float | None) -> bool:
    """Run a benchmark (or `all`), print its figures, write them as JSON; True if all aims are met.

    `minutes` is for what a benchmark does only if it is given that long. Raises NotFound, or
    BadInput where none of it wants minutes.
    """
    names = _names(bench) if name == "all" else [name]
    figures: list[Figure] = []
    for one in names:
        figures += _run(name, _module(bench, one).run, data, minutes)
    Console().print(_table(figures))
    if json_file is not None:
        report = {
            "machine": machine(),
            "date": f"{datetime.now(UTC):%Y-%m-%d}",
            "figures": figures,
        }
        json_file.write_text(json.dumps(report, ensure_ascii=False, indent=2), encoding="utf-8")
    return all(figure["met"] is not False for figure in figures)


def _run(name: str, measure: Any, data: Path | None, minutes: float | None) -> list[Figure]:
    takes_minutes = "minutes" in inspect.signature(measure).parameters
    if minutes is not None and not takes_minutes and name != "all":
        raise BadInput(f"bench {name} does nothing more with --minutes.")
    return list(measure(data, minutes) if takes_minutes else measure(data))


def torture(suite: str, minutes: float | None) -> bool:
    """Run a fault suite at its full count; it writes docs/reports/<suite>.md. Raises NotFound."""
    return bool(_module(suites, suite).full(minutes))


def machine() -> str:
    """The machine in one line, for reports."""
    memory = psutil.virtual_memory().total / 1024**3
    cores = len(psutil.Process().cpu_affinity())
    return f"{platform.system()} {platform.machine()}, {cores} cores, {memory:.0f} GB"


def _names(package: Any) -> list[str]:
    return sorted(found.name for found in pkgutil.iter_modules(package.__path__))


def _module(package: Any, name: str) -> Any:
    if name not in _names(package):
        raise NotFound(f"There is no {name!r}; there are: {', '.join(_names(package))}.")
    return importlib.import_module(f"{package.__name__}.{name}")


def _table(figures: list[Figure]) -> Table:
    table = Table("bench", "what", "value", "beside", "ratio", "aim", "met")
    for figure in figures:
        bound = figure["bound"]
        table.add_row(
            figure["bench"],
            figure["what"],
            f"{figure['value']:,.4g} {figure['unit']}",
            "" if bound is None else f"{bound:,.4g} {figure['unit']}",
            "" if figure["ratio"] is None else f"{figure['ratio']:.2f}",
            str(figure["aim"] or ""),
            {True: "yes", False: "NO", None: ""}[figure["met"]],
        )
    return table
