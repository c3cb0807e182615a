"""`timeline` as it is read: every kind in both languages, and page after page."""

from __future__ import annotations

import json
import string
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, create_engine

from command import timeline
from command.timeline_words import WORDS
from command.why import Tongue
from marketing.errors import NotFound
from memory import catalogue, customers, facts
from memory.tables import consents, metadata, offers
from memory.timeline import KINDS, Entry, NoSuchPlace, Place
from tests.integration.test_timeline import NOW, _lives, _says

SHOE = {
    "product_id": "ridge",
    "category": "boots",
    "name": {"ko": "릿지 GTX", "en": "Ridge GTX"},
    "variants": [],
}


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = create_engine(database_url)
    with opened.begin() as connection:
        catalogue.sync(connection, shop_name="test", store={}, listed=[SHOE])
    yield opened
    opened.dispose()


def _shown(
    engine: Engine, capsys: pytest.CaptureFixture[str], who: str, **given: object
) -> list[str]:
    asked = {"before": None, "limit": 30, "language": "en", "is_json": False, **given}
    with engine.connect() as connection:
        timeline.show(connection, who, **asked)  # type: ignore[arg-type]
    return capsys.readouterr().out.splitlines()


def test_every_kind_is_told_in_english(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    with engine.begin() as connection:
        anna = _lives(connection)
        facts.learn(connection, anna, kind="shoe_size", value=275, now=NOW + timedelta(minutes=9))
    told = [line.split("  ", 1)[1] for line in _shown(engine, capsys, anna)]
    assert told == [
        "fact  self · shoe_size: 275",
        "refund  A-1: $50",
        "points  +10 (purchase)",
        "consent  service: given",
        "offer  Ridge GTX (after a look): planned",
        "fact  self · shoe_size: 270 (until 2026-11-22) ← “270이에요”",
        "order  A-1: 2 × Ridge GTX, $100",
        "did  Product Viewed · Ridge GTX",
        "customer (chat)  boots?",
    ]


def test_every_kind_is_told_in_korean(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    with engine.begin() as connection:
        anna = _lives(connection)
    told = [line.split("  ", 1)[1] for line in _shown(engine, capsys, anna, language="ko")]
    assert told == [
        "환불  A-1: 50달러",
        "포인트  +10 (purchase)",
        "동의  안내: 동의함",
        "제안  릿지 GTX (상품 본 뒤 안내): 보낼 예정",
        "기억  self · shoe_size: 270 ← “270이에요”",
        "주문  A-1: 릿지 GTX 2개, 100달러",
        "행동  Product Viewed · 릿지 GTX",
        "고객(대화창)  boots?",
    ]


def test_the_last_line_of_a_page_leads_to_the_next(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    with engine.begin() as connection:
        anna = customers.create(connection, now=NOW)
        for number in range(5):
            _says(connection, anna, f"line {number}\nof two", at=NOW)
    *first, way = _shown(engine, capsys, anna, limit=3)
    assert [line.rsplit("  ", 1)[1] for line in first] == [
        f"line {number} of two" for number in (4, 3, 2)
    ]
    second = _shown(engine, capsys, anna, limit=3, before=way.rsplit(" ", 1)[1])
    assert [line.rsplit("  ", 1)[1] for line in second] == ["line 1 of two", "line 0 of two"]


def test_programs_read_an_object_a_line(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    with engine.begin() as connection:
        anna = _lives(connection)
    first, second = _shown(engine, capsys, anna, limit=2, is_json=True)
    assert json.loads(first)["what"] == "refund"
    (third, *_) = _shown(engine, capsys, anna, before=json.loads(second)["place"], is_json=True)
    assert json.loads(third)["facts"] == {
        "purpose": "service",
        "action": "given",
        "address_id": None,
    }


def test_nobody_and_nothing(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    with engine.begin() as connection:
        anna = customers.create(connection, now=NOW)
    assert _shown(engine, capsys, anna) == [f"{anna}: nothing is on record yet"]
    with pytest.raises(NotFound):
        _shown(engine, capsys, "cus_nobody")
    with pytest.raises(NoSuchPlace):
        _shown(engine, capsys, anna, before="yesterday")


def test_both_languages_have_the_same_words_with_the_same_places() -> None:
    assert set(WORDS["ko"]) == set(WORDS["en"])
    for name, korean in WORDS["ko"].items():
        assert _blanks(korean) == _blanks(WORDS["en"][name]), name


def _blanks(word: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(word) if name is not None}


def test_every_kind_and_state_has_a_word() -> None:
    named = {*KINDS} - {"turn"} | _allowed(offers.c.state) | _allowed(consents.c.action)
    assert named | _allowed(consents.c.purpose) <= set(WORDS["en"])


def _allowed(column: object) -> set[str]:
    """The values that the table's own constraint lets in."""
    name = column.name  # type: ignore[attr-defined]
    table = metadata.tables[column.table.name]  # type: ignore[attr-defined]
    checks = (str(one.sqltext) for one in table.constraints if hasattr(one, "sqltext"))
    (check,) = (one for one in checks if one.startswith(f"{name} IN"))
    return {part.strip(" '()") for part in check.split(" IN ")[1].split(",")}


def test_a_person_who_answered_is_named() -> None:
    entry = Entry(
        place=Place(at=datetime(2026, 11, 22, tzinfo=UTC), kind="turn", key="1"),
        what={
            "direction": "out",
            "channel": "sms",
            "text": "word " * 60,
            "payload": {"by": "Minji"},
        },
    )
    tongue = Tongue(language="en", zone=ZoneInfo("UTC"), products={})
    said = timeline.as_words(entry, tongue)
    assert said.startswith("2026-11-22 00:00:00 UTC  Minji (text)  word word")
    assert said.endswith("…")
    assert len(said) < 160
