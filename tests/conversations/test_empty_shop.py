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
    ],
)
def test_every_flow_has_an_answer(
    empty_shop: RealShop, channel: str, said: str, contains: str
) -> None:
    heard = empty_shop.hears(empty_shop.customer(channel), said)
    assert contains in heard.text
