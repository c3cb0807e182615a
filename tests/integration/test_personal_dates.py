"""A birthday or an anniversary told in the dialogue: written about once a year, in time, by whoever
it is known of, and not at all once it is forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text

from memory import (
    addresses,
    catalogue,
    clock,
    facts,
    muting,
    open_chats,
    personal_dates,
    refusals,
    sessions,
)
from outreach import personal_dates as outreach_dates
from outreach import shop_sync
from tests import follow_ups, outbox_rows
from tests.follow_ups import AMERICAN, KOREAN, person, plan, reasons, rows

SEOUL = ZoneInfo("Asia/Seoul")
PORTLAND = ZoneInfo("America/Los_Angeles")
TOLD = datetime(2026, 6, 10, 12, 0, tzinfo=SEOUL)
WEDDING = {"month": 7, "day": 12, "year": 2024}
BIRTHDAY = {"month": 5, "day": 3, "year": None}


@pytest.fixture(scope="module")
def shared_engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with outbox_rows.module_engine(postgres_url, migrated_template) as opened:
        yield opened


@pytest.fixture
def engine(shared_engine: Engine) -> Engine:
    return follow_ups.opened(shared_engine, now=TOLD)


def korean(engine: Engine, number: str | None = KOREAN, **known: Any) -> str:
    return person(engine, number, **{"language": "ko", "country": "KR", "name": "민수", **known})


def american(engine: Engine, **known: Any) -> str:
    of_portland = {"language": "en", "country": "US", "time_zone": "America/Los_Angeles"}
    return person(engine, AMERICAN, **{**of_portland, "name": "Anna", **known})


def tell(engine: Engine, customer_id: str, kind: str, value: object, subject: str = "self") -> None:
    with engine.begin() as connection:
        facts.learn(
            connection,
            customer_id,
            kind=kind,
            value=value,
            subject=subject,
            said="…",
            now=clock.business_now(connection),
        )


def forget(engine: Engine, customer_id: str, kind: str | None = None) -> None:
    with engine.begin() as connection:
        now = clock.business_now(connection)
        facts.close(connection, customer_id, kind=kind, now=now)


def waiting(engine: Engine, customer_id: str) -> list[tuple[str, str, datetime]]:
    """What waits: kind, occurrence, when it is due."""
    return [
        (row["kind"], row["occurrence"], row["due_at"])
        for row in rows(engine, "due", customer_id)
        if row["state"] == "waiting"
    ]


def texts(engine: Engine, customer_id: str) -> list[str]:
    return [row["body"] for row in rows(engine, "outbox", customer_id)]


def seoul(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=SEOUL)  # type: ignore[misc, arg-type]


def test_a_wedding_day_is_due_five_days_ahead_in_the_morning(engine: Engine) -> None:
    minsu = korean(engine)
    tell(engine, minsu, "anniversary", WEDDING)
    assert waiting(engine, minsu) == [("anniversary", "2026", seoul(2026, 7, 7, 10))]
    (row,) = rows(engine, "due", minsu)
    assert row["latest"] == seoul(2026, 7, 12, 20)
    assert row["about"] == {**WEDDING, "date": "2026-07-12"}


def log_in(engine: Engine, customer_id: str) -> None:
    """They visit the shop's pages after its log-in."""
    with engine.begin() as connection:
        addresses.hear(connection, customer_id, now=clock.business_now(connection))


def test_a_day_that_is_muted_is_passed_over_until_it_is_lifted(engine: Engine) -> None:
    minsu = korean(engine, proof="shop")
    tell(engine, minsu, "anniversary", WEDDING)
    with engine.begin() as connection:
        muting.mute(connection, minsu, "anniversary", source_seq=1, now=TOLD)
    follow_ups.set_clock(engine, seoul(2026, 7, 7, 10))
    plan(engine)
    assert reasons(engine, minsu) == [("not_sent", "muted")]
    assert waiting(engine, minsu) == [("anniversary", "2027", seoul(2027, 7, 7, 10))]
    with engine.begin() as connection:
        muting.lift(connection, minsu, "anniversary")
    follow_ups.set_clock(engine, seoul(2027, 7, 6, 10))
    log_in(engine, minsu)
    follow_ups.set_clock(engine, seoul(2027, 7, 7, 10))
    plan(engine)
    assert reasons(engine, minsu)[-1] == ("planned", "planned")


def test_the_day_of_the_third_wedding_anniversary(engine: Engine) -> None:
    """STORIES 1: told on 2026-06-10, logged in again in March, written about on Wednesday
    2027-07-07 at 10:00."""
    minsu = korean(engine, proof="shop")
    tell(engine, minsu, "anniversary", WEDDING)
    follow_ups.set_clock(engine, seoul(2026, 8, 1, 12))
    plan(engine)
    follow_ups.set_clock(engine, seoul(2027, 3, 6, 12))
    log_in(engine, minsu)
    follow_ups.set_clock(engine, seoul(2027, 7, 7, 9, 59))
    assert plan(engine) == 0
    follow_ups.set_clock(engine, seoul(2027, 7, 7, 10))
    assert plan(engine) == 1
    (said,) = texts(engine, minsu)
    assert said.startswith("(광고)[숲길] 민수님, ")
    for words in ("결혼 3주년", "다음 주 월요일", "둘이서 기념일 상자"):
        assert words in said
    assert len(re.findall("https?://", said)) == 1
    (offer,) = rows(engine, "offers", minsu)
    assert (offer["campaign"], offer["occurrence"]) == ("anniversary", "2027")
    assert offer["about"] == {"day": "2027-07-12", "years": 3}
    assert "기념" not in offer["text"].replace("둘이서 기념일 상자", "")


def test_years_are_counted_only_where_the_first_was_told(engine: Engine) -> None:
    anna = american(engine)
    tell(engine, anna, "anniversary", {"month": 7, "day": 12, "year": None})
    follow_ups.set_clock(engine, datetime(2026, 7, 7, 10, tzinfo=PORTLAND))
    plan(engine)
    (said,) = texts(engine, anna)
    assert "anniversary" in said
    assert not re.search(r"\d(st|nd|rd|th)\b", said)


def test_a_birthday_is_greeted_and_no_age_told(engine: Engine) -> None:
    anna = american(engine)
    tell(engine, anna, "birthday", {"month": 7, "day": 15, "year": 1990})
    follow_ups.set_clock(engine, datetime(2026, 7, 10, 10, tzinfo=PORTLAND))
    plan(engine)
    (said,) = texts(engine, anna)
    assert re.search("Anna, .*birthday", said)
    assert "Finish Line Gift Set" in said
    assert "36" not in said


def test_what_they_are_fond_of_chooses_the_present(engine: Engine) -> None:
    anna = american(engine)
    tell(engine, anna, "birthday", {"month": 7, "day": 15, "year": None})
    tell(engine, anna, "activity", "camping")
    follow_ups.set_clock(engine, datetime(2026, 7, 10, 10, tzinfo=PORTLAND))
    plan(engine)
    assert [row["product_id"] for row in rows(engine, "offers", anna)] == ["warm-bottle"]


def test_the_leap_day_comes_every_year(engine: Engine) -> None:
    minsu = korean(engine)
    tell(engine, minsu, "birthday", {"month": 2, "day": 29, "year": 2000})
    assert waiting(engine, minsu) == [("birthday", "2027", seoul(2027, 2, 23, 10))]
    follow_ups.set_clock(engine, seoul(2027, 2, 23, 10))
    plan(engine)
    assert waiting(engine, minsu) == [("birthday", "2028", seoul(2028, 2, 24, 10))]


def test_told_too_late_it_comes_on_the_next_morning_or_next_year(engine: Engine) -> None:
    minsu, anna = korean(engine), american(engine)
    tell(engine, minsu, "birthday", {"month": 6, "day": 13, "year": None})
    tell(engine, anna, "birthday", {"month": 6, "day": 9, "year": None})
    assert waiting(engine, minsu) == [("birthday", "2026", seoul(2026, 6, 11, 10))]
    due = datetime(2027, 6, 4, 10, tzinfo=PORTLAND)
    assert waiting(engine, anna) == [("birthday", "2027", due)]


def test_the_morning_is_their_own(engine: Engine) -> None:
    anna = american(engine)
    tokyo = korean(engine, time_zone="Asia/Tokyo")
    nobody = korean(engine, None, language="en", country=None)
    for somebody in (anna, tokyo, nobody):
        tell(engine, somebody, "birthday", {"month": 9, "day": 9, "year": None})
    in_portland = datetime(2026, 9, 4, 10, tzinfo=PORTLAND)
    assert waiting(engine, anna)[0][2] == in_portland
    assert waiting(engine, tokyo)[0][2] == datetime(2026, 9, 4, 1, tzinfo=UTC)
    assert waiting(engine, nobody)[0][2] == in_portland  # the shop's, where its English face is


# -- once ------------------------------------------------------------------------------------------


def test_once_a_year_and_the_next_year_again(engine: Engine) -> None:
    minsu = korean(engine, proof="shop")
    tell(engine, minsu, "anniversary", WEDDING)
    for year, count in ((2026, 1), (2027, 2)):
        for hours in (0, 1, 26, 24 * 6):
            follow_ups.set_clock(engine, seoul(year, 7, 7, 10) + timedelta(hours=hours))
            plan(engine)
            tell(engine, minsu, "anniversary", WEDDING)
        assert len(texts(engine, minsu)) == count
        follow_ups.set_clock(engine, seoul(year + 1, 3, 6, 12))
        log_in(engine, minsu)
    assert [row["occurrence"] for row in rows(engine, "offers", minsu)] == ["2026", "2027"]
    assert waiting(engine, minsu) == [("anniversary", "2028", seoul(2028, 7, 7, 10))]


def test_the_same_day_told_twice_waits_once(engine: Engine) -> None:
    minsu = korean(engine)
    tell(engine, minsu, "anniversary", WEDDING)
    tell(engine, minsu, "anniversary", WEDDING)
    assert len(waiting(engine, minsu)) == 1


def open_chat(engine: Engine, customer_id: str, *proofs: str) -> None:
    with engine.begin() as connection:
        for proof in proofs:
            sessions.open_session(connection, customer_id, proof=proof)
        open_chats.tell(connection, "web-1", [customer_id])


def test_in_the_open_chat_of_who_has_logged_in_and_then_not_by_text(engine: Engine) -> None:
    minsu = korean(engine)
    tell(engine, minsu, "anniversary", WEDDING)
    open_chat(engine, minsu, "shop")
    follow_ups.set_clock(engine, seoul(2026, 7, 7, 10))
    plan(engine)
    assert texts(engine, minsu) == []
    (turn,) = rows(engine, "turns", minsu)
    assert turn["text"].startswith("민수님, ")
    assert "결혼 2주년" in turn["text"]
    with engine.begin() as connection:
        open_chats.tell(connection, "web-1", [])
    follow_ups.set_clock(engine, seoul(2026, 7, 8, 10))
    plan(engine)
    assert texts(engine, minsu) == []


@pytest.mark.parametrize("proofs", [("none",), ("shop", "none"), ()])
def test_a_chat_that_anybody_may_have_open_is_not_greeted(
    engine: Engine, proofs: tuple[str, ...]
) -> None:
    minsu = korean(engine)
    tell(engine, minsu, "anniversary", WEDDING)
    open_chat(engine, minsu, *proofs)
    follow_ups.set_clock(engine, seoul(2026, 7, 7, 10))
    plan(engine)
    assert rows(engine, "turns", minsu) == []
    assert len(texts(engine, minsu)) == 1


def test_the_other_of_the_two_gets_nothing(engine: Engine) -> None:
    """STORIES 1: his wife is a customer, too; birthdays of others are nobody's own."""
    minsu = korean(engine)
    wife = person(engine, "+821000000008", language="ko", country="KR", name="지은")
    tell(engine, minsu, "anniversary", WEDDING)
    tell(engine, minsu, "name", "지은", subject="wife")
    tell(engine, minsu, "birthday", {"month": 7, "day": 14, "year": None}, subject="wife")
    for day in range(7, 15):
        follow_ups.set_clock(engine, seoul(2026, 7, day, 10))
        plan(engine)
    assert len(texts(engine, minsu)) == 1
    assert rows(engine, "due", wife) == []
    assert texts(engine, wife) == []
    assert reasons(engine, wife) == []


# -- corrected, forgotten --------------------------------------------------------------------------


def test_a_correction_moves_it(engine: Engine) -> None:
    minsu = korean(engine)
    tell(engine, minsu, "anniversary", WEDDING)
    tell(engine, minsu, "anniversary", {"month": 8, "day": 20, "year": 2024})
    assert waiting(engine, minsu) == [("anniversary", "2026", seoul(2026, 8, 15, 10))]
    tell(engine, minsu, "anniversary", {"month": 2, "day": 20, "year": 2024})
    assert waiting(engine, minsu) == [("anniversary", "2027", seoul(2027, 2, 15, 10))]
    tell(engine, minsu, "anniversary", WEDDING)
    assert waiting(engine, minsu) == [("anniversary", "2026", seoul(2026, 7, 7, 10))]
    follow_ups.set_clock(engine, seoul(2026, 7, 7, 10))
    plan(engine)
    assert len(texts(engine, minsu)) == 1


@pytest.mark.parametrize("kind", ["anniversary", None])
def test_what_is_forgotten_does_not_come(engine: Engine, kind: str | None) -> None:
    minsu = korean(engine)
    tell(engine, minsu, "anniversary", WEDDING)
    forget(engine, minsu, kind)
    assert waiting(engine, minsu) == []
    assert reasons(engine, minsu) == [("cancelled", "fact_forgotten")]
    follow_ups.set_clock(engine, seoul(2026, 7, 7, 10))
    assert plan(engine) == 0


def test_forgetting_something_else_changes_nothing(engine: Engine) -> None:
    minsu = korean(engine)
    tell(engine, minsu, "anniversary", WEDDING)
    tell(engine, minsu, "shoe_size", 270)
    forget(engine, minsu, "shoe_size")
    assert len(waiting(engine, minsu)) == 1


def test_told_again_it_comes_again(engine: Engine) -> None:
    minsu = korean(engine)
    tell(engine, minsu, "anniversary", WEDDING)
    forget(engine, minsu)
    tell(engine, minsu, "anniversary", WEDDING)
    assert waiting(engine, minsu) == [("anniversary", "2026", seoul(2026, 7, 7, 10))]


def test_what_is_forgotten_while_its_text_waits_is_not_sent(engine: Engine) -> None:
    minsu = korean(engine)
    tell(engine, minsu, "anniversary", WEDDING)
    follow_ups.set_clock(engine, seoul(2026, 7, 7, 10))
    plan(engine)
    forget(engine, minsu)
    (offer,) = rows(engine, "offers", minsu)
    assert (offer["state"], offer["reason"]) == ("not_sent", "fact_forgotten")
    assert reasons(engine, minsu)[-1] == ("not_sent", "fact_forgotten")
    assert waiting(engine, minsu) == []


def test_a_day_that_was_changed_behind_its_back_is_not_written_about(engine: Engine) -> None:
    """As when two customers become one: the newer fact holds, the older one's occasion waits."""
    minsu = korean(engine)
    tell(engine, minsu, "anniversary", WEDDING)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE facts SET value = :value WHERE customer_id = :id"),
            {"value": '{"month": 9, "day": 1, "year": 2020}', "id": minsu},
        )
    follow_ups.set_clock(engine, seoul(2026, 7, 7, 10))
    plan(engine)
    assert texts(engine, minsu) == []
    assert reasons(engine, minsu) == [("not_sent", "fact_forgotten")]
    assert waiting(engine, minsu) == [("anniversary", "2026", seoul(2026, 8, 27, 10))]


# -- why not ---------------------------------------------------------------------------------------


def not_sent(engine: Engine, customer_id: str) -> str:
    """The reason why this year's did not go; next year's waits."""
    follow_ups.set_clock(engine, seoul(2026, 7, 7, 10))
    plan(engine)
    assert texts(engine, customer_id) == []
    assert [occurrence for _, occurrence, _ in waiting(engine, customer_id)] == ["2027"]
    ((decision, reason),) = reasons(engine, customer_id)
    assert decision == "not_sent"
    return reason


def test_without_consent_it_is_not_sent_and_waits_for_next_year(engine: Engine) -> None:
    minsu = korean(engine, has_agreed=False)
    tell(engine, minsu, "anniversary", WEDDING)
    assert not_sent(engine, minsu) == "no_consent"


def test_who_has_no_number_is_told_in_the_chat_or_not_at_all(engine: Engine) -> None:
    minsu = korean(engine, None)
    tell(engine, minsu, "anniversary", WEDDING)
    assert not_sent(engine, minsu) == "no_address"


def test_a_number_that_nobody_has_proven_is_not_greeted(engine: Engine) -> None:
    minsu = korean(engine, proof="none")
    tell(engine, minsu, "anniversary", WEDDING)
    assert not_sent(engine, minsu) == "number_not_proven"


def test_what_they_have_is_not_given_twice(engine: Engine) -> None:
    minsu = korean(engine)
    tell(engine, minsu, "anniversary", WEDDING)
    follow_ups.buy(engine, minsu, "anniversary-box")
    assert not_sent(engine, minsu) == "bought"


def test_a_purchase_of_something_else_does_not_end_a_greeting(engine: Engine) -> None:
    minsu = korean(engine)
    tell(engine, minsu, "anniversary", WEDDING)
    follow_ups.buy(engine, minsu, "runner-set")
    follow_ups.set_clock(engine, seoul(2026, 7, 7, 10))
    plan(engine)
    assert len(texts(engine, minsu)) == 1


@pytest.mark.parametrize(
    ("stock", "gifts", "reason"),
    [(0, ["anniversary-box"], "out_of_stock"), (2, ["gone"], "unknown_product")],
)
def test_without_a_present_there_is_no_greeting(
    engine: Engine, stock: int, gifts: list[str], reason: str
) -> None:
    minsu = korean(engine)
    tell(engine, minsu, "anniversary", WEDDING)
    with engine.begin() as connection:
        store = catalogue.store_profile(connection)
        store["gifts"]["anniversary"] = gifts
        listed = catalogue.listed(connection)
        box = next(one for one in listed if one["product_id"] == "anniversary-box")
        box["variants"][0]["stock"] = stock
        catalogue.sync(connection, shop_name="changed", store=store, listed=listed)
    assert not_sent(engine, minsu) == reason


def test_after_the_day_it_is_too_late(engine: Engine) -> None:
    """Nobody planned anything for a week."""
    minsu = korean(engine)
    tell(engine, minsu, "anniversary", WEDDING)
    follow_ups.set_clock(engine, seoul(2026, 7, 12, 20, 1))
    plan(engine)
    assert reasons(engine, minsu) == [("not_sent", "too_late")]
    assert waiting(engine, minsu) == [("anniversary", "2027", seoul(2027, 7, 7, 10))]


def test_in_texas_a_sunday_morning_begins_at_noon(engine: Engine) -> None:
    texan = person(engine, "+15125550142", language="en", country="US", time_zone="America/Chicago")
    tell(engine, texan, "birthday", {"month": 7, "day": 17, "year": None})
    sunday = datetime(2026, 7, 12, 10, tzinfo=ZoneInfo("America/Chicago"))
    follow_ups.set_clock(engine, sunday)
    plan(engine)
    assert reasons(engine, texan) == [("held", "quiet_hours")]
    follow_ups.set_clock(engine, sunday + timedelta(hours=2))
    plan(engine)
    assert len(texts(engine, texan)) == 1


# -- who comes back, and who was there before ------------------------------------------------------


def test_who_refused_and_came_back_is_greeted_again(engine: Engine) -> None:
    minsu = korean(engine)
    tell(engine, minsu, "anniversary", WEDDING)
    with engine.begin() as connection:
        refusals.refuse_marketing(connection, minsu, evidence={}, now=TOLD)
    assert waiting(engine, minsu) == []
    assert outreach_dates.renew(engine) == 0
    follow_ups.agree(engine, minsu)
    assert outreach_dates.renew(engine) == 1
    assert outreach_dates.renew(engine) == 0
    assert waiting(engine, minsu) == [("anniversary", "2026", seoul(2026, 7, 7, 10))]


def test_everybody_whom_the_shop_knows_waits_for_their_day(engine: Engine) -> None:
    shop = follow_ups.demo_shop()
    now = follow_ups.now(engine)
    shop_sync.load(engine, shop, now, lambda _: None)
    told = [
        fact.value
        for customer in shop.customers()
        for fact in customer.facts
        if fact.kind in ("anniversary", "birthday") and fact.subject == "self"
    ]
    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT due.*, time_zone FROM due JOIN customers USING (customer_id)")
        ).all()
        assert personal_dates.neglected(connection) == []
    assert len(found) == len(told) > 20
    assert sorted(row.about["date"][5:] for row in found) == sorted(day[-5:] for day in told)
    for row in found:
        day, local = (
            date.fromisoformat(row.about["date"]),
            row.due_at.astimezone(ZoneInfo(row.time_zone)),
        )
        assert row.occurrence == str(day.year)
        assert local.hour == 10
        assert now < row.due_at < row.latest
        assert day - local.date() <= timedelta(days=5)


def test_the_shops_people_are_not_written_to_before_they_agree(engine: Engine) -> None:
    shop_sync.load(engine, follow_ups.demo_shop(), follow_ups.now(engine), lambda _: None)
    follow_ups.set_clock(engine, TOLD + timedelta(days=40))
    assert plan(engine) > 0
    with engine.connect() as connection:
        reasons_known = connection.execute(
            text("SELECT DISTINCT decision, reason FROM decisions")
        ).all()
        assert connection.execute(text("SELECT FROM outbox")).all() == []
    assert {tuple(row) for row in reasons_known} <= {
        ("not_sent", "no_consent"),
        ("not_sent", "bought"),
    }
