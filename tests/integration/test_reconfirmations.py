"""A Korean consent is told of again before two years are over, or advertises no more (RULES
KR-6): by business time, to the provider and back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text

from marketing.decisions import Allowed, Reason, Refused
from memory import gate, outbox, reconfirmations, refusals
from memory.gate import About
from outreach import reconfirmations as outreach_reconfirmations
from tests import follow_ups, outbox_rows
from tests.follow_ups import AMERICAN, KOREAN, person, phone, plan, rows

SEOUL = ZoneInfo("Asia/Seoul")
AGREED = datetime(2026, 11, 27, 12, 0, tzinfo=SEOUL)
MONTH_BEFORE = datetime(2028, 10, 28, 10, 1, tzinfo=SEOUL)
DATE = datetime(2028, 11, 27, 12, 0, tzinfo=SEOUL)


@pytest.fixture(scope="module")
def shared_engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with outbox_rows.module_engine(postgres_url, migrated_template) as opened:
        yield opened


@pytest.fixture
def engine(shared_engine: Engine) -> Engine:
    return follow_ups.opened(shared_engine, now=AGREED)


def at(engine: Engine, moment: datetime) -> None:
    """That time has come: what comes round is looked at and planned."""
    follow_ups.set_clock(engine, moment)
    outreach_reconfirmations.renew(engine)
    plan(engine)


def notices(engine: Engine, customer_id: str) -> list[str]:
    return [
        row["body"]
        for row in rows(engine, "outbox", customer_id)
        if row["purpose"] == reconfirmations.KIND
    ]


def send(engine: Engine) -> None:
    """The provider takes what waits."""
    with engine.begin() as connection:
        taken = outbox.begin_sending(
            connection, now=follow_ups.now(engine), lease=timedelta(minutes=1)
        )
        assert isinstance(taken, outbox.Outgoing), taken
        outbox.record_accepted(connection, taken.outbox_id, provider_id="SM1", status="queued")


def may(engine: Engine, customer_id: str, *, in_chat: bool = False) -> object:
    about = About(product_id="ridge-gtx", category="hiking_shoes", since=AGREED, latest=None)
    with engine.begin() as connection:
        return gate.decide(
            connection,
            customer_id,
            about,
            address_id=None if in_chat else phone(engine, customer_id).address_id,
            now=follow_ups.now(engine),
        )


def korean(engine: Engine) -> str:
    return person(engine, KOREAN, language="ko", country="KR", name="민수")


def heard(engine: Engine) -> None:
    """They have written since, so that the number is theirs still."""
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE addresses SET last_heard_at = :now"), {"now": follow_ups.now(engine)}
        )


def test_it_is_told_once_a_month_before_with_sender_date_and_the_way_out(engine: Engine) -> None:
    minsu = korean(engine)
    at(engine, MONTH_BEFORE - timedelta(days=2))
    assert notices(engine, minsu) == []
    for days in (0, 1, 20):
        at(engine, MONTH_BEFORE + timedelta(days=days))
    (notice,) = notices(engine, minsu)
    assert notice == (
        "[숲길] 2026년 11월 27일에 광고 문자 수신에 동의하셨어요. 계속 받으시려면 그대로 두시면"
        " 돼요. 그만 받기: 무료수신거부 080-000-1127"
    )
    (row,) = [one for one in rows(engine, "outbox", minsu) if one["body"] == notice]
    assert row["message_class"] == "service"
    assert row["not_after"] == datetime(2028, 11, 26, 20, 50, tzinfo=SEOUL)


def test_once_it_has_gone_out_advertising_goes_on_for_two_years(engine: Engine) -> None:
    minsu = korean(engine)
    at(engine, MONTH_BEFORE)
    send(engine)
    follow_ups.set_clock(engine, DATE)
    heard(engine)
    assert isinstance(may(engine, minsu), Allowed)
    at(engine, datetime(2030, 10, 29, 10, 0, tzinfo=SEOUL))
    assert len(notices(engine, minsu)) == 2
    follow_ups.set_clock(engine, datetime(2030, 11, 27, 12, 0, tzinfo=SEOUL))
    heard(engine)
    assert may(engine, minsu) == Refused(reason=Reason.NOT_RECONFIRMED)


@pytest.mark.parametrize("in_chat", [False, True])
def test_not_sent_by_the_date_it_advertises_no_more(engine: Engine, in_chat: bool) -> None:
    minsu = korean(engine)
    at(engine, MONTH_BEFORE)
    follow_ups.set_clock(engine, DATE - timedelta(hours=16))
    heard(engine)
    assert may(engine, minsu, in_chat=in_chat) != Refused(reason=Reason.NOT_RECONFIRMED)
    follow_ups.set_clock(engine, DATE)
    heard(engine)
    assert may(engine, minsu, in_chat=in_chat) == Refused(reason=Reason.NOT_RECONFIRMED)
    follow_ups.agree(engine, minsu)
    assert isinstance(may(engine, minsu, in_chat=in_chat), Allowed)


def test_at_the_last_hour_it_is_too_late_for_the_notice(engine: Engine) -> None:
    minsu = korean(engine)
    at(engine, DATE - timedelta(hours=14))  # 22:00 of the day before
    assert notices(engine, minsu) == []


def test_whoever_refused_is_left_alone(engine: Engine) -> None:
    minsu = korean(engine)
    with engine.begin() as connection:
        refusals.refuse_marketing(
            connection, minsu, evidence={"said": "그만"}, now=follow_ups.now(engine)
        )
    at(engine, MONTH_BEFORE)
    assert notices(engine, minsu) == []


def test_an_american_consent_has_no_such_date(engine: Engine) -> None:
    anna = person(engine, AMERICAN, language="en", country="US")
    at(engine, MONTH_BEFORE)
    assert notices(engine, anna) == []
    follow_ups.set_clock(engine, datetime(2028, 11, 28, 4, 0, tzinfo=SEOUL))  # noon in Portland
    heard(engine)
    assert isinstance(may(engine, anna), Allowed)


def test_a_consent_given_anew_begins_the_two_years_anew(engine: Engine) -> None:
    minsu = korean(engine)
    follow_ups.set_clock(engine, AGREED + timedelta(days=400))
    follow_ups.agree(engine, minsu)
    at(engine, MONTH_BEFORE)
    assert notices(engine, minsu) == []
    follow_ups.set_clock(engine, DATE)
    heard(engine)
    assert isinstance(may(engine, minsu), Allowed)
