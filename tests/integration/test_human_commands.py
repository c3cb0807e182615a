"""The queue of customers who asked for a person, as the command line shows and moves it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from command import human
from marketing.errors import BadInput
from memory import addresses, customers, facts, hand_overs, turns
from memory.addresses import Address
from memory.hand_overs import NotWaiting
from tests import outbox_rows
from tests.outbox_rows import NOW

MOMENT = f"{NOW + timedelta(hours=9):%Y-%m-%d %H:%M:%S} KST"


@pytest.fixture(scope="module")
def shared_engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with outbox_rows.module_engine(postgres_url, migrated_template) as opened:
        yield opened


@pytest.fixture
def engine(shared_engine: Engine) -> Engine:
    return outbox_rows.emptied(shared_engine)


@pytest.fixture
def mina(engine: Engine) -> str:
    """In the chat, and waiting."""
    with engine.begin() as connection:
        customer_id = customers.create(
            connection, now=NOW, name="미나", language="ko", time_zone="Asia/Seoul"
        )
    hear(engine, customer_id, "사람이랑\n얘기할래요")
    ask(engine, customer_id)
    return customer_id


@pytest.fixture
def anna(engine: Engine) -> Address:
    """On her telephone, and waiting."""
    found = outbox_rows.customer(engine)
    hear(engine, found.customer_id, "a person please", channel="sms")
    ask(engine, found.customer_id, address=found)
    return found


def hear(engine: Engine, customer_id: str, said: str, *, channel: str = "web") -> None:
    with engine.begin() as connection:
        turns.append(
            connection,
            customer_id,
            [turns.Utterance(text=said)],
            direction="in",
            channel=channel,
            language="ko",
            at=NOW,
        )


def ask(engine: Engine, customer_id: str, address: Address | None = None) -> None:
    with engine.begin() as connection:
        hand_overs.ask(
            connection,
            customer_id,
            channel="sms" if address else "web",
            address_id=address.address_id if address else None,
            said="a person please",
            now=NOW,
        )


def take(engine: Engine, customer_id: str, by: str = "Kim") -> None:
    with engine.begin() as connection:
        human.take(connection, customer_id, "en", by=by)


def say(engine: Engine, customer_id: str, text: str) -> None:
    with engine.begin() as connection:
        human.say(connection, customer_id, text, "en", shop_url="https://shop.example")


def queue(engine: Engine, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    with engine.begin() as connection:
        human.show_queue(connection, "en")
    return capsys.readouterr().out.splitlines()


def test_the_queue_tells_who_waits_since_when_for_what_and_their_last_words(
    engine: Engine, mina: str, anna: Address, capsys: pytest.CaptureFixture[str]
) -> None:
    hear(engine, mina, "아직이에요? " + "네" * 100)
    take(engine, anna.customer_id)
    first, last_words, second = queue(engine, capsys)
    assert first == f"{mina} 미나 · chat · waiting since {MOMENT}: a person please"
    assert last_words == f"  … 아직이에요? {'네' * 72}…"
    assert second.startswith(f"{anna.customer_id} · text · with Kim (asked ")
    assert second.endswith("): a person please")


def test_an_empty_queue_says_so(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    assert queue(engine, capsys) == ["Nobody is waiting."]


def test_a_customer_is_shown_with_facts_and_the_end_of_the_conversation(
    engine: Engine, mina: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with engine.begin() as connection:
        facts.learn(connection, mina, kind="shoe_size", value=270, said="270이에요", now=NOW)
        facts.learn(
            connection,
            mina,
            kind="birthday",
            subject="child",
            value={"month": 5, "day": 3, "year": None},
            now=NOW,
        )
        for number in range(19):
            turns.append(
                connection,
                mina,
                [turns.Utterance(text=f"{number}", payload={"by": "Kim"})],
                direction="out",
                channel="web",
                language="ko",
                at=NOW,
            )
        human.show_customer(connection, mina, "ko")
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == f"{mina} 미나 · 대화창 · {MOMENT}부터 기다림"
    assert shown[1:3] == ["쓰는 말: ko", "상담 요청: a person please"]
    assert shown[3:6] == [
        "기억하는 것:",
        "  shoe_size: 270 — “270이에요”",
        "  child · birthday: 5월 3일",
    ]
    assert shown[6] == f"{MOMENT} 고객 (대화창): 사람이랑"
    assert shown[-1] == f"{MOMENT} Kim (대화창): 18"


def test_what_a_person_says_goes_where_the_customer_asked(
    engine: Engine, mina: str, anna: Address
) -> None:
    for customer_id in (mina, anna.customer_id):
        take(engine, customer_id)
        say(engine, customer_id, "  Kim here.  ")
    with engine.connect() as connection:
        for customer_id, channel in ((mina, "web"), (anna.customer_id, "sms")):
            (told,) = turns.newest(connection, customer_id, limit=1)
            assert (told.direction, told.channel, told.text) == ("out", channel, "Kim here.")
            assert told.payload == {"by": "Kim"}
        outgoing = connection.exec_driver_sql(
            "SELECT customer_id, message_class, purpose, body FROM outbox"
        ).all()
    assert outgoing == [(anna.customer_id, "reply", "hand_over", "Kim here.")]


def test_somebody_else_may_take_over_and_closing_ends_it(
    engine: Engine, mina: str, capsys: pytest.CaptureFixture[str]
) -> None:
    take(engine, mina)
    take(engine, mina)
    take(engine, mina, by="Lee")
    with engine.begin() as connection:
        human.close(connection, mina, "en")
    assert capsys.readouterr().out.splitlines() == [
        f"{mina} is with Kim now. The assistant is silent.",
        f"{mina} is with Kim now. The assistant is silent.",
        f"{mina} is with Lee now, no longer with Kim.",
        f"{mina} is with the assistant again.",
    ]
    assert queue(engine, capsys) == ["Nobody is waiting."]
    with pytest.raises(NotWaiting, match="has not asked for a person"):
        take(engine, mina)


def test_nothing_is_said_to_somebody_who_is_not_taken(engine: Engine, mina: str) -> None:
    with pytest.raises(BadInput, match="human take first"):
        say(engine, mina, "hello")


@pytest.mark.parametrize(
    ("text", "reason"), [(" \n", "nothing to say"), ("x" * 1601, "at most 1600")]
)
def test_what_cannot_be_sent_is_refused(
    engine: Engine, anna: Address, text: str, reason: str
) -> None:
    take(engine, anna.customer_id)
    with pytest.raises(BadInput, match=reason):
        say(engine, anna.customer_id, text)


def test_a_number_that_said_stop_is_not_written_to(engine: Engine, anna: Address) -> None:
    take(engine, anna.customer_id)
    with engine.begin() as connection:
        addresses.set_stopped(connection, anna.customer_id, anna.address_id, NOW)
    with pytest.raises(BadInput, match="STOP"):
        say(engine, anna.customer_id, "hello")


def test_a_customer_is_found_by_their_number(engine: Engine, anna: Address) -> None:
    take(engine, anna.value)
    with engine.connect() as connection:
        found = hand_overs.of_customer(connection, anna.customer_id)
    assert found is not None
    assert found.taken_by == "Kim"
