"""The file of rejected rows beside the one that is imported: each as it was, with its number and
the reason. Mended, it can be imported as it is. Written before what it belongs to is committed, so
that an import which is taken up again finds here what it had rejected.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from command.import_columns import ADDED
from command.import_readers import Row
from command.import_source import Source

_ROW, _REASON, _LINE = ADDED
_BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads Korean as something else."""


class Rejected:
    """The rejected rows of one import; there is no file while there is none."""

    def __init__(self, source: Source, kind: str, names: Sequence[str]) -> None:
        """`names` are the columns of the file."""
        is_lines = source.form == "json_lines"
        end = ".rejected.jsonl" if is_lines else ".rejected.csv"
        beside = Path.cwd() / kind if source.is_stdin else source.path
        self.path = beside.with_name(f"{beside.name}{end}")
        self._is_lines = is_lines
        self._header = [_ROW, _REASON, *(name for name in names if name not in ADDED)]
        self._kept = [place for place, name in enumerate(names) if name not in ADDED]

    def keep(self, count: int) -> bool:
        """Leave the first so many rows and nothing after them; False if there are fewer, so that
        the import has to begin anew."""
        if count == 0:
            self.path.unlink(missing_ok=True)
            return True
        if not self.path.is_file():
            return False
        draft = self.path.with_name(f".{self.path.name}")
        kept = 0
        with self._opened(draft, "w") as file:
            for text in self._records(count):
                file.write(text)
                kept += 1
        os.replace(draft, self.path)
        return kept == count + (0 if self._is_lines else 1)

    def add(self, rows: Sequence[tuple[Row, str]]) -> None:
        """Write rows with their reasons, so that they are there whatever happens next."""
        if not rows:
            return
        is_new = not self.path.exists()
        with self._opened(self.path, "a") as file:
            if is_new and not self._is_lines:
                file.write(_BYTE_ORDER_MARK)
                csv.writer(file).writerow(self._header)
            for row, reason in rows:
                if self._is_lines:
                    file.write(_line(row, reason))
                else:
                    csv.writer(file).writerow([row.number, reason, *self._cells(row)])
            file.flush()
            os.fsync(file.fileno())

    def _cells(self, row: Row) -> list[Any]:
        extra = range(max(self._kept, default=-1) + 1, len(row.raw))
        return [row.raw[place] for place in (*self._kept, *extra) if place < len(row.raw)]

    def _records(self, count: int) -> Iterator[str]:
        """The first records of the file as they stand there: the row of names and `count` more."""
        with self._opened(self.path, "r") as file:
            if self._is_lines:
                for _, line in zip(range(count), file, strict=False):
                    yield line
                return
            read: list[str] = []

            def lines() -> Iterator[str]:
                for line in file:
                    read.append(line)
                    yield line

            for _, _cells in zip(range(count + 1), csv.reader(lines()), strict=False):
                yield "".join(read)
                read.clear()

    @staticmethod
    def _opened(path: Path, mode: str) -> Any:
        def private(name: str, flags: int) -> int:
            return os.open(name, flags, 0o600)

        return open(
            path, mode, encoding="utf-8", errors="surrogateescape", newline="", opener=private
        )


def _line(row: Row, reason: str) -> str:
    said = {_ROW: row.number, _REASON: reason}
    try:
        given = json.loads(str(row.raw))
    except (ValueError, RecursionError):
        given = None
    whole = {**given, **said} if isinstance(given, dict) else {**said, _LINE: row.raw}
    return json.dumps(whole, ensure_ascii=not str(row.raw).isprintable()) + "\n"
