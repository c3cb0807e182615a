"""One person from two: what a log-in joins, what an open chat sees of it, and rows below zero."""

from __future__ import annotations

import httpx
from sqlalchemy import select

from memory import addresses, customers, merging, sessions, turns
from memory.engine import Connection
from memory.tables import customers as customers_table
from memory.tables import inbox
from tests.integration.test_web_stream import listening
from tests.web_site import FIRST_LINE, NOW, RunningSite
from web import shop_token

_NUMBERS = iter(range(20_000, 30_000))


def _fresh() -> str:
    return f"buyer-{next(_NUMBERS)}"


def _log_in(site: RunningSite, browser: httpx.Client, user_id: str) -> dict[str, str]:
    token = shop_token.sign(site.settings, user_id)
    found: dict[str, str] = browser.post("/chat/login", json={"token": token}).json()
    return found


def _texts(browser: httpx.Client) -> list[str]:
    return [row["text"] for row in browser.get("/chat/messages").json()["messages"]]


def _merged_into(site: RunningSite, customer: str) -> str | None:
    with site.engine.connect() as connection:
        return connection.scalar(
            select(customers_table.c.merged_into).where(customers_table.c.customer_id == customer)
        )


def test_a_log_in_joins_what_its_own_visitor_said(site: RunningSite) -> None:
    with site.client() as browser:
        visitor = browser.post("/chat/session").json()
        browser.post("/chat/messages", json={"text": "my size is US 9"})
        known = _log_in(site, browser, _fresh())
        assert _texts(browser) == [FIRST_LINE["en"], "my size is US 9", FIRST_LINE["en"]]
    assert known["token"] != visitor["token"]
    assert _merged_into(site, visitor["customer"]) == known["customer"]
    old = site.caller(visitor["customer"], visitor["token"])
    assert old.say("still me").status_code == 401  # rotated (RULES ID-2)
    with site.engine.connect() as connection:
        waiting = connection.execute(
            select(inbox.c.text, inbox.c.proof, inbox.c.state).where(
                inbox.c.customer_id == known["customer"]
            )
        ).one()
    assert tuple(waiting) == ("my size is US 9", "none", "ready")


def test_what_is_said_before_and_after_is_one_conversation(site: RunningSite) -> None:
    user_id = _fresh()
    with site.client() as first:
        first.post("/chat/session")
        first.post("/chat/messages", json={"text": "on the laptop"})
        _log_in(site, first, user_id)
    with site.client() as second:
        second.post("/chat/session")
        second.post("/chat/messages", json={"text": "on the telephone"})
        _log_in(site, second, user_id)
        assert [text for text in _texts(second) if text.startswith("on the")] == [
            "on the laptop",
            "on the telephone",
        ]


def test_who_has_said_nothing_is_not_joined(site: RunningSite) -> None:
    with site.client() as browser:
        visitor = browser.post("/chat/session").json()
        _log_in(site, browser, _fresh())
        assert _texts(browser) == [FIRST_LINE["en"]]
    assert _merged_into(site, visitor["customer"]) is None


def test_another_log_in_on_the_same_laptop_joins_nobody(site: RunningSite) -> None:
    with site.client() as browser:
        one = _log_in(site, browser, _fresh())
        browser.post("/chat/messages", json={"text": "a gift for my wife"})
        other = _log_in(site, browser, _fresh())
        assert _texts(browser) == [FIRST_LINE["en"]]
    assert other["customer"] != one["customer"]
    assert _merged_into(site, one["customer"]) is None


def test_who_has_shown_a_number_is_not_the_visitor_of_a_log_in(site: RunningSite) -> None:
    """They may share the laptop with whoever logs in now."""
    with site.client() as browser:
        visitor = browser.post("/chat/session").json()
        browser.post("/chat/messages", json={"text": "my own number"})
        with site.engine.begin() as connection:
            sessions.prove(connection, visitor["customer"], proof="code")
        _log_in(site, browser, _fresh())
        assert _texts(browser) == [FIRST_LINE["en"]]
    assert _merged_into(site, visitor["customer"]) is None


def _known_with(site: RunningSite, *texts: str) -> str:
    with site.engine.begin() as connection:
        known = customers.of_address(connection, "login", _fresh(), proof="shop", now=NOW)
        _say(connection, known.customer_id, *texts)
        return known.customer_id


def _say(connection: Connection, customer: str, *texts: str) -> None:
    turns.append(
        connection,
        customer,
        [turns.Utterance(text=text) for text in texts],
        direction="out",
        channel="sms",
        language="en",
        at=NOW,
    )


def test_an_open_chat_goes_on_as_the_person_it_turned_out_to_be(site: RunningSite) -> None:
    visitor, known = site.visitor(), _known_with(site, "by text, long ago")
    with listening(visitor, site) as stream:
        stream.wait_for(1)
        with site.engine.begin() as connection:
            merging.merge(connection, gone=visitor.customer, stays=known, proof="shop", now=NOW)
        assert stream.has_ended.wait(2)
    assert visitor.client.post("/chat/session").json() == {
        "token": visitor.token,
        "customer": known,
    }
    assert visitor.say("hello again").status_code == 202
    with listening(visitor, site) as stream:
        told = [row["text"] for row in stream.wait_for(3)]
    assert told == ["by text, long ago", FIRST_LINE["en"], "hello again"]


def test_rows_in_front_of_a_conversation_are_told_first(site: RunningSite) -> None:
    visitor = site.visitor()
    texting = _known_with(site, "one", "two", "three")
    with site.engine.begin() as connection:
        merging.merge(connection, gone=texting, stays=visitor.customer, proof="code", now=NOW)
    whole = visitor.client.get("/chat/messages").json()["messages"]
    assert [(row["seq"], row["text"]) for row in whole] == [
        (-2, "one"),
        (-1, "two"),
        (0, "three"),
        (1, FIRST_LINE["en"]),
    ]
    assert [row["seq"] for row in visitor.heard(after=0)] == [1]
    assert [row["seq"] for row in visitor.heard(after=-2)] == [-1, 0, 1]
    with listening(visitor, site) as stream:
        assert [row["seq"] for row in stream.wait_for(4)] == [-2, -1, 0, 1]
    with listening(visitor, site, headers={"Last-Event-ID": "-1"}) as stream:
        assert [row["seq"] for row in stream.wait_for(2)] == [0, 1]


def test_who_is_known_already_is_not_the_visitor_of_a_log_in(site: RunningSite) -> None:
    """The browser's session is nobody's proof, and its customer has a number of their own."""
    with site.client() as browser:
        visitor = browser.post("/chat/session").json()
        browser.post("/chat/messages", json={"text": "from the family laptop"})
        with site.engine.begin() as connection:
            addresses.add(
                connection,
                customer_id=visitor["customer"],
                kind="phone",
                value="+15035550177",
                proof="code",
                now=NOW,
            )
        _log_in(site, browser, _fresh())
        assert _texts(browser) == [FIRST_LINE["en"]]
    assert _merged_into(site, visitor["customer"]) is None
