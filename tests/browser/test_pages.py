"""Every page in both languages, at a desk and on a telephone: nothing broken, nothing cut off."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from memory.turns import Utterance
from tests.browser.local_shop import LocalShop
from tests.browser.visitor import Visit, Visitor


def assert_it_fits(visitor: Visitor) -> None:
    """The page is not wider than the screen."""
    width, screen = visitor.page.evaluate(
        "[document.documentElement.scrollWidth, window.innerWidth]"
    )
    assert width <= screen


def pictures_of(visitor: Visitor) -> list[int]:
    """The width of each picture on the page, loaded."""
    widths: list[int] = visitor.page.evaluate(
        """() => Promise.all([...document.images].map(image => {
            image.loading = "eager";
            return image.decode().then(() => image.naturalWidth);
        }))"""
    )
    return widths


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("on_telephone", [True, False])
def test_pages_fit_the_screen_and_all_pictures_load(
    visit: Visit, language: str, on_telephone: bool
) -> None:
    visitor = visit(language, on_telephone=on_telephone)
    for path in ("/", f"/products/{_some_product(visitor)}", "/login"):
        visitor.go(path)
        assert visitor.page.locator("html").get_attribute("lang") == language
        assert min(pictures_of(visitor)) > 0
        assert_it_fits(visitor)
    assert visitor.problems == []


@pytest.mark.parametrize("language", ["ko", "en"])
def test_on_a_telephone_the_open_chat_is_the_whole_screen(
    local: LocalShop, visit: Visit, language: str
) -> None:
    visitor = visit(language, on_telephone=True)
    visitor.go()
    visitor.open_chat()
    local.tell(
        visitor.customer(),
        Utterance(text="가나다" * 100),
        Utterance(text="https://shop.example/" + "long" * 60),
        Utterance(
            text="…",
            payload={
                "buttons": [{"title": "Quick reply " * 4, "text": "x"}] * 5,
                "cards": [{"product_id": "x", "title": "Shoe " * 20, "price": "$1"}] * 4,
            },
        ),
    )
    expect(visitor.rows).to_have_count(4)
    box = visitor.chat.locator(".panel").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 844}
    assert_it_fits(visitor)
    scroll = visitor.chat.locator(".scroll")
    assert scroll.evaluate("each => each.scrollWidth <= each.clientWidth")
    expect(visitor.writing).to_be_in_viewport(ratio=1)
    expect(visitor.writing).not_to_be_focused()
    expect(visitor.chat.locator(".launcher")).to_be_hidden()
    expect(visitor.page.locator("html")).to_have_css("overflow", "hidden")
    expect(visitor.page.locator("main")).to_have_attribute("inert", "")
    visitor.chat.locator(".close").click()
    expect(visitor.chat.locator(".panel")).to_be_hidden()
    expect(visitor.page.locator("html")).not_to_have_css("overflow", "hidden")
    expect(visitor.page.locator("main")).not_to_have_attribute("inert", "")


def test_the_language_can_be_changed_and_is_kept(visit: Visit) -> None:
    visitor = visit("ko")
    visitor.go()
    expect(visitor.page.locator(".brand-name")).to_have_text("숲길")
    visitor.page.get_by_role("link", name="English").click()
    expect(visitor.page.locator(".brand-name")).to_have_text("Trailhead")
    visitor.go("/login")
    expect(visitor.page.locator("html")).to_have_attribute("lang", "en")
    visitor.open_chat()
    expect(visitor.answers).to_contain_text("automatic assistant")


def test_a_page_that_is_not_there_says_so(visit: Visit) -> None:
    visitor = visit("ko")
    answer = visitor.page.goto(f"{visitor.shop.url}/no-such-page")
    assert answer is not None
    assert answer.status == 404
    expect(visitor.page.locator("h1")).to_have_text("찾으시는 페이지가 없어요")


@pytest.mark.parametrize("on_telephone", [True, False])
def test_the_telephones_are_shown_through_the_shops_own_port(
    telephone: LocalShop, visit: Visit, on_telephone: bool
) -> None:
    visitor = visit("ko", on_telephone=on_telephone)
    visitor.go("/phone")
    expect(visitor.page.locator("h1")).to_have_text("전화기")
    assert_it_fits(visitor)
    american = visitor.page.get_by_role("region", name="미국 전화기")
    american.locator("textarea").fill("안녕하세요")
    american.locator("textarea").press("Enter")
    expect(american.locator(".texts")).to_contain_text("안녕하세요")
    assert visitor.problems == []
    assert visitor.page.url.startswith(telephone.url)


def _some_product(visitor: Visitor) -> str:
    found: dict[str, Any] = visitor.context.request.get(f"{visitor.shop.url}/products.json").json()
    return str(found["products"][0]["product_id"])
