"""The file of an import as bytes: what it is, in which characters, and its digest, by which an
interrupted import is taken up again. Read once from end to end before its first row is looked at.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from command.import_errors import NotRead

STDIN = "-"
Form = Literal["csv", "json_lines", "excel"]

_BLOCK = 1 << 20
_EXCEL = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
"""How a file begins that says itself in which characters it is written."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file that can be read any number of times."""

    path: Path
    is_stdin: bool
    form: Form
    encoding: str
    """Python's name of it; nothing for Excel."""
    digest: str
    """SHA-256 of all of it."""
    size: int
    """In bytes."""


@contextmanager
def opened(given: str) -> Iterator[Source]:
    """The file of that name; `-` is all that comes from stdin. Raises NotRead."""
    if given != STDIN:
        path = Path(given)
        if not path.is_file():
            raise NotRead("no_such_file", file=given)
        try:
            yield _looked_at(path, is_stdin=False)
        except PermissionError as error:
            raise NotRead("file_not_readable", file=given) from error
        return
    with tempfile.NamedTemporaryFile(prefix="dangol-import-") as kept:
        shutil.copyfileobj(sys.stdin.buffer, kept)
        kept.flush()
        yield _looked_at(Path(kept.name), is_stdin=True)


def _looked_at(path: Path, *, is_stdin: bool) -> Source:
    with path.open("rb") as file:
        head = file.read(_BLOCK)
        form = _form(head)
        file.seek(0)
        digest, encoding = _digest_and_encoding(file, is_text=form != "excel", head=head)
    return Source(
        path=path,
        is_stdin=is_stdin,
        form=form,
        encoding=encoding,
        digest=digest,
        size=path.stat().st_size,
    )


def _form(head: bytes) -> Form:
    if head.startswith(_EXCEL):
        return "excel"
    if head.startswith(_OLD_EXCEL):
        raise NotRead("old_excel")
    content = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not content:
        raise NotRead("file_empty")
    if content.startswith(b"["):
        raise NotRead("json_list")
    return "json_lines" if content.startswith(b"{") else "csv"


def _digest_and_encoding(file: IO[bytes], *, is_text: bool, head: bytes) -> tuple[str, str]:
    """UTF-8 or CP949, whichever less of the file contradicts. Neither has a line break inside a
    character, so that every block of lines can be tried by itself."""
    digest = hashlib.sha256()
    contradicts = {"utf-8": 0, "cp949": 0}
    rest = b""
    while block := file.read(_BLOCK):
        digest.update(block)
        if is_text:
            lines, found, rest = (rest + block).rpartition(b"\n")
            _try(lines, contradicts)
            rest = rest if found or len(rest) < _BLOCK else b""
    _try(rest, contradicts)
    marked = next((name for mark, name in _MARKS.items() if head.startswith(mark)), None)
    return digest.hexdigest(), marked or min(contradicts, key=contradicts.__getitem__)


def _try(block: bytes, contradicts: dict[str, int]) -> None:
    if block.isascii():
        return
    for encoding in contradicts:
        try:
            block.decode(encoding)
        except UnicodeDecodeError:
            contradicts[encoding] += 1
