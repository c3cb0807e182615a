"""Files of every kind give the same rows, whatever program has written them."""

from __future__ import annotations

import csv
import io
import json
import string
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from command import import_readers, import_source
from command.import_errors import NotRead
from command.import_readers import Row

TEXT = "고객번호,이름,메모\nm-1,김서연,단골\nm-2,이도윤,\n"


def rows(path: Path, kind: str = "customers") -> list[Row]:
    with import_source.opened(str(path)) as source, import_readers.opened(source, kind) as table:
        return list(table.rows)


def file(folder: Path, content: bytes | str) -> Path:
    path = folder / "file"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def simply(found: Sequence[Row]) -> list[tuple[int, dict[str, Any]]]:
    return [(row.number, dict(row.fields)) for row in found]


CUSTOMERS = [
    (2, {"customer_id": "m-1", "name": "김서연"}),
    (3, {"customer_id": "m-2", "name": "이도윤"}),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_characters_and_the_delimiter_are_told_by_the_file(
    tmp_path: Path, encoding: str, delimiter: str, end: str
) -> None:
    text = TEXT.replace(",", delimiter).replace("\n", end)
    assert simply(rows(file(tmp_path, text.encode(encoding)))) == CUSTOMERS


def test_korean_far_down_in_the_file_decides_about_its_characters(tmp_path: Path) -> None:
    ascii_rows = "m,Ann\n" * 300_000
    path = file(tmp_path, f"customer_id,name\n{ascii_rows}m-1,똠방각하\n".encode("cp949"))
    assert rows(path)[-1].fields["name"] == "똠방각하"


def test_one_broken_letter_costs_its_row_alone(tmp_path: Path) -> None:
    content = TEXT.encode() + b"m-3,\xff\xfe,x\n" + b"m-4,\x00,x\n" + "m-5,박,x\n".encode()
    found = rows(file(tmp_path, content))
    assert [row.wrong for row in found] == [None, None, "not_text", "not_text", None]


def test_quotes_hide_delimiters_and_line_breaks(tmp_path: Path) -> None:
    content = 'customer_id,name\r\n"m,1","Kim ""Seo""\r\nyeon"\r\nm-2,Lee\r\n'
    assert simply(rows(file(tmp_path, content))) == [
        (2, {"customer_id": "m,1", "name": 'Kim "Seo"\r\nyeon'}),
        (3, {"customer_id": "m-2", "name": "Lee"}),
    ]


def test_single_quotes_are_quotes_where_they_stand_around_everything(tmp_path: Path) -> None:
    content = "'customer_id';'name'\n'm-1';'O''Neil; Ann'\n"
    assert simply(rows(file(tmp_path, content))) == [
        (2, {"customer_id": "m-1", "name": "O'Neil; Ann"})
    ]


def test_titles_may_stand_above_and_empty_rows_between(tmp_path: Path) -> None:
    content = "회원 목록\n2026-11-27 출력\n\n고객번호,이름\n\nm-1,김\n,,\n"
    assert simply(rows(file(tmp_path, content))) == [(6, {"customer_id": "m-1", "name": "김"})]


def test_a_row_with_too_many_cells_or_an_open_quote_is_told(tmp_path: Path) -> None:
    long = "x" * (2 << 20)
    content = f'customer_id,name\nm-1,Kim, Seoyeon\nm-2\nm-3,"{long}\nm-4,Lee\n'
    found = rows(file(tmp_path, content))
    assert [row.wrong for row in found][:3] == ["too_many_cells", None, "quote_not_closed"]


def test_json_lines(tmp_path: Path) -> None:
    content = (
        '{"customer_id": "m-1", "이름": "김", "memo": {"a": 1}}\n\n'
        '{"name": "\\ud83d\\ude00", "customer_id": 7}\n'
        '{"name": "\\ud800"}\n{"name": "\\u0000"}\n[1]\n{"name"\n'
    )
    found = rows(file(tmp_path, content))
    assert simply(found[:2]) == [
        (1, {"customer_id": "m-1", "name": "김"}),
        (3, {"customer_id": 7, "name": "😀"}),
    ]
    assert found[0].others == {"memo": {"a": 1}}
    assert [row.wrong for row in found[2:]] == ["not_text", "not_text", "not_json", "not_json"]


def test_a_workbook_gives_dates_as_dates_and_whole_numbers_as_such(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["회원 목록"])
    sheet.append(["고객번호", "이름", "가입일", "휴대폰"])
    sheet.append(["m-1", "김서연", datetime(2026, 11, 27, 15, 5), 1012345678])  # noqa: DTZ001
    sheet.append([None, None, None, None])
    sheet.append([12.0, "이도윤", None, "010-2345-6789"])
    path = tmp_path / "customers.xlsx"
    book.save(path)
    assert simply(rows(path)) == [
        (
            3,
            {
                "customer_id": "m-1",
                "name": "김서연",
                "joined_at": datetime(2026, 11, 27, 15, 5),  # noqa: DTZ001
                "phone": 1012345678,
            },
        ),
        (5, {"customer_id": 12, "name": "이도윤", "phone": "010-2345-6789"}),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "file_empty"),
        (b"\xef\xbb\xbf \n", "file_empty"),
        (b"[1, 2]", "json_list"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
        (b"PK\x03\x04 not really", "not_excel"),
        (b"a,b\n1,2\n", "columns_missing"),
        (b'{"a": 1}\n', "columns_missing"),
    ],
)
def test_a_file_that_is_none_of_these_is_refused(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    with pytest.raises(NotRead, match=f"^{reason}$"):
        rows(file(tmp_path, content))


def test_there_has_to_be_a_file(tmp_path: Path) -> None:
    with pytest.raises(NotRead, match="no_such_file"):
        rows(tmp_path / "nothing.csv")


# What a cell may hold: not what marks an empty one, and no NUL or half a character.
CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@settings(max_examples=200, deadline=None)
@given(
    written=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=8),
    delimiter=st.sampled_from([",", ";", "\t"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_what_a_csv_writer_writes_is_read_back(
    written: list[tuple[str, str, str]], delimiter: str, quoting: Any
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting)
    writer.writerow(["customer_id", "name", "메모"])
    writer.writerows(written)
    with tempfile.TemporaryDirectory() as folder:
        found = rows(file(Path(folder), text.getvalue()))
    wanted = [
        tuple(cell.strip() for cell in row) for row in written if any(cell.strip() for cell in row)
    ]
    assert [
        (
            row.fields.get("customer_id", ""),
            row.fields.get("name", ""),
            row.others.get("메모", ""),
        )
        for row in found
    ] == wanted


@settings(max_examples=100, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(["customer_id", "name"]), CELL, min_size=1)))
def test_what_is_written_as_json_lines_is_read_back(objects: list[dict[str, str]]) -> None:
    first = {"customer_id": "m-0"}
    content = "".join(json.dumps(one) + "\n" for one in [first, *objects])
    with tempfile.TemporaryDirectory() as folder:
        found = rows(file(Path(folder), content))
    assert [dict(row.fields) for row in found] == [
        {name: cell.strip() for name, cell in one.items() if cell.strip()}
        for one in [first, *objects]
    ]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | st.text(string.printable, max_size=300).map(str.encode))
def test_no_file_breaks_a_reader(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = file(Path(folder), b"customer_id,name\n" + content)
        assert all(row.number > 1 for row in rows(path))
        with suppress(NotRead):
            rows(file(Path(folder), content))
