"""The chat stream: replay, push, and what many open streams cost."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from sqlalchemy import text

from memory import customers, linking, sessions, turns
from tests.postgres import wait_for
from tests.web_site import NO_TLS, NOW, Caller, RunningSite, fill, serving

TEXTING = "+15035550144"
EARLIER = NOW - timedelta(days=1)


class Stream:
    """One open stream, read by a thread of its own."""

    def __init__(self, caller: Caller, url: str, **options: Any) -> None:
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.arrived: list[float] = []
        self.has_ended = threading.Event()
        self._more = threading.Condition()
        self._socket: socket.socket | None = None
        self._client = httpx.Client(trust_env=False, timeout=40, verify=NO_TLS)
        self._thread = threading.Thread(
            target=self._read, args=(f"{url}/chat/stream", caller.token, options), daemon=True
        )
        self._thread.start()

    def wait_for(self, count: int, seconds: float = 5) -> list[dict[str, Any]]:
        """The rows, once there are that many."""
        with self._more:
            assert self._more.wait_for(lambda: len(self.events) >= count, seconds), self.events
        return [row for _, row in self.events]

    def close(self) -> None:
        """Hang up, if the server has not done it."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._client.close()

    def _read(self, url: str, token: str, options: dict[str, Any]) -> None:
        headers = {"Authorization": f"Bearer {token}", **options.pop("headers", {})}
        try:
            with self._client.stream("GET", url, headers=headers, **options) as answer:
                self._socket = answer.extensions["network_stream"].get_extra_info("socket")
                assert answer.headers["content-type"].startswith("text/event-stream")
                self._take(answer.iter_lines())
        except (httpx.HTTPError, OSError):
            pass
        finally:
            self.has_ended.set()

    def _take(self, lines: Iterator[str]) -> None:
        name = ""
        for line in lines:
            if line.startswith("id: "):
                name = line.removeprefix("id: ")
            elif line.startswith("data: "):
                with self._more:
                    self.events.append((name, json.loads(line.removeprefix("data: "))))
                    self.arrived.append(time.monotonic())
                    self._more.notify_all()


@contextmanager
def listening(caller: Caller, site: RunningSite, **options: Any) -> Iterator[Stream]:
    """An open stream for the body."""
    stream = Stream(caller, site.url, **options)
    try:
        yield stream
    finally:
        stream.close()


def _tell(site: RunningSite, customer: str, *lines: str) -> float:
    """What the agent does at the end of a turn; returns when it was committed."""
    with site.engine.begin() as connection:
        turns.append(
            connection,
            customer,
            [turns.Utterance(text=line) for line in lines],
            direction="out",
            channel="web",
            language="en",
            at=NOW,
        )
    return time.monotonic()


def test_a_stream_replays_and_then_follows(site: RunningSite) -> None:
    visitor = site.visitor()
    visitor.say("hello")
    with listening(visitor, site) as stream:
        assert [row["seq"] for row in stream.wait_for(2)] == [1, 2]
        committed = _tell(site, visitor.customer, "one", "two")
        rows = stream.wait_for(4)
        assert [row["text"] for row in rows[2:]] == ["one", "two"]
        assert [name for name, _ in stream.events] == ["1", "2", "3", "4"]
        assert stream.arrived[3] - committed < 1
    assert rows == visitor.heard()


@pytest.mark.parametrize(
    "options",
    [
        {"params": {"after": 3}},
        {"headers": {"Last-Event-ID": "3"}},
        {"headers": {"Last-Event-ID": "3"}, "params": {"after": 0}},
    ],
)
def test_a_stream_goes_on_where_the_page_left_off(
    site: RunningSite, options: dict[str, Any]
) -> None:
    visitor = site.visitor()
    _tell(site, visitor.customer, "two", "three", "four\nwith lines", "five  separators")
    with listening(visitor, site, **options) as stream:
        rows = stream.wait_for(2)
    assert [(row["seq"], row["text"]) for row in rows] == [
        (4, "four\nwith lines"),
        (5, "five  separators"),
    ]


def test_a_long_history_arrives_whole_and_in_order(site: RunningSite) -> None:
    visitor = site.visitor()
    _tell(site, visitor.customer, *[f"line {number}" for number in range(2, 700)])
    with listening(visitor, site) as stream:
        rows = stream.wait_for(699, seconds=10)
    assert [row["seq"] for row in rows] == list(range(1, 700))


def test_nothing_is_lost_while_messages_come_fast(site: RunningSite) -> None:
    visitor = site.visitor()
    with listening(visitor, site) as stream:
        writers = [
            threading.Thread(
                target=lambda: [_tell(site, visitor.customer, "quick") for _ in range(25)]
            )
            for _ in range(4)
        ]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        rows = stream.wait_for(101, seconds=10)
    assert [row["seq"] for row in rows] == list(range(1, 102))


def test_a_stream_tells_of_its_own_customer_only(site: RunningSite) -> None:
    one, other = site.visitor(), site.visitor()
    with listening(one, site) as mine, listening(other, site) as theirs:
        mine.wait_for(1)
        theirs.wait_for(1)
        _tell(site, one.customer, "for one")
        assert mine.wait_for(2)[1]["text"] == "for one"
        time.sleep(0.3)
        assert len(theirs.events) == 1


def test_the_cookie_opens_a_stream_too(site: RunningSite) -> None:
    with site.client() as browser:
        browser.post("/chat/session")
        with browser.stream("GET", "/chat/stream") as answer:
            assert answer.status_code == 200
            assert next(answer.iter_lines()) == "retry: 2000"


def test_a_stream_ends_with_its_session(site: RunningSite) -> None:
    visitor = site.visitor()
    with listening(visitor, site) as stream:
        stream.wait_for(1)
        with site.engine.begin() as connection:
            sessions.revoke(connection, visitor.token)
        _tell(site, visitor.customer, "not for whoever sits there now")
        assert stream.has_ended.wait(5)
        assert len(stream.events) == 1


def test_a_stream_ends_when_another_conversation_is_put_in_front(site: RunningSite) -> None:
    visitor = site.visitor()
    with site.engine.begin() as connection:
        texting = customers.of_address(connection, "phone", TEXTING, proof="inbound", now=EARLIER)
        said = [turns.Utterance(text="by text")]
        turns.append(
            connection,
            texting.customer_id,
            said,
            direction="in",
            channel="sms",
            language="en",
            at=EARLIER,
        )
    begins = visitor.client.get("/chat/messages").json()["first"]
    told_from = {"params": {"after": 1, "first": begins}}
    with listening(visitor, site, **told_from) as stream, listening(visitor, site) as unaware:
        unaware.wait_for(1)
        with site.engine.begin() as connection:
            linking.link(connection, visitor.customer, TEXTING, now=NOW)
        assert stream.has_ended.wait(5)
        assert stream.events == []
        assert not unaware.has_ended.is_set()
    page = visitor.client.get("/chat/messages?after=1").json()
    assert (begins, page["first"], page["messages"]) == (1, 0, [])


def test_one_customer_may_not_open_streams_without_end(site: RunningSite) -> None:
    visitor = site.visitor()
    streams = [Stream(visitor, site.url) for _ in range(10)]
    for stream in streams:
        stream.wait_for(1)
    answer = visitor.client.get("/chat/stream")
    assert (answer.status_code, answer.json()["error"]) == (429, "too_many_streams")
    for stream in streams:
        stream.close()


def _open_streams(site: RunningSite) -> int:
    with site.client() as client:
        told = client.get("/metrics").text
    (line,) = [line for line in told.splitlines() if line.startswith("dangol_chat_streams ")]
    return int(float(line.split()[1]))


def _busy_connections(site: RunningSite) -> int:
    with site.engine.connect() as connection:
        return int(
            connection.scalar(
                text(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE application_name = 'dangol-web-test'"
                    " AND datname = current_database() AND pid <> pg_backend_pid()"
                    " AND state <> 'idle'"
                )
            )
        )


def test_many_streams_cost_neither_threads_nor_connections(site: RunningSite) -> None:
    callers = [site.visitor() for _ in range(12)]
    process = psutil.Process()
    callers[0].client.get("/products.json")
    streams = [Stream(caller, site.url) for caller in callers for _ in range(8)]
    for stream in streams:
        stream.wait_for(1, seconds=20)
    assert _open_streams(site) == 96
    # At one moment or another the part itself asks something; a stream would hold its connection.
    wait_for(lambda: _busy_connections(site) == 0)
    names = [thread.name for thread in threading.enumerate()]
    assert sum(name.startswith("AnyIO") for name in names) < 50
    assert process.num_threads() < 96 + 60  # the readers of this test, and hardly more
    committed = _tell(site, callers[5].customer, "now")
    mine = streams[5 * 8 : 6 * 8]
    for stream in mine:
        assert stream.wait_for(2)[1]["text"] == "now"
    assert max(stream.arrived[1] for stream in mine) - committed < 2
    for stream in streams:
        stream.close()
    wait_for(lambda: _open_streams(site) == 0, seconds=30)


def test_streams_go_on_after_the_bell_was_cut_off(site: RunningSite) -> None:
    visitor = site.visitor()
    with listening(visitor, site) as stream:
        stream.wait_for(1)
        with site.engine.begin() as connection:
            cut = connection.scalars(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'dangol-bell' AND datname = current_database()"
                )
            ).all()
        assert cut == [True]
        _tell(site, visitor.customer, "said while nobody listened")
        assert stream.wait_for(2, seconds=10)[1]["text"] == "said while nobody listened"
        time.sleep(1.5)
        committed = _tell(site, visitor.customer, "heard again")
        stream.wait_for(3)
        assert stream.arrived[2] - committed < 1


def test_open_streams_do_not_hold_up_the_end(database_url: str, tmp_path: Path) -> None:
    fill(database_url)
    with serving(database_url, tmp_path) as running:
        visitor = running.visitor()
        stream = Stream(visitor, running.url)
        stream.wait_for(1)
        began = time.monotonic()
        running.stop.set()
        running.thread.join(5)
        assert time.monotonic() - began < 4
        assert stream.has_ended.wait(2)
        stream.close()
