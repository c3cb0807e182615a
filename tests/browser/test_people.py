"""Whose conversation a browser shows: its own, and after a log-out nobody else's any more."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from memory import codes, customers, linking, turns
from memory.turns import Utterance
from tests.browser.local_shop import LocalShop
from tests.browser.visitor import Visit, Visitor
from tests.postgres import wait_for

# A customer of the demo shop whose first log-in is in these tests.
MEMBER, MEMBER_NAME = "demo-002", "Sam Whitaker"


class Held:
    """Requests of the page that reach the server only when they are let go."""

    def __init__(self, page: Page, url: str) -> None:
        self._page = page
        self._url = url
        self._routes: list[Route] = []
        page.route(url, lambda route: self._routes.append(route))

    def wait(self) -> None:
        """Until there is one."""
        deadline = time.monotonic() + 15
        while not self._routes:
            assert time.monotonic() < deadline, f"{self._url} was never asked for"
            self._page.wait_for_timeout(50)

    def let_go(self) -> None:
        """Hold no more of them."""
        # Before the handler goes: Playwright lets go of what a handler held when it is taken away.
        for route in self._routes:
            route.continue_()
        self._page.unroute(self._url)


def become(visitor: Visitor, local: LocalShop, user_id: str) -> None:
    """Log that browser in without its page."""
    answer = visitor.context.request.post(
        f"{local.url}/login", form={"user_id": user_id}, headers={"Origin": local.url}
    )
    assert answer.ok


def log_in(visitor: Visitor) -> None:
    """Become the demo customer."""
    visitor.go("/login")
    visitor.page.locator("button.person", has_text=MEMBER_NAME).click()
    expect(visitor.page.locator(".hello")).to_contain_text(MEMBER_NAME)


def log_out(visitor: Visitor) -> None:
    """Leave the browser to whoever comes next."""
    visitor.page.get_by_role("button", name="Log out").click()
    expect(visitor.page.get_by_role("link", name="Log in")).to_be_visible()


def test_two_visitors_see_only_their_own(local: LocalShop, visit: Visit) -> None:
    first, second = visit("ko"), visit("en")
    for visitor in (first, second):
        visitor.go()
        visitor.open_chat()
    assert first.customer() != second.customer()
    local.tell(first.customer(), Utterance(text="only for the first"))
    local.tell(second.customer(), Utterance(text="only for the second"))
    first.say("나는 첫 번째")
    expect(first.answers.nth(1)).to_have_text("only for the first")
    expect(second.answers.nth(1)).to_have_text("only for the second")
    expect(first.own_words).to_have_text(["나는 첫 번째"])
    second.page.reload()
    expect(second.answers.nth(1)).to_have_text("only for the second")
    assert "only for the first" not in second.chat.inner_text()
    expect(second.own_words).to_have_count(0)


@pytest.mark.usefixtures("dialogue")
def test_after_a_log_out_the_next_at_this_laptop_learns_nothing(
    local: LocalShop, visit: Visit
) -> None:
    visitor = visit("en")
    visitor.go()
    visitor.open_chat()
    visitor.ask("hello")
    log_in(visitor)
    expect(visitor.rows.first).to_be_visible()
    assert MEMBER_NAME.split()[0] in visitor.ask("hello")
    local.tell(visitor.customer(), Utterance(text="The surprise is wrapped."))
    expect(visitor.answers.filter(has_text="surprise")).to_be_visible()
    member = visitor.customer()

    log_out(visitor)
    expect(visitor.rows).to_have_count(1)
    expect(visitor.answers).to_contain_text("automatic assistant")
    seen = visitor.page.content() + visitor.chat.inner_text()
    assert "surprise" not in seen
    assert MEMBER_NAME not in seen
    assert visitor.customer() != member
    greeting = visitor.ask("hello")
    assert MEMBER_NAME.split()[0] not in greeting
    kept = visitor.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert member not in kept
    assert visitor.problems == []


@pytest.mark.usefixtures("dialogue")
def test_before_a_proof_a_greeting_names_only_a_page_seen_in_this_browser(visit: Visit) -> None:
    visitor = visit("en")
    visitor.go()
    visitor.open_chat()
    visitor.page.locator("a.card", has_text="Tempo Five").click()
    expect(visitor.page.locator("h1")).to_have_text("Tempo Five")
    expect(visitor.rows.first).to_be_visible()
    assert "Tempo Five" in visitor.ask("hello")


def test_a_tab_left_open_forgets_the_former_customer_at_once(
    local: LocalShop, visit: Visit
) -> None:
    visitor = visit("en")
    log_in(visitor)
    visitor.open_chat()
    member = visitor.customer()
    local.tell(member, Utterance(text="The birthday box is on its way."))
    expect(visitor.answers.filter(has_text="birthday box")).to_be_visible()
    left_open = visitor.another_tab()
    left_open.goto(visitor.shop.url)
    left_open.locator("dangol-chat .launcher").click()
    rows = left_open.locator("dangol-chat .row[data-seq]")
    expect(rows.filter(has_text="birthday box")).to_be_visible()
    left_open.locator("dangol-chat textarea").fill("what I had not sent yet")

    log_out(visitor)
    expect(left_open.locator("dangol-chat .notice")).to_have_text("This is a new conversation.")
    expect(rows).to_have_count(1)
    assert "birthday" not in left_open.locator("dangol-chat").inner_text()
    expect(left_open.locator("dangol-chat textarea")).to_have_value("")


def test_an_open_chat_goes_on_when_the_shop_says_who_it_is(local: LocalShop, visit: Visit) -> None:
    """Two customers are found to be one: nothing on screen is lost, and the history is whole."""
    visitor = visit("en")
    visitor.go()
    visitor.open_chat()
    visitor.say("my size is US 9")
    expect(visitor.rows.locator(".bubble").filter(has_text="US 9")).to_be_visible()
    with local.engine.begin() as connection:
        now = datetime.now(UTC)
        known = customers.of_address(connection, "login", "joined-1", proof="shop", now=now)
    local.tell(known.customer_id, Utterance(text="Your boots are ready."))
    visitor.writing.fill("what I am just writing")
    said = httpx.post(
        f"{local.url}/v1/identify",
        auth=(local.settings.write_key, ""),
        json={"userId": "joined-1", "anonymousId": visitor.customer()},
        trust_env=False,
    )
    assert said.json() == {"success": True}
    expect(visitor.answers.filter(has_text="boots are ready")).to_be_visible()
    expect(visitor.own_words.filter(has_text="US 9")).to_have_count(1)
    expect(visitor.notice).to_have_text("Your other conversations with us now continue here.")
    expect(visitor.writing).to_have_value("what I am just writing")
    visitor.writing.press("Enter")
    expect(visitor.chat.locator(".row.in[data-seq] .bubble").last).to_have_text(
        "what I am just writing"
    )
    assert local.said_by(known.customer_id)[-1] == "what I am just writing"
    visitor.page.reload()
    expect(visitor.answers.filter(has_text="boots are ready")).to_be_visible()
    assert visitor.problems == []


def test_what_was_said_elsewhere_before_is_told_first(local: LocalShop, visit: Visit) -> None:
    visitor = visit("en")
    visitor.go()
    visitor.open_chat()
    with local.engine.begin() as connection:
        now = datetime.now(UTC) - timedelta(days=1)
        texting = customers.of_address(
            connection, "phone", "+15035550188", proof="inbound", now=now
        )
        turns.append(
            connection,
            texting.customer_id,
            [Utterance(text="one"), Utterance(text="two")],
            direction="in",
            channel="sms",
            language="en",
            at=now,
        )
        linking.link(connection, visitor.customer(), "+15035550188", now=datetime.now(UTC))
    expect(visitor.rows).to_have_count(3)
    assert [text for _, text in visitor.heard()][:2] == ["one", "two"]
    expect(visitor.notice).to_have_text("Your other conversations with us now continue here.")
    visitor.page.reload()
    expect(visitor.rows).to_have_count(3)
    assert visitor.problems == []


@pytest.mark.parametrize("is_told_first", [True, False])
def test_what_was_written_as_another_customer_is_not_sent_on_by_itself(
    local: LocalShop, visit: Visit, is_told_first: bool
) -> None:
    """`is_told_first`: the page learns that its message was not taken before it learns whose
    browser it is."""
    visitor = visit("en")
    become(visitor, local, "demo-003")
    visitor.go()
    visitor.open_chat()
    first = visitor.customer()
    said_first = local.said_by(first)
    # The cookie becomes another customer's behind the page's back.
    sending = Held(visitor.page, "**/chat/messages")
    opening = Held(visitor.page, "**/chat/session")
    become(visitor, local, MEMBER)
    member = visitor.customer()
    before = local.said_by(member)
    if not is_told_first:
        opening.wait()
    visitor.say("my size is US 10")
    sending.wait()
    for one in (sending, opening) if is_told_first else (opening, sending):
        one.let_go()
        visitor.page.wait_for_timeout(500)
    expect(visitor.notice).to_contain_text("once more")
    expect(visitor.writing).to_have_value("my size is US 10")
    assert local.said_by(member) == before
    assert local.said_by(first) == said_first
    visitor.writing.press("Enter")
    expect(visitor.writing).to_have_value("")
    wait_for(lambda: local.said_by(member) == [*before, "my size is US 10"])


def test_what_was_written_before_ones_own_log_in_elsewhere_is_taken_once(
    local: LocalShop, visit: Visit
) -> None:
    visitor = visit("en")
    visitor.go()
    visitor.open_chat()
    visitor.say("hello there")
    wait_for(lambda: local.said_by(visitor.customer()) == ["hello there"])
    sending = Held(visitor.page, "**/chat/messages")
    opening = Held(visitor.page, "**/chat/session")
    become(visitor, local, MEMBER)
    member = visitor.customer()
    before = local.said_by(member)
    opening.wait()
    visitor.say("my size is US 11")
    sending.wait()
    opening.let_go()
    visitor.page.wait_for_timeout(500)
    sending.let_go()
    expect(visitor.own_words.filter(has_text="US 11")).to_be_visible()
    expect(visitor.writing).to_have_value("")
    wait_for(lambda: local.said_by(member) == [*before, "my size is US 11"])


@pytest.mark.usefixtures("dialogue")
def test_a_planted_session_does_not_share_what_the_code_proves(
    local: LocalShop, visit: Visit
) -> None:
    attacker, victim = visit("en"), visit("en")
    attacker.go()
    attacker.open_chat()
    (planted,) = (one for one in attacker.context.cookies() if one["name"] == "dangol_session")
    victim.context.add_cookies(
        [{"name": "dangol_session", "value": str(planted["value"]), "url": local.url}]
    )
    victim.go()
    victim.open_chat()
    assert victim.customer() == attacker.customer()
    with local.engine.begin() as connection:
        code = codes.issue(connection, victim.customer(), "+15035550177")
    assert "verified" in victim.ask(code)
    told = victim.ask("hello")
    assert told not in attacker.chat.inner_text()
    (kept,) = (one for one in victim.context.cookies() if one["name"] == "dangol_session")
    assert kept["value"] != planted["value"]
    assert attacker.context.request.get(f"{local.url}/chat/messages").status == 401
    victim.page.reload()
    expect(victim.own_words.filter(has_text=code)).to_be_visible()
    assert victim.problems == []
