"""A shop without products and without a word about itself answers everything, and truthfully."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agent.training import TrainedModel
from memory.engine import open_engine
from tests.conversations.real_shop import RealShop
from tests.postgres import fresh_database


@pytest.fixture(scope="module")
def empty_shop(
    postgres_url: str, migrated_template: str, shipped_model: TrainedModel
) -> Iterator[RealShop]:
    with fresh_database(postgres_url, template=migrated_template, is_durable=False) as url:
        engine = open_engine(url)
        shop = RealShop(engine, shipped_model, has_products=False)
        yield shop
        shop.close()
        engine.dispose()


@pytest.mark.parametrize("channel", ["web", "sms"])
@pytest.mark.parametrize(
    ("said", "contains"),
    [
        ("안녕하세요", "Dangol"),
        ("러닝화 추천해 주세요", "아직 준비된 상품이 없어요"),
        ("270 있어요?", "아직 준비된 상품이 없어요"),
        ("얼마예요?", "아직 준비된 상품이 없어요"),
        ("살게요", "어떤 상품"),
        ("상담원 연결해 주세요", "연락처가 없어요"),
        ("몇 시까지 해요?", "알지 못해요"),
        ("매장 어디예요", "알지 못해요"),
        ("배송 얼마나 걸려요", "알지 못해요"),
        ("제 사이즈는 270이에요", "신발 사이즈 270"),
        ("나에 대해 뭘 알고 있어?", "없어요"),
        ("뭐 할 수 있어요?", "Dangol"),
        ("show me running shoes", "no products here yet"),
        ("포인트 얼마 있어요?", "포인트 제도가 없어요"),
        ("do you have a rewards program?", "have a points program"),
    ],
)
def test_every_flow_has_an_answer(
    empty_shop: RealShop, channel: str, said: str, contains: str
) -> None:
    heard = empty_shop.hears(empty_shop.customer(channel), said)
    assert contains in heard.text


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("주문한 거 언제 와요?", "주문 내역을 찾지 못했어요"),
        ("반품하고 싶어요", "주문 내역을 찾지 못했어요"),
        ("주문 취소해 주세요", "주문 내역을 찾지 못했어요"),
        ("장바구니 보여줘", "제게는 보이지 않아요"),
    ],
)
def test_whose_order_it_is_comes_first(empty_shop: RealShop, said: str, found: str) -> None:
    assert "본인께만" in empty_shop.hears(empty_shop.customer("web"), said).text
    assert found in empty_shop.hears(empty_shop.customer("sms"), said).text
