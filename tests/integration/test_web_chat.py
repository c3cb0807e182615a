"""The chat over HTTP: sessions, messages, whose they are, and every bad input of the issue."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import Response
from sqlalchemy import func, select, update

from memory import inbox as inbox_verbs
from memory import releases, sessions, turns
from memory.engine import open_engine
from memory.tables import customers, inbox
from memory.tables import sessions as sessions_table
from tests.web_site import FIRST_LINE, NOW, PRODUCTION, RunningSite, serving
from web import site as sites
from web import visitors


def _stored(site: RunningSite, customer: str) -> list[Any]:
    with site.engine.connect() as connection:
        return list(
            connection.execute(
                select(inbox.c.inbox_id, inbox.c.text, inbox.c.proof, inbox.c.state)
                .where(inbox.c.customer_id == customer)
                .order_by(inbox.c.inbox_id)
            )
        )


# -- sessions ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_new_session_begins_with_the_first_line_in_the_language_wished(
    site: RunningSite, language: str
) -> None:
    rows = site.visitor(language).heard()
    assert [(row["seq"], row["direction"], row["channel"]) for row in rows] == [(1, "out", "web")]
    assert rows[0]["text"] == FIRST_LINE[language]
    buttons = [{"title": "추천", "text": "추천해 주세요"}] if language == "ko" else []
    assert rows[0]["buttons"] == buttons


@pytest.mark.parametrize(
    ("accept_language", "body", "expected"),
    [
        ("ko-KR,ko;q=0.9,en;q=0.5", {}, "ko"),
        ("en-US,en;q=0.9", {}, "en"),
        ("de, ko;q=0.3, en;q=0.2", {}, "ko"),
        ("", {}, "en"),
        ("en", {"language": "ko"}, "ko"),
        ("ko", {"language": "fr"}, "ko"),
        ("ko", {"language": ["en"]}, "ko"),
    ],
)
def test_the_first_line_follows_the_body_then_the_browser(
    site: RunningSite, accept_language: str, body: dict[str, Any], expected: str
) -> None:
    with site.client(headers={"Accept-Language": accept_language}) as client:
        assert client.post("/chat/session", json=body).status_code == 200
        (row,) = client.get("/chat/messages").json()["messages"]
    assert row["text"] == FIRST_LINE[expected]


def test_the_cookie_is_for_the_server_only_and_keeps_the_conversation(site: RunningSite) -> None:
    with site.client() as browser:
        first = browser.post("/chat/session")
        assert first.headers["cache-control"] == "no-store"
        cookie = first.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert "path=/" in cookie
        assert "secure" not in cookie  # the tests' site is http
        assert browser.post("/chat/messages", json={"text": "hello"}).status_code == 202
        again = browser.post("/chat/session")
        assert again.json() == first.json()
        texts = [row["text"] for row in browser.get("/chat/messages").json()["messages"]]
    assert texts == [FIRST_LINE["en"], "hello"]


def test_ids_are_minted_by_the_server_and_tokens_are_kept_as_digests(site: RunningSite) -> None:
    wished = {"customer": "cus_mine", "customer_id": "cus_mine", "token": "mine", "sender": "x"}
    with site.client() as client:
        found = client.post("/chat/session?customer=cus_mine", json=wished).json()
    assert found["customer"].startswith("cus_")
    assert len(found["customer"]) == 26
    assert len(found["token"]) == 43  # 256 bits, url-safe
    with site.engine.connect() as connection:
        kept = connection.scalars(
            select(sessions_table.c.token_digest).where(
                sessions_table.c.customer_id == found["customer"]
            )
        ).one()
    assert len(kept) == 32
    assert found["token"].encode() not in kept


def test_a_visitor_who_comes_back_has_another_ninety_days(site: RunningSite) -> None:
    visitor = site.visitor()
    soon = datetime.now(UTC) + timedelta(days=3)
    whose = sessions_table.c.customer_id == visitor.customer
    with site.engine.begin() as connection:
        connection.execute(update(sessions_table).where(whose).values(expires_at=soon))
    assert visitor.client.post("/chat/session").json()["customer"] == visitor.customer
    with site.engine.begin() as connection:
        kept = connection.scalars(select(sessions_table.c.expires_at).where(whose)).one()
    assert kept > soon + timedelta(days=80)


def test_a_browser_with_a_dead_cookie_begins_anew(site: RunningSite) -> None:
    with site.client(cookies={"dangol_session": "x" * 43}) as browser:
        assert browser.get("/chat/messages").status_code == 401
        fresh = browser.post("/chat/session").json()
        browser.cookies.clear()
        browser.cookies.set("dangol_session", fresh["token"])
        assert browser.get("/chat/messages").status_code == 200


def test_https_makes_the_cookie_secure(site: RunningSite) -> None:
    secured = sites.build(
        replace(site.settings, public_base_url="https://shop.example"),
        site.engine,
        {},
        "web",
    )
    answer = Response()
    visitors.keep_cookie(secured, answer, "token")
    assert "secure" in answer.headers["set-cookie"].lower()


# -- messages ----------------------------------------------------------------------------------


def test_a_message_is_in_the_inbox_before_it_is_answered(site: RunningSite) -> None:
    visitor = site.visitor()
    answer = visitor.say("Do you have the Ridge GTX in 9.5 wide?")
    assert answer.status_code == 202
    (row,) = _stored(site, visitor.customer)
    assert answer.json() == {"id": row.inbox_id}
    assert (row.text, row.proof, row.state) == (
        "Do you have the Ridge GTX in 9.5 wide?",
        "none",
        "ready",
    )
    assert visitor.heard(after=1)[0]["direction"] == "in"


@pytest.mark.parametrize(
    "text",
    [
        "😀",
        "👨‍👩‍👧‍👦🏔️",
        "/greet{}",
        " \n/restart",
        "a" * 2000,
        "😀" * 2000,
        "<script>alert(1)</script>",
        "'; --",
    ],
)
def test_odd_but_honest_texts_are_kept_as_they_are(site: RunningSite, text: str) -> None:
    visitor = site.visitor()
    assert visitor.say(text).status_code == 202
    assert visitor.heard(after=1)[0]["text"] == text


def test_control_characters_are_taken_out_and_lines_stay(site: RunningSite) -> None:
    visitor = site.visitor()
    assert visitor.say("a\x07b\x1b[31m\r\nc\td\x7f\x85").status_code == 202
    assert visitor.heard(after=1)[0]["text"] == "ab[31m\nc\td"


BAD_BODIES: list[tuple[bytes, int, str]] = [
    (b'{"text": "' + b"a" * 2001 + b'"}', 422, "text_too_long"),
    (('{"text": "' + "가" * 2001 + '"}').encode(), 422, "text_too_long"),
    (b'{"text": "' + b"a" * 40_000 + b'"}', 413, "too_large"),
    (b'{"text": ""}', 422, "text_empty"),
    (b'{"text": " \\n\\t "}', 422, "text_empty"),
    (b'{"text": "\\u0007\\u001b"}', 422, "text_empty"),
    (b'{"text": "\\u200b\\ufeff\\u2060"}', 422, "text_empty"),
    (b'{"text": "a\\u0000b"}', 422, "text_not_valid"),
    (b'{"text": "\\ud800"}', 422, "text_not_valid"),
    (b'{"text": "ok \\udfff"}', 422, "text_not_valid"),
    (b'{"text": "\xff\xfe"}', 400, "not_utf8"),
    ('{"text": "안녕"}'.encode("cp949"), 400, "not_utf8"),
    (b'{"text": 5}', 422, "text_missing"),
    (b'{"text": null}', 422, "text_missing"),
    (b'{"text": ["a"]}', 422, "text_missing"),
    (b"{}", 422, "text_missing"),
    (b"[]", 422, "not_an_object"),
    (b'"text"', 422, "not_an_object"),
    (b"1" * 5000, 400, "not_json"),
    (b"[" * 30_000, 400, "not_json"),
    (b"", 400, "not_json"),
    (b"text=hello", 400, "not_json"),
    (b'{"text": "a"', 400, "not_json"),
    (b'{"text": "a", "message_id": ""}', 422, "message_id_not_valid"),
    (b'{"text": "a", "message_id": 7}', 422, "message_id_not_valid"),
    (b'{"text": "a", "message_id": "\\u0000"}', 422, "message_id_not_valid"),
    (b'{"text": "a", "message_id": "' + b"x" * 101 + b'"}', 422, "message_id_not_valid"),
]


@pytest.mark.parametrize(("body", "status", "error"), BAD_BODIES)
def test_what_cannot_be_taken_gets_a_reason_and_is_not_kept(
    site: RunningSite, body: bytes, status: int, error: str
) -> None:
    visitor = site.visitor()
    answer = visitor.client.post("/chat/messages", content=body)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["message"]
    assert _stored(site, visitor.customer) == []


def test_a_body_without_a_length_is_stopped_when_it_is_too_large(site: RunningSite) -> None:
    visitor = site.visitor()
    pieces = (b"a" * 8192 for _ in range(64))
    try:
        answer = visitor.client.post("/chat/messages", content=pieces)
    except httpx.WriteError:
        return  # the server had answered and closed
    assert answer.status_code == 413


def test_the_same_message_id_is_said_once_also_at_the_same_time(site: RunningSite) -> None:
    visitor = site.visitor()
    found: list[int] = []

    def send() -> None:
        found.append(visitor.say("once please", message_id="retry-1").json()["id"])

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert [row.text for row in _stored(site, visitor.customer)] == ["once please"]
    assert visitor.say("something else", message_id="retry-1").status_code == 409


def test_the_idempotency_key_is_a_message_id_and_is_ones_own(site: RunningSite) -> None:
    one, other = site.visitor(), site.visitor()
    key = {"Idempotency-Key": "shared-key"}
    ids = {
        who.client.post("/chat/messages", json={"text": "hi"}, headers=key).json()["id"]
        for who in (one, other, one)
    }
    assert len(ids) == 2
    assert len(_stored(site, one.customer)) == len(_stored(site, other.customer)) == 1


def test_too_many_messages_are_asked_to_wait(site: RunningSite) -> None:
    visitor = site.visitor()
    answers = [visitor.say("message 0")]
    while answers[-1].status_code == 202 and len(answers) < 100:  # a slow machine gets some more
        answers.append(visitor.say(f"message {len(answers)}"))
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 10
    assert answers[-1].status_code == 429
    assert len(_stored(site, visitor.customer)) == len(answers) - 1 >= 20
    assert site.visitor().say("I am somebody else").status_code == 202


def test_a_stop_word_that_is_no_word_of_the_web_goes_to_the_dialogue(site: RunningSite) -> None:
    visitor = site.visitor()
    visitor.say("stop")
    visitor.say("수신거부")
    assert [row.state for row in _stored(site, visitor.customer)] == ["ready", "ready"]


# -- reading -----------------------------------------------------------------------------------


def test_messages_are_read_from_any_place_and_in_pages(site: RunningSite) -> None:
    visitor = site.visitor()
    with site.engine.begin() as connection:
        turns.append(
            connection,
            visitor.customer,
            [turns.Utterance(text=f"line {number}") for number in range(2, 603)],
            direction="out",
            channel="web",
            language="en",
            at=NOW,
        )
    first = visitor.client.get("/chat/messages").json()
    assert first["has_more"]
    assert [row["seq"] for row in first["messages"]] == list(range(1, 501))
    rest = visitor.client.get("/chat/messages?after=500").json()
    assert not rest["has_more"]
    assert [row["seq"] for row in rest["messages"]] == list(range(501, 603))
    assert visitor.heard(after=602) == []
    assert visitor.heard(after=10**17) == []


def test_cards_and_buttons_come_with_their_row(site: RunningSite) -> None:
    visitor = site.visitor()
    card = {"product_id": "x", "title": "X", "price": "$1", "url": "/x", "picture": "/x.svg"}
    button = {"title": "Yes", "text": "yes please"}
    payload = {"cards": [card], "buttons": [button], "secret_note": "not for the page"}
    with site.engine.begin() as connection:
        turns.append(
            connection,
            visitor.customer,
            [turns.Utterance(text="Look", payload=payload)],
            direction="out",
            channel="web",
            language="en",
            at=NOW,
        )
    (row,) = visitor.heard(after=1)
    assert row == {
        "seq": 2,
        "direction": "out",
        "text": "Look",
        "channel": "web",
        "at": "2026-11-22T03:00:00+00:00",
        "by": "",
        "buttons": [button],
        "cards": [card],
    }


@pytest.mark.parametrize(
    "after", ["--1", "-", "x", "1.5", "", " 1", "9" * 19, "٣", "1;2", "0x1", "%00"]
)
def test_a_place_that_is_no_number_is_refused(site: RunningSite, after: str) -> None:
    visitor = site.visitor()
    for path in ("/chat/messages", "/chat/stream"):
        answer = visitor.client.get(f"{path}?after={after}")
        assert (answer.status_code, answer.json()["error"]) == (422, "after_not_valid")
    answer = visitor.client.get(f"/chat/stream?first={after}")
    assert (answer.status_code, answer.json()["error"]) == (422, "first_not_valid")


# -- identity (RULES ID-1, ID-3, IN-2) ---------------------------------------------------------

FORGED = ["x", "x" * 43, "Bearer", "a b", "null", "0" * 5000, "../../etc", "é" * 10]


@pytest.mark.parametrize("token", FORGED)
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/chat/messages"), ("GET", "/chat/stream"), ("POST", "/chat/messages")],
)
def test_a_forged_token_opens_nothing(
    site: RunningSite, method: str, path: str, token: str
) -> None:
    header = {b"Authorization": f"Bearer {token}".encode()}
    with site.client() as client:
        answer = client.request(method, path, headers=header, content=b'{"text": "hi"}')
        assert (answer.status_code, answer.json()["error"]) == (401, "token_not_valid")
        assert answer.headers["www-authenticate"] == "Bearer"


def test_without_a_token_nothing_opens(site: RunningSite) -> None:
    with site.client() as client:
        for method, path in (("GET", "messages"), ("POST", "messages"), ("GET", "stream")):
            answer = client.request(method, f"/chat/{path}")
            assert (answer.status_code, answer.json()["error"]) == (401, "token_missing")


@pytest.mark.parametrize("end", ["revoked", "expired"])
def test_a_token_that_has_ended_opens_nothing(site: RunningSite, end: str) -> None:
    visitor = site.visitor()
    with site.engine.begin() as connection:
        if end == "revoked":
            sessions.revoke(connection, visitor.token)
        else:
            connection.execute(
                update(sessions_table)
                .where(sessions_table.c.customer_id == visitor.customer)
                .values(expires_at=datetime.now(UTC) - timedelta(seconds=1))
            )
    assert visitor.say("hi").status_code == 401
    assert visitor.client.get("/chat/messages").status_code == 401
    assert visitor.client.get("/chat/stream").status_code == 401


def test_a_wrong_header_is_not_saved_by_a_right_cookie(site: RunningSite) -> None:
    visitor = site.visitor()
    with site.client(cookies={"dangol_session": visitor.token}) as browser:
        assert browser.get("/chat/messages").status_code == 200
        for header in ("Bearer wrong", "Basic abc", visitor.token, "Bearer"):
            answer = browser.get("/chat/messages", headers={"Authorization": header})
            assert answer.status_code == 401


def test_nothing_a_request_says_reaches_anothers_memory(site: RunningSite) -> None:
    victim, attacker = site.visitor(), site.visitor()
    secret = "our anniversary is a secret"
    victim.say(secret)
    names = ("customer", "customer_id", "sender", "sender_id", "user", "id", "token", "anonymousId")
    said = dict.fromkeys(names, victim.customer)
    for path in ("/chat/messages", "/products.json", "/", "/login", "/healthz", "/metrics"):
        answer = attacker.client.get(
            path,
            params=said,
            headers={f"X-{name}": victim.customer for name in names}
            | {"Cookie": f"customer={victim.customer}; customer_id={victim.customer}"},
        )
        assert secret not in answer.text
        assert victim.customer not in answer.text
    body = {"text": "who am I?", **said, "metadata": {"sender_id": victim.customer}}
    assert attacker.client.post("/chat/messages", json=body).status_code == 202
    assert [row.text for row in _stored(site, victim.customer)] == [secret]
    assert [row.text for row in _stored(site, attacker.customer)] == ["who am I?"]
    assert [row["text"] for row in attacker.heard(after=1)] == ["who am I?"]


def test_a_session_without_a_release_opens_all_the_same(database_url: str, tmp_path: Path) -> None:
    with serving(database_url, tmp_path) as bare:
        visitor = bare.visitor()
        assert visitor.heard() == []
        assert visitor.say("hello?").status_code == 202


def test_a_first_line_with_an_unknown_blank_is_left_out_and_logged(
    database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engine = open_engine(database_url)
    with engine.begin() as connection:
        words = {"utter_automatic_assistant": [{"text": "Hello {nobody_knows}"}]}
        releases.publish(connection, inputs_digest="x", files={}, words=words, model=b"", now=NOW)
    engine.dispose()
    with serving(database_url, tmp_path) as broken:
        assert broken.visitor().heard() == []
    assert any("blank" in record.message for record in caplog.records)


def test_sessions_are_counted_by_address_in_production(database_url: str, tmp_path: Path) -> None:
    with serving(database_url, tmp_path, PRODUCTION) as busy, busy.client() as client:
        one = {"X-Forwarded-For": "198.51.100.7"}
        codes = [client.post("/chat/session", headers=one).status_code for _ in range(3)]
        assert codes == [200, 200, 200]  # the cookie, once given, makes it one session
        with busy.client() as nobody:
            codes, began = [], time.monotonic()
            while 429 not in codes and len(codes) < 200:
                nobody.cookies.clear()
                codes.append(nobody.post("/chat/session", headers=one).status_code)
            assert codes[-1] == 429
            assert 55 <= codes.count(200) <= 60 + time.monotonic() - began
            nobody.cookies.clear()
            other = {"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}
            assert nobody.post("/chat/session", headers=other).status_code == 200
    with busy.engine.connect() as connection:
        kept = connection.scalar(select(func.count()).select_from(customers))
    of_the_shop, before, after = 2, 1, 1
    assert kept == of_the_shop + before + codes.count(200) + after


def test_every_answer_is_json_with_a_reason(site: RunningSite) -> None:
    with site.client() as client:
        for method, path, status in (
            ("GET", "/nothing", 404),
            ("DELETE", "/chat/messages", 405),
            ("GET", "/chat/session", 405),
        ):
            answer = client.request(method, path)
            assert answer.status_code == status
            assert set(json.loads(answer.text)) == {"error", "message"}


def test_ids_are_places_in_the_inbox(site: RunningSite) -> None:
    visitor = site.visitor()
    inbox_id = visitor.say("hello").json()["id"]
    with site.engine.connect() as connection:
        assert inbox_verbs.get(connection, inbox_id).customer_id == visitor.customer
