"""From a planned offer to the provider: decided about once more at the moment of sending, sent at
most once, never past the hours of its place, and never after a STOP or a purchase.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text

from command.phone.texts import Text
from memory import (
    catalogue,
    clock,
    delivery,
    facts,
    hand_overs,
    inbox,
    muting,
    offers,
    refusals,
    turns,
    voice,
)
from memory.inbox import Incoming
from memory.parts import Heartbeat
from outreach import worker
from outreach.reconcile import reconcile
from outreach.sender import Sending
from tests import fake_provider, follow_ups, outbox_rows
from tests.commit_order import ORDER_OF_COMMITS
from tests.fake_provider import FakeProvider, until
from tests.follow_ups import AMERICAN, KOREAN, MORNING, person, plan, reasons, rows
from tests.sender_processes import SenderProcesses, sender_processes

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.fixture(scope="module")
def shared_engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with outbox_rows.module_engine(postgres_url, migrated_template) as opened:
        yield opened


@pytest.fixture
def engine(shared_engine: Engine) -> Engine:
    return follow_ups.opened(shared_engine)


@pytest.fixture(scope="module")
def module_provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeProvider]:
    with fake_provider.running(tmp_path_factory.mktemp("home"), delivered_after=60) as running:
        yield running


@pytest.fixture
def provider(module_provider: FakeProvider) -> FakeProvider:
    module_provider.exchange.forget()
    return module_provider


@pytest.fixture(scope="module")
def processes(shared_engine: Engine, module_provider: FakeProvider) -> Iterator[SenderProcesses]:
    with sender_processes(shared_engine, module_provider) as started:
        yield started


def planned(engine: Engine, number: str = AMERICAN, product_id: str = "ridge-gtx") -> str:
    """Somebody to whom an offer is planned; returns the customer id."""
    customer_id = person(engine, number)
    follow_ups.look(engine, customer_id, product_id, follow_ups.now(engine) - timedelta(seconds=20))
    plan(engine)
    assert reasons(engine, customer_id) == [("planned", "planned")]
    return customer_id


def send(engine: Engine, provider: FakeProvider, **options: Any) -> int:
    """Deal with everything that waits; returns how many messages that was."""
    sending = Sending(engine, {"sms": provider.sender(read_seconds=1.0)}, **options)
    count = 0
    while sending.send_next():
        count += 1
    return count


def offer(engine: Engine, customer_id: str) -> dict[str, Any]:
    (found,) = rows(engine, "offers", customer_id)
    return found


def message(engine: Engine, customer_id: str) -> dict[str, Any]:
    (found,) = rows(engine, "outbox", customer_id)
    return found


def says(engine: Engine, customer_id: str, words: str) -> None:
    """They write it from their number."""
    address = follow_ups.phone(engine, customer_id)
    with engine.begin() as connection:
        inbox.accept(
            connection,
            Incoming(
                channel="sms",
                provider_id=f"SM{words}",
                customer_id=customer_id,
                address_id=address.address_id,
                text=words,
                proof="inbound",
            ),
            now=clock.business_now(connection),
        )


def wait_no_more(engine: Engine) -> None:
    """As if the pause before another try were over."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET retry_at = clock_timestamp()"))


@pytest.fixture
def asked(provider: FakeProvider, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """The fields of every request that the provider gets."""
    seen: list[dict[str, str]] = []
    create = provider.exchange.create

    def noted(fields: Mapping[str, str]) -> Text:
        seen.append(dict(fields))
        return create(fields)

    monkeypatch.setattr(provider.exchange, "create", noted)
    return seen


# -- sent ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [AMERICAN, KOREAN])
def test_what_was_planned_is_sent_and_is_part_of_the_conversation(
    engine: Engine, provider: FakeProvider, number: str
) -> None:
    anna = planned(engine, number)
    assert rows(engine, "turns", anna) == []
    assert send(engine, provider) == 1
    (taken,) = provider.accepted()
    assert taken.recipient == number
    assert taken.body == message(engine, anna)["body"]
    (turn,) = rows(engine, "turns", anna)
    found = offer(engine, anna)
    assert (turn["direction"], turn["channel"], turn["text"]) == ("out", "sms", taken.body)
    assert turn["payload"] == {turns.OFFER: found["offer_id"]}
    assert (found["state"], found["channel"]) == ("open", "sms")
    assert reasons(engine, anna) == [("planned", "planned"), ("sent", "sent")]
    assert send(engine, provider) == 0


SOUTH = "+12125550142"  # New York: eight in the morning to nine at night


@pytest.mark.parametrize(
    ("number", "local", "zone", "closes"),
    [
        (KOREAN, "2026-11-25 20:30", "Asia/Seoul", "2026-11-25 20:50"),
        (KOREAN, "2026-11-25 20:47", "Asia/Seoul", "2026-11-25 20:50"),
        (KOREAN, "2026-11-25 08:10", "Asia/Seoul", "2026-11-25 20:50"),
        (SOUTH, "2026-11-25 20:40", "America/New_York", "2026-11-25 21:00"),
        ("+19045550142", "2026-11-25 19:30", "America/New_York", "2026-11-25 20:00"),
    ],
)
def test_the_provider_may_not_hold_it_past_the_hours_of_the_place(
    engine: Engine,
    provider: FakeProvider,
    asked: list[dict[str, str]],
    number: str,
    local: str,
    zone: str,
    closes: str,
) -> None:
    """Florida (904) closes an hour before New York."""
    follow_ups.set_clock(engine, at(local, zone))
    planned(engine, number)
    sent_at = follow_ups.now(engine)
    send(engine, provider)
    (fields,) = asked
    latest = sent_at + timedelta(seconds=int(fields["ValidityPeriod"]))
    assert latest <= at(closes, zone)
    least = min(timedelta(hours=10), at(closes, zone) - sent_at) - timedelta(minutes=3)
    assert latest - sent_at >= least


def at(moment: str, zone: str = "Asia/Seoul") -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))


# -- not any more ----------------------------------------------------------------------------------


Happening = Callable[[Engine, str], None]


def stop(engine: Engine, customer_id: str) -> None:
    says(engine, customer_id, "STOP")


def refuse(engine: Engine, customer_id: str) -> None:
    with engine.begin() as connection:
        refusals.refuse_marketing(connection, customer_id, evidence={}, now=MORNING)


def buy(engine: Engine, customer_id: str) -> None:
    follow_ups.buy(engine, customer_id, "granite-boot")


def ask_for_a_person(engine: Engine, customer_id: str) -> None:
    with engine.begin() as connection:
        hand_overs.ask(
            connection, customer_id, channel="web", address_id=None, said="…", now=MORNING
        )


def mute(engine: Engine, customer_id: str) -> None:
    with engine.begin() as connection:
        muting.mute(connection, customer_id, "hiking_shoes", source_seq=1, now=MORNING)


def mute_behind_its_back(engine: Engine, customer_id: str) -> None:
    """As a merge does it, which brings the other's muted topics."""
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO muted_topics VALUES (:id, 'hiking_shoes', NULL, :now)"),
            {"id": customer_id, "now": MORNING},
        )


def complain(engine: Engine, customer_id: str) -> None:
    with engine.begin() as connection:
        voice.record(
            connection, customer_id, kind="complaint", topic="delivery", said="late", now=MORNING
        )


def sell_out(engine: Engine, _customer_id: str) -> None:
    with engine.begin() as connection:
        listed = catalogue.listed(connection)
        for one in listed:
            for variant in one["variants"]:
                variant["stock"] = 0
        store = catalogue.store_profile(connection)
        catalogue.sync(connection, shop_name="sold out", store=store, listed=listed)


def lose_the_certificate(engine: Engine, _customer_id: str) -> None:
    with engine.begin() as connection:
        store = catalogue.store_profile(connection)
        store["text_senders"]["US"]["is_a2p_registered"] = False
        listed = catalogue.listed(connection)
        catalogue.sync(connection, shop_name="changed", store=store, listed=listed)


def withdraw_behind_its_back(engine: Engine, customer_id: str) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE offers SET state = 'declined' WHERE customer_id = :id"),
            {"id": customer_id},
        )


@pytest.mark.parametrize(
    ("happens", "reason", "state"),
    [
        (stop, "refused", "cancelled"),
        (refuse, "refused", "cancelled"),
        (buy, "bought", "cancelled"),
        (mute, "muted", "cancelled"),
        (mute_behind_its_back, "muted", "refused"),
        (ask_for_a_person, "complaint_open", "refused"),
        (complain, "complaint_open", "refused"),
        (sell_out, "out_of_stock", "refused"),
        (lose_the_certificate, "not_a2p_registered", "refused"),
        (withdraw_behind_its_back, "offer_closed", "refused"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_what_happens_before_it_is_sent_keeps_it_from_being_sent(
    engine: Engine, provider: FakeProvider, happens: Happening, reason: str, state: str
) -> None:
    anna = planned(engine)
    happens(engine, anna)
    send(engine, provider)
    assert [one.body for one in provider.accepted() if "Ridge" in one.body] == []
    found = next(one for one in rows(engine, "outbox", anna) if one["offer_id"])
    assert (found["state"], found["reason"]) == (state, reason)
    if reason != "offer_closed":
        assert reasons(engine, anna)[-1][1] == reason
        assert offer(engine, anna)["state"] in ("cancelled", "bought", "not_sent")


def test_a_size_that_was_promised_must_still_be_there(
    engine: Engine, provider: FakeProvider
) -> None:
    anna = person(engine, AMERICAN, language="en")
    with engine.begin() as connection:
        facts.learn(connection, anna, kind="shoe_size", value=270, said="9", now=MORNING)
    follow_ups.look(engine, anna, "ridge-gtx", MORNING - timedelta(seconds=30))
    plan(engine)
    with engine.begin() as connection:
        listed = catalogue.listed(connection)
        for one in listed:
            for variant in one["variants"]:
                variant["stock"] *= variant["size"] != "270"
        store = catalogue.store_profile(connection)
        catalogue.sync(connection, shop_name="270 is gone", store=store, listed=listed)
    send(engine, provider)
    assert provider.accepted() == []
    assert reasons(engine, anna)[-1] == ("not_sent", "out_of_stock")


def test_in_staging_only_the_listed_numbers_are_written_to(
    engine: Engine, provider: FakeProvider
) -> None:
    anna = planned(engine)
    send(engine, provider, only_to=frozenset({"+15035550199"}))
    assert provider.accepted() == []
    assert reasons(engine, anna)[-1] == ("not_sent", "not_on_the_staging_list")


def test_a_purchase_while_senders_are_at_work_is_followed_by_no_send(
    engine: Engine, provider: FakeProvider
) -> None:
    """Whichever is committed first: begun to be sent before it was bought, or not sent at all
    (RULES §3.4)."""
    with engine.begin() as connection:
        connection.exec_driver_sql(ORDER_OF_COMMITS)
    numbers = [f"+1503555{place:04d}" for place in range(100, 112)]
    people = dict(zip(numbers, (planned(engine, number) for number in numbers), strict=True))
    senders = [threading.Thread(target=send, args=(engine, provider)) for _ in range(2)]
    for one in senders:
        one.start()
    for place, customer_id in enumerate(people.values()):
        follow_ups.buy(engine, customer_id, "granite-boot", f"o-{place}")
    for one in senders:
        one.join(30)
    send(engine, provider)
    with engine.connect() as connection:
        commits = connection.exec_driver_sql(
            "SELECT what, customer_id, place FROM commits ORDER BY place DESC"
        ).all()
    place_of = {(commit.what, commit.customer_id): commit.place for commit in commits}
    sent_to = {people[taken.recipient] for taken in provider.accepted()}
    assert all(place_of["sending", one] < place_of["bought", one] for one in sent_to)
    assert {one for what, one in place_of if what == "sending"} == sent_to
    assert {offer(engine, one)["state"] for one in people.values()} == {"bought"}


# -- not now ---------------------------------------------------------------------------------------


def test_what_was_not_taken_before_the_night_goes_in_the_morning(
    engine: Engine, provider: FakeProvider
) -> None:
    follow_ups.set_clock(engine, at("2026-11-25 20:46"))
    minji = planned(engine, KOREAN)
    provider.fault(answer="error", status=429, code=20429)
    send(engine, provider)
    follow_ups.set_clock(engine, at("2026-11-25 20:51"))
    wait_no_more(engine)
    send(engine, provider)
    assert provider.accepted() == []
    held = follow_ups.record(engine, minji)[-1]
    assert (held.decision, held.reason) == ("held", "quiet_hours")
    assert held.details["until"] == at("2026-11-26 08:00").astimezone(UTC).isoformat()
    follow_ups.set_clock(engine, at("2026-11-26 07:59"))
    assert send(engine, provider) == 0
    follow_ups.set_clock(engine, at("2026-11-26 08:00"))
    assert send(engine, provider) == 1
    assert len(provider.accepted()) == 1
    assert reasons(engine, minji)[-1] == ("sent", "sent")


def test_a_greeting_that_says_tomorrow_does_not_go_a_day_later(
    engine: Engine, provider: FakeProvider
) -> None:
    follow_ups.set_clock(engine, at("2026-11-25 12:00"))
    minji = person(engine, KOREAN, language="ko", country="KR")
    with engine.begin() as connection:
        now = clock.business_now(connection)
        day = {"month": 11, "day": 27, "year": None}
        facts.learn(connection, minji, kind="birthday", value=day, now=now)
    follow_ups.set_clock(engine, at("2026-11-26 10:00"))
    plan(engine)
    assert "내일" in message(engine, minji)["body"]
    follow_ups.set_clock(engine, at("2026-11-27 08:30"))
    send(engine, provider)
    assert provider.accepted() == []
    assert reasons(engine, minji)[-1] == ("not_sent", "too_late")


def test_two_a_day_whatever_they_are_about(engine: Engine, provider: FakeProvider) -> None:
    """The cap counts what went out while this one waited."""
    anna = planned(engine)
    for occurrence in ("1", "2"):
        with engine.begin() as connection:
            offer_id = offers.plan(
                connection,
                anna,
                campaign="another",
                occurrence=occurrence,
                product_id="haru-20",
                category="packs",
                about={},
                language="en",
                text="…",
                now=MORNING,
            )
            assert offer_id is not None
            offers.open_up(connection, anna, offer_id, channel="web", now=MORNING)
    send(engine, provider)
    assert provider.accepted() == []
    assert reasons(engine, anna)[-1] == ("held", "cap_reached")


# -- the provider ----------------------------------------------------------------------------------


def test_too_many_requests_is_tried_again_and_taken_once(
    engine: Engine, provider: FakeProvider
) -> None:
    anna = planned(engine)
    provider.fault(answer="error", status=429, code=20429)
    send(engine, provider)
    assert (message(engine, anna)["state"], offer(engine, anna)["state"]) == ("ready", "planned")
    wait_no_more(engine)
    send(engine, provider)
    assert len(provider.accepted()) == 1
    assert offer(engine, anna)["state"] == "open"
    assert reasons(engine, anna) == [("planned", "planned"), ("sent", "sent")]


def test_what_was_bought_while_it_waited_for_another_try_is_not_tried_again(
    engine: Engine, provider: FakeProvider
) -> None:
    anna = planned(engine)
    provider.fault(answer="error", status=429, code=20429)
    send(engine, provider)
    buy(engine, anna)
    wait_no_more(engine)
    send(engine, provider)
    assert provider.accepted() == []
    assert reasons(engine, anna)[-1] == ("cancelled", "bought")


@pytest.mark.parametrize(
    "fault",
    [
        {"answer": "error", "status": 500, "code": 20500},
        {"answer": "hang", "seconds": 2.0},
        {"answer": "drop"},
        {"answer": "garbage"},
    ],
    ids=lambda fault: fault["answer"],
)
@pytest.mark.parametrize("is_taken", [True, False])
def test_what_nobody_knows_is_never_sent_again(
    engine: Engine, provider: FakeProvider, fault: dict[str, Any], is_taken: bool
) -> None:
    anna = planned(engine)
    provider.fault(**{**fault, "accept": is_taken})
    send(engine, provider)
    assert message(engine, anna)["state"] == "unknown"
    wait_no_more(engine)
    follow_ups.set_clock(engine, MORNING + timedelta(hours=1))
    assert send(engine, provider) == plan(engine) == 0
    assert len(provider.accepted()) == int(is_taken)
    assert reconcile(engine, {"sms": provider.sender()}) == int(is_taken)
    assert send(engine, provider) == 0
    assert len(rows(engine, "turns", anna)) == int(is_taken)
    told = [("sent", "sent")] if is_taken else []
    assert reasons(engine, anna) == [("planned", "planned"), *told]


@pytest.mark.parametrize(
    ("code", "reason"), [(21211, "bad_number"), (30007, "blocked"), (21610, "opted_out")]
)
def test_what_the_provider_refuses_for_good_is_on_record(
    engine: Engine, provider: FakeProvider, code: int, reason: str
) -> None:
    anna = planned(engine)
    provider.fault(answer="error", status=400, code=code)
    send(engine, provider)
    assert message(engine, anna)["state"] == "rejected"
    assert message(engine, anna)["reason"] == reason
    if code == 21610:
        assert follow_ups.phone(engine, anna).stopped_at is not None
    assert offer(engine, anna)["state"] in ("not_sent", "cancelled")
    assert rows(engine, "turns", anna) == []


@pytest.mark.parametrize(
    ("point", "is_taken"),
    [
        ("before commit 1", False),
        ("after commit 1", False),
        ("before call 1", False),
        ("after call 1", True),
        ("before commit 2", True),
        ("after commit 2", True),
    ],
)
def test_a_sender_killed_with_an_offer_in_its_hands_sends_it_once(
    engine: Engine,
    provider: FakeProvider,
    processes: SenderProcesses,
    point: str,
    is_taken: bool,
) -> None:
    anna = planned(engine)
    processes.begin(point)
    assert processes.ended() == -signal.SIGKILL
    assert len(provider.accepted()) == int(is_taken)
    outbox_rows.end_leases(engine)
    with engine.begin() as connection:
        delivery.reap(connection)
    assert plan(engine) == 0
    send(engine, provider)
    reconcile(engine, {"sms": provider.sender()})
    is_sent = is_taken or point == "before commit 1"
    assert len(provider.accepted()) == len(rows(engine, "turns", anna)) == int(is_sent)
    assert reasons(engine, anna).count(("sent", "sent")) == int(is_sent)


# -- the process -----------------------------------------------------------------------------------


@contextmanager
def working(engine: Engine, provider: FakeProvider) -> Iterator[None]:
    """The whole process's work, until the end of the block."""
    over, heartbeat = threading.Event(), Heartbeat(engine, "outreach")
    thread = threading.Thread(
        target=worker.run,
        args=(
            provider.settings,
            engine,
            {"sms": provider.sender()},
            follow_ups.demo_shop(),
            heartbeat,
            over,
        ),
    )
    thread.start()
    until(lambda: heartbeat.state == "ready", "outreach is ready")
    try:
        yield
    finally:
        over.set()
        thread.join(20)
        assert not thread.is_alive()


def test_a_look_is_written_about_when_its_time_has_come(
    engine: Engine, provider: FakeProvider
) -> None:
    anna = person(engine, AMERICAN, language="en")
    with working(engine, provider):
        follow_ups.look(engine, anna, "ridge-gtx", follow_ups.now(engine) - timedelta(seconds=18.5))
        assert provider.accepted() == []
        until(provider.accepted, "the provider has it", seconds=6)
    assert reasons(engine, anna) == [("planned", "planned"), ("sent", "sent")]


def test_when_the_clock_is_moved_what_was_held_goes_at_once(
    engine: Engine, provider: FakeProvider
) -> None:
    follow_ups.set_clock(engine, at("2026-11-25 22:00"))
    minji = person(engine, KOREAN, language="ko", country="KR")
    follow_ups.look(engine, minji, "ridge-gtx", follow_ups.now(engine) - timedelta(seconds=30))
    with working(engine, provider):
        until(lambda: reasons(engine, minji), "it is held")
        assert reasons(engine, minji) == [("held", "quiet_hours")]
        with engine.begin() as connection:
            clock.move_to(connection, at("2026-11-26 08:00"))
        until(provider.accepted, "the provider has it", seconds=5)
    assert reasons(engine, minji)[1:] == [("planned", "planned"), ("sent", "sent")]
