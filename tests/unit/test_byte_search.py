"""The byte search: every spelling, across seams, no links followed; and blanking in place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from memory import byte_search
from memory.byte_search import Needle

PHONE = Needle(kind="phone", text="+821055557788")
SAID = Needle(kind="said", text="우리 고양이 이름은 별사탕이에요")


@pytest.mark.parametrize(
    ("needle", "written"),
    [
        (PHONE, "To=%2B821055557788&Body="),
        (PHONE, "01055557788"),
        (SAID, "…우리 고양이 이름은 별사탕이에요…"),
        (SAID, json.dumps({"body": SAID.text})),
        (Needle(kind="email", text="Han@Mail.example"), "han@mail.example"),
        (Needle(kind="name", text="민수"), "이름: 민수"),
        (Needle(kind="said", text='she said "hi" to me'), json.dumps('she said "hi" to me')),
    ],
)
def test_it_is_found_however_it_is_spelled(tmp_path: Path, needle: Needle, written: str) -> None:
    path = tmp_path / "16384"
    path.write_bytes(b"\x00\x01" + written.encode() + b"\xff")
    assert [one.path for one in byte_search.search([tmp_path], [needle])] == [path]


def test_what_is_too_short_to_say_anything_is_not_looked_for() -> None:
    assert Needle(kind="name", text="Jo").spellings() == set()


def test_it_is_found_across_the_seam_of_two_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(byte_search, "_AT_ONCE", 16)
    for before in range(64):
        (tmp_path / "file").write_bytes(b"." * before + SAID.text.encode() + b"." * 40)
        assert byte_search.search([tmp_path], [SAID])


def test_links_are_not_followed_and_folders_of_others_passed_over(tmp_path: Path) -> None:
    for folder in ("models", "logs"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "file").write_text(SAID.text, encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "logs" / "file")
    found = byte_search.search([tmp_path, tmp_path], [SAID], passed_over=frozenset({"models"}))
    assert [one.path for one in found] == [tmp_path / "logs" / "file"]


def test_lines_are_blanked_where_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "phone.jsonl"
    lines = ["first", f"call {PHONE.text} now", "last"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    size = path.stat().st_size
    assert byte_search.blank_lines(path, [PHONE, SAID]) == 1
    assert path.stat().st_size == size
    assert path.read_text(encoding="utf-8").split("\n") == [
        "first",
        " " * len(lines[1]),
        "last",
        "",
    ]
    assert byte_search.blank_lines(path, [PHONE, SAID]) == 0
