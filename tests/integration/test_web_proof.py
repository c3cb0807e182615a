"""Who has typed the code: the session that typed it, and nobody who shared its token before (RULES
ID-2).
"""

from __future__ import annotations

import httpx

from memory import codes, sessions
from tests.web_site import FIRST_LINE, RunningSite

PHONES = iter(range(1000, 9999))


def _code(site: RunningSite, customer: str) -> str:
    with site.engine.begin() as connection:
        return codes.issue(connection, customer, f"+1503555{next(PHONES)}")


def _proof(site: RunningSite, token: str) -> str | None:
    with site.engine.connect() as connection:
        found = sessions.find(connection, token)
    return found.proof if found else None


def _wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def _say(browser: httpx.Client, text: str, **more: str) -> httpx.Response:
    return browser.post("/chat/messages", json={"text": text, **more})


def test_whoever_planted_the_cookie_does_not_share_what_the_code_proves(site: RunningSite) -> None:
    attacker = site.visitor()
    with site.client(cookies={"dangol_session": attacker.token}) as victim:
        opened = victim.post("/chat/session").json()
        assert opened["token"] == attacker.token
        answer = _say(victim, _code(site, attacker.customer))
        assert answer.status_code == 202
        fresh = answer.json()["token"]
        assert fresh != attacker.token
        assert answer.headers["set-cookie"].startswith(f"dangol_session={fresh};")
        assert "httponly" in answer.headers["set-cookie"].lower()
        victim.cookies.clear()
        victim.cookies.set("dangol_session", fresh)
        assert victim.post("/chat/session").json() == {
            "token": fresh,
            "customer": attacker.customer,
        }
    assert _proof(site, fresh) == "code"
    assert attacker.client.get("/chat/messages").status_code == 401
    assert attacker.client.get("/chat/stream").status_code == 401
    assert attacker.say("what do you know about me?").status_code == 401


def test_a_code_in_a_sentence_proves_the_same_way(site: RunningSite) -> None:
    with site.client() as browser:
        before = browser.post("/chat/session").json()
        answer = _say(browser, f"the code is {_code(site, before['customer'])}")
        assert _proof(site, answer.json()["token"]) == "code"
    assert _proof(site, before["token"]) is None


def test_a_wrong_code_changes_nothing_and_five_end_it(site: RunningSite) -> None:
    with site.client() as browser:
        before = browser.post("/chat/session").json()
        code = _code(site, before["customer"])
        for _ in range(5):
            assert set(_say(browser, _wrong(code)).json()) == {"id"}
        assert set(_say(browser, code).json()) == {"id"}
        assert browser.post("/chat/session").json() == before
    assert _proof(site, before["token"]) == "none"


def test_a_program_that_shows_its_token_in_a_header_keeps_it(site: RunningSite) -> None:
    """Nobody can plant a header; what the program does not look at must not cost it its session."""
    program = site.visitor()
    answer = program.say(_code(site, program.customer))
    assert set(answer.json()) == {"id"}
    assert _proof(site, program.token) == "code"
    assert program.heard()[0]["text"] == FIRST_LINE["en"]


def test_a_program_with_a_cookie_jar_goes_on_with_its_old_header(site: RunningSite) -> None:
    with site.client() as program:
        opened = program.post("/chat/session").json()
        program.headers["Authorization"] = f"Bearer {opened['token']}"
        fresh = _say(program, _code(site, opened["customer"])).json()["token"]
        assert _say(program, "and now?").status_code == 202
        assert program.get("/chat/messages").status_code == 200
        program.cookies.clear()
        assert program.get("/chat/messages").status_code == 401
        program.cookies.set("dangol_session", site.visitor().token)
        assert program.get("/chat/messages").status_code == 401  # somebody else's
    assert _proof(site, fresh) == "code"


def test_another_cookie_than_the_token_is_not_replaced(site: RunningSite) -> None:
    """The page shows one customer, the browser's cookie has become another's meanwhile."""
    page, browsers = site.visitor(), site.visitor()
    with site.client(
        cookies={"dangol_session": browsers.token},
        headers={"Authorization": f"Bearer {page.token}"},
    ) as browser:
        answer = _say(browser, _code(site, page.customer))
        assert "set-cookie" not in answer.headers
    assert _proof(site, answer.json()["token"]) == "code"
    assert _proof(site, page.token) is None
    assert _proof(site, browsers.token) == "none"


def test_the_same_message_told_twice_is_one_try_and_one_token(site: RunningSite) -> None:
    with site.client() as browser:
        customer = browser.post("/chat/session").json()["customer"]
        code = _code(site, customer)
        for _ in range(8):
            _say(browser, _wrong(code), message_id="once")
        first = _say(browser, code, message_id="twice").json()
        again = _say(browser, code, message_id="twice").json()
    assert again == {"id": first["id"]}
    assert _proof(site, first["token"]) == "code"


def test_whoever_is_proven_already_keeps_the_token(site: RunningSite) -> None:
    with site.client() as browser:
        customer = browser.post("/chat/session").json()["customer"]
        _say(browser, _code(site, customer))
        proven = browser.post("/chat/session").json()
        assert set(_say(browser, _code(site, customer)).json()) == {"id"}
        assert browser.post("/chat/session").json() == proven


def test_another_tab_does_not_begin_anew_while_the_answer_is_on_its_way(
    site: RunningSite,
) -> None:
    with site.client() as browser:
        opened = browser.post("/chat/session").json()
        _say(browser, _code(site, opened["customer"]))
    with site.client(cookies={"dangol_session": opened["token"]}) as other_tab:
        answer = other_tab.post("/chat/session")
        assert (answer.status_code, answer.json()["error"]) == (409, "session_renewed")
        assert "set-cookie" not in answer.headers
