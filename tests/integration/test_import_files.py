"""Files of a shop's in a real database: each kind, twice, changed, wrong in places."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from openpyxl import Workbook

from agent.catalogue import KnownCatalogue
from command import import_words, imports
from marketing.decisions import Reason, Refused
from marketing.errors import BadInput
from memory import addresses, catalogue, consents, customers, facts, gate, outbox, suppressions
from memory import imports as memory_imports
from memory.imports import AlreadyRunning, Place
from memory.outbox import Outgoing, Passed
from nlu.catalogue import current_snapshot
from settings import PROJECT
from tests import keyring
from tests.import_shop import CATALOGUE, NOW, ImportShop
from web import shelf

HISTORY = (
    *("customers", "addresses", "address_lookup", "permissions", "facts", "due"),
    *("orders", "order_lines", "events", "consents", "suppressions", "products", "shop"),
)


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[ImportShop]:
    made = ImportShop(database_url, tmp_path)
    yield made
    made.engine.dispose()


def test_customers_come_in_with_all_that_is_told_of_them(shop: ImportShop) -> None:
    assert shop.bring(
        "customers",
        "고객번호,이름,휴대폰번호,이메일,언어,국가,가입일,생일,신발사이즈\n"
        "m-1,김서연,010-2345-6789,SEOYEON@example.com,한국어,대한민국,2023. 5. 3.,5월 3일,240\n"
        "m-2,Ann Lee,(503) 555-0142,ann@example.com,en-US,us,2024-02-29,1988-02-29,\n",
    )
    with shop.engine.begin() as connection:
        seoyeon = customers.resolve(connection, "m-1")
        assert customers.resolve(connection, "+821023456789") == seoyeon
        assert customers.resolve(connection, "seoyeon@example.com") == seoyeon
        known = customers.get(connection, seoyeon)
        held = {fact.kind: (fact.value, fact.source) for fact in facts.known(connection, seoyeon)}
        ann = customers.get(connection, customers.resolve(connection, "m-2"))
        proofs = {one.proof for one in addresses.of_customer(connection, seoyeon)}
    assert (known.name, known.language, known.country) == ("김서연", "ko", "KR")
    assert known.created_at == datetime(2023, 5, 2, 15, tzinfo=UTC)  # its midnight in Seoul
    assert held == {
        "birthday": ({"month": 5, "day": 3, "year": None}, "import"),
        "shoe_size": (240, "import"),
    }
    assert (ann.name, ann.language, ann.country) == ("Ann Lee", "en", "US")
    assert proofs == {"shop"}
    assert shop.ask("SELECT kind, about->>'date' FROM due ORDER BY 2") == [
        ("birthday", "2027-02-28"),
        ("birthday", "2027-05-03"),
    ]
    assert shop.ask("SELECT DISTINCT marketing FROM permissions") == [("none",)]


def test_a_changed_row_updates_and_an_unchanged_one_is_not_touched(shop: ImportShop) -> None:
    before = "customer_id,name,phone,shoe_size\nm-1,Kim,01023456789,240\nm-2,Lee,,\n"
    shop.bring("customers", before)
    once = shop.everything(*HISTORY)
    shop.bring("customers", before)
    assert shop.everything(*HISTORY) == once
    shop.bring("customers", before.replace("Kim", "Kim Seoyeon").replace("240", "245"))
    assert shop.ask("SELECT name FROM customers ORDER BY 1") == [("Kim Seoyeon",), ("Lee",)]
    with shop.engine.begin() as connection:
        held = facts.known(connection, customers.resolve(connection, "m-1"))
    assert [fact.value for fact in held] == [245]


def test_what_a_customer_has_said_or_had_forgotten_is_not_overwritten(shop: ImportShop) -> None:
    rows = "customer_id,shoe_size\nm-1,240\nm-2,250\nm-3,260\n"
    shop.bring("customers", "customer_id\nm-1\nm-2\nm-3\n")
    with shop.engine.begin() as connection:
        said, forgot, silent = (customers.resolve(connection, f"m-{n}") for n in (1, 2, 3))
        facts.learn(connection, said, kind="shoe_size", value=245, now=NOW)
        facts.learn(connection, forgot, kind="shoe_size", value=250, now=NOW, source="import")
        facts.close(connection, forgot, kind="shoe_size", now=NOW)
    shop.ask(
        "UPDATE customers SET learning_stopped_at = now() FROM address_lookup l "
        "WHERE l.value = 'm-3' AND l.customer_id = customers.customer_id"
    )
    shop.bring("customers", rows)
    with shop.engine.begin() as connection:
        held = [
            [fact.value for fact in facts.known(connection, one)] for one in (said, forgot, silent)
        ]
    assert held == [[245], [], []]


def test_an_address_of_somebody_else_stays_theirs_and_the_row_is_in_but_for_it(
    shop: ImportShop,
) -> None:
    assert not shop.bring(
        "customers",
        "customer_id,name,phone\nm-1,Kim,01023456789\nm-2,Lee,01023456789\nm-3,Park,02-123-4567\n",
    )
    told = list(csv.DictReader(io.StringIO(shop.rejected("customers"))))
    assert [(row["rejected_row"], row["customer_id"]) for row in told] == [
        ("3", "m-2"),
        ("4", "m-3"),
    ]
    assert "another customer's" in told[0]["rejected_reason"]
    assert "takes no texts" in told[1]["rejected_reason"]
    assert shop.ask("SELECT count(*) FROM customers") == [(3,)]
    assert shop.ask("SELECT count(*) FROM addresses WHERE kind = 'phone'") == [(1,)]


def test_who_wrote_from_the_number_so_far_was_the_customer_of_the_log_in(shop: ImportShop) -> None:
    with shop.engine.begin() as connection:
        writer = customers.of_address(
            connection, "phone", "+821023456789", proof="inbound", now=NOW
        ).customer_id
    assert shop.bring("customers", "customer_id,name,phone\nm-1,Kim,010-2345-6789\n")
    with shop.engine.begin() as connection:
        assert customers.resolve(connection, "m-1") == writer
        assert customers.get(connection, writer).name == "Kim"
    assert shop.ask("SELECT count(*) FROM customers") == [(1,)]


ORDERS = (
    "order_id,customer_id,phone,ordered_at,total,currency,product_id,quantity,unit_price,store\n"
    'o-1,m-1,,2026. 11. 20. 오후 3:05,"278,000원",,ridge,2,139000,\n'
    'o-2,m-1,,2026-11-21T10:00:00-08:00,"$1,299.00",,tent,1,"1,200.00",\n'
    'o-2,m-1,,2026-11-21T10:00:00-08:00,"$1,299.00",,pegs,1,99,\n'
    "7,,010-2345-6789,2026-11-22,35000,KRW,socks,,,강남점\n"
)


def test_orders_come_in_with_their_lines_their_till_and_their_person(shop: ImportShop) -> None:
    shop.bring("customers", "customer_id,phone\nm-1,01023456789\n")
    assert shop.bring("orders", ORDERS)
    assert shop.ask(
        "SELECT order_id, ordered_at, total, currency, store FROM orders ORDER BY order_id"
    ) == [
        ("7", datetime(2026, 11, 21, 15, tzinfo=UTC), Decimal(35000), "KRW", "강남점"),
        ("o-1", datetime(2026, 11, 20, 6, 5, tzinfo=UTC), Decimal(278000), "KRW", None),
        ("o-2", datetime(2026, 11, 21, 18, tzinfo=UTC), Decimal(1299), "USD", None),
    ]
    assert shop.ask(
        "SELECT order_id, line, product_id, quantity, unit_price FROM order_lines ORDER BY 1, 2"
    ) == [
        ("7", 1, "socks", 1, Decimal(35000)),
        ("o-1", 1, "ridge", 2, Decimal(139000)),
        ("o-2", 1, "tent", 1, Decimal(1200)),
        ("o-2", 2, "pegs", 1, Decimal(99)),
    ]
    assert shop.ask("SELECT count(DISTINCT customer_id) FROM orders") == [(1,)]


def test_an_order_is_never_doubled_and_one_that_changed_is_brought_up_to_date(
    shop: ImportShop,
) -> None:
    shop.bring("orders", ORDERS)
    once = shop.everything(*HISTORY)
    shop.bring("orders", ORDERS)
    assert shop.everything(*HISTORY) == once
    shop.bring(
        "orders",
        "order_id,customer_id,ordered_at,total,currency,product_id,quantity,unit_price\n"
        "o-2,m-1,2026-11-21T10:00:00-08:00,1200,USD,tent,1,1200\n",
    )
    assert shop.ask("SELECT total FROM orders WHERE order_id = 'o-2'") == [(Decimal(1200),)]
    assert shop.ask("SELECT product_id FROM order_lines WHERE order_id = 'o-2'") == [("tent",)]
    assert shop.ask("SELECT count(*) FROM orders") == [(3,)]


def test_an_order_of_another_is_refused_and_two_tills_may_count_alike(shop: ImportShop) -> None:
    head = "order_id,customer_id,ordered_at,total,store\n"
    shop.bring("orders", f"{head}1001,m-1,2026-11-01,1000,강남점\n")
    assert not shop.bring("orders", f"{head}1001,m-2,2026-11-01,1000,강남점\n")
    assert "another customer's order" in shop.rejected("orders")
    assert shop.bring("orders", f"{head}1001,m-2,2026-11-01,1000,부산점\n")
    assert not shop.bring("orders", f"{head}1001,m-1,2026-11-01,1000,부산점\n")
    assert shop.ask("SELECT store FROM orders ORDER BY 1") == [("강남점",), ("부산점",)]


def test_a_new_order_of_today_ends_what_it_makes_pointless_and_history_does_not(
    shop: ImportShop,
) -> None:
    shop.bring(
        "products",
        "product_id,name,category,price_krw,stock\nridge,능선,hiking_shoes,139000,3\n",
    )
    shop.bring("customers", "customer_id\nm-1\nm-2\n")
    shop.ask(
        "INSERT INTO due (customer_id, kind, occurrence, about, due_at, created_at) "
        "SELECT customer_id, 'browse', '1', "
        '\'{"category": "hiking_shoes", "product_id": "ridge"}\', now(), now() FROM customers'
    )
    shop.bring(
        "orders",
        "order_id,customer_id,ordered_at,total,product_id,quantity\n"
        "o-1,m-1,2026-11-27 09:00,139000,ridge,1\n"
        "o-2,m-2,2026-11-20 09:00,139000,ridge,1\n",
    )
    assert shop.ask(
        "SELECT l.value, d.state FROM due d JOIN address_lookup l USING (customer_id) ORDER BY 1"
    ) == [("m-1", "cancelled"), ("m-2", "waiting")]


def test_rows_of_an_order_that_stand_apart_are_told_and_lose_nothing(shop: ImportShop) -> None:
    head = "order_id,customer_id,ordered_at,total,product_id,quantity,unit_price\n"
    assert not shop.bring(
        "orders",
        f"{head}o-1,m-1,2026-11-01,300,a,1,100\n"
        "o-2,m-1,2026-11-01,100,a,1,100\n"
        "o-1,m-1,2026-11-01,300,b,1,200\n",
    )
    assert "stand together" in shop.rejected("orders")
    assert shop.ask("SELECT product_id FROM order_lines WHERE order_id = 'o-1'") == [("a",)]


def test_events_come_in_once_with_their_properties(shop: ImportShop) -> None:
    shop.bring("customers", "customer_id\nm-1\n")
    content = (
        "event,customer_id,timestamp,message_id,product_id,properties.colour,properties\n"
        'Product Viewed,m-1,2026-11-20 12:00,e-1,ridge,navy,"{""price"": 139000}"\n'
        "Product Viewed,m-1,2026-11-20 12:01,,ridge,,\n"
    )
    assert shop.bring("events", content)
    assert shop.bring("events", content)
    assert shop.bring("events", content.replace("e-1", "e-2").replace(",navy", ",red"))
    assert shop.ask("SELECT name, properties FROM events ORDER BY occurred_at, event_id") == [
        ("Product Viewed", {"product_id": "ridge", "colour": "navy", "price": 139000}),
        ("Product Viewed", {"product_id": "ridge", "colour": "red", "price": 139000}),
        ("Product Viewed", {"product_id": "ridge"}),
    ]


CONSENTS = (
    "customer_id,phone,purpose,action,text,at,source\n"
    "m-1,01023456789,marketing,동의,광고성 문자 수신에 동의합니다,2025-03-02 10:00,회원가입\n"
    "m-1,01023456789,야간,N,,,\n"
    "m-2,01034567890,marketing,yes,I agree to texts,2025-03-02,\n"
    "m-3,,marketing,no,,,\n"
)


def standing(shop: ImportShop, login: str) -> tuple[str, bool, bool]:
    """Permission of the person, and whether their first number may get advertisements, at night."""
    with shop.engine.begin() as connection:
        customer_id = customers.resolve(connection, login)
        phones = [
            one for one in addresses.of_customer(connection, customer_id) if one.kind == "phone"
        ]
        state = consents.lock_permission(connection, customer_id)
        if not phones:
            return state, False, False
        found = consents.standing(connection, customer_id, phones[0].address_id, now=NOW)
        return state, found.marketing, found.night


def test_a_consent_needs_words_date_and_source_and_a_refusal_nothing(shop: ImportShop) -> None:
    assert not shop.bring("consents", CONSENTS)
    told = list(csv.DictReader(io.StringIO(shop.rejected("consents"))))
    assert [(row["rejected_row"], row["customer_id"]) for row in told] == [("4", "m-2")]
    assert "source" in told[0]["rejected_reason"]
    assert standing(shop, "m-1") == ("given", True, False)
    assert standing(shop, "m-3") == ("refused", False, False)
    [(evidence, at)] = shop.ask("SELECT evidence, at FROM consents WHERE action = 'given'")
    assert evidence["text"] == "광고성 문자 수신에 동의합니다"
    assert evidence["given_through"] == "회원가입"
    assert evidence["source"] == "import"
    assert len(evidence["digest"]) == 64
    assert at == datetime(2025, 3, 2, 1, tzinfo=UTC)
    once = shop.everything(*HISTORY)
    shop.bring("consents", CONSENTS)
    assert shop.everything(*HISTORY) == once


def test_a_consent_from_before_a_refusal_does_not_count(shop: ImportShop) -> None:
    shop.bring("consents", CONSENTS)
    with shop.engine.begin() as connection:
        m1 = customers.resolve(connection, "m-1")
        consents.record(
            connection, m1, purpose="marketing", action="withdrawn", evidence={}, now=NOW
        )
    older = CONSENTS.splitlines()[0] + "\nm-1,01023456789,marketing,Y,새 문구,2026-01-01,전화\n"
    assert not shop.bring("consents", older)
    assert "refused since" in shop.rejected("consents")
    assert standing(shop, "m-1")[0] == "refused"
    shop.stand_at(NOW + timedelta(days=2))
    assert shop.bring("consents", older.replace("2026-01-01", "2026-11-28"))
    assert standing(shop, "m-1") == ("given", True, False)


def test_a_refusal_that_names_another_customers_number_counts_for_both(shop: ImportShop) -> None:
    shop.bring("customers", "customer_id,phone\nm-1,01023456789\nm-2,\n")
    shop.bring("consents", "customer_id,phone,action\nm-2,01023456789,거부\n")
    assert standing(shop, "m-1")[0] == standing(shop, "m-2")[0] == "refused"


def test_a_consent_without_a_number_is_of_the_only_one(shop: ImportShop) -> None:
    shop.bring("customers", "customer_id,phone\nm-1,01023456789\nm-2,\n")
    head = "customer_id,action,text,at,source\n"
    shop.bring(
        "consents", f"{head}m-1,Y,동의합니다,2026-01-01,가입\nm-2,Y,동의합니다,2026-01-01,가입\n"
    )
    assert standing(shop, "m-1") == ("given", True, False)
    assert standing(shop, "m-2") == ("none", False, False)
    assert "without a number" in shop.rejected("consents")


def test_whoever_is_suppressed_is_never_asked_again_whatever_they_agree_to(
    shop: ImportShop,
) -> None:
    assert shop.bring(
        "suppressions", "전화번호,이메일,사유\n010-2345-6789,,민원\n,NO@example.com,\n"
    )
    kept = str(shop.ask("SELECT kind, value_index, reason FROM suppressions"))
    assert "2345" not in kept
    assert "민원" not in kept
    assert "no@" not in kept
    shop.bring(
        "customers", "customer_id,phone,email\nm-1,01023456789,\nm-2,01034567890,no@example.com\n"
    )
    assert standing(shop, "m-1")[0] == standing(shop, "m-2")[0] == "refused"
    shop.bring("suppressions", "phone\n01045678901\n")
    shop.bring("consents", CONSENTS.replace("01023456789", "01045678901"))
    assert standing(shop, "m-1")[0] == "refused"


@pytest.mark.parametrize(
    ("purpose", "message_class", "goes"),
    [("consent_request", "service", False), ("answer", "reply", True), ("help", "service", True)],
)
def test_a_suppressed_number_gets_what_it_has_asked_for_and_nothing_else(
    shop: ImportShop, purpose: str, message_class: str, goes: bool
) -> None:
    """Also where it was told to whoever wrote the message that nothing stands against it."""
    with shop.engine.begin() as connection:
        address = customers.of_address(
            connection, "phone", "+821023456789", proof="inbound", now=NOW
        )
        outbox.put(
            connection,
            key="k",
            customer_id=address.customer_id,
            address_id=address.address_id,
            message_class=message_class,
            purpose=purpose,
            body="…",
            now=NOW,
        )
        suppressions.suppress(connection, "phone", "+821023456789", reason="list", now=NOW)
    with shop.engine.begin() as connection:
        found = outbox.begin_sending(connection, now=NOW, lease=timedelta(minutes=1))
    assert isinstance(found, Outgoing) is goes
    if not goes:
        assert isinstance(found, Passed)
        assert found.reason == "suppressed"


def test_the_gate_asks_the_list_before_an_offer_is_planned(shop: ImportShop) -> None:
    with shop.engine.begin() as connection:
        address = customers.of_address(
            connection, "phone", "+821023456789", proof="inbound", now=NOW
        )
        consents.record(
            connection,
            address.customer_id,
            purpose="marketing",
            action="given",
            evidence={},
            now=NOW,
            address_id=address.address_id,
        )
        about = gate.About(product_id="x", category="y", since=NOW, latest=None)
        decide = partial(
            gate.decide,
            connection,
            address.customer_id,
            about,
            address_id=address.address_id,
            now=NOW,
        )
        assert decide() == Refused(reason=Reason.OUT_OF_STOCK)
        suppressions.suppress(connection, "phone", "+821023456789", reason="list", now=NOW)
        assert decide() == Refused(reason=Reason.SUPPRESSED)


def test_suppressing_the_number_of_a_customer_ends_what_waits(shop: ImportShop) -> None:
    shop.bring("customers", "customer_id,phone,birthday\nm-1,01023456789,05-03\n")
    shop.bring("suppressions", "phone\n01023456789\n")
    assert standing(shop, "m-1")[0] == "refused"
    assert shop.ask("SELECT state, reason FROM due") == [("cancelled", "refused")]
    once = shop.everything(*HISTORY)
    shop.bring("suppressions", "phone\n01023456789\n")
    assert shop.everything(*HISTORY) == once


def test_it_is_said_once_that_suppressions_come_first(
    shop: ImportShop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.bring("customers", "customer_id\nm-1\n")
    assert capsys.readouterr().err.count("No suppressions have been imported") == 1
    shop.bring("suppressions", "phone\n01023456789\n")
    capsys.readouterr()
    shop.bring("customers", "customer_id\nm-1\n")
    assert "No suppressions" not in capsys.readouterr().err


def test_a_file_without_its_columns_is_refused_whole(shop: ImportShop) -> None:
    with pytest.raises(BadInput, match=r"total.*order_id, customer_id, 비고"):
        shop.bring("orders", "order_id,customer_id,비고\no-1,m-1,x\n")
    assert shop.ask("SELECT count(*) FROM imports") == [(0,)]


def test_mended_rejected_rows_can_be_imported_as_they_are(shop: ImportShop) -> None:
    assert not shop.bring("customers", "customer_id,phone,비고\nm-1,12,메모\nm-2,01034567890,\n")
    mended = shop.rejected("customers").replace(",12,", ",01023456789,")
    assert shop.bring("customers", mended)
    with shop.engine.begin() as connection:
        assert customers.resolve(connection, "+821023456789")


def test_a_rejected_file_goes_when_everything_is_in(shop: ImportShop) -> None:
    shop.bring("orders", "order_id,customer_id,ordered_at,total\no-1,,2026-11-01,100\n")
    assert shop.rejected("orders")
    shop.bring("orders", "order_id,customer_id,ordered_at,total\no-1,m-1,2026-11-01,100\n")
    assert shop.rejected("orders") == ""


def test_json_lines_are_told_with_their_own_kind_of_file(shop: ImportShop) -> None:
    shop.bring(
        "customers", '{"customer_id": "m-1", "이름": "김"}\n{"customer_id": \n{"name": "x"}\n'
    )
    assert shop.ask("SELECT name FROM customers") == [("김",)]
    told = [json.loads(line) for line in shop.rejected("customers", "jsonl").splitlines()]
    assert [one["rejected_row"] for one in told] == [2, 3]
    assert told[0]["rejected_line"] == '{"customer_id":'
    assert told[1]["name"] == "x"


PRODUCTS = (
    "상품번호,상품명,영문명,카테고리,브랜드,판매가,달러가격,색상,사이즈,발볼,재고\n"
    'mug-1,머그컵,Mug,컵,숲,"12,000원",9.50,하양,,,5\n'
    "trail-2,새길,New Trail,등산화,숲,139000,119,navy,270,레귤러,3\n"
    "trail-2,새길,New Trail,등산화,숲,139000,119,navy,275,레귤러,0\n"
)


def test_products_stand_beside_the_shops_own_and_a_sync_leaves_them(shop: ImportShop) -> None:
    assert shop.bring("products", PRODUCTS)
    with shop.engine.begin() as connection:
        digest = catalogue.digest(connection)
        mug, trail = catalogue.listed(connection)
    assert mug["name"] == {"ko": "머그컵", "en": "Mug"}
    assert mug["price"] == {"KRW": "12000", "USD": "9.50"}
    assert trail["category"] == "hiking_shoes"
    assert [(one["size"], one["width"], one["stock"]) for one in trail["variants"]] == [
        ("270", "regular", 3),
        ("275", "regular", 0),
    ]
    once = shop.everything(*HISTORY)
    shop.bring("products", PRODUCTS)
    ImportShop(shop.url, shop.folder).engine.dispose()  # a sync
    assert shop.everything(*HISTORY) == once
    shop.bring("products", PRODUCTS.replace("139000", "129000"))
    with shop.engine.begin() as connection:
        assert catalogue.digest(connection) != digest
        assert catalogue.product(connection, "trail-2")["price"]["KRW"] == "129000"  # type: ignore[index]


def test_what_the_shops_own_system_lists_stays_its_own(database_url: str, tmp_path: Path) -> None:
    demo = ImportShop(database_url, tmp_path, shop="demo")
    assert not demo.bring(
        "products", "product_id,name,category,price_krw,stock\nsori-road,x,y,1,1\nnew-1,x,y,1,1\n"
    )
    assert "shop's own system" in demo.rejected("products")
    [(before,)] = demo.ask("SELECT count(*) FROM products")
    ImportShop(database_url, tmp_path, shop="empty").engine.dispose()
    assert demo.ask("SELECT product_id FROM products") == [("new-1",)]
    ImportShop(database_url, tmp_path, shop="demo").engine.dispose()
    assert demo.ask("SELECT count(*) FROM products") == [(before,)]
    demo.engine.dispose()


def test_the_examples_of_the_page_are_imported_whole_and_sold(shop: ImportShop) -> None:
    """In the order of docs/import.md; the shelf and the chat then know the products."""
    for kind in ("suppressions", "customers", "products", "orders", "events", "consents"):
        example = (PROJECT / "docs" / "import" / f"{kind}.csv").read_bytes()
        assert shop.bring(kind, example), shop.rejected(kind)
    with shop.engine.begin() as connection:
        store = KnownCatalogue().refresh(connection)
        listed = catalogue.listed(connection)
    known = {one.identifier: one.phrases for one in current_snapshot().entries}
    assert set(known["mug-1"]) == {"숲길 머그컵", "Trailhead Mug"}
    mug, trail = (shelf.item(store, one, "ko") for one in listed)
    assert (mug.name, mug.price, mug.stock) == ("숲길 머그컵", "12,000원", 25)
    assert (CATALOGUE / mug.picture.removeprefix("/")).is_file()
    assert [size.label for size in trail.rows[0].sizes] == ["270", "275"]
    assert shelf.item(store, listed[1], "en").price == "$119"
    assert shop.ask("SELECT count(DISTINCT customer_id) FROM orders") == [(2,)]
    assert standing(shop, "m-1001") == ("given", True, False)


def test_a_workbook_is_imported_as_its_cells_are_shown(shop: ImportShop) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["주문번호", "고객번호", "주문일시", "결제금액", "상품번호", "수량"])
    sheet.append(["o-1", 1001, datetime(2026, 11, 1, 15, 5), 139000, "ridge", 1])  # noqa: DTZ001
    sheet.append(["o-2", 1001, "어제", "12,000원", "mug", 1])
    content = io.BytesIO()
    book.save(content)
    assert not shop.bring("orders", content.getvalue())
    assert shop.ask("SELECT order_id, ordered_at, total FROM orders") == [
        ("o-1", datetime(2026, 11, 1, 6, 5, tzinfo=UTC), Decimal(139000))
    ]
    [told] = csv.DictReader(io.StringIO(shop.rejected("orders")))
    assert (told["rejected_row"], told["주문번호"], told["주문일시"]) == ("3", "o-2", "어제")
    assert told["rejected_reason"].startswith("주문일시: ")


def test_korean_excels_csv_is_read_and_its_reasons_are_korean(shop: ImportShop) -> None:
    content = "고객번호;이름;휴대폰번호\nm-1;똠방각하;010-2345-6789\nm-2;이;12\n".encode("cp949")
    path = str(shop.file("customers", content))
    assert not imports.run(shop.settings, "customers", path, "ko", "ko")
    assert shop.ask("SELECT name FROM customers") == [("똠방각하",)]
    assert "휴대폰번호: 전화번호가 아님(12)" in shop.rejected("customers")


def test_stdin_is_read_and_what_is_rejected_lies_where_the_command_ran(
    shop: ImportShop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    piped = io.TextIOWrapper(io.BytesIO(b"customer_id,phone\nm-1,12\nm-2,01023456789\n"))
    monkeypatch.setattr("sys.stdin", piped)
    assert not imports.run(shop.settings, "customers", "-", "ko", "en")
    assert "m-1" in (tmp_path / "customers.rejected.csv").read_text("utf-8-sig")
    assert (tmp_path / "customers.rejected.csv").stat().st_mode & 0o077 == 0
    assert shop.ask("SELECT count(*) FROM customers") == [(1,)]


def test_a_reason_that_memory_gives_has_words(shop: ImportShop) -> None:
    source = "".join(path.read_text() for path in (PROJECT / "memory" / "importing").glob("*.py"))
    given = set(re.findall(r'not_taken\[place\] = "([a-z_]+)"', source))
    given |= set(re.findall(r'"((?:order|product|address|no|several)_[a-z_]+)"', source)) & set(
        import_words.REASONS["en"]
    )
    assert {"refused_since", "order_of_another", "product_of_the_shop", "no_address"} <= given
    assert import_words.REASONS["en"].keys() == import_words.REASONS["ko"].keys()
    assert import_words.WORDS["en"].keys() == import_words.WORDS["ko"].keys()


def test_two_imports_of_one_file_do_not_run_beside_each_other(shop: ImportShop) -> None:
    before, after = (Place(rows_done=done, rows_rejected=0) for done in (0, 10))
    with shop.engine.begin() as connection:
        assert memory_imports.begin(connection, "d", kind="events", file_name="f") == before
        memory_imports.move(connection, "d", before, after)
    with shop.engine.begin() as connection:
        assert memory_imports.begin(connection, "d", kind="events", file_name="f") == after
        with pytest.raises(AlreadyRunning):
            memory_imports.move(connection, "d", before, after)


def test_the_command_says_how_it_went_by_its_exit_status(
    shop: ImportShop, tmp_path: Path, database_url: str
) -> None:
    environment = {
        **keyring.ENVIRONMENT,
        "DATABASE_URL": database_url,
        "DANGOL_HOME": str(tmp_path / "home"),
        "PYTHONPATH": str(PROJECT),
        "PATH": "/usr/bin:/bin",
        "LC_ALL": "ko_KR.UTF-8",
    }

    def run(*given: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "command", "import", *given],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    good = tmp_path / "good.csv"
    good.write_text("고객번호\nm-1\n")
    bad = tmp_path / "bad.csv"
    bad.write_text("고객번호,휴대폰\nm-2,12\n")
    status, said = run("customers", str(good))
    assert (status, "1행을 모두 가져옴" in said) == (0, True), said
    status, said = run("customers", str(bad))
    assert (status, "bad.csv.rejected.csv" in said) == (3, True), said
    status, said = run("orders", str(good))
    assert (status, "없는 열" in said) == (1, True), said
    status, said = run("customers", str(tmp_path / "none.csv"))
    assert (status, "그런 파일이 없음" in said) == (1, True), said
    assert run("people", str(good))[0] == 2
