"""Text from elsewhere stays text (RULES XS-1): whatever it holds, nothing runs, nothing is loaded,
no element is made of it.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from memory.turns import Utterance
from tests.browser.foreign_texts import ADDRESSES, MARKUP
from tests.browser.local_shop import LocalShop
from tests.browser.visitor import Visit, Visitor

ELEMENTS = {
    *(
        "a",
        "button",
        "div",
        "form",
        "header",
        "i",
        "img",
        "path",
        "section",
        "slot",
        "span",
        "strong",
    ),
    *("svg", "textarea", "time"),
}
SCHEMES = {"http:", "https:", "tel:", "mailto:"}
CENSUS = """host => [...host.shadowRoot.querySelectorAll('*')].map(each => ({
    name: each.localName,
    attributes: each.getAttributeNames(),
    scheme: each.localName === 'a' ? each.protocol : null,
    source: each.localName === 'img' ? new URL(each.src).protocol : null,
}))"""


@pytest.fixture
def visitor(visit: Visit) -> Visitor:
    """A visitor with the chat open."""
    made = visit()
    made.go()
    made.open_chat()
    return made


def assert_nothing_came_alive(visitor: Visitor) -> None:
    """No element or attribute that text could have become, no dialog, no request, no error."""
    found: list[dict[str, Any]] = visitor.chat.evaluate(CENSUS)
    assert {each["name"] for each in found} <= ELEMENTS
    assert {each["scheme"] for each in found if each["scheme"]} <= SCHEMES
    assert {each["source"] for each in found if each["source"]} <= {"http:", "https:"}
    handlers = [name for each in found for name in each["attributes"] if name.startswith("on")]
    assert handlers == []
    assert visitor.problems == []


def test_there_are_enough_of_them() -> None:
    assert len(set(MARKUP)) >= 30
    assert len(set(ADDRESSES)) >= 15


def test_what_the_visitor_types_is_shown_as_typed(visitor: Visitor) -> None:
    # Two to a message: twenty messages in ten seconds is what the server takes.
    typed = ["\n".join(pair) for pair in zip(MARKUP[::2], MARKUP[1::2], strict=True)]
    for text in typed:
        visitor.say(text)
    told_back = visitor.chat.locator(".row.in[data-seq] .bubble")
    expect(told_back).to_have_count(len(typed), timeout=20_000)
    assert told_back.all_text_contents() == typed
    assert_nothing_came_alive(visitor)


def test_what_the_shop_says_is_shown_as_said(local: LocalShop, visitor: Visitor) -> None:
    said = [*MARKUP, *(address for address in ADDRESSES if address.isprintable())]
    local.tell(visitor.customer(), *(Utterance(text=text) for text in said))
    expect(visitor.answers).to_have_count(1 + len(said))
    assert visitor.answers.all_text_contents()[1:] == said
    assert_nothing_came_alive(visitor)


def test_quick_replies_are_text_and_send_text(local: LocalShop, visitor: Visitor) -> None:
    buttons = [{"title": text, "text": text} for text in MARKUP]
    local.tell(visitor.customer(), Utterance(text="Which one?", payload={"buttons": buttons}))
    replies = visitor.chat.locator(".reply")
    expect(replies).to_have_count(len(MARKUP))
    assert replies.all_text_contents() == list(MARKUP)
    assert_nothing_came_alive(visitor)
    replies.nth(1).click()
    expect(visitor.chat.locator(".row.in[data-seq] .bubble")).to_have_text([MARKUP[1]])
    assert_nothing_came_alive(visitor)


def test_cards_are_text_and_link_to_nothing_that_acts(local: LocalShop, visitor: Visitor) -> None:
    texts = [
        {"product_id": text, "title": text, "price": text, "url": "/products/x", "picture": ""}
        for text in MARKUP
    ]
    addresses = [
        {"product_id": "x", "title": "Shoe", "price": "$1", "url": address, "picture": address}
        for address in ADDRESSES
    ]
    local.tell(visitor.customer(), Utterance(text="", payload={"cards": [*texts, *addresses]}))
    cards = visitor.chat.locator(".card")
    expect(cards).to_have_count(len(texts) + len(addresses))
    assert visitor.chat.locator(".card-title").all_text_contents()[: len(MARKUP)] == list(MARKUP)
    expect(visitor.chat.locator("a.card")).to_have_count(len(texts))
    expect(visitor.chat.locator(".card img")).to_have_count(0)
    assert_nothing_came_alive(visitor)


def test_web_addresses_in_an_answer_are_links_and_nothing_more(
    local: LocalShop, visitor: Visitor
) -> None:
    local.tell(
        visitor.customer(),
        Utterance(
            text=f"자세히는 {local.url}/products.json?a=%EC%95%84에서 보세요. "
            'Also (https://elsewhere.example/a?b="onmouseover=alert(1)).'
        ),
    )
    links = visitor.answers.last.locator("a")
    expect(links).to_have_text([f"{local.url}/products.json", "https://elsewhere.example/a?b="])
    expect(links.first).to_have_attribute("href", "/products.json?a=%EC%95%84")
    expect(links.last).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(links.last).to_have_attribute("target", "_blank")
    assert_nothing_came_alive(visitor)
