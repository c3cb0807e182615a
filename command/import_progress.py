"""How far an import is, on a terminal: rows, how many a second, how long it still takes. Anywhere
else it is silent.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
from rich.text import Text

from command import import_words
from command.words import Language

_LENGTH = 10_000
"""Of the bar, in steps."""


class Bar:
    """A bar that is moved."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=_LENGTH, rows=0, rate=0.0)
        self._began = time.monotonic()

    def move(self, rows: int, place: float) -> None:
        """So many rows have been done by this process; `place` is how much of the file, of 1."""
        seconds = max(time.monotonic() - self._began, 1e-6)
        self._progress.update(
            self._task, completed=int(place * _LENGTH), rows=rows, rate=rows / seconds
        )


class _Left(ProgressColumn):
    """Time left, by the speed so far."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._language = language

    def render(self, task: Task) -> Text:
        seconds = task.time_remaining
        if seconds is None:
            return Text("")
        minutes, rest = divmod(int(seconds), 60)
        left = f"{minutes}:{rest:02d}"
        return Text(import_words.said("left", self._language, left=left))


@contextmanager
def shown(name: str, language: Language) -> Iterator[Bar]:
    """A bar for the length of the body, then gone."""
    rows = import_words.said("rows", language, rows="{task.fields[rows]:,}")
    rate = import_words.said("rate", language, rate="{task.fields[rate]:,.0f}")
    console = Console(stderr=True)
    with Progress(
        TextColumn(name, markup=False),
        BarColumn(bar_width=None),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn(rows),
        TextColumn(rate),
        _Left(language),
        console=console,
        disable=not console.is_terminal,
        transient=True,
        expand=True,
    ) as progress:
        yield Bar(progress)
