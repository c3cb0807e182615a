"""Codes, coupons and links: few tries, a short life, used once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, text

from memory import codes, coupons, customers, links
from memory.codes import Checked, TooMany
from tests import outbox_rows

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
PHONE = "+15035550142"


@pytest.fixture(scope="module")
def shared_engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with outbox_rows.module_engine(postgres_url, migrated_template) as opened:
        yield opened


@pytest.fixture
def engine(shared_engine: Engine) -> Engine:
    return outbox_rows.emptied(shared_engine)


@pytest.fixture
def customer(engine: Engine) -> str:
    with engine.begin() as connection:
        return customers.create(connection, now=NOW)


def try_it(connection: Connection, customer: str, text: str) -> tuple[Checked, str | None]:
    """A message comes in, and has its turn."""
    codes.typed(connection, customer, text)
    return codes.take(connection, customer, text)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_the_right_code_proves_the_number_once(engine: Engine, customer: str) -> None:
    with engine.begin() as connection:
        code = codes.issue(connection, customer, PHONE)
        assert len(code) == 6
        assert codes.waiting_for(connection, customer) == PHONE
        assert try_it(connection, customer, code) == (Checked.RIGHT, PHONE)
        assert codes.waiting_for(connection, customer) is None
        assert try_it(connection, customer, code) == (Checked.SPENT, None)


def test_after_five_wrong_tries_the_right_one_comes_too_late(engine: Engine, customer: str) -> None:
    with engine.begin() as connection:
        code = codes.issue(connection, customer, PHONE)
        tries = [try_it(connection, customer, wrong(code))[0] for _ in range(5)]
        assert tries == [Checked.WRONG] * 4 + [Checked.SPENT]
        assert try_it(connection, customer, code) == (Checked.SPENT, None)
        assert codes.waiting_for(connection, customer) is None


def test_a_new_code_ends_the_one_before(engine: Engine, customer: str) -> None:
    with engine.begin() as connection:
        first = codes.issue(connection, customer, PHONE)
        second = codes.issue(connection, customer, PHONE)
        if first != second:
            assert try_it(connection, customer, first)[0] is Checked.WRONG
        assert try_it(connection, customer, second)[0] is Checked.RIGHT


def test_a_try_is_counted_when_it_comes_in_and_not_again_in_its_turn(
    engine: Engine, customer: str
) -> None:
    with engine.begin() as connection:
        code = codes.issue(connection, customer, PHONE)
        for text_of in (wrong(code), f"is it {wrong(code)}?", wrong(code), wrong(code)):
            assert not codes.typed(connection, customer, text_of)
        for _ in range(9):
            assert codes.take(connection, customer, wrong(code)) == (Checked.WRONG, None)
        assert codes.take(connection, customer, code) == (Checked.WRONG, None)
        assert codes.typed(connection, customer, code)
        assert not codes.typed(connection, customer, code)
        assert codes.take(connection, customer, wrong(code)) == (Checked.WRONG, None)
        assert codes.take(connection, customer, code) == (Checked.RIGHT, PHONE)


def test_a_code_typed_in_time_counts_however_late_its_turn_is(
    engine: Engine, customer: str
) -> None:
    with engine.begin() as connection:
        code = codes.issue(connection, customer, PHONE)
        assert codes.typed(connection, customer, code)
        connection.execute(text("UPDATE codes SET expires_at = expires_at - interval '601 s'"))
        assert codes.take(connection, customer, code) == (Checked.RIGHT, PHONE)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("482913", "482913"),
        ("482 913", "482913"),
        ("4 8 2 9 1 3", "482913"),
        ("４８２９１３.", "482913"),
        ("the code is 482913, thanks", "482913"),
        ("코드는 482913이에요", "482913"),
        ("코드 482-913 입니다", "482913"),
        ("48291", None),
        ("4829130", None),
        ("010-5000-0101", None),
        ("제 번호는 010-5000-0101이에요", None),
        ("my number is 503-555-0107", None),
        ("call +1 503 555 0142", None),
        ("482913원이에요?", None),
        ("is it $482,913?", None),
        ("hello", None),
        ("", None),
    ],
)
def test_six_digits_are_a_code_alone_or_in_a_sentence(said: str, code: str | None) -> None:
    assert codes.typed_in(said) == code


def test_a_code_lives_ten_minutes(engine: Engine, customer: str) -> None:
    with engine.begin() as connection:
        code = codes.issue(connection, customer, PHONE)
        connection.execute(text("UPDATE codes SET expires_at = expires_at - interval '601 s'"))
        assert try_it(connection, customer, code) == (Checked.SPENT, None)


def test_three_codes_an_hour_for_whoever_asks_to_whatever_number(
    engine: Engine, customer: str
) -> None:
    with engine.begin() as connection:
        for last_digits in range(3):
            codes.issue(connection, customer, f"+1503555020{last_digits}")
        with pytest.raises(TooMany):
            codes.issue(connection, customer, PHONE)
        connection.execute(text("UPDATE codes SET sent_at = sent_at - interval '61 min'"))
        codes.issue(connection, customer, PHONE)


def test_a_stranger_cannot_keep_the_owner_from_their_code(engine: Engine, customer: str) -> None:
    with engine.begin() as connection:
        for _ in range(3):
            codes.issue(connection, customer, PHONE)
        owner = customers.create(connection, now=NOW)
        code = codes.issue(connection, owner, PHONE)
        assert try_it(connection, owner, code) == (Checked.RIGHT, PHONE)


def test_a_telephone_gets_a_dozen_codes_an_hour_however_many_ask(engine: Engine) -> None:
    with engine.begin() as connection:
        for _ in range(4):
            stranger = customers.create(connection, now=NOW)
            for _ in range(3):
                codes.issue(connection, stranger, PHONE)
        another = customers.create(connection, now=NOW)
        with pytest.raises(TooMany):
            codes.issue(connection, another, PHONE)
        codes.issue(connection, another, "+15035550143")
        connection.execute(text("UPDATE codes SET sent_at = sent_at - interval '61 min'"))
        codes.issue(connection, another, PHONE)


def test_a_code_is_not_kept_as_it_was_sent(engine: Engine, customer: str) -> None:
    with engine.begin() as connection:
        code = codes.issue(connection, customer, PHONE)
        kept = connection.execute(text("SELECT codes::text FROM codes")).scalar_one()
    assert code not in kept


def test_a_coupon_is_redeemed_once_by_two_hundred_at_once(engine: Engine, customer: str) -> None:
    with engine.begin() as connection:
        coupon = coupons.issue(
            connection, customer, offer_id=1, percent=10, product_id="x", now=NOW
        )
        again = coupons.issue(connection, customer, offer_id=1, percent=30, product_id="x", now=NOW)
    assert coupon == again
    redeemed: list[bool] = []

    def try_it(place: int) -> None:
        with engine.begin() as connection:
            redeemed.append(coupons.redeem(connection, coupon.code, order_id=f"o-{place}", now=NOW))

    threads = [threading.Thread(target=try_it, args=(place,)) for place in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert redeemed.count(True) == 1
    assert len(redeemed) == 200
    with engine.connect() as connection:
        assert coupons.valid(connection, coupon.code, now=NOW) is None


def test_a_coupon_ends_after_a_week_and_is_read_as_customers_type_it(
    engine: Engine, customer: str
) -> None:
    with engine.begin() as connection:
        coupon = coupons.issue(
            connection, customer, offer_id=1, percent=10, product_id="x", now=NOW
        )
        typed = f" {coupon.code.lower()} "
        assert coupons.valid(connection, typed, now=NOW) == coupon
        assert coupons.valid(connection, typed, now=NOW + timedelta(days=7)) is None
        later = NOW + timedelta(days=7)
        assert not coupons.redeem(connection, typed, order_id="1", now=later)


def test_a_link_stands_for_its_offer_until_it_is_too_old(engine: Engine, customer: str) -> None:
    with engine.begin() as connection:
        token = links.issue(connection, customer, kind="offer", address_id=7, offer_id=9, now=NOW)
        found = links.find(connection, token, now=NOW)
        assert found is not None
        assert (found.customer_id, found.address_id, found.offer_id) == (customer, 7, 9)
        opened_at = connection.scalar(text("SELECT opened_at FROM links"))
        assert opened_at == NOW
        assert links.find(connection, token, now=NOW + timedelta(days=60)) is None
        assert links.find(connection, token[:-1], now=NOW) is None
        kept = connection.execute(text("SELECT links::text FROM links")).scalar_one()
    assert token not in kept
