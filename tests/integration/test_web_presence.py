"""Whose chat is open: a connected stream counts, polling does not, and nobody is left behind."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select, text, update

from memory import merging, open_chats
from memory.engine import Engine, open_engine
from memory.tables import open_chats as open_chats_table
from tests.integration.test_web_stream import Stream, listening
from tests.postgres import wait_for
from tests.web_site import NOW, RunningSite, fill, serving


def _is_open(engine: Engine, customer: str) -> bool:
    with engine.connect() as connection:
        return open_chats.is_open(connection, customer)


def _seconds_until(condition: Callable[[], bool]) -> float:
    began = time.monotonic()
    wait_for(condition, seconds=5)
    return time.monotonic() - began


def test_an_open_stream_is_told_and_its_end_too(site: RunningSite) -> None:
    visitor = site.visitor()
    visitor.heard()
    visitor.heard()
    assert not _is_open(site.engine, visitor.customer)
    with listening(visitor, site) as stream:
        stream.wait_for(1)
        assert _seconds_until(lambda: _is_open(site.engine, visitor.customer)) < 1
        assert not _is_open(site.engine, site.visitor().customer)
    assert _seconds_until(lambda: not _is_open(site.engine, visitor.customer)) < 1


def test_the_chat_is_open_as_long_as_one_of_its_streams_is(site: RunningSite) -> None:
    visitor = site.visitor()
    with listening(visitor, site) as first:
        first.wait_for(1)
        with listening(visitor, site) as second:
            second.wait_for(1)
            wait_for(lambda: _is_open(site.engine, visitor.customer))
        time.sleep(0.6)
        assert _is_open(site.engine, visitor.customer)
    wait_for(lambda: not _is_open(site.engine, visitor.customer))


def test_it_is_told_again_and_again_while_the_stream_lasts(site: RunningSite) -> None:
    visitor = site.visitor()
    whose = open_chats_table.c.customer_id == visitor.customer
    with listening(visitor, site) as stream:
        stream.wait_for(1)
        wait_for(lambda: _is_open(site.engine, visitor.customer))
        with site.engine.begin() as connection:
            long_ago = datetime.now(UTC) - timedelta(minutes=1)
            connection.execute(update(open_chats_table).where(whose).values(seen_at=long_ago))
        assert not _is_open(site.engine, visitor.customer)
        wait_for(lambda: _is_open(site.engine, visitor.customer), seconds=6)


def test_a_merged_customers_chat_is_open_as_soon_as_it_is_followed_again(
    site: RunningSite,
) -> None:
    visitor, known = site.visitor(), site.visitor()
    with listening(visitor, site) as stream:
        stream.wait_for(1)
        with site.engine.begin() as connection:
            merging.merge(
                connection,
                gone=visitor.customer,
                stays=known.customer,
                proof="shop",
                now=NOW,
            )
        assert stream.has_ended.wait(2)
    with listening(visitor, site) as stream:
        stream.wait_for(1)
        wait_for(lambda: _is_open(site.engine, known.customer))
        assert not _is_open(site.engine, visitor.customer)


def _left_behind(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(select(open_chats_table.c.customer_id)))


def test_nobody_is_left_behind_by_an_end_or_a_death(database_url: str, tmp_path: Path) -> None:
    fill(database_url)
    engine = open_engine(database_url)
    with engine.begin() as connection:
        open_chats.tell(connection, "web", ["cus_of_a_process_that_was_killed"])
        open_chats.tell(connection, "web-2", ["cus_of_another_process"])
    with serving(database_url, tmp_path) as running:
        visitor = running.visitor()
        stream = Stream(visitor, running.url)
        wait_for(lambda: _is_open(engine, visitor.customer))
        assert sorted(_left_behind(engine)) == sorted([visitor.customer, "cus_of_another_process"])
    stream.close()
    assert _left_behind(engine) == ["cus_of_another_process"]
    engine.dispose()


def test_it_is_told_once_the_database_answers_again(site: RunningSite) -> None:
    visitor = site.visitor()
    with site.engine.connect() as holder:
        holder.execute(text("LOCK TABLE open_chats"))
        with listening(visitor, site) as stream:
            stream.wait_for(1)
            time.sleep(2.5)
            holder.rollback()
            wait_for(lambda: _is_open(site.engine, visitor.customer), seconds=6)
