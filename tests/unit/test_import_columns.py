"""The columns that docs/import.md names are those that are known, and each is found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from command.import_columns import ADDED, COLUMNS, KINDS, match, missing

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "import.md").read_text(encoding="utf-8")


def documented(kind: str) -> dict[str, list[str]]:
    section = PAGE.split(f"### {kind}\n", 1)[1].split("\n## ", 1)[0].split("\n### ", 1)[0]
    rows = re.findall(r"^\| \**`([a-z_]+)`\** \| (.*) \|$", section, flags=re.MULTILINE)
    return {field: re.findall(r"`([^`]+)`", names) for field, names in rows}


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_has_every_column_and_every_name_of_it(kind: str) -> None:
    assert documented(kind) == {field: list(names) for field, names in COLUMNS[kind].items()}


@pytest.mark.parametrize(
    ("kind", "written", "field"),
    [
        ("customers", "고객 번호", "customer_id"),
        ("customers", "Customer-ID", "customer_id"),
        ("customers", "ＣＵＳＴＯＭＥＲ＿ＩＤ", "customer_id"),
        ("customers", "휴대폰번호", "phone"),
        ("customers", "전화번호", "phone"),
        ("orders", "주문일시", "ordered_at"),
        ("orders", "금액", "total"),
        ("orders", "결제금액", "total"),
        ("orders", "매장", "store"),
        ("consents", "동의문구", "text"),
        ("suppressions", "수신거부일", "at"),
        ("events", "Timestamp", "occurred_at"),
        ("products", "판매가", "price_krw"),
    ],
)
def test_a_column_is_known_by_what_shops_call_it(kind: str, written: str, field: str) -> None:
    assert match(kind, ["비고란", written]).fields == {field: written}


def test_of_two_columns_for_one_thing_the_mobile_number_counts() -> None:
    found = match("customers", ["전화번호", "휴대폰", "고객번호"])
    assert found.fields["phone"] == "휴대폰"
    assert found.others == ("전화번호",)


def test_what_a_rejected_file_adds_is_passed_over_without_a_word() -> None:
    assert match("customers", [*ADDED, "고객번호", "메모"]).others == ("메모",)


def test_what_is_missing_is_named_in_groups() -> None:
    assert missing("orders", match("orders", ["주문번호", "연락처"])) == [
        ("ordered_at",),
        ("total",),
    ]
