"""`/healthz` and `/metrics`: what is wrong is named, and nothing personal is counted by name."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import create_engine, text, update

from memory import parts
from memory.engine import open_engine
from memory.parts import Heartbeat
from memory.tables import parts as parts_table
from memory.tables import releases as releases_table
from tests.web_site import RunningSite, fill, free_port, serving
from web import server


def _tell(site: RunningSite, states: Mapping[str, str]) -> None:
    with site.engine.begin() as connection:
        for part, state in states.items():
            parts.beat(connection, part, state, started_at=datetime.now(UTC))


def _look(site: RunningSite) -> tuple[int, dict[str, Any]]:
    with site.client() as client:
        answer = client.get("/healthz")
    return answer.status_code, answer.json()


@pytest.fixture
def whole(database_url: str, tmp_path: Path) -> Any:
    fill(database_url)
    with serving(database_url, tmp_path) as running:
        _tell(running, {"agent-1": "ready", "outreach": "ready"})
        yield running


def test_all_is_well(whole: RunningSite) -> None:
    status, told = _look(whole)
    assert (status, told["status"], told["broken"]) == (200, "ok", [])
    assert {name: part["state"] for name, part in told["parts"].items()} == dict.fromkeys(
        ("database", "release", "web", "agent", "outreach"), "ready"
    )
    with whole.client() as client:
        assert client.head("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("state", "shown"), [("starting", "starting"), ("model broken", "model broken")]
)
def test_a_part_that_is_not_ready_is_named(whole: RunningSite, state: str, shown: str) -> None:
    _tell(whole, {"agent-1": state})
    status, told = _look(whole)
    assert (status, told["broken"]) == (503, ["agent"])
    assert told["parts"]["agent"]["state"] == shown


def test_one_ready_agent_of_two_is_enough(whole: RunningSite) -> None:
    _tell(whole, {"agent-2": "model broken"})
    status, told = _look(whole)
    assert status == 200
    assert told["parts"]["agent"]["processes"] == {"agent-1": "ready", "agent-2": "model broken"}


def test_a_silent_or_missing_part_is_named(whole: RunningSite) -> None:
    with whole.engine.begin() as connection:
        connection.execute(
            update(parts_table)
            .where(parts_table.c.part == "agent-1")
            .values(beat_at=datetime.now(UTC) - timedelta(seconds=20))
        )
        parts.leave(connection, "outreach")
    status, told = _look(whole)
    assert (status, told["broken"]) == (503, ["agent", "outreach"])
    assert told["parts"]["agent"]["state"] == "silent"
    assert told["parts"]["outreach"]["state"] == "not_running"


def test_a_missing_release_is_named(whole: RunningSite) -> None:
    with whole.engine.begin() as connection:
        connection.execute(update(releases_table).values(is_live=False))
    status, told = _look(whole)
    assert (status, told["broken"]) == (503, ["release"])
    assert "./dangol train" in told["parts"]["release"]["reason"]


def test_a_lost_database_is_named_and_everything_else_says_503(
    postgres_url: str, database_url: str, tmp_path: Path
) -> None:
    fill(database_url)
    admin = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with serving(database_url, tmp_path) as running:
        visitor = running.visitor()
        name = running.engine.url.database
        with admin.connect() as connection:
            connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
            connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :it"),
                {"it": name},
            )
        status, told = _look(running)
        assert status == 503
        assert told["broken"] == ["database"]
        for answer in (
            visitor.say("hello?"),
            visitor.client.get("/chat/messages"),
            visitor.client.get("/products.json"),
        ):
            assert (answer.status_code, answer.json()["error"]) == (503, "unavailable")
            assert "retry-after" in answer.headers
        page = visitor.client.get("/", headers={"Accept": "text/html", "Accept-Language": "ko"})
        assert page.status_code == 503
        assert "잠시 문제가 생겼어요" in page.text
        assert visitor.client.get("/metrics").status_code == 200
        with admin.connect() as connection:
            connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'))
        deadline = time.monotonic() + 10
        while visitor.say("back again").status_code != 202:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    admin.dispose()


def test_metrics_count_by_route_and_name_nobody(whole: RunningSite) -> None:
    visitor = whole.visitor()
    visitor.say("my secret is marshmallow")
    with whole.client() as client:
        client.get("/products/ridge-gtx")
        client.get("/never/heard/of/this")
        answer = client.get("/metrics")
    lines = answer.text.splitlines()
    assert answer.headers["content-type"].startswith("text/plain")
    assert "dangol_inbox_ready 1.0" in lines
    for name in ("database", "release", "web", "agent", "outreach"):
        assert f'dangol_part_up{{part="{name}"}} 1.0' in lines
    seen = 'dangol_http_requests_total{method="GET",route="/products/{product_id}",status="200"}'
    assert f"{seen} 1.0" in lines
    for word in ("marshmallow", "ridge-gtx", "never", visitor.customer, visitor.token):
        assert word not in answer.text


def test_a_taken_port_is_a_one_line_reason(database_url: str, tmp_path: Path) -> None:
    with serving(database_url, tmp_path) as first:
        heartbeat = Heartbeat(open_engine(database_url), "web-2")
        with pytest.raises(server.PortTaken, match=f"Port {first.settings.port} .*--port"):
            server.run(first.settings, first.engine, {}, heartbeat, threading.Event())


def test_development_listens_on_this_machine_only(whole: RunningSite) -> None:
    mine = [
        each.laddr.ip
        for each in psutil.Process(os.getpid()).net_connections("tcp")
        if each.status == psutil.CONN_LISTEN and each.laddr.port == whole.settings.port
    ]
    assert mine == ["127.0.0.1"]


def test_ports_are_free_again_at_once(database_url: str, tmp_path: Path) -> None:
    port = {"DANGOL_PORT": str(free_port())}
    for _ in range(2):
        with serving(database_url, tmp_path, port) as running:
            assert running.visitor().say("hello").status_code == 202
