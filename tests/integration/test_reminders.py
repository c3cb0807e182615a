"""What somebody asked to be told in March: told once on its day, in their own words, by text or in
the open chat; not if it was bought meanwhile; and no advertisement of its kind before (STORIES 4).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text

from command import why
from marketing import reminders
from memory import (
    addresses,
    clock,
    customers,
    facts,
    hand_overs,
    merging,
    muting,
    open_chats,
    outbox,
    promises,
    refusals,
    sessions,
)
from tests import follow_ups, outbox_rows
from tests.follow_ups import AMERICAN, KOREAN, person, plan, reasons, rows

SEOUL = ZoneInfo("Asia/Seoul")
ASKED = datetime(2026, 11, 21, 14, 0, tzinfo=SEOUL)
DAY = date(2027, 3, 2)
THEN = datetime(2027, 3, 2, 10, 0, tzinfo=SEOUL)


@pytest.fixture(scope="module")
def shared_engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with outbox_rows.module_engine(postgres_url, migrated_template) as opened:
        yield opened


@pytest.fixture
def engine(shared_engine: Engine) -> Engine:
    return follow_ups.opened(shared_engine, now=ASKED)


def korean(engine: Engine, number: str | None = KOREAN, **known: Any) -> str:
    return person(engine, number, **{"language": "ko", "country": "KR", "name": "민수", **known})


def asks(engine: Engine, customer_id: str, zone: str = "Asia/Seoul", **other: Any) -> None:
    """They ask to be told of backpacks in March."""
    asked: dict[str, Any] = {"category": "packs", "called": "책가방", **other}
    with engine.begin() as connection:
        now = clock.business_now(connection)
        facts.learn(
            connection,
            customer_id,
            kind="promise",
            value={"when": "2027-03", "about": asked["category"]},
            said="책가방은 3월에 다시요",
            now=now,
        )
        promises.keep(
            connection,
            customer_id,
            day=DAY,
            asked_on=now.astimezone(SEOUL).date(),
            due_at=reminders.due_at(DAY, zone),
            now=now,
            **asked,
        )


def on(engine: Engine, customer_id: str, moment: datetime) -> None:
    """That time has come; they have been heard lately, so that the number is theirs."""
    follow_ups.set_clock(engine, moment)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE addresses SET last_heard_at = :now WHERE customer_id = :id"),
            {"now": moment, "id": customer_id},
        )
    plan(engine)


def texts(engine: Engine, customer_id: str) -> list[dict[str, Any]]:
    return [row for row in rows(engine, "outbox", customer_id) if row["purpose"] == "reminder"]


def send(engine: Engine) -> outbox.Outgoing | outbox.Passed | None:
    """The provider takes what it is given."""
    with engine.begin() as connection:
        taken = outbox.begin_sending(
            connection, now=clock.business_now(connection), lease=timedelta(minutes=1)
        )
        if isinstance(taken, outbox.Outgoing):
            outbox.record_accepted(
                connection, taken.outbox_id, provider_id=f"SM{taken.outbox_id}", status="queued"
            )
    return taken


def untold(engine: Engine, customer_id: str) -> list[str]:
    with engine.begin() as connection:
        return [reason for _, reason in promises.untold(connection, customer_id)]


def promised(engine: Engine, customer_id: str) -> list[Any]:
    with engine.begin() as connection:
        known = facts.known(connection, customer_id)
    return [one.value for one in known if one.kind == "promise"]


def test_it_is_told_once_on_its_day_in_their_own_words(engine: Engine) -> None:
    minsu = korean(engine)
    asks(engine, minsu)
    on(engine, minsu, THEN - timedelta(seconds=5))
    assert texts(engine, minsu) == []
    on(engine, minsu, THEN)
    (found,) = texts(engine, minsu)
    assert found["message_class"] == "requested"
    assert found["body"] == (
        "[숲길] 지난 11월에 말씀하신 책가방이에요. 다시 알려 달라고 하셔서 한 번만 알려 드려요."
        " 보시려면 https://shop.example"
    )
    assert isinstance(send(engine), outbox.Outgoing)
    assert reasons(engine, minsu) == [("planned", "planned"), ("sent", "sent")]
    assert promised(engine, minsu) == []
    on(engine, minsu, THEN + timedelta(days=400))
    assert len(texts(engine, minsu)) == 1
    assert untold(engine, minsu) == []


def test_it_needs_no_consent_to_advertisements_and_counts_for_no_cap(engine: Engine) -> None:
    minsu = korean(engine, has_agreed=False)
    asks(engine, minsu)
    on(engine, minsu, THEN)
    assert isinstance(send(engine), outbox.Outgoing)


def test_an_american_may_answer(engine: Engine) -> None:
    anna = person(engine, AMERICAN, language="en", country="US", time_zone="America/Los_Angeles")
    asks(engine, anna, "America/Los_Angeles", called="backpack")
    on(engine, anna, datetime(2027, 3, 2, 10, 0, tzinfo=ZoneInfo("America/Los_Angeles")))
    (found,) = texts(engine, anna)
    assert found["body"] == (
        "Trailhead: you asked me to remind you of the backpack you mentioned last November."
        " Reply here and I'll show you what we have. Reply STOP to opt out."
    )


def test_no_advertisement_of_its_kind_goes_before(engine: Engine) -> None:
    minsu = korean(engine)
    asks(engine, minsu)
    moment = datetime(2026, 11, 24, 11, 0, tzinfo=SEOUL)
    follow_ups.set_clock(engine, moment)
    follow_ups.look(engine, minsu, "haru-20", moment - timedelta(seconds=20))
    plan(engine)
    assert reasons(engine, minsu) == [("not_sent", "asked_for_later")]
    follow_ups.look(engine, minsu, "ridge-gtx", moment + timedelta(days=1))
    follow_ups.set_clock(engine, moment + timedelta(days=1, seconds=21))
    plan(engine)
    assert reasons(engine, minsu)[-1] == ("planned", "planned")


def test_one_that_waits_to_be_sent_when_it_is_asked_for_does_not_go(engine: Engine) -> None:
    minsu = korean(engine)
    moment = datetime(2026, 11, 24, 11, 0, tzinfo=SEOUL)
    follow_ups.set_clock(engine, moment)
    follow_ups.look(engine, minsu, "haru-20", moment - timedelta(seconds=20))
    plan(engine)
    assert reasons(engine, minsu) == [("planned", "planned")]
    asks(engine, minsu)
    assert isinstance(send(engine), outbox.Passed)
    assert reasons(engine, minsu)[-1] == ("not_sent", "asked_for_later")


def test_bought_in_between_it_is_not_sent_and_said_once(engine: Engine) -> None:
    minsu = korean(engine)
    asks(engine, minsu)
    follow_ups.set_clock(engine, datetime(2027, 2, 10, 11, 0, tzinfo=SEOUL))
    follow_ups.buy(engine, minsu, "haru-20")
    assert reasons(engine, minsu) == [("cancelled", "bought")]
    assert promised(engine, minsu) == []
    on(engine, minsu, THEN)
    assert texts(engine, minsu) == []
    with engine.begin() as connection:
        ((occasion, reason),) = promises.untold(connection, minsu)
        promises.told_at_visit(connection, occasion, now=THEN)
        assert reason == "bought"
    assert untold(engine, minsu) == []
    assert reasons(engine, minsu)[-1] == ("sent", "at_next_visit")


def test_something_else_that_is_bought_changes_nothing(engine: Engine) -> None:
    minsu = korean(engine)
    asks(engine, minsu)
    follow_ups.buy(engine, minsu, "ridge-gtx")
    on(engine, minsu, THEN)
    assert len(texts(engine, minsu)) == 1


def test_bought_between_planning_and_sending_it_does_not_go(engine: Engine) -> None:
    minsu = korean(engine)
    asks(engine, minsu)
    on(engine, minsu, THEN)
    follow_ups.buy(engine, minsu, "haru-20")
    passed = send(engine)
    assert isinstance(passed, outbox.Passed)
    assert passed.reason == "bought"
    assert untold(engine, minsu) == ["bought"]


def test_without_a_number_it_waits_for_the_next_visit(engine: Engine) -> None:
    minsu = korean(engine, None)
    asks(engine, minsu)
    on(engine, minsu, THEN)
    assert reasons(engine, minsu) == [("not_sent", "no_address")]
    assert untold(engine, minsu) == ["no_address"]


def test_a_number_that_nobody_has_proven_or_that_said_stop_gets_nothing(engine: Engine) -> None:
    minsu = korean(engine, proof="none")
    bo = korean(engine, "+821000000008")
    for one in (minsu, bo):
        asks(engine, one)
    with engine.begin() as connection:
        addresses.set_stopped(connection, bo, follow_ups.phone(engine, bo).address_id, THEN)
    on(engine, bo, THEN)
    assert reasons(engine, minsu) == [("not_sent", "number_not_proven")]
    assert reasons(engine, bo) == [("not_sent", "stopped")]
    assert untold(engine, bo) == ["stopped"]


def test_in_the_open_chat_it_is_told_there(engine: Engine) -> None:
    minsu = korean(engine)
    asks(engine, minsu)
    follow_ups.set_clock(engine, THEN)
    with engine.begin() as connection:
        sessions.open_session(connection, minsu, proof="shop")
        open_chats.tell(connection, "web-1", [minsu])
    plan(engine)
    assert texts(engine, minsu) == []
    (said,) = rows(engine, "turns", minsu)
    assert said["text"].startswith("지난 11월에 말씀하신 책가방이에요.")
    assert "원" not in said["text"]
    assert [one["text"] for one in said["payload"]["buttons"]] == ["네", "아니요"]
    assert reasons(engine, minsu) == [("sent", "in_open_chat")]


@pytest.mark.parametrize("how", ["forgotten", "muted", "refused"])
def test_what_is_not_wanted_any_more_is_neither_sent_nor_said(engine: Engine, how: str) -> None:
    minsu = korean(engine)
    asks(engine, minsu)
    with engine.begin() as connection:
        if how == "forgotten":
            facts.close(connection, minsu, kind=None, now=ASKED)
        elif how == "muted":
            muting.mute(connection, minsu, "packs", source_seq=1, now=ASKED)
        else:
            refusals.refuse_marketing(connection, minsu, evidence={}, now=ASKED)
    on(engine, minsu, THEN)
    assert texts(engine, minsu) == []
    assert untold(engine, minsu) == []


def test_it_is_asked_for_again_and_moved(engine: Engine) -> None:
    minsu = korean(engine)
    asks(engine, minsu)
    asks(engine, minsu, called="배낭")
    with engine.begin() as connection:
        (one,) = promises.waiting(connection, minsu)
    assert one.about["called"] == "배낭"


def test_while_they_wait_for_a_person_it_is_left_to_the_next_visit(engine: Engine) -> None:
    minsu = korean(engine)
    asks(engine, minsu)
    with engine.begin() as connection:
        hand_overs.ask(connection, minsu, channel="web", address_id=None, said="…", now=THEN)
    on(engine, minsu, THEN)
    assert untold(engine, minsu) == ["complaint_open"]


def test_two_who_become_one_keep_the_promise(engine: Engine) -> None:
    minsu = korean(engine)
    with engine.begin() as connection:
        visitor = customers.create(connection, now=ASKED, language="ko")
    asks(engine, visitor)
    with engine.begin() as connection:
        merging.merge(connection, gone=visitor, stays=minsu, proof="code", now=ASKED)
    on(engine, minsu, THEN)
    assert len(texts(engine, minsu)) == 1


def test_why_tells_it(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    minsu = korean(engine)
    asks(engine, minsu)
    with engine.connect() as connection:
        why.show(connection, minsu, None, language="en", is_json=False)
    assert capsys.readouterr().out.endswith("the reminder they asked for: waits for its time\n")
    on(engine, minsu, THEN)
    send(engine)
    with engine.connect() as connection:
        why.show(connection, minsu, None, language="en", is_json=False)
    said = capsys.readouterr().out.splitlines()
    assert [line.partition(" KST ")[2] for line in said] == [
        "the reminder they asked for: planned",
        "the reminder they asked for: sent by text",
    ]
