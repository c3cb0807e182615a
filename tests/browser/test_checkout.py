"""Buying on the demo shop's pages, in both languages, at a desk and on a telephone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from memory.tables import orders
from tests.browser.local_shop import LocalShop
from tests.browser.test_pages import assert_it_fits, pictures_of
from tests.browser.visitor import Visit

SAID = {
    "ko": ("바로 구매", "결제하기 (데모)", "주문이 완료됐어요", "119,000원", "English"),
    "en": ("Buy now", "Pay (demo)", "Thank you for your order", "$99", "한국어"),
}
PAID = {"ko": (Decimal(119000), "KRW"), "en": (Decimal(99), "USD")}


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("on_telephone", [True, False])
def test_one_buys_from_a_products_page(
    local: LocalShop, visit: Visit, language: str, on_telephone: bool
) -> None:
    visitor = visit(language, on_telephone=on_telephone)
    visitor.go("/products/sori-road")
    buy, pay, thanks, price, _ = SAID[language]
    customer = visitor.customer()
    visitor.page.get_by_role("combobox").select_option("SOR-NVY-270-R")
    visitor.page.get_by_role("button", name=buy).click()
    expect(visitor.page.locator(".sums .total")).to_contain_text(price)
    assert min(pictures_of(visitor)) > 0
    assert_it_fits(visitor)
    visitor.page.get_by_role("button", name=pay).click()
    expect(visitor.page.locator("h1")).to_have_text(thanks)
    expect(visitor.page.locator(".sums .total")).to_contain_text(price)
    assert_it_fits(visitor)
    assert visitor.problems == []
    with local.engine.connect() as connection:
        row = connection.execute(select(orders).where(orders.c.customer_id == customer)).one()
    assert (row.total, row.currency) == PAID[language]


def test_a_size_has_to_be_chosen(visit: Visit) -> None:
    visitor = visit("en")
    visitor.go("/products/sori-road")
    visitor.page.get_by_role("button", name="Buy now").click()
    expect(visitor.page).to_have_url(f"{visitor.shop.url}/products/sori-road")


def test_the_basket_stays_in_the_other_language(visit: Visit) -> None:
    visitor = visit("ko")
    visitor.go("/checkout?sku=MRS-GRY-S&quantity=3&coupon=NONE")
    expect(visitor.page.locator(".warning")).to_contain_text("쓸 수 없어요")
    visitor.page.get_by_role("link", name="English").click()
    expect(visitor.page.locator(".sums .total")).to_contain_text("$63")
    expect(visitor.page.get_by_label("Quantity")).to_have_value("3")
    expect(visitor.page.get_by_label("Coupon")).to_have_value("NONE")
    visitor.page.get_by_label("Quantity").select_option("1")
    visitor.page.get_by_role("button", name="Apply").click()
    expect(visitor.page.locator(".sums .total")).to_contain_text("$25")


def test_what_is_written_on_a_page_is_text(visit: Visit) -> None:
    visitor = visit("en")
    attack = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
    visitor.go(f"/checkout?sku=MRS-GRY-S&coupon={attack}")
    expect(visitor.page.get_by_label("Coupon")).to_have_value('"><script>alert(1)</script>')
    assert visitor.problems == []


def test_a_chat_that_was_open_does_not_lie_over_the_checkout(visit: Visit) -> None:
    visitor = visit("en")
    visitor.go()
    visitor.open_chat()
    visitor.go("/checkout?sku=SOR-NVY-270-R&quantity=1")
    expect(visitor.page.locator(".sums .total")).to_be_visible()
    expect(visitor.chat.locator(".launcher")).to_be_visible()
    expect(visitor.chat.locator(".panel")).to_be_hidden()
    visitor.open_chat()
