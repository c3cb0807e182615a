"""The line is lost, the server restarts, a receipt does not come: nothing is lost or doubled."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from memory.turns import Utterance
from tests.browser.local_shop import LocalShop
from tests.browser.visitor import Visit, Visitor


@pytest.fixture
def visitor(visit: Visit) -> Visitor:
    """A visitor with the chat open."""
    made = visit()
    made.go()
    made.open_chat()
    return made


def test_what_was_said_while_the_server_was_away_is_told_once(
    local: LocalShop, visitor: Visitor
) -> None:
    customer = visitor.customer()
    local.tell(customer, Utterance(text="before"))
    expect(visitor.answers).to_have_count(2)
    local.stop("web")
    try:
        local.tell(customer, Utterance(text="meanwhile 1"), Utterance(text="meanwhile 2"))
        expect(visitor.notice).to_have_text("Connection lost. Trying again…")
        visitor.say("are you there?")
        expect(visitor.chat.locator(".failed")).to_contain_text("didn't go through")
    finally:
        local.start("web")
        local.wait_until_ready("web")
    expect(visitor.notice).to_be_hidden(timeout=20_000)
    local.tell(customer, Utterance(text="after"))
    told = visitor.answers.filter(has_text="before").or_(
        visitor.answers.filter(has_text="meanwhile").or_(visitor.answers.filter(has_text="after"))
    )
    expect(told).to_have_text(["before", "meanwhile 1", "meanwhile 2", "after"])
    expect(visitor.rows.locator(".bubble").filter(has_text="are you there?")).to_have_count(1)
    expect(visitor.own_words).to_have_count(1)
    assert local.said_by(customer) == ["are you there?"]


def test_a_message_that_did_not_go_through_is_tried_again_under_its_id(
    local: LocalShop, visitor: Visitor
) -> None:
    sent: list[Any] = []

    def lose_the_first(route: Route) -> None:
        sent.append(route.request.post_data_json)
        if len(sent) == 1:
            route.abort("connectionreset")
        else:
            route.continue_()

    visitor.page.route("**/chat/messages", lose_the_first)
    visitor.say("hello")
    visitor.chat.get_by_role("button", name="Try again").click()
    expect(visitor.chat.locator(".row.in[data-seq] .bubble")).to_have_text(["hello"])
    expect(visitor.own_words).to_have_count(1)
    assert len(sent) == 2
    assert sent[0] == sent[1]
    assert sent[0]["message_id"]


def test_what_was_written_off_line_goes_out_by_itself_when_the_line_is_back(
    local: LocalShop, visitor: Visitor
) -> None:
    visitor.context.set_offline(True)
    expect(visitor.notice).to_have_text("Connection lost. Trying again…")
    visitor.say("one")
    visitor.say("two")
    expect(visitor.chat.locator(".failed")).to_have_count(2)
    visitor.context.set_offline(False)
    expect(visitor.chat.locator(".row.in[data-seq] .bubble")).to_have_text(["one", "two"])
    expect(visitor.own_words).to_have_count(2)
    expect(visitor.notice).to_be_hidden()
    assert local.said_by(visitor.customer()) == ["one", "two"]


def test_a_message_whose_receipt_is_lost_is_neither_lost_nor_doubled(
    local: LocalShop, visitor: Visitor
) -> None:
    def swallow_the_receipt(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    visitor.page.route("**/chat/messages", swallow_the_receipt)
    visitor.say("hello")
    expect(visitor.chat.locator(".row.in[data-seq] .bubble")).to_have_text(["hello"])
    expect(visitor.own_words).to_have_count(1)
    expect(visitor.chat.locator(".failed")).to_have_count(0)
    assert local.said_by(visitor.customer()) == ["hello"]


def test_a_message_that_is_refused_is_put_back_with_the_reason(visitor: Visitor) -> None:
    visitor.page.route(
        "**/chat/messages",
        lambda route: route.fulfill(status=429, json={"error": "too_many", "message": "…"}),
    )
    visitor.say("too quick")
    expect(visitor.notice).to_contain_text("in a moment")
    expect(visitor.writing).to_have_value("too quick")
    expect(visitor.own_words).to_have_count(0)


def test_when_the_cookie_is_gone_a_new_conversation_begins(
    local: LocalShop, visitor: Visitor
) -> None:
    first = visitor.customer()
    local.tell(first, Utterance(text="for the first one only"))
    expect(visitor.answers).to_have_count(2)
    visitor.context.clear_cookies()
    visitor.page.reload()
    expect(visitor.rows).to_have_count(1)
    expect(visitor.answers).to_contain_text("automatic assistant")
    second = visitor.customer()
    assert second != first
    visitor.say("hello")
    expect(visitor.chat.locator(".row.in[data-seq] .bubble")).to_have_text(["hello"])
    assert local.said_by(second) == ["hello"]
    assert local.said_by(first) == []
