"""The widget with a keyboard, a screen reader, a sensitive eye."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from memory.turns import Utterance
from tests.browser.local_shop import LocalShop
from tests.browser.visitor import Visit, Visitor

# WCAG 2.2, 1.4.3: text against what lies behind it.
LEAST_CONTRAST = 4.5
CONTRAST = """host => {
    const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
    const light = colour => {
        const [r, g, b] = numbers(colour).map(value => value / 255)
            .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = each => {
        for (let at = each; at instanceof Element; at = at.parentElement) {
            const colour = getComputedStyle(at).backgroundColor;
            const parts = numbers(colour);
            if (parts.length === 3 || parts[3] === 1) return colour;
        }
        return "rgb(255, 255, 255)";
    };
    const texts = [...host.shadowRoot.querySelectorAll("*")].filter(each =>
        each.checkVisibility() && [...each.childNodes].some(
            node => node.nodeType === Node.TEXT_NODE && node.data.trim() !== ""));
    return texts.map(each => {
        const [one, other] = [light(getComputedStyle(each).color), light(behind(each))];
        const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        return {text: each.textContent, ratio};
    });
}"""


@pytest.fixture
def visitor(local: LocalShop, visit: Visit) -> Visitor:
    """A visitor with the chat open, and something of everything in it."""
    made = visit("en")
    made.go()
    made.open_chat()
    local.tell(
        made.customer(),
        Utterance(text="See https://shop.example/", payload={}),
        Utterance(
            text="These fit you:",
            payload={
                "buttons": [{"title": "More", "text": "Show me more"}],
                "cards": [
                    {"product_id": "x", "title": "Shoe", "price": "$1", "url": "/products/x"}
                ],
            },
        ),
    )
    expect(made.rows).to_have_count(3)
    return made


def focused(page: Page) -> str:
    """What has the focus inside the widget."""
    found: str = page.evaluate(
        "document.querySelector('dangol-chat').shadowRoot.activeElement?.className ?? ''"
    )
    return found


def test_it_is_opened_used_and_closed_with_the_keyboard(visit: Visit) -> None:
    visitor = visit("en")
    visitor.go()
    launcher = visitor.chat.locator(".launcher")
    launcher.focus()
    assert launcher.get_attribute("aria-expanded") == "false"
    visitor.page.keyboard.press("Enter")
    expect(visitor.writing).to_be_focused()
    assert launcher.get_attribute("aria-expanded") == "true"
    visitor.page.keyboard.type("hello")
    visitor.page.keyboard.press("Enter")
    expect(visitor.own_words).to_have_text(["hello"])
    expect(visitor.writing).to_be_focused()
    visitor.page.keyboard.press("Escape")
    expect(visitor.chat.locator(".panel")).to_be_hidden()
    assert focused(visitor.page) == "launcher"


def test_every_control_is_reached_by_tab_in_reading_order(visitor: Visitor) -> None:
    visitor.chat.locator(".close").focus()
    reached = []
    for _ in range(7):
        reached.append(focused(visitor.page))
        visitor.page.keyboard.press("Tab")
    assert reached == ["close", "scroll", "", "cards", "card", "reply", "input"]


def test_it_tells_a_screen_reader_what_is_what(visitor: Visitor) -> None:
    tree = visitor.chat.aria_snapshot()
    for expected in (
        'dialog "Trailhead"',
        'button "Close the chat"',
        'region "Conversation"',
        "log",
        'group "Products"',
        'group "Quick replies"',
        'textbox "Ask us anything"',
        'button "Send"',
    ):
        assert expected in tree, tree
    expect(visitor.chat.locator("[role=log]")).to_have_attribute("aria-live", "polite")
    expect(visitor.rows.last).to_contain_text("Shop: ")


def test_all_text_stands_out_from_its_ground(visitor: Visitor) -> None:
    visitor.say("a message of my own")
    # Told back by the server; whether an agent has answered it yet is no matter here.
    expect(visitor.chat.locator(".row.in[data-seq] .bubble")).to_have_text(["a message of my own"])
    measured: list[dict[str, Any]] = visitor.chat.evaluate(CONTRAST)
    assert len(measured) > 10
    assert [each for each in measured if each["ratio"] < LEAST_CONTRAST] == []


@pytest.mark.parametrize(("motion", "moves"), [("reduce", False), ("no-preference", True)])
def test_nothing_moves_for_those_who_asked_for_stillness(
    visit: Visit, motion: str, moves: bool
) -> None:
    visitor = visit("en", motion=motion)
    visitor.go()
    visitor.open_chat()
    visitor.page.route("**/chat/messages", lambda _route: None)
    visitor.say("hello")
    dot = visitor.chat.locator(".dots i").first
    expect(dot).to_be_visible()
    name = dot.evaluate("each => getComputedStyle(each).animationName")
    assert (name != "none") is moves
