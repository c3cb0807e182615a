"""The rows of a file, one after the other, whatever it is: CSV, JSON lines or Excel. Never holds
more of it than a few rows; what a cell means is decided in `import_rows`.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from command import import_columns
from command.import_columns import Columns
from command.import_errors import NotRead
from command.import_source import Source

_DELIMITERS = (",", ";", "\t", "|")
_QUOTES = ('"', "'")
_HEAD_BYTES = 1 << 16
_HEAD_ROWS = 20
"""Titles may stand above the row with the columns' names."""
_LONGEST_CELL = 1 << 20
_LONGEST_LINE = 1 << 22


class Row(NamedTuple):
    """One row as it stands in the file."""

    number: int
    """As a spreadsheet counts: the row of names is the first; of JSON lines the line."""
    fields: Mapping[str, Any]
    """What is known by the name of its column; cells that are empty are left out."""
    others: Mapping[str, Any]
    """The same under the names of columns that are none of ours."""
    raw: Sequence[Any] | str
    """The cells, or the line."""
    wrong: str | None = None
    """Why the row could not be taken apart at all: a key of `import_words.REASONS`."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A file opened to be read once."""

    names: Sequence[str]
    """Of the columns; none of JSON lines."""
    columns: Columns
    rows: Iterator[Row]
    place: Callable[[], float]
    """How much of the file has been read, from 0 to 1."""


@contextmanager
def opened(source: Source, kind: str) -> Iterator[Table]:
    """The rows of a file for that kind of import. Raises NotRead if no column is known."""
    readers = {"csv": _csv, "json_lines": _json_lines, "excel": _excel}
    yield from readers[source.form](source, kind)


def _csv(source: Source, kind: str) -> Iterator[Table]:
    csv.field_size_limit(_LONGEST_CELL)
    with source.path.open("rb") as bytes_read:
        file = io.TextIOWrapper(
            bytes_read, encoding=source.encoding, errors="surrogateescape", newline=""
        )
        head = file.read(_HEAD_BYTES)
        dialect = max(
            ({"delimiter": sign, "quotechar": quote} for quote in _QUOTES for sign in _DELIMITERS),
            key=lambda one: _known(kind, _head_rows(head, one)),
        )
        file.seek(0)
        numbered = enumerate(_cells(csv.reader(file, **dialect)), start=1)  # type: ignore[arg-type]
        names = _header(kind, numbered)
        columns = import_columns.match(kind, names)
        yield Table(
            names=names,
            columns=columns,
            rows=_from_cells(names, columns, numbered),
            place=lambda: bytes_read.tell() / source.size,
        )


def _head_rows(head: str, dialect: Mapping[str, str]) -> list[list[str]]:
    reader = csv.reader(io.StringIO(head, newline=""), **dialect)  # type: ignore[arg-type]
    return [cells for _, cells in zip(range(_HEAD_ROWS), _cells(reader), strict=False)]


def _known(kind: str, rows: Sequence[Sequence[str]]) -> int:
    """How many columns of ours the likeliest row of names has."""
    bare = ([cell for cell in cells if cell[:1] not in _QUOTES] for cells in rows)
    return max((len(import_columns.match(kind, cells).fields) for cells in bare), default=0)


def _cells(reader: Any) -> Iterator[list[str]]:
    """The rows of a csv reader; one that cannot be taken apart is empty but for what is wrong."""
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield [_BROKEN]


_BROKEN = "\ufffe"
"""Stands for a row in which a quote is never closed; no file can hold it as text."""


def _header(kind: str, numbered: Iterator[tuple[int, Sequence[Any]]]) -> list[str]:
    """The first row with a column of ours that must be there, else of the first ones the likeliest
    is named. Raises NotRead."""
    seen: list[list[str]] = []
    for _, cells in numbered:
        names = [_text(cell) for cell in cells]
        columns = import_columns.match(kind, names)
        if columns.fields and not import_columns.missing(kind, columns):
            return names
        seen.append(names)
        if len(seen) == _HEAD_ROWS:
            break
    best = max(seen, key=lambda names: len(import_columns.match(kind, names).fields), default=[])
    refuse_columns(kind, best)
    raise NotRead("file_empty")


def refuse_columns(kind: str, names: Sequence[str]) -> None:
    """Raises NotRead with what is missing and what is there."""
    lacking = import_columns.missing(kind, import_columns.match(kind, names))
    if lacking:
        raise NotRead(
            "columns_missing",
            missing=" · ".join("/".join(group) for group in lacking),
            found=", ".join(name for name in names if name) or "–",
        )


def _from_cells(
    names: Sequence[str], columns: Columns, numbered: Iterator[tuple[int, Sequence[Any]]]
) -> Iterator[Row]:
    places = {name: place for place, name in reversed(list(enumerate(names)))}
    ours = [(field, places[name]) for field, name in columns.fields.items()]
    others = [(name, places[name]) for name in columns.others if name]
    for number, cells in numbered:
        if not any(map(_text, cells)):
            continue
        wrong = _wrong_cells(cells, len(names))
        if wrong is not None:
            yield Row(number, {}, {}, cells, wrong)
            continue
        count = len(cells)
        yield Row(
            number,
            {field: cell for field, at in ours if at < count and (cell := _cell(cells[at])) != ""},
            {name: cell for name, at in others if at < count and (cell := _cell(cells[at])) != ""},
            cells,
        )


def _wrong_cells(cells: Sequence[Any], width: int) -> str | None:
    if cells[0] == _BROKEN:
        return "quote_not_closed"
    if len(cells) > width and any(map(_text, cells[width:])):
        return "too_many_cells"
    return None if _is_text("".join(c for c in cells if type(c) is str)) else "not_text"


def _is_text(text: str) -> bool:
    """False for what no database keeps: bytes that are no characters, and NUL."""
    if text.isascii():
        return "\0" not in text
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _is_storable(found: Mapping[str, Any]) -> bool:
    """The same of what is written with escapes."""
    written = json.dumps(found, ensure_ascii=False)
    return _is_text(written) and "\\u0000" not in written


def _cell(value: Any) -> Any:
    if type(value) is str:
        return value.strip()
    return "" if value is None else value


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _json_lines(source: Source, kind: str) -> Iterator[Table]:
    with source.path.open("rb") as bytes_read:
        file = io.TextIOWrapper(bytes_read, encoding=source.encoding, errors="surrogateescape")
        matched: dict[tuple[str, ...], Columns] = {}
        first = _object(file.readline(_LONGEST_LINE))
        names = tuple(first or ())
        if first is not None:
            refuse_columns(kind, names)
        file.seek(0)

        def rows() -> Iterator[Row]:
            number = 0
            while line := file.readline(_LONGEST_LINE):
                number += 1
                if line.strip():
                    yield _from_object(number, line.strip(), kind, matched)

        yield Table(
            names=(),
            columns=import_columns.match(kind, names),
            rows=rows(),
            place=lambda: bytes_read.tell() / source.size,
        )


def _from_object(number: int, line: str, kind: str, matched: dict[tuple[str, ...], Columns]) -> Row:
    found = _object(line)
    if found is None:
        return Row(number, {}, {}, line, "not_json")
    if not _is_text(line) or ("\\u" in line and not _is_storable(found)):
        return Row(number, {}, {}, line, "not_text")
    names = tuple(found)
    columns = matched.get(names) or import_columns.match(kind, names)
    if len(matched) < _HEAD_ROWS:
        matched[names] = columns
    given = {name: cell for name, value in found.items() if (cell := _cell(value)) != ""}
    return Row(
        number,
        {field: given[name] for field, name in columns.fields.items() if name in given},
        {name: given[name] for name in columns.others if name in given},
        line,
    )


def _object(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _excel(source: Source, kind: str) -> Iterator[Table]:
    """The first sheet of a workbook."""
    with source.path.open("rb") as bytes_read:  # by a file's name openpyxl judges what is in it
        try:
            book = load_workbook(bytes_read, read_only=True, data_only=True, keep_links=False)
        except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
            raise NotRead("not_excel") from error
        sheet = book.worksheets[0]
        total = sheet.max_row or 1
        sheet.reset_dimensions()  # what a workbook says of its size is often wrong
        read = 0

        def numbered() -> Iterator[tuple[int, Sequence[Any]]]:
            nonlocal read
            for read, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                yield read, [_plain(cell) for cell in cells]

        rows = numbered()
        names = _header(kind, rows)
        columns = import_columns.match(kind, names)
        yield Table(
            names=names,
            columns=columns,
            rows=_from_cells(names, columns, rows),
            place=lambda: min(1.0, read / total),
        )


def _plain(cell: Any) -> Any:
    """A cell's value without what Excel adds: numbers that are whole are written so."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell if isinstance(cell, str | int | float | datetime | date | time) else _text(cell)
