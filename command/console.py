"""What the command line shows: steps with their time, the parts' lines with their name in front."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console as RichConsole
from rich.text import Text

from settings import Settings

_COLOURS = {
    "web": "cyan",
    "agent": "green",
    "outreach": "magenta",
    "phone": "yellow",
    "train": "blue",
    "database": "white",
}


class Console:
    """One screen, written to by several threads."""

    def __init__(self, *, to_stderr: bool = False, lines_until_ready: bool = False) -> None:
        """`lines_until_ready`: what the parts write after that is in their own logs only."""
        self._lines_until_ready = lines_until_ready
        self._is_ready = False
        self._rich = RichConsole(
            file=sys.stderr if to_stderr else sys.stdout, highlight=False, soft_wrap=True
        )
        self._turn = threading.Lock()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Say that a step begins and, when it has ended, how long it took."""
        began = time.monotonic()
        self.line("dangol", f"{name} …")
        yield
        self.line("dangol", f"{name}: done in {time.monotonic() - began:.1f} s")

    def line(self, part: str, text: str) -> None:
        """One line of a part."""
        if self._is_ready and self._lines_until_ready and part != "dangol":
            return
        front = Text(f"{part:<9}│ ", style=_COLOURS.get(part, "bold"))
        with self._turn:
            self._rich.print(front + Text(text))

    def progress(self, text: str) -> None:
        """A sign of life during a long step."""
        self.line("dangol", text)

    def ready(self, settings: Settings) -> None:
        """The one line that says where to look."""
        self._is_ready = True
        base = settings.public_base_url
        phone = f" · telephone {base}/phone" if settings.is_development else ""
        with self._turn:
            self._rich.print(Text(f"ready {base} · shop {base}/{phone}"))
