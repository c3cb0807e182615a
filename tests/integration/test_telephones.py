"""What the telephones show and take: one that is two-way, one that is not, and the shop's clock."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from command.phone.exchange import Exchange
from command.phone.telephones import TELEPHONES, is_korean
from command.phone.texts import from_kept
from marketing.errors import Unavailable
from tests import telephones
from tests.telephones import ACCOUNT, AMERICAN, KOREAN, LINE, MORNING, SHOP, TOKEN, Telephones


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Telephones]:
    with telephones.running(tmp_path / "phone.jsonl") as running:
        yield running


@pytest.fixture
def client(table: Telephones) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=table.url, trust_env=False) as opened:
        yield opened


def _shown(client: httpx.Client, number: str) -> list[dict[str, Any]]:
    answer = client.get("/phone/api/texts", params={"number": number}).json()
    found: list[dict[str, Any]] = answer["texts"]
    return found


def test_one_is_american_and_two_way_and_one_korean_and_one_way() -> None:
    found = {one.number: (one.country, one.is_two_way, one.contact) for one in TELEPHONES}
    assert found == {AMERICAN: ("US", True, "Trailhead"), KOREAN: ("KR", False, "숲길")}
    assert [is_korean(one.number) for one in TELEPHONES] == [False, True]


def test_the_numbers_belong_to_nobody() -> None:
    assert re.fullmatch(r"\+1[2-9]\d\d55501\d\d", TELEPHONES[0].number)
    assert re.fullmatch(r"\+82100000\d{4}", TELEPHONES[1].number)


def test_each_shows_the_texts_of_its_own_number(table: Telephones, client: httpx.Client) -> None:
    table.shop_sends(AMERICAN, "Trailhead: hello")
    table.shop_sends(KOREAN, "[숲길] 안녕하세요")
    client.post("/phone/api/texts", json={"number": AMERICAN, "text": "hi"}).raise_for_status()
    american, korean = _shown(client, AMERICAN), _shown(client, KOREAN)
    assert [(one["mine"], one["text"]) for one in american] == [
        (False, "Trailhead: hello"),
        (True, "hi"),
    ]
    assert [(one["mine"], one["text"]) for one in korean] == [
        (False, "[Web발신]\n[숲길] 안녕하세요")
    ]


def test_the_carriers_mark_is_no_part_of_the_shops_words(
    table: Telephones, client: httpx.Client
) -> None:
    created = table.shop_sends(KOREAN, "[숲길] 안녕하세요")
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{created['sid']}.json"
    found = client.get(path, auth=(ACCOUNT, TOKEN)).json()
    assert created["body"] == found["body"] == "[숲길] 안녕하세요"
    # [ 숲길 ] space 안녕하세요: 1 + 4 + 1 + 1 + 10.
    assert _shown(client, KOREAN)[0]["bytes"] == 17


def test_a_korean_text_is_counted_in_bytes_and_an_american_one_in_segments(
    table: Telephones, client: httpx.Client
) -> None:
    for number in (AMERICAN, KOREAN):
        table.shop_sends(number, "가" * 71)
    american, korean = _shown(client, AMERICAN)[0], _shown(client, KOREAN)[0]
    assert (american["segments"], american["bytes"], american["kind"]) == (2, None, None)
    assert (korean["bytes"], korean["kind"]) == (142, "LMS")


@pytest.mark.parametrize("number", [KOREAN, "+821012345678", "+8221234567"])
def test_no_text_comes_from_a_korean_number(
    table: Telephones, client: httpx.Client, number: str
) -> None:
    answer = client.post("/phone/api/texts", json={"number": number, "text": "네"})
    assert answer.status_code == 400
    assert "one-way" in answer.json()["message"]
    assert table.exchange.texts() == []


def test_the_clock_is_told_and_moved(client: httpx.Client) -> None:
    assert client.get("/phone/api/clock").json() == {
        "now": "2026-06-10T23:10:00+00:00",
        "offset_seconds": 10800,
    }
    moved = client.post("/phone/api/clock", json={"by": "+3d"})
    assert (moved.status_code, moved.json()["now"]) == (200, "2026-06-13T23:10:00+00:00")


def test_a_move_that_cannot_be_is_refused_in_words(client: httpx.Client) -> None:
    answer = client.post("/phone/api/clock", json={"by": "soon"})
    assert (answer.status_code, answer.json()["message"]) == (400, "soon is not a time.")
    assert client.get("/phone/api/clock").json()["now"] == "2026-06-10T23:10:00+00:00"


@pytest.mark.parametrize(
    "trouble", [Unavailable("No database."), OperationalError("SELECT", {}, Exception())]
)
def test_without_the_clock_texts_still_come(
    table: Telephones, client: httpx.Client, trouble: Exception
) -> None:
    table.clock.trouble = trouble
    assert client.get("/phone/api/clock").status_code == 503
    table.shop_sends(AMERICAN, "hello")
    assert _shown(client, AMERICAN)[0]["text"] == "hello"


def test_texts_are_shown_at_the_shops_time_and_told_to_the_shop_at_the_real_one(
    table: Telephones, client: httpx.Client
) -> None:
    table.clock.move("+3d")
    before = datetime.now(UTC)
    created = table.shop_sends(AMERICAN, "hello")
    assert _shown(client, AMERICAN)[0]["at"] == "2026-06-13T23:10:00+00:00"
    text = table.exchange.find(str(created["sid"]))
    assert text is not None
    assert before <= text.created_at <= datetime.now(UTC)


def test_the_shops_time_outlives_a_restart(table: Telephones, tmp_path: Path) -> None:
    sent = table.exchange.create({"From": SHOP, "To": AMERICAN, "Body": "hello"})
    again = Exchange(LINE, tmp_path / "phone.jsonl")
    found = again.find(sent.sid)
    again.close()
    assert found is not None
    assert found.shop_time == MORNING


def test_a_journal_from_before_the_clock_is_read(table: Telephones) -> None:
    sent = table.exchange.create({"From": SHOP, "To": AMERICAN, "Body": "hello"})
    kept = json.loads(json.dumps(sent.as_kept()))
    del kept["shop_time"]
    assert from_kept(kept).shop_time is None


def test_without_a_clock_the_page_shows_none() -> None:
    with telephones.running(has_clock=False) as table:
        assert "shop-clock" not in httpx.get(f"{table.url}/phone", trust_env=False).text
        assert httpx.get(f"{table.url}/phone/api/clock", trust_env=False).status_code == 404


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_page_holds_no_script_or_style_of_its_own(client: httpx.Client, lang: str) -> None:
    page = client.get("/phone", params={"lang": lang})
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert re.findall(r"<script[^>]*>(.*?)</script>", page.text, re.DOTALL) == [""]
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page.text)
