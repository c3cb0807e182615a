"""The telephones in a browser: two handsets, links in their texts, and the shop's clock."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests import telephones
from tests.telephones import AMERICAN, KOREAN, Telephones

TELEPHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1280, height=800)
LINK = "http://localhost:8080/o/x7Kq2mVfT9aB4cDe"


@pytest.fixture
def table() -> Iterator[Telephones]:
    with telephones.running() as running:
        yield running


@pytest.fixture
def page(browser: Browser, table: Telephones) -> Iterator[Page]:
    context = browser.new_context(viewport=DESK, timezone_id="Europe/Berlin")
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda said: problems.append(said.text) if _is_policy(said.text) else None)
    yield opened
    assert problems == []
    context.close()


def _is_policy(said: str) -> bool:
    return "Content Security Policy" in said


def _look(page: Page, table: Telephones, language: str = "en") -> tuple[Locator, Locator]:
    page.goto(f"{table.url}/phone?lang={language}")
    return page.locator("#us"), page.locator("#kr")


def _fits(page: Page) -> bool:
    fits: bool = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return fits


@pytest.mark.parametrize("language", ["ko", "en"])
def test_on_a_desk_both_lie_side_by_side(page: Page, table: Telephones, language: str) -> None:
    american, korean = _look(page, table, language)
    expect(american).to_be_in_viewport(ratio=1)
    expect(korean).to_be_in_viewport(ratio=1)
    left, right = american.bounding_box(), korean.bounding_box()
    assert left is not None
    assert right is not None
    assert left["x"] + left["width"] < right["x"]
    expect(american.locator(".name")).to_have_text("Trailhead")
    expect(korean.locator(".name")).to_have_text("숲길")
    assert _fits(page)


def test_on_a_telephone_one_is_seen_at_a_time(page: Page, table: Telephones) -> None:
    page.set_viewport_size(TELEPHONE)
    american, korean = _look(page, table, "ko")
    expect(american).to_be_visible()
    expect(korean).to_be_hidden()
    assert _fits(page)
    table.shop_sends(KOREAN, f"[숲길] {LINK}{'가' * 200}")
    expect(page.get_by_role("img", name="새 문자")).to_be_visible()
    page.get_by_role("button", name="한국 전화기").click()
    expect(american).to_be_hidden()
    expect(korean.locator(".caption")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("img", name="새 문자")).to_be_hidden()
    assert _fits(page)


def test_the_korean_one_takes_no_replies(page: Page, table: Telephones) -> None:
    american, korean = _look(page, table, "ko")
    expect(american.locator("textarea")).to_be_visible()
    expect(korean.locator("textarea, form, button")).to_have_count(0)
    expect(korean).to_contain_text("이 번호로는 답장할 수 없어요.")
    expect(korean).to_contain_text("문자 속 링크를 눌러 이어서 대화하세요.")


def test_a_korean_text_is_marked_and_its_bytes_are_counted(page: Page, table: Telephones) -> None:
    american, korean = _look(page, table, "ko")
    table.shop_sends(KOREAN, "가" * 43)
    table.shop_sends(KOREAN, "가" * 46)
    expect(korean.locator(".bubble").first).to_have_text("[Web발신]\n" + "가" * 43)
    expect(korean.locator(".caption").first).to_contain_text("86바이트 · SMS")
    expect(korean.locator(".caption").last).to_contain_text("92바이트 · LMS")
    table.shop_sends(AMERICAN, "a" * 161)
    expect(american.locator(".caption")).to_contain_text("2건")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (f"Look: {LINK}.", LINK),
        (f"이어서 보기({LINK})", LINK),
        (f"{LINK}에서 이어서 봐요", LINK),
        (f"{LINK}?a=1&b=%20#c\nSTOP", f"{LINK}?a=1&b=%20#c"),
        ("HTTPS://shop.example/a", "HTTPS://shop.example/a"),
    ],
)
def test_addresses_are_links(page: Page, table: Telephones, text: str, address: str) -> None:
    _, korean = _look(page, table)
    table.shop_sends(KOREAN, text)
    link = korean.locator(".bubble a")
    expect(link).to_have_text(address)
    expect(link).to_have_attribute("href", address)
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(korean.locator(".bubble")).to_have_text(f"[Web발신]\n{text}")


def test_a_link_opens_in_a_tab_of_its_own(page: Page, table: Telephones) -> None:
    american, _ = _look(page, table)
    table.shop_sends(AMERICAN, f"Here: {table.url}/phone/files/icon.svg")
    with page.context.expect_page() as opened:
        american.locator(".bubble a").click()
    assert opened.value.url == f"{table.url}/phone/files/icon.svg"
    assert opened.value.evaluate("window.opener") is None


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1) data:text/html,x ftp://shop.example/ //shop.example www.shop.example",
        "<a href='javascript:alert(1)'>x</a><img src=x onerror=alert(1)><script>alert(1)</script>",
    ],
)
def test_anything_else_is_only_text(page: Page, table: Telephones, text: str) -> None:
    american, _ = _look(page, table)
    table.shop_sends(AMERICAN, text)
    expect(american.locator(".bubble")).to_have_text(text)
    expect(american.locator(".bubble *")).to_have_count(0)


def test_each_shows_the_shops_time_at_its_own_home(page: Page, table: Telephones) -> None:
    american, korean = _look(page, table, "en")
    table.shop_sends(AMERICAN, "hello")
    table.shop_sends(KOREAN, "안녕하세요")
    expect(american.locator(".clock")).to_have_text("4:10 PM")
    expect(korean.locator(".clock")).to_have_text("8:10 AM")
    expect(american.locator(".caption")).to_contain_text("4:10 PM")
    expect(korean.locator(".caption")).to_contain_text("8:10 AM")
    expect(korean.locator(".day")).to_have_text("Today")
    places = page.locator(".shop-clock dd")
    expect(places).to_have_text(
        ["Thu, Jun 11 8:10 AM", "Wed, Jun 10 7:10 PM", "Wed, Jun 10 4:10 PM"]
    )


def test_the_clock_is_moved_by_a_button(page: Page, table: Telephones) -> None:
    _, korean = _look(page, table, "ko")
    table.shop_sends(KOREAN, "안녕하세요")
    table.clock.may_move.clear()
    page.get_by_role("button", name="+3일").click()
    strip = page.locator(".shop-clock")
    expect(strip.get_by_role("status")).to_contain_text("시계를 옮기고 있어요")
    for control in strip.locator("button, input").all():
        expect(control).to_be_disabled()
    table.clock.may_move.set()
    expect(strip.get_by_role("status")).to_be_hidden()
    expect(strip.locator("dd").first).to_have_text("6월 14일 (일) 오전 8:10")
    expect(korean.locator(".day")).to_have_text("6월 11일 (목)")
    expect(page.get_by_role("button", name="+3일")).to_be_enabled()


def test_the_clock_is_moved_from_elsewhere(page: Page, table: Telephones) -> None:
    _look(page, table, "en")
    expect(page.locator(".shop-clock dd").first).to_contain_text("Jun 11")
    table.clock.move("+3d")
    expect(page.locator(".shop-clock dd").first).to_contain_text("Jun 14")


def test_why_the_clock_was_not_moved_is_said(page: Page, table: Telephones) -> None:
    _look(page, table, "en")
    field = page.get_by_role("textbox", name="How far forward")
    field.fill("soon")
    field.press("Enter")
    said = page.locator(".shop-clock").get_by_role("alert")
    expect(said).to_have_text("The clock was not moved. soon is not a time.")
    field.fill("+3d")
    page.get_by_role("button", name="Move").click()
    expect(page.locator(".shop-clock dd").first).to_contain_text("Jun 14")
    expect(said).to_be_hidden()
    expect(field).to_have_value("")


def test_things_to_try_are_sent_from_the_american_one(page: Page, table: Telephones) -> None:
    american, korean = _look(page, table, "en")
    page.locator(".note").get_by_role("button", name="What do you know about me?").click()
    expect(american.locator(".mine .bubble")).to_have_text("What do you know about me?")
    expect(korean.locator(".bubble")).to_have_count(0)
    page.set_viewport_size(TELEPHONE)
    american.get_by_role("button", name="That's too expensive").click()
    expect(american.locator(".mine .bubble").last).to_have_text("That's too expensive")


def test_somebody_who_reads_older_texts_is_left_there(page: Page, table: Telephones) -> None:
    american, _ = _look(page, table)
    for number in range(20):
        table.shop_sends(AMERICAN, f"text {number}")
    expect(american.get_by_text("text 19", exact=True)).to_be_in_viewport(ratio=1)
    american.locator(".texts").hover()
    page.mouse.wheel(0, -600)
    first = american.get_by_text("text 5", exact=True)
    expect(first).to_be_in_viewport()
    table.shop_sends(AMERICAN, "text 20")
    expect(american.locator(".bubble")).to_have_count(21)
    expect(first).to_be_in_viewport()
    expect(american.get_by_text("text 20", exact=True)).not_to_be_in_viewport()


def test_telephones_are_listed_for_programs(table: Telephones) -> None:
    listed = httpx.get(f"{table.url}/phone/api/telephones", trust_env=False).json()["telephones"]
    assert [(one["number"], one["country"], one["is_two_way"]) for one in listed] == [
        (AMERICAN, "US", True),
        (KOREAN, "KR", False),
    ]
