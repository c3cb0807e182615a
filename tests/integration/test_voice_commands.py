"""What customers say, as the command line lists it, hands it on and closes it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from command import voice as commands
from marketing.errors import BadInput
from memory import customers, points, voice
from memory.voice import NoSuchItem
from tests import follow_ups, outbox_rows
from tests.follow_ups import MORNING


@pytest.fixture(scope="module")
def shared_engine(postgres_url: str, migrated_template: str) -> Iterator[Engine]:
    with outbox_rows.module_engine(postgres_url, migrated_template) as opened:
        yield opened


@pytest.fixture
def engine(shared_engine: Engine) -> Engine:
    return follow_ups.opened(shared_engine)


def say(engine: Engine, said: str, kind: str = "wish", **of: Any) -> tuple[str, int]:
    with engine.begin() as connection:
        who = customers.create(connection, now=MORNING, time_zone="Asia/Seoul")
        told: dict[str, Any] = {"topic": "size", "category": "hiking_shoes", **of}
        told = {"team": "Product", **told}
        at = MORNING + timedelta(minutes=len(voice.find(connection)))
        return who, voice.record(connection, who, kind=kind, said=said, now=at, **told)


def test_the_list_counts_people_and_quotes_the_newest(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    numbers = [say(engine, f"wider please {place}")[1] for place in range(5)]
    late = say(engine, "배송이 늦어요", "complaint", topic="delivery", team="Logistics")[1]
    with engine.begin() as connection:
        commands.show(connection, "en")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "wish · size · hiking_shoes — 5 people, 5 items · Product"
    assert [line.split()[0] for line in lines[1:4]] == [f"#{one}" for one in numbers[:1:-1]]
    assert lines[1].endswith("“wider please 4”")
    assert lines[4] == "  … and 2 more"
    assert lines[5] == "complaint · delivery · hiking_shoes — 1 people, 1 items · Logistics"
    assert lines[6].startswith(f"  #{late} ")
    with engine.begin() as connection:
        commands.show(connection, "ko", team="Logistics")
    assert capsys.readouterr().out.startswith("불만 · delivery · hiking_shoes — 1명, 1건")


def test_nothing_open_is_said(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    with engine.begin() as connection:
        commands.show(connection, "ko")
    assert capsys.readouterr().out == "열린 의견이 없음\n"


def test_it_is_handed_on_and_closed(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    _, item = say(engine, "wider please")
    with engine.begin() as connection:
        commands.route(connection, item, "Design", "en")
        commands.show_item(connection, item, "en")
        commands.dismiss(connection, item, "en")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"#{item} is with Design"
    assert lines[1] == "wish · size · hiking_shoes · with Design"
    assert lines[-1] == f"#{item} is closed, nothing done"
    with engine.begin() as connection, pytest.raises(NoSuchItem):
        commands.dismiss(connection, item, "en")


def test_all_that_say_the_same_are_done_together(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    anna, item = say(engine, "wider please")
    say(engine, "4E please")
    other = say(engine, "in green please", topic="assortment")[1]
    with engine.begin() as connection:
        commands.done(
            connection,
            [item],
            "en",
            and_all_like_it=True,
            product_id="ridge-gtx",
            note={"en": "We made a 4E."},
            thanks=500,
        )
        commands.show_item(connection, item, "en")
        assert points.balance(connection, anna) == 500
        left = voice.get(connection, other)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2 items are done; 2 people hear of it, once each"
    assert lines[-2:] == ["  → Ridge GTX", "  → We made a 4E."]
    assert left is not None
    assert left.state == "routed"


def test_what_came_of_it_must_be_said_and_be_there(engine: Engine) -> None:
    _, item = say(engine, "wider please")
    with engine.begin() as connection:
        with pytest.raises(BadInput, match="--product"):
            commands.done(connection, [item], "en")
        with pytest.raises(BadInput, match="no product no-such"):
            commands.done(connection, [item], "en", product_id="no-such")
        with pytest.raises(NoSuchItem, match="no open item #0"):
            commands.done(connection, [0], "en", product_id="ridge-gtx")
