"""Logging in and out: whose word counts, what a log-in changes, and requests from other sites."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from tests.web_site import PRODUCTION, RunningSite, fill, serving
from web import shop_token


def _signed(site: RunningSite, key: str | None = None, **changes: Any) -> str:
    now = datetime.now(UTC)
    claims = {
        "sub": "demo-001",
        "aud": site.settings.public_base_url,
        "exp": now + timedelta(minutes=5),
        "jti": "one",
        **changes,
    }
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, key or shop_token.key(site.settings), algorithm="HS256")


def _log_in(site: RunningSite, token: object, client: httpx.Client | None = None) -> httpx.Response:
    if client is not None:
        return client.post("/chat/login", json={"token": token})
    with site.client() as own:
        return own.post("/chat/login", json={"token": token})


def test_the_shops_word_makes_a_visitor_the_customer(site: RunningSite) -> None:
    with site.client() as browser:
        before = browser.post("/chat/session").json()
        answer = _log_in(site, _signed(site), browser)
        assert answer.status_code == 200
        after = answer.json()
        assert after["customer"] != before["customer"]
        assert after["token"] != before["token"]
        assert browser.post("/chat/session").json() == after
    old = site.caller(before["customer"], before["token"])
    assert old.client.get("/chat/messages").status_code == 401  # rotated (RULES ID-2)


def test_two_log_ins_are_one_customer_and_greet_once(site: RunningSite) -> None:
    found = [_log_in(site, _signed(site, sub="demo-002")).json() for _ in range(2)]
    assert found[0]["customer"] == found[1]["customer"]
    assert found[0]["token"] != found[1]["token"]
    rows = site.caller(**found[1]).heard()
    assert [row["direction"] for row in rows] == ["out"]


def test_a_message_after_a_log_in_carries_the_proof(site: RunningSite) -> None:
    from sqlalchemy import select

    from memory.tables import inbox

    caller = site.caller(**_log_in(site, _signed(site, sub="buyer-77")).json())
    caller.say("what do you know about me?")
    with site.engine.connect() as connection:
        proof = connection.scalars(
            select(inbox.c.proof).where(inbox.c.customer_id == caller.customer)
        ).one()
    assert proof == "shop"


def _bad_tokens(site: RunningSite) -> Mapping[str, object]:
    now = datetime.now(UTC)
    claims = {"sub": "demo-001", "aud": site.settings.public_base_url, "jti": "x"}
    lasting = {**claims, "exp": now + timedelta(minutes=5)}
    key = shop_token.key(site.settings)
    return {
        "another key": _signed(site, key="0" * 64),
        "the secret itself": _signed(site, key=site.settings.secret_key),
        "expired": _signed(site, exp=now - timedelta(minutes=2)),
        "lives too long": _signed(site, exp=now + timedelta(hours=2)),
        "lives for ever": _signed(site, exp=None),
        "not yet": _signed(site, nbf=now + timedelta(minutes=5)),
        "for another site": _signed(site, aud="https://evil.example"),
        "for nobody": _signed(site, aud=None),
        "about nobody": _signed(site, sub=None),
        "about an empty name": _signed(site, sub=""),
        "about a long name": _signed(site, sub="x" * 201),
        "about half a line": _signed(site, sub="a\nb"),
        "about nothing": _signed(site, sub="\x00"),
        "without an id": _signed(site, jti=None),
        "no algorithm": jwt.encode(lasting, "", algorithm="none"),
        "another algorithm": jwt.encode(lasting, key, algorithm="HS512"),
        "far future": jwt.encode({**claims, "exp": 10**30}, key, algorithm="HS256"),
        "no number": jwt.encode({**claims, "exp": "soon"}, key, algorithm="HS256"),
        "cut off": _signed(site)[:-4],
        "altered": _signed(site).replace(".", ".e", 1),
        "no token": "hello",
        "empty": "",
        "Korean": "안녕",
        "a number": 5,
        "nothing": None,
        "a list": ["x"],
        "huge": "a" * 5000,
    }


KINDS = [
    *("another key", "the secret itself", "expired", "lives too long", "lives for ever", "not yet"),
    *("for another site", "for nobody", "about nobody", "about an empty name", "about a long name"),
    *("about half a line", "about nothing", "without an id", "no algorithm", "another algorithm"),
    *("far future", "no number", "cut off", "altered", "no token", "empty", "Korean", "a number"),
    *("nothing", "a list", "huge"),
]


@pytest.mark.parametrize("kind", KINDS)
def test_any_other_word_is_refused(site: RunningSite, kind: str) -> None:
    answer = _log_in(site, _bad_tokens(site)[kind])
    assert (answer.status_code, answer.json()["error"]) == (401, "log_in_not_valid")
    assert "set-cookie" not in answer.headers


def test_every_bad_token_is_tried(site: RunningSite) -> None:
    assert sorted(_bad_tokens(site)) == sorted(KINDS)


def test_a_refused_log_in_leaves_the_session_alone(site: RunningSite) -> None:
    visitor = site.visitor()
    assert _log_in(site, _signed(site, key="0" * 64), visitor.client).status_code == 401
    assert visitor.say("still me").status_code == 202


def test_the_key_is_the_documented_one(site: RunningSite) -> None:
    """docs/http.md gives the openssl line; this is what it prints for this secret."""
    from dataclasses import replace

    documented = "7d83a65a6305be62ad3cc2a2463cbd7bea5dc39b48db74dd39d1332f16601c52"
    assert shop_token.key(replace(site.settings, secret_key="vector-secret")) == documented


def test_a_word_signed_under_the_key_before_still_holds(site: RunningSite) -> None:
    from dataclasses import replace

    signed = shop_token.sign(site.settings, "buyer-78")
    rotated = replace(
        site.settings, secret_key="today's", old_secret_keys=(site.settings.secret_key,)
    )
    assert shop_token.user_of(rotated, signed) == "buyer-78"
    with pytest.raises(shop_token.LogInNotValid):
        shop_token.user_of(replace(rotated, old_secret_keys=()), signed)


# -- the demo shop's own page ------------------------------------------------------------------


def test_one_becomes_a_demo_customer_and_leaves_again(site: RunningSite) -> None:
    with site.client(follow_redirects=True) as browser:
        anonymous = browser.post("/chat/session").json()
        page = browser.get("/login?lang=ko").text
        assert "한지훈" in page
        assert "Sam Whitaker" in page
        home = browser.post("/login", data={"user_id": "demo-001"})
        assert home.status_code == 200
        assert "한지훈님, 반가워요" in home.text
        customer = browser.post("/chat/session").json()
        assert customer["customer"] != anonymous["customer"]
        assert "한지훈" not in browser.post("/logout").text
        stranger = browser.post("/chat/session").json()
    assert stranger["customer"] not in {customer["customer"], anonymous["customer"]}
    gone = site.caller(**customer)
    assert gone.client.get("/chat/messages").status_code == 401


def test_the_family_laptop_tells_nothing_of_the_gift(site: RunningSite) -> None:
    """After a log-out, whoever sits there sees nothing of the one before (DESIGN rule 13)."""
    with site.client(follow_redirects=True) as browser:
        browser.post("/login", data={"user_id": "demo-001"})
        browser.post("/chat/messages", json={"text": "a gift for my wife's birthday"})
        browser.post("/logout")
        told = browser.get("/chat/messages").text + browser.get("/").text
    assert "gift for my wife" not in told
    assert "한지훈" not in told


@pytest.mark.parametrize(
    "form", [{"user_id": "nobody"}, {"user_id": ""}, {}, {"user_id": "demo-001\x00"}]
)
def test_nobody_else_can_be_chosen(site: RunningSite, form: dict[str, str]) -> None:
    with site.client() as browser:
        answer = browser.post("/login", data=form)
    assert (answer.status_code, answer.json()["error"]) == (422, "user_unknown")


def test_production_has_no_such_page_and_takes_the_shops_word(
    database_url: str, tmp_path: Path
) -> None:
    fill(database_url)
    with serving(database_url, tmp_path, PRODUCTION) as live, live.client() as browser:
        for method, path in (
            ("GET", "/login"),
            ("POST", "/login"),
            ("POST", "/logout"),
            ("GET", "/phone"),
            ("GET", "/phone/messages"),
        ):
            assert browser.request(method, path, data={}).status_code == 404
        page = browser.get("/")
        assert page.status_code == 200
        assert "/login" not in page.text
        assert "max-age" in page.headers["strict-transport-security"]
        answer = _log_in(live, _signed(live))
        assert answer.status_code == 200
        assert "secure" in answer.headers["set-cookie"].lower()


# -- requests from other sites (RULES CS-1) ----------------------------------------------------

CHANGING = [
    ("POST", "/chat/session"),
    ("POST", "/chat/messages"),
    ("POST", "/chat/login"),
    ("POST", "/login"),
    ("POST", "/logout"),
    ("POST", "/phone/messages"),
]
ELSEWHERE: list[dict[str, str]] = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost"},
    {"Origin": "http://localhost.evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


@pytest.mark.parametrize("headers", ELSEWHERE)
@pytest.mark.parametrize(("method", "path"), CHANGING)
def test_other_sites_cannot_act_for_a_visitor(
    site: RunningSite, method: str, path: str, headers: dict[str, str]
) -> None:
    visitor = site.visitor()
    with site.client(cookies={"dangol_session": visitor.token}) as browser:
        answer = browser.request(method, path, headers=headers, json={"text": "hi"})
    assert (answer.status_code, answer.json()["error"]) == (403, "other_origin")
    assert "access-control-allow-origin" not in answer.headers
    assert visitor.heard(after=1) == []


def test_our_own_pages_can(site: RunningSite) -> None:
    visitor = site.visitor()
    for host in ("localhost", "127.0.0.1"):
        origin = {"Origin": f"http://{host}:{site.settings.port}", "Sec-Fetch-Site": "same-origin"}
        answer = visitor.client.post("/chat/messages", json={"text": host}, headers=origin)
        assert answer.status_code == 202


def test_no_other_origin_may_read(site: RunningSite) -> None:
    visitor = site.visitor()
    asks = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for method in ("GET", "OPTIONS"):
        answer = visitor.client.request(method, "/chat/messages", headers=asks)
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
