"""A visitor opens the chat, says something, is answered, and finds it all again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from memory.turns import Utterance
from tests.browser.local_shop import LocalShop
from tests.browser.visitor import Visit


@pytest.mark.parametrize(
    ("language", "assistant", "person"),
    [("ko", "자동 상담", "상담원"), ("en", "automatic assistant", "person")],
)
def test_the_first_line_tells_that_it_is_an_automatic_assistant(
    visit: Visit, language: str, assistant: str, person: str
) -> None:
    visitor = visit(language)
    visitor.go()
    visitor.open_chat()
    expect(visitor.answers).to_have_count(1)
    expect(visitor.answers).to_contain_text(assistant)
    expect(visitor.answers).to_contain_text(person)
    expect(visitor.chat.locator("header strong")).to_have_text(
        {"ko": "숲길", "en": "Trailhead"}[language]
    )
    expect(visitor.writing).to_be_focused()
    assert visitor.problems == []


@pytest.mark.parametrize(
    ("language", "said", "answered"),
    [("ko", "제 신발 사이즈는 265예요", "265"), ("en", "My shoe size is US 9", "270")],
)
@pytest.mark.usefixtures("dialogue")
def test_what_is_said_is_answered_in_its_language_and_there_after_a_reload(
    visit: Visit, language: str, said: str, answered: str
) -> None:
    visitor = visit(language)
    visitor.go()
    visitor.open_chat()
    assert answered in visitor.ask(said)
    before = visitor.heard()
    visitor.page.reload()
    expect(visitor.rows).to_have_count(len(before))
    assert visitor.heard() == before
    assert before[1] == ("in", said)
    assert visitor.problems == []


def test_a_quick_reply_says_its_text_and_is_gone(local: LocalShop, visit: Visit) -> None:
    visitor = visit("ko")
    visitor.go()
    visitor.open_chat()
    local.tell(
        visitor.customer(),
        Utterance(
            text="무엇을 찾으세요?",
            payload={"buttons": [{"title": "배송", "text": "배송은 얼마나 걸려요?"}]},
        ),
        Utterance(text="편하게 골라 주세요."),
    )
    replies = visitor.chat.locator(".reply")
    expect(replies).to_have_text(["배송"])
    replies.click()
    expect(visitor.own_words).to_have_text(["배송은 얼마나 걸려요?"])
    expect(replies).to_have_count(0)
    expect(visitor.rows.locator(".bubble").filter(has_text="얼마나")).to_be_visible()
    assert local.said_by(visitor.customer()) == ["배송은 얼마나 걸려요?"]
    assert visitor.problems == []


@pytest.mark.usefixtures("dialogue")
def test_a_recommendation_shows_products_with_picture_price_and_page(visit: Visit) -> None:
    visitor = visit("ko")
    visitor.go()
    visitor.open_chat()
    visitor.ask("등산화 추천해 주세요")
    card = visitor.chat.locator("a.card").first
    expect(card.locator(".card-price")).to_contain_text("원")
    picture = card.locator("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    name = card.locator(".card-title").inner_text()
    card.click()
    expect(visitor.page.locator("h1")).to_have_text(name)
    expect(visitor.chat.locator(".panel")).to_be_visible()
    assert visitor.problems == []


@pytest.mark.parametrize("on_telephone", [False, True])
def test_a_person_is_told_from_the_assistant_by_name(
    local: LocalShop, visit: Visit, on_telephone: bool
) -> None:
    visitor = visit("ko", on_telephone=on_telephone)
    visitor.go()
    visitor.open_chat()
    by_jisu = {"by": "지수"}
    local.tell(
        visitor.customer(),
        Utterance(text="안녕하세요, 지수예요.", payload=by_jisu),
        Utterance(text="환불은 내일 카드로 들어가요.", payload=by_jisu),
        Utterance(text="더 필요하신 게 있으세요?"),
    )
    expect(visitor.answers).to_have_count(4)
    speakers = visitor.chat.locator(".speaker")
    expect(speakers).to_have_text(["지수: ", "지수: "])
    expect(speakers.first).to_be_visible()
    expect(visitor.rows.first.locator(".speaker")).to_have_count(0)
    expect(visitor.rows.last.locator(".speaker")).to_have_count(0)
    assert visitor.problems == []


@pytest.mark.usefixtures("dialogue")
def test_on_a_telephone_the_chat_does_not_lie_over_the_page_one_went_to(visit: Visit) -> None:
    visitor = visit("en", on_telephone=True)
    visitor.go()
    visitor.open_chat()
    visitor.ask("Can you recommend hiking boots?")
    visitor.chat.locator("a.card").first.click()
    visitor.page.wait_for_url("**/products/*")
    expect(visitor.page.locator("h1")).to_be_visible()
    expect(visitor.chat.locator(".panel")).to_be_hidden()


def test_an_answer_to_a_closed_chat_is_counted_on_every_page_until_it_is_read(
    local: LocalShop, visit: Visit
) -> None:
    visitor = visit()
    visitor.go()
    visitor.open_chat()
    customer = visitor.customer()
    visitor.writing.press("Escape")
    badge = visitor.chat.locator(".badge")
    local.tell(customer, Utterance(text="One"), Utterance(text="Two"))
    expect(badge).to_have_text("2")
    visitor.go("/login")
    expect(badge).to_have_text("2")
    expect(visitor.chat.locator(".launcher")).to_have_attribute(
        "aria-label", "Open the chat (2 unread answers)"
    )
    visitor.open_chat()
    visitor.chat.locator(".close").click()
    visitor.page.reload()
    expect(visitor.rows).to_have_count(3)
    expect(badge).to_have_text("")


def test_the_day_and_the_time_of_the_visitors_clock_are_shown(visit: Visit) -> None:
    visitor = visit("ko")
    visitor.go()
    visitor.open_chat()
    day, time = visitor.page.evaluate(
        "() => [new Date().getDate(), new Date().getHours() < 12 ? '오전' : '오후']"
    )
    expect(visitor.chat.locator(".day")).to_contain_text(f"{day}일")
    expect(visitor.rows.first.locator("time")).to_contain_text(time)


def test_the_widget_may_be_moved_about_the_page(visit: Visit) -> None:
    visitor = visit()
    visitor.go()
    visitor.open_chat()
    visitor.page.evaluate("document.body.prepend(document.querySelector('dangol-chat'))")
    expect(visitor.rows).to_have_count(1)
    visitor.say("still here")
    expect(visitor.rows.locator(".bubble").filter(has_text="still here")).to_be_visible()
    expect(visitor.chat.locator(".launcher")).to_have_count(1)
    assert visitor.problems == []
