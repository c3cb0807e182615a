"""What becomes of a look at a product: one text with the marks of its country, or a line in the
open chat, or nothing — and always the reason.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from marketing.decisions import Allowed
from marketing.wording import Variant
from memory import (
    addresses,
    catalogue,
    due,
    facts,
    gate,
    hand_overs,
    links,
    muting,
    offers,
    open_chats,
    turns,
    voice,
)
from memory.gate import About
from tests import follow_ups, outbox_rows
from tests.follow_ups import AMERICAN, KOREAN, MORNING, SHOP_URL, person, plan, reasons, rows

SOON = timedelta(seconds=20)
"""What data/catalogue/store.yml says of the demo shop."""


@pytest.fixture(scope="module")
def shared_engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with outbox_rows.module_engine(postgres_url, migrated_template) as opened:
        yield opened


@pytest.fixture
def engine(shared_engine: Engine) -> Engine:
    return follow_ups.opened(shared_engine)


def korean(engine: Engine, **known: Any) -> str:
    return person(engine, KOREAN, **{"language": "ko", "country": "KR", **known})


def american(engine: Engine, **known: Any) -> str:
    of_portland = {"language": "en", "country": "US", "time_zone": "America/Los_Angeles"}
    return person(engine, AMERICAN, **{**of_portland, **known})


def look(engine: Engine, customer_id: str, product_id: str = "ridge-gtx") -> None:
    """They looked at it as long ago as a follow-up waits."""
    at = follow_ups.now(engine) - SOON
    follow_ups.look(engine, customer_id, product_id, at)


def learn(engine: Engine, customer_id: str, **told: object) -> None:
    with engine.begin() as connection:
        for kind, value in told.items():
            facts.learn(connection, customer_id, kind=kind, value=value, said="…", now=MORNING)


def the_text(engine: Engine, customer_id: str) -> str:
    (row,) = rows(engine, "outbox", customer_id)
    return str(row["body"])


def test_nothing_is_planned_before_its_time(engine: Engine) -> None:
    anna = american(engine)
    follow_ups.look(engine, anna, "ridge-gtx", MORNING)
    assert plan(engine) == 0
    follow_ups.set_clock(engine, MORNING + SOON - timedelta(seconds=5))
    assert plan(engine) == 0
    follow_ups.set_clock(engine, MORNING + SOON + timedelta(seconds=1))
    assert plan(engine) == 1
    assert reasons(engine, anna) == [("planned", "planned")]


def test_an_american_text_can_be_answered_and_has_no_link(engine: Engine) -> None:
    anna = american(engine, name="Anna")
    look(engine, anna)
    plan(engine)
    said = the_text(engine, anna)
    assert said.startswith("Trailhead: ")
    assert said.endswith("Reply STOP to opt out.")
    assert "http" not in said
    for word in ("Ridge GTX", "$159"):
        assert word in said
    assert not re.search("you (saw|viewed|looked|browsed)|{|}", said, re.IGNORECASE)


def test_a_korean_text_begins_with_its_mark_and_carries_one_link(engine: Engine) -> None:
    minji = korean(engine, name="민지")
    look(engine, minji)
    plan(engine)
    said = the_text(engine, minji)
    assert said.startswith("(광고)[숲길] ")
    assert said.endswith("\n무료수신거부 080-000-1127")
    (link,) = re.findall(r"https?://\S+", said)
    assert link.startswith(f"{SHOP_URL}/l/")
    said.encode("cp949")
    for word in ("릿지 GTX", "189,000원"):
        assert word in said
    (offer,) = rows(engine, "offers", minji)
    with engine.begin() as connection:
        found = links.find(connection, link.rpartition("/")[2], now=MORNING)
    assert found is not None
    assert (found.customer_id, found.kind, found.offer_id) == (minji, "offer", offer["offer_id"])


def test_what_is_kept_of_an_offer_is_nothing_of_the_customer(engine: Engine) -> None:
    minji = korean(engine)
    learn(engine, minji, shoe_size=270)
    look(engine, minji)
    plan(engine)
    (offer,) = rows(engine, "offers", minji)
    (row,) = rows(engine, "outbox", minji)
    assert offer["state"] == "planned"
    assert (offer["campaign"], offer["product_id"]) == ("browse", "ridge-gtx")
    assert (offer["category"], offer["language"]) == ("hiking_shoes", "ko")
    assert "270" in row["body"]
    for word in ("릿지 GTX", "189,000원"):
        assert word in offer["text"]
    for word in ("(광고)", "270"):
        assert word not in offer["text"]
    assert (row["message_class"], row["purpose"]) == ("advertisement", "offer")
    assert (row["offer_id"], row["key"]) == (offer["offer_id"], f"offer:{offer['offer_id']}")
    (occasion,) = rows(engine, "due", minji)
    assert (occasion["state"], occasion["reason"]) == ("done", "planned")


@pytest.mark.parametrize(
    ("told", "phrase"),
    [
        ({"shoe_size": 270, "width": "wide"}, "270"),
        ({"shoe_size": 270}, "270"),
        ({}, None),
        ({"shoe_size": 305}, None),
        ({"clothing_size": "M"}, None),
    ],
)
def test_a_size_is_spoken_of_if_it_was_told_and_is_there(
    engine: Engine, told: dict[str, object], phrase: str | None
) -> None:
    minji = korean(engine)
    learn(engine, minji, **told)
    look(engine, minji)
    plan(engine)
    said = the_text(engine, minji)
    (offer,) = rows(engine, "offers", minji)
    assert (phrase or "270") in said if phrase else "270" not in said
    assert ("와이드" in said) is ("width" in told)
    assert offer["about"].get("size") == phrase


def test_an_american_is_told_the_size_that_americans_know(engine: Engine) -> None:
    anna = american(engine)
    learn(engine, anna, shoe_size=270)
    look(engine, anna)
    plan(engine)
    assert re.search(r"\b9\b", the_text(engine, anna))
    assert "270" not in the_text(engine, anna)


def test_nothing_personal_goes_to_a_number_that_nobody_has_proven(engine: Engine) -> None:
    minji = korean(engine, name="민지", proof="none")
    learn(engine, minji, shoe_size=270)
    look(engine, minji)
    plan(engine)
    said = the_text(engine, minji)
    assert "민지" not in said
    assert "270" not in said
    assert reasons(engine, minji) == [("planned", "planned")]


@pytest.mark.parametrize(
    ("known", "number", "price"),
    [
        ({"language": "en", "country": "KR"}, KOREAN, "￦189,000"),
        ({"language": "ko", "country": "US"}, AMERICAN, "159달러"),
        ({}, KOREAN, "189,000원"),
        ({}, AMERICAN, "$159"),
    ],
)
def test_everybody_is_told_in_their_language_what_it_costs_in_their_country(
    engine: Engine, known: dict[str, Any], number: str, price: str
) -> None:
    somebody = person(engine, number, **known)
    look(engine, somebody)
    plan(engine)
    assert price in the_text(engine, somebody)


def test_the_last_look_decides(engine: Engine) -> None:
    anna = american(engine)
    follow_ups.look(engine, anna, "haru-20", MORNING - timedelta(minutes=5))
    look(engine, anna, "ridge-gtx")
    assert plan(engine) == 1
    (offer,) = rows(engine, "offers", anna)
    assert offer["product_id"] == "ridge-gtx"


def test_the_number_that_agreed_is_the_one_that_is_written_to(engine: Engine) -> None:
    anna = american(engine)
    first = follow_ups.phone(engine, anna)
    with engine.begin() as connection:
        addresses.add(
            connection,
            customer_id=anna,
            kind="phone",
            value="+15035550199",
            proof="code",
            now=MORNING + timedelta(hours=1),
        )
    look(engine, anna)
    plan(engine)
    (row,) = rows(engine, "outbox", anna)
    assert row["address_id"] == first.address_id


# -- why not ---------------------------------------------------------------------------------------


def not_sent(engine: Engine, customer_id: str) -> str:
    """The reason why nothing went; nothing is left of it but that."""
    plan(engine)
    assert rows(engine, "outbox", customer_id) == []
    assert [offer["state"] for offer in rows(engine, "offers", customer_id)] == []
    (occasion,) = [one for one in rows(engine, "due", customer_id) if one["kind"] == "browse"]
    ((decision, reason),) = reasons(engine, customer_id)
    assert (decision, occasion["state"], occasion["reason"]) == ("not_sent", "done", reason)
    return reason


def test_without_consent_nothing_goes(engine: Engine) -> None:
    anna = american(engine, has_agreed=False)
    look(engine, anna)
    assert not_sent(engine, anna) == "no_consent"


def test_a_consent_that_came_later_counts_from_the_next_look(engine: Engine) -> None:
    anna = american(engine, has_agreed=False)
    look(engine, anna)
    plan(engine)
    follow_ups.agree(engine, anna)
    assert plan(engine) == 0
    look(engine, anna)
    plan(engine)
    assert reasons(engine, anna) == [("not_sent", "no_consent"), ("planned", "planned")]


def test_consent_for_another_number_is_none_for_this_one(engine: Engine) -> None:
    anna = american(engine, has_agreed=False)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE permissions SET marketing = 'given' WHERE customer_id = :id"), {"id": anna}
        )
    look(engine, anna)
    assert not_sent(engine, anna) == "no_consent"


def test_who_refused_after_the_look_gets_nothing(engine: Engine) -> None:
    anna = american(engine)
    look(engine, anna)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE permissions SET marketing = 'refused' WHERE customer_id = :id"),
            {"id": anna},
        )
    assert not_sent(engine, anna) == "refused"


def test_a_number_that_said_stop_gets_nothing(engine: Engine) -> None:
    anna = american(engine)
    look(engine, anna)
    with engine.begin() as connection:
        address = follow_ups.phone(engine, anna)
        addresses.set_stopped(connection, anna, address.address_id, MORNING)
    assert not_sent(engine, anna) == "stopped"


@pytest.mark.parametrize("topic", ["hiking_shoes", "browse"])
def test_what_they_do_not_want_to_hear_of_is_not_offered(engine: Engine, topic: str) -> None:
    anna = american(engine)
    with engine.begin() as connection:
        muting.mute(connection, anna, topic, source_seq=1, now=MORNING)
    look(engine, anna)
    assert not_sent(engine, anna) == "muted"


def test_what_stands_for_a_muted_topic_is_not_offered_and_everything_else_is(
    engine: Engine,
) -> None:
    """A gift for parents, to somebody who does not want to hear of Mother's Day."""
    anna, bo = american(engine), person(engine, "+15035550143", language="en", country="US")
    with engine.begin() as connection:
        for one in (anna, bo):
            muting.mute(connection, one, "mothers_day", source_seq=1, now=MORNING)
    look(engine, anna, "parents-walk-set")
    assert not_sent(engine, anna) == "muted"
    look(engine, bo)
    plan(engine)
    assert reasons(engine, bo) == [("planned", "planned")]


def test_who_has_bought_it_meanwhile_is_not_written_to(engine: Engine) -> None:
    """Bought where nothing cancels what is due: told to us by an import."""
    anna = american(engine)
    look(engine, anna)
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO orders VALUES (:id, 'o-1', :at, 99, 'USD')"),
            {"id": anna, "at": MORNING},
        )
        connection.execute(
            text("INSERT INTO order_lines VALUES (:id, 'o-1', 1, 'granite-boot', NULL, 1, 99)"),
            {"id": anna},
        )
    assert not_sent(engine, anna) == "bought"


@pytest.mark.parametrize(
    ("days", "decided"), [(3, ("not_sent", "bought")), (15, ("planned", "planned"))]
)
def test_who_has_just_bought_one_is_told_of_no_other_for_two_weeks(
    engine: Engine, days: int, decided: tuple[str, str]
) -> None:
    anna = american(engine)
    follow_ups.set_clock(engine, MORNING - timedelta(days=days))
    follow_ups.buy(engine, anna, "granite-boot")
    follow_ups.set_clock(engine, MORNING)
    look(engine, anna)
    plan(engine)
    assert reasons(engine, anna) == [decided]


def test_a_purchase_ends_what_is_due_with_its_reason(engine: Engine) -> None:
    anna = american(engine)
    follow_ups.look(engine, anna, "ridge-gtx")
    follow_ups.buy(engine, anna, "granite-boot")
    follow_ups.set_clock(engine, MORNING + timedelta(minutes=1))
    assert plan(engine) == 0
    assert reasons(engine, anna) == [("cancelled", "bought")]


def test_a_purchase_of_something_else_ends_nothing(engine: Engine) -> None:
    anna = american(engine)
    look(engine, anna, "ridge-gtx")
    follow_ups.buy(engine, anna, "haru-20")
    plan(engine)
    assert reasons(engine, anna) == [("planned", "planned")]


def test_what_is_sold_out_is_not_offered(engine: Engine) -> None:
    anna = american(engine)
    look(engine, anna, "snowline-boot")
    assert not_sent(engine, anna) == "out_of_stock"


def test_what_the_shop_does_not_list_is_not_offered(engine: Engine) -> None:
    anna = american(engine)
    look(engine, anna, "no-such-thing")
    assert not_sent(engine, anna) == "unknown_product"


def test_a_look_from_long_ago_is_let_be(engine: Engine) -> None:
    anna = american(engine)
    follow_ups.look(engine, anna, "ridge-gtx", MORNING - timedelta(hours=37))
    assert not_sent(engine, anna) == "too_late"


def test_a_number_that_was_taken_away_is_none(engine: Engine) -> None:
    anna = american(engine)
    look(engine, anna)
    with engine.begin() as connection:
        for table in ("address_lookup", "addresses"):
            connection.execute(
                text(f"DELETE FROM {table} WHERE customer_id = :id"),
                {"id": anna},
            )
    assert not_sent(engine, anna) == "no_address"


def test_who_waits_for_a_person_gets_no_advertisement(engine: Engine) -> None:
    anna = american(engine)
    look(engine, anna)
    with engine.begin() as connection:
        hand_overs.ask(connection, anna, channel="web", address_id=None, said="…", now=MORNING)
    assert not_sent(engine, anna) == "complaint_open"


def test_an_open_complaint_lets_advertisements_rest_and_nothing_else(engine: Engine) -> None:
    anna = american(engine)
    with engine.begin() as connection:
        item = voice.record(
            connection, anna, kind="complaint", topic="delivery", said="late again", now=MORNING
        )
        requested = About(
            product_id=None, category=None, since=MORNING, latest=None, is_requested=True
        )
        told = gate.decide(connection, anna, requested, address_id=None, now=MORNING)
    assert isinstance(told, Allowed)
    look(engine, anna)
    assert not_sent(engine, anna) == "complaint_open"
    with engine.begin() as connection:
        voice.close(connection, anna, item, now=MORNING)
    look(engine, anna, "haru-20")
    plan(engine)
    assert [one["product_id"] for one in rows(engine, "offers", anna)] == ["haru-20"]


@pytest.mark.parametrize(
    ("number", "country", "declared", "reason"),
    [
        (AMERICAN, "US", {"is_a2p_registered": False}, "not_a2p_registered"),
        (KOREAN, "KR", {"is_kr_certified": False}, "not_kr_certified"),
        (AMERICAN, "US", None, "no_sender"),
        ("+819012345678", "KR", {}, "no_sender"),
    ],
)
def test_a_sender_must_be_what_its_country_asks_for(
    engine: Engine, number: str, country: str, declared: dict[str, bool] | None, reason: str
) -> None:
    with engine.begin() as connection:
        store = catalogue.store_profile(connection)
        senders = store["text_senders"]
        if declared is None:
            del senders[country]
        else:
            senders[country] |= declared
        catalogue.sync(
            connection, shop_name="changed", store=store, listed=catalogue.listed(connection)
        )
    anna = person(engine, number, language="en", time_zone="America/Los_Angeles")
    look(engine, anna)
    assert not_sent(engine, anna) == reason


def saying(*variants: str) -> dict[str, Sequence[Variant]]:
    """The shop's words, with others for an offer after a look."""
    return {**follow_ups.words(), "utter_offer_browse": [{"text": one} for one in variants]}


def test_without_its_words_no_offer_is_made(engine: Engine) -> None:
    follow_ups.publish(engine, saying())
    anna = american(engine)
    look(engine, anna)
    assert not_sent(engine, anna) == "wording_broken"


def test_words_with_a_blank_that_nobody_fills_are_not_sent(engine: Engine) -> None:
    follow_ups.publish(engine, saying("{product} for {weather}"))
    anna = american(engine)
    look(engine, anna)
    assert not_sent(engine, anna) == "wording_broken"


@pytest.mark.parametrize("text", ["Now at bit.ly/abc", ""])
def test_words_that_the_marks_cannot_mend_are_not_sent(engine: Engine, text: str) -> None:
    follow_ups.publish(engine, saying(text))
    somebody = american(engine) if text else korean(engine)
    look(engine, somebody)
    assert not_sent(engine, somebody) == "wording_broken"


def test_a_sign_that_a_korean_text_cannot_carry_is_not_sent(engine: Engine) -> None:
    follow_ups.publish(engine, saying("{product} 👟"))
    minji, anna = korean(engine), american(engine)
    look(engine, minji)
    look(engine, anna)
    assert not_sent(engine, minji) == "not_encodable"
    assert reasons(engine, anna) == [("planned", "planned")]


def test_before_there_are_any_words_what_is_due_waits(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM releases"))
    anna = american(engine)
    look(engine, anna)
    assert plan(engine) == 0
    follow_ups.publish(engine, follow_ups.words())
    assert plan(engine) == 1


# -- not now ---------------------------------------------------------------------------------------

NIGHT = datetime(2026, 11, 25, 13, 30, tzinfo=UTC)
"""22:30 in Seoul."""
OPENING = datetime(2026, 11, 25, 23, 0, tzinfo=UTC)


def test_at_night_it_is_held_until_the_morning(engine: Engine) -> None:
    minji = korean(engine)
    follow_ups.set_clock(engine, NIGHT)
    look(engine, minji)
    assert plan(engine) == 1
    assert rows(engine, "outbox", minji) == []
    (held,) = follow_ups.record(engine, minji)
    assert (held.decision, held.reason) == ("held", "quiet_hours")
    assert held.details["until"] == OPENING.isoformat()
    follow_ups.set_clock(engine, OPENING - timedelta(seconds=5))
    assert plan(engine) == 0
    follow_ups.set_clock(engine, OPENING)
    assert plan(engine) == 1
    assert reasons(engine, minji) == [("held", "quiet_hours"), ("planned", "planned")]


def test_ten_looks_at_night_are_held_once(engine: Engine) -> None:
    minji = korean(engine)
    follow_ups.set_clock(engine, NIGHT)
    for _ in range(3):
        look(engine, minji)
        plan(engine)
    assert reasons(engine, minji) == [("held", "quiet_hours")]


def test_who_agreed_to_the_night_is_written_to_at_night(engine: Engine) -> None:
    minji = korean(engine, at_night=True)
    follow_ups.set_clock(engine, NIGHT)
    look(engine, minji)
    plan(engine)
    assert reasons(engine, minji) == [("planned", "planned")]


def test_what_would_be_held_until_it_is_too_late_is_not_held(engine: Engine) -> None:
    minji = korean(engine)
    follow_ups.set_clock(engine, NIGHT)
    follow_ups.look(engine, minji, "ridge-gtx", NIGHT - timedelta(hours=35))
    assert not_sent(engine, minji) == "too_late"


def test_one_follow_up_a_day_and_the_next_a_day_later(engine: Engine) -> None:
    anna = american(engine)
    look(engine, anna, "ridge-gtx")
    plan(engine)
    first_at = rows(engine, "offers", anna)[0]["planned_at"]
    follow_ups.look(engine, anna, "haru-20")
    follow_ups.set_clock(engine, MORNING + timedelta(minutes=1))
    assert plan(engine) == 0
    # Another day in UTC, and not yet a day since the first.
    follow_ups.set_clock(engine, MORNING + timedelta(hours=23, minutes=40))
    look(engine, anna, "haru-20")
    assert plan(engine) == 1
    held = follow_ups.record(engine, anna)[-1]
    assert (held.decision, held.reason) == ("held", "cap_reached")
    assert datetime.fromisoformat(held.details["until"]) == first_at + timedelta(days=1)
    follow_ups.set_clock(engine, MORNING + timedelta(hours=24, minutes=1))
    plan(engine)
    assert [one["product_id"] for one in rows(engine, "offers", anna)] == ["ridge-gtx", "haru-20"]


def test_two_offers_a_day_are_enough(engine: Engine) -> None:
    anna = american(engine)
    with engine.begin() as connection:
        for occurrence in ("1", "2"):
            offers.plan(
                connection,
                anna,
                campaign="another",
                occurrence=occurrence,
                product_id="haru-20",
                category="packs",
                about={},
                language="en",
                text="…",
                now=MORNING - timedelta(hours=2),
            )
    look(engine, anna)
    plan(engine)
    assert reasons(engine, anna) == [("held", "cap_reached")]


def test_over_midnight_one_look_is_not_written_about_twice(engine: Engine) -> None:
    midnight = datetime(2026, 11, 26, tzinfo=UTC)
    anna = american(engine, time_zone="America/New_York")
    for at, product in ((-12, "haru-20"), (-5, "ridge-gtx"), (3, "ridge-gtx")):
        follow_ups.look(engine, anna, product, midnight + timedelta(seconds=at))
    follow_ups.set_clock(engine, midnight + timedelta(seconds=30))
    assert plan(engine) == 2
    assert reasons(engine, anna) == [("planned", "planned"), ("not_sent", "already_told")]


# -- in the chat -----------------------------------------------------------------------------------


def open_chat(engine: Engine, *customer_ids: str) -> None:
    with engine.begin() as connection:
        open_chats.tell(connection, "web-1", customer_ids)


def test_whose_chat_is_open_is_told_there_and_gets_no_text(engine: Engine) -> None:
    anna = american(engine)
    learn(engine, anna, shoe_size=270)
    open_chat(engine, anna)
    look(engine, anna)
    plan(engine)
    assert rows(engine, "outbox", anna) == []
    (offer,) = rows(engine, "offers", anna)
    assert (offer["state"], offer["channel"], offer["opened_at"]) == (
        "open",
        "web",
        offer["planned_at"],
    )
    (turn,) = rows(engine, "turns", anna)
    assert (turn["direction"], turn["channel"]) == ("out", "web")
    assert turn["text"].startswith(offer["text"])
    assert turn["payload"][turns.OFFER] == offer["offer_id"]
    (card,) = turn["payload"]["cards"]
    assert card == {
        "product_id": "ridge-gtx",
        "title": "Ridge GTX",
        "price": "$159",
        "url": f"{SHOP_URL}/products/ridge-gtx",
        "picture": f"{SHOP_URL}/pictures/ridge-gtx.svg",
    }
    assert all(button["title"] and button["text"] for button in turn["payload"]["buttons"])
    assert len(turn["payload"]["buttons"]) >= 2
    assert reasons(engine, anna) == [("sent", "in_open_chat")]
    assert offer["about"]["size"] == "270"


def test_a_chat_that_was_closed_a_while_ago_is_not_open(engine: Engine) -> None:
    anna = american(engine)
    open_chat(engine, anna)
    open_chat(engine)
    look(engine, anna)
    plan(engine)
    assert len(rows(engine, "outbox", anna)) == 1


def test_in_the_chat_too_nothing_is_advertised_without_consent(engine: Engine) -> None:
    anna = american(engine, has_agreed=False)
    open_chat(engine, anna)
    look(engine, anna)
    assert not_sent(engine, anna) == "no_consent"


# -- once ------------------------------------------------------------------------------------------


def test_two_planners_at_once_plan_once(engine: Engine) -> None:
    people = [person(engine, f"+1503555{place:04d}", language="en") for place in range(100, 120)]
    for somebody in people:
        look(engine, somebody)
    counts: list[int] = []
    planners = [threading.Thread(target=lambda: counts.append(plan(engine))) for _ in range(4)]
    for one in planners:
        one.start()
    for one in planners:
        one.join(30)
    while plan(engine):
        pass
    for somebody in people:
        assert len(rows(engine, "offers", somebody)) == 1
        assert len(rows(engine, "outbox", somebody)) == 1
        assert reasons(engine, somebody) == [("planned", "planned")]


def test_a_planner_that_dies_before_its_commit_has_planned_nothing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = american(engine)
    look(engine, anna)
    finish = due.finish

    class PowerCut(BaseException):
        """Nothing catches it."""

    def cut(*args: Any, **kwargs: Any) -> None:
        finish(*args, **kwargs)
        raise PowerCut

    monkeypatch.setattr(due, "finish", cut)
    with pytest.raises(PowerCut):
        plan(engine)
    assert rows(engine, "offers", anna) == rows(engine, "outbox", anna) == []
    assert reasons(engine, anna) == []
    monkeypatch.undo()
    assert plan(engine) == 1
    assert reasons(engine, anna) == [("planned", "planned")]


def test_an_occasion_that_cannot_be_planned_holds_up_nobody(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    anna, minji = american(engine), korean(engine)
    follow_ups.look(engine, anna, "ridge-gtx", MORNING - timedelta(minutes=5))
    with engine.begin() as connection:
        broken = {**(catalogue.product(connection, "ridge-gtx") or {}), "description": None}
        listed = [
            broken if one["product_id"] == "ridge-gtx" else one
            for one in catalogue.listed(connection)
        ]
        store = catalogue.store_profile(connection)
        catalogue.sync(connection, shop_name="broken", store=store, listed=listed)
    look(engine, minji, "haru-20")
    assert plan(engine) == 2
    assert reasons(engine, minji) == [("planned", "planned")]
    assert reasons(engine, anna) == []
    (failed,) = [one for one in caplog.records if one.name == "outreach.planner"]
    assert failed.action == "planning_failed"  # type: ignore[attr-defined]
