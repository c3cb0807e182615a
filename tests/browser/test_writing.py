"""Writing a message: keys, Korean composition, and the counter near the end."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visit, Visitor


@pytest.fixture
def writer(visit: Visit) -> Visitor:
    """A Korean visitor with the chat open."""
    visitor = visit("ko")
    visitor.go()
    visitor.open_chat()
    return visitor


def test_shift_and_enter_begin_a_new_line(writer: Visitor) -> None:
    writer.writing.fill("첫 줄")
    writer.writing.press("Shift+Enter")
    writer.writing.press_sequentially("둘째 줄")
    writer.writing.press("Enter")
    expect(writer.own_words).to_have_text(["첫 줄\n둘째 줄"])


def test_enter_ends_a_syllable_before_it_ends_the_message(writer: Visitor) -> None:
    session = writer.context.new_cdp_session(writer.page)
    writer.writing.focus()
    session.send(
        "Input.imeSetComposition", {"text": "안녕", "selectionStart": 2, "selectionEnd": 2}
    )
    # What an input method makes of Enter while it composes: a key without a text of its own.
    key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
    session.send("Input.insertText", {"text": "안녕"})
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
    assert writer.own_words.count() == 0
    expect(writer.writing).to_have_value("안녕")
    writer.page.keyboard.press("Enter")
    expect(writer.own_words).to_have_text(["안녕"])


@pytest.mark.parametrize("told_by", ["{isComposing: true}", "{keyCode: 229}"])
def test_enter_that_belongs_to_an_input_method_sends_nothing(writer: Visitor, told_by: str) -> None:
    writer.writing.fill("안녕하세요")
    was_left_alone = writer.writing.evaluate(
        f"""field => {{
            field.dispatchEvent(new CompositionEvent("compositionstart"));
            const how = {{key: "Enter", bubbles: true, cancelable: true, composed: true}};
            return field.dispatchEvent(new KeyboardEvent("keydown", {{...how, ...{told_by}}}));
        }}"""
    )
    assert was_left_alone
    expect(writer.writing).to_have_value("안녕하세요")
    assert writer.own_words.count() == 0


def test_near_the_end_what_is_left_is_counted_in_characters(writer: Visitor) -> None:
    count, send = writer.chat.locator(".count"), writer.chat.locator(".send")
    writer.writing.fill("가" * 1800)
    expect(count).to_have_text("")
    writer.writing.fill("가" * 1799 + "😀😀")
    expect(count).to_have_text("199자 남음")
    writer.writing.fill("😀" * 2000)
    expect(send).to_be_enabled()
    writer.writing.fill("가" * 2003)
    expect(count).to_have_text("3자 넘음")
    expect(send).to_be_disabled()
    writer.writing.press("Enter")
    assert writer.own_words.count() == 0


def test_two_thousand_characters_arrive(writer: Visitor) -> None:
    writer.say("가" * 1990 + "😀" * 10)
    expect(writer.chat.locator(".row.in[data-seq] .bubble")).to_have_text(["가" * 1990 + "😀" * 10])


def test_nothing_is_sent_for_blanks(writer: Visitor) -> None:
    writer.say(" \n ")
    expect(writer.chat.locator(".send")).to_be_disabled()
    assert writer.own_words.count() == 0


def test_messages_arrive_in_the_order_in_which_they_were_written(writer: Visitor) -> None:
    written = [f"번호 {number}" for number in range(8)]
    for text in written:
        writer.say(text)
    told_back = writer.chat.locator(".row.in[data-seq] .bubble")
    expect(told_back).to_have_text(written)
    expect(writer.own_words).to_have_count(len(written))
    assert writer.shop.said_by(writer.customer()) == written


def test_what_was_said_last_stays_in_sight_while_the_field_grows(writer: Visitor) -> None:
    for number in range(12):
        writer.say(f"번호 {number}")
    last = writer.chat.locator(".row.in[data-seq] .bubble").nth(11)
    expect(last).to_be_in_viewport()
    writer.writing.fill("긴 글\n" * 20)
    expect(last).to_be_in_viewport()
