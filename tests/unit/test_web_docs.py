"""docs/http.md names every route and every reason, and none that is not there."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute

from memory.turns import Turn
from settings import PROJECT
from web import (
    answer_links,
    chat,
    checkout,
    demo_log_in,
    event_api,
    health,
    links,
    my_data,
    pages,
    phone,
    rows,
    studio_hand_overs,
    tracker,
    webhooks,
)
from web import site as sites

DOCS = (PROJECT / "docs" / "http.md").read_text(encoding="utf-8")
ROUTERS: list[APIRouter] = [
    module.router
    for module in (
        chat,
        checkout,
        demo_log_in,
        event_api,
        health,
        links,
        my_data,
        pages,
        phone,
        studio_hand_overs,
        tracker,
        webhooks,
        answer_links,
    )
]
CODES = {
    code
    for path in (PROJECT / "web").glob("*.py")
    for code in re.findall(
        r'(?:Refusal|super\(\).__init__|CallNotValid)\(\s*(?:\d{3},\s*)?"([a-z0-9_]+)"',
        path.read_text("utf-8"),
    )
}
CALLED = {
    "product_id": "ID",
    "name": "NAME",
    "token": "TOKEN",
    "customer_id": "CUSTOMER",
    "rest:path": "",
    "call": "{call}",
}
"""What the page calls the parts of an address that vary."""
NOT_FOR_PROGRAMS = {"broken", "phone_missing", "request_not_valid", "user_unknown"}


def _routes() -> set[str]:
    return {
        re.sub(r"\{([^}]*)\}", lambda part: CALLED[part.group(1)], route.path).rstrip("/") or "/"
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
    }


def test_every_route_is_described() -> None:
    assert len(_routes()) >= 15
    for path in _routes():
        assert path in DOCS, path


def test_every_described_route_exists() -> None:
    described = re.findall(r"`(?:GET|POST) (/[A-Za-z0-9./-]*)", DOCS)
    assert len(described) >= 25
    assert {path.removesuffix(".svg").rstrip("/") or "/" for path in described} <= _routes()


def test_every_reason_of_the_chat_is_described() -> None:
    assert len(CODES) >= 15
    for code in CODES - NOT_FOR_PROGRAMS:
        assert f"`{code}`" in DOCS, code


def test_a_row_has_the_described_shape() -> None:
    described = re.search(r"```json\n(.*?)```", DOCS, re.DOTALL)
    assert described is not None
    shape = json.loads(described.group(1))
    turn = Turn(
        seq=3,
        direction="out",
        channel="web",
        text="…",
        payload={"buttons": shape["buttons"], "cards": shape["cards"], "opening": True},
        at=datetime(2026, 11, 22, 3, 0, tzinfo=UTC),
    )
    assert rows.message(turn) == shape


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Shop.Example", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://shop.example:80/path", "http://shop.example"),
        ("https://shop.example:8443", "https://shop.example:8443"),
    ],
)
def test_an_origin_is_written_as_browsers_write_it(address: str, origin: str) -> None:
    assert sites.origin_of(address) == origin


@pytest.mark.parametrize(
    ("peer", "is_near"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("10.1.2.3", True),
        ("172.16.0.9", True),
        ("172.217.0.1", False),
        ("8.8.8.8", False),
        ("testclient", False),
        ("", False),
    ],
)
def test_only_a_neighbour_may_say_whom_it_speaks_for(peer: str, is_near: bool) -> None:
    assert sites._is_near(peer) is is_near
