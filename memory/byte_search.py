"""Looks for the bytes of a person in files: of the database, its log of changes, logs and journals.
Says where, never what; changes a file only where it is asked to blank one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import phonenumbers

_AT_ONCE = 32 * 1024 * 1024
"""Bytes that are read at once."""
SHORTEST = 4
"""Bytes: less than that is found everywhere."""


@dataclass(frozen=True, kw_only=True)
class Needle:
    """Something that only this person has, or has said."""

    kind: str
    """`phone`, `email`, `name`, `said`: what may be told of it."""
    text: str

    def spellings(self) -> set[bytes]:
        """Every way in which it may stand in a file: UTF-8, as in pages of the database, and
        escaped as in JSON; a number with and without its country."""
        written = {self.text}
        if self.kind == "phone":
            written = {self.text.lstrip("+"), _national(self.text)}
        elif self.kind == "email":
            written = {self.text, self.text.lower()}
        escaped = {json.dumps(one)[1:-1] for one in written}
        return {
            bytes_
            for one in written | escaped
            if len(bytes_ := one.encode("utf-8", "surrogatepass")) >= SHORTEST
        }


@dataclass(frozen=True, kw_only=True)
class Found:
    """A place where bytes of the person are."""

    path: Path
    needle: Needle


def _national(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.national_significant_number(parsed)


def search(
    folders: Iterable[Path],
    needles: Sequence[Needle],
    *,
    passed_over: frozenset[str] = frozenset(),
    progress: Callable[[int, int], None] = lambda _files, _bytes: None,
) -> list[Found]:
    """Every file below `folders` that holds a needle, each needle once a file. Folders named in
    `passed_over` are not looked into, links are not followed; `progress` is told how many files and
    bytes were read."""
    wanted = [(needle, spelling) for needle in needles for spelling in needle.spellings()]
    found: dict[tuple[Path, Needle], Found] = {}
    read = 0
    for number, path in enumerate(files_of(folders, passed_over), start=1):
        for part in _parts(path, max((len(one) for _, one in wanted), default=0)):
            read += len(part)
            for needle, spelling in wanted:
                if spelling in part:
                    found.setdefault((path, needle), Found(path=path, needle=needle))
        progress(number, read)
    return list(found.values())


def files_of(folders: Iterable[Path], passed_over: frozenset[str]) -> Iterator[Path]:
    """Every ordinary file below the folders, each once."""
    seen: set[Path] = set()
    for folder in folders:
        for at, inside, names in os.walk(folder):
            inside[:] = sorted(name for name in inside if name not in passed_over)
            for path in (Path(at, name) for name in sorted(names)):
                if path not in seen and not path.is_symlink() and path.is_file():
                    seen.add(path)
                    yield path


def _parts(path: Path, longest: int) -> Iterator[bytes]:
    """The file in pieces that overlap, so that nothing is missed at a seam; none if it has just
    been deleted."""
    try:
        with path.open("rb") as file:
            before = b""
            while part := file.read(_AT_ONCE):
                whole = before + part
                yield whole
                before = whole[-longest:]
    except FileNotFoundError:
        return


def blank_lines(path: Path, needles: Sequence[Needle]) -> int:
    """Write spaces over every line that holds a needle; returns how many there were. Nothing moves,
    so that whoever appends to the file meanwhile may go on."""
    spellings = [one for needle in needles for one in needle.spellings()]
    blanked, at = 0, 0
    with path.open("r+b") as file:
        for line in file.read().splitlines(keepends=True):
            if any(one in line for one in spellings):
                words = line.rstrip(b"\r\n")
                file.seek(at)
                file.write(b" " * len(words))
                blanked += 1
            at += len(line)
        file.flush()
        os.fsync(file.fileno())
    return blanked
