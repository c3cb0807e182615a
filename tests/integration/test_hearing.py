"""Eleven people wished for wide boots for children; when they are there everybody hears of it once,
in their own words, by the way that is open to them (STORIES 8).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text

from memory import clock, hand_overs, hearing, merging, outbox, points, voice
from tests import follow_ups, outbox_rows
from tests.follow_ups import AMERICAN, KOREAN, person, plan, reasons, rows

SEOUL = ZoneInfo("Asia/Seoul")
WISHED = datetime(2026, 9, 14, 15, 0, tzinfo=SEOUL)
DONE = datetime(2026, 11, 10, 11, 0, tzinfo=SEOUL)
SAID = "애 발볼이 넓어서 맞는 게 없어요"
BOOTS = "ridge-gtx"
"""Stands for the boots that were made."""


@pytest.fixture(scope="module")
def shared_engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with outbox_rows.module_engine(postgres_url, migrated_template) as opened:
        yield opened


@pytest.fixture
def engine(shared_engine: Engine) -> Engine:
    return follow_ups.opened(shared_engine, now=WISHED)


def korean(engine: Engine, number: str | None = KOREAN, **known: Any) -> str:
    return person(engine, number, **{"language": "ko", "country": "KR", "name": "민수", **known})


def wishes(engine: Engine, customer_id: str, said: str = SAID, kind: str = "wish") -> int:
    with engine.begin() as connection:
        return voice.record(
            connection,
            customer_id,
            kind=kind,
            topic="size",
            category="hiking_shoes",
            said=said,
            team="Product",
            now=clock.business_now(connection),
        )


def is_done(engine: Engine, item_id: int, **of: Any) -> int:
    """Everything that says the same as this item is done, and the planner has seen to it."""
    follow_ups.set_clock(engine, DONE)
    with engine.begin() as connection:
        connection.execute(text("UPDATE addresses SET last_heard_at = :now"), {"now": DONE})
        item = voice.get(connection, item_id)
        assert item is not None
        people = hearing.done(
            connection,
            voice.like(connection, item),
            now=clock.business_now(connection),
            **{"product_id": BOOTS, "category": "hiking_shoes", "thanks": 2000, **of},
        )
    plan(engine)
    return people


def texts(engine: Engine, customer_id: str) -> list[str]:
    return [row["body"] for row in rows(engine, "outbox", customer_id)]


def untold(engine: Engine, customer_id: str) -> int:
    with engine.begin() as connection:
        return len(hearing.untold(connection, customer_id))


def has(engine: Engine, customer_id: str) -> int:
    with engine.begin() as connection:
        return points.balance(connection, customer_id)


def test_who_may_be_written_to_hears_by_text_and_who_not_at_the_next_visit(engine: Engine) -> None:
    minsu = korean(engine)
    others = [korean(engine, None, has_agreed=False) for _ in range(10)]
    looked_only = korean(engine, "+821000000009")
    follow_ups.look(engine, looked_only, BOOTS)
    plan(engine)
    item = wishes(engine, minsu)
    for number, one in enumerate(others):
        wishes(engine, one, f"발볼 넓은 아이 등산화 좀요 {number}")
    before = texts(engine, looked_only)
    assert is_done(engine, item, note={"ko": "4E 아동 등산화를 만들었어요."}) == 11
    (body,) = texts(engine, minsu)
    assert body.startswith(
        "(광고)[숲길] 민수님, 지난 9월에 ‘애 발볼이 넓어서 맞는 게 없어요’라고 하셨죠."
    )
    assert "4E 아동 등산화를 만들었어요. 릿지 GTX" in body
    assert "고맙습니다, 2,000P 드렸어요." in body
    assert "무료수신거부 080" in body
    assert "발볼 넓은 아이" not in body, "another's words"
    assert [untold(engine, one) for one in (minsu, *others)] == [0, *[1] * 10]
    assert [has(engine, one) for one in (minsu, *others)] == [2000] * 11
    assert texts(engine, looked_only) == before, "whoever only browsed hears nothing"
    assert has(engine, looked_only) == 0


def test_in_english_the_words_are_theirs_as_well(engine: Engine) -> None:
    anna = person(engine, AMERICAN, language="en", country="US", time_zone="America/Los_Angeles")
    item = wishes(engine, anna, "Nothing fits my kid's wide feet!")
    follow_ups.set_clock(engine, DONE)
    is_done(engine, item, note=None, thanks=0)
    (row,) = rows(engine, "outbox", anna) or [{"body": ""}]
    body = str(row["body"])
    assert body.startswith(
        "Trailhead: Last September you told us: 'Nothing fits my kid's wide feet'."
    )
    assert "Ridge GTX, $" in body
    assert "Thank you for telling us." in body
    assert "points" not in body
    assert "STOP" in body


def test_it_is_heard_once_however_often_it_was_said_and_done(engine: Engine) -> None:
    minsu = korean(engine)
    first, second = wishes(engine, minsu), wishes(engine, minsu, "발볼 넓은 거 없나요 ㅠㅠ")
    assert is_done(engine, first) == 1
    (body,) = texts(engine, minsu)
    assert "발볼 넓은 거 없나요" in body, "the newest of their own words"
    third = wishes(engine, minsu, "또 물어보는데 넓은 거 나오면 좋겠어요")
    assert is_done(engine, third) == 1
    assert len(texts(engine, minsu)) == 1
    assert has(engine, minsu) == 2000
    with engine.begin() as connection:
        closed = voice.get(connection, second)
        assert closed is not None
        with pytest.raises(voice.NoSuchItem):
            hearing.done(connection, [closed], product_id=BOOTS, now=DONE)


def test_it_waits_for_the_morning_and_is_decided_about_again_when_it_is_sent(
    engine: Engine,
) -> None:
    minsu = korean(engine)
    item = wishes(engine, minsu)
    is_done(engine, item)
    with engine.begin() as connection:
        hand_overs.ask(connection, minsu, channel="web", address_id=None, said="사람", now=DONE)
        outbox.begin_sending(
            connection, now=clock.business_now(connection), lease=timedelta(minutes=1)
        )
    assert reasons(engine, minsu)[-1] == ("not_sent", "complaint_open")
    assert untold(engine, minsu) == 1, "then at the next visit"


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"has_agreed": False}, "no_consent"),
        ({"proof": "none"}, "number_not_proven"),
    ],
)
def test_without_consent_or_proof_nothing_is_written(
    engine: Engine, known: dict[str, Any], reason: str
) -> None:
    minsu = korean(engine, **known)
    is_done(engine, wishes(engine, minsu))
    assert texts(engine, minsu) == []
    assert reasons(engine, minsu)[-1] == ("not_sent", reason)
    assert untold(engine, minsu) == 1


def test_a_complaint_that_was_seen_to_is_over_and_heard_of_alike(engine: Engine) -> None:
    minsu = korean(engine)
    item = wishes(engine, minsu, "밑창이 두 주 만에 떨어졌어요", kind="complaint")
    is_done(engine, item, note={"ko": "밑창을 바꿨어요."}, thanks=0)
    (body,) = texts(engine, minsu)
    assert "‘밑창이 두 주 만에 떨어졌어요’라고 하셨죠. 밑창을 바꿨어요." in body


def test_words_without_a_product_are_for_the_next_visit(engine: Engine) -> None:
    minsu = korean(engine)
    is_done(
        engine,
        wishes(engine, minsu),
        product_id=None,
        category=None,
        note={"ko": "이제 배송이 하루 빨라요."},
    )
    assert texts(engine, minsu) == []
    assert reasons(engine, minsu)[-1] == ("not_sent", "at_next_visit")
    assert untold(engine, minsu) == 1


def test_words_that_a_korean_text_cannot_carry_are_said_at_a_visit(engine: Engine) -> None:
    minsu = korean(engine)
    is_done(engine, wishes(engine, minsu, "발볼 넓은 거 나오면 좋겠어요 😀"))
    assert texts(engine, minsu) == []
    assert untold(engine, minsu) == 1


def test_of_two_who_became_one_it_is_heard_once(engine: Engine) -> None:
    minsu, visitor = korean(engine), korean(engine, None, has_agreed=False)
    item = wishes(engine, minsu)
    wishes(engine, visitor, "발볼 넓은 거요")
    with engine.begin() as connection:
        merging.merge(connection, gone=visitor, stays=minsu, proof="code", now=WISHED)
    assert is_done(engine, item) == 1
    assert len(texts(engine, minsu)) == 1
    assert has(engine, minsu) == 2000


def test_praise_is_closed_without_a_word(engine: Engine) -> None:
    minsu = korean(engine)
    assert is_done(engine, wishes(engine, minsu, "너무 편해요", kind="praise")) == 0
    assert (texts(engine, minsu), untold(engine, minsu), has(engine, minsu)) == ([], 0, 0)
