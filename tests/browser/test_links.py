"""What the link of a text opens, in both languages, at a desk and on a telephone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from memory import consents
from tests.browser import sent_links
from tests.browser.local_shop import LocalShop
from tests.browser.test_pages import assert_it_fits, pictures_of
from tests.browser.visitor import Visit

SHOWN = {
    "ko": (
        "릿지 GTX",
        "189,000원",
        "광고 그만 받기 (무료수신거부)",
        "광고 문자를 더 보내지 않을게요",
    ),
    "en": ("Ridge GTX", "$159", "Stop marketing texts", "No more marketing texts"),
}
AGREED = {
    "ko": ("동의해요", "동의해 주셔서 감사해요"),
    "en": ("I agree", "Thank you for agreeing"),
}
BOTH = pytest.mark.parametrize("language", ["ko", "en"])
EVERYWHERE = pytest.mark.parametrize("on_telephone", [True, False])


def _marketing(shop: LocalShop, customer: str) -> str:
    with shop.engine.begin() as connection:
        return consents.lock_permission(connection, customer)


@BOTH
@EVERYWHERE
def test_the_offer_is_the_open_question_of_a_chat_that_opens_by_itself(
    local: LocalShop, visit: Visit, language: str, on_telephone: bool
) -> None:
    sent = sent_links.of_an_offer(local, language)
    # The page speaks as the text did, whatever the browser prefers.
    visitor = visit("en" if language == "ko" else "ko", on_telephone=on_telephone)
    visitor.go(sent.path)
    name, price, way_out, _ = SHOWN[language]
    expect(visitor.chat.locator(".panel")).to_be_visible()
    expect(visitor.answers.last).to_contain_text(name)
    expect(visitor.chat.locator(".card-title")).to_have_text(name)
    assert min(pictures_of(visitor)) > 0
    assert_it_fits(visitor)
    if on_telephone:
        expect(visitor.page.locator(".chat-way-out button")).to_be_in_viewport(ratio=1)
        visitor.chat.locator(".close").click()
    expect(visitor.page.locator("h1")).to_have_text(name)
    expect(visitor.page.locator(".price")).to_contain_text(price)
    expect(visitor.page.locator(".way-out button")).to_have_text(way_out)
    assert_it_fits(visitor)
    visitor.page.reload()
    expect(visitor.answers.filter(has_text=name)).to_have_count(1)
    assert sent_links.TEXT[language] not in visitor.chat.inner_text()
    assert visitor.problems == []


@BOTH
@EVERYWHERE
def test_the_way_out_is_one_tap_away(
    local: LocalShop, visit: Visit, language: str, on_telephone: bool
) -> None:
    sent = sent_links.of_an_offer(local, language)
    visitor = visit(language, on_telephone=on_telephone)
    visitor.go(sent.path)
    _, _, way_out, done = SHOWN[language]
    expect(visitor.rows.last).to_be_visible()
    assert _marketing(local, sent.customer) == "none"
    where = ".chat-way-out button" if on_telephone else ".way-out button"
    visitor.page.locator(where).filter(has_text=way_out).click()
    if on_telephone:
        expect(visitor.chat.locator(".panel")).to_be_hidden()
    expect(visitor.page.locator("h1")).to_have_text(done)
    assert _marketing(local, sent.customer) == "refused"
    assert_it_fits(visitor)
    assert visitor.problems == []


@BOTH
@EVERYWHERE
def test_one_press_agrees_to_what_was_shown(
    local: LocalShop, visit: Visit, language: str, on_telephone: bool
) -> None:
    sent = sent_links.of_a_consent(local, language)
    visitor = visit(language, on_telephone=on_telephone)
    visitor.go(sent.path)
    button, done = AGREED[language]
    expect(visitor.page.locator(".disclosure")).to_have_text(sent_links.DISCLOSURE[language])
    expect(visitor.chat.locator(".panel")).to_be_hidden()
    assert_it_fits(visitor)
    assert _marketing(local, sent.customer) == "none"
    visitor.page.get_by_role("button", name=button).click()
    expect(visitor.page.locator("h1")).to_have_text(done)
    assert _marketing(local, sent.customer) == "given"
    assert_it_fits(visitor)
    assert visitor.problems == []


@pytest.mark.usefixtures("dialogue")
def test_whoever_opens_the_link_to_an_answer_elsewhere_is_told_what_to_do_and_reads_it(
    local: LocalShop, visit: Visit
) -> None:
    sent = sent_links.of_an_answer(local, "Your refund went out today.")
    visitor = visit("en", on_telephone=True)
    visitor.go(sent.path)
    assert "refund" not in visitor.page.content()
    visitor.page.get_by_role("button", name="Text me the code").click()
    expect(visitor.answers.last).to_be_in_viewport()
    expect(visitor.answers.last).to_contain_text("Please enter it here")
    visitor.say(sent_links.code_of(local, sent))
    expect(visitor.answers.filter(has_text="Your refund went out today.")).to_be_visible()
    expect(visitor.answers.last).to_contain_text("verified")
    assert_it_fits(visitor)
    assert visitor.problems == []
