"""Calls of the Segment tracking API as its documents and SDKs write them, and as nobody should."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from web import tracking
from web.tracking import CallNotValid

NOW = datetime(2026, 11, 22, 3, 0, 5, tzinfo=UTC)


def _read(kind: str = "track", **given: Any) -> tracking.Call:
    usual = {"userId": "buyer-1", "event": "Song Played"} if kind == "track" else {"userId": "b"}
    return tracking.read(kind, {**usual, **given}, received_at=NOW)


def test_a_call_says_who_and_what() -> None:
    call = _read(
        anonymousId="cus_x",
        messageId="ajs-1",
        properties={"sku": "A", "price": 9.5, "tags": ["a", None, True]},
        context={"locale": "ko-KR", "library": {"name": "any"}},
    )
    assert (call.user_id, call.anonymous_id, call.message_id) == ("buyer-1", "cus_x", "ajs-1")
    assert (call.event, call.locale) == ("Song Played", "ko-KR")
    assert call.values == {"sku": "A", "price": 9.5, "tags": ["a", None, True]}
    assert call.age == timedelta()


def test_traits_and_former_ids_have_their_own_names() -> None:
    assert _read("identify", traits={"name": "Kim"}).values == {"name": "Kim"}
    page = _read("page", name="Home", properties={"path": "/"})
    assert (page.event, page.values) == ("Page Viewed", {"name": "Home", "path": "/"})
    alias = _read("alias", previousId="cus_before", anonymousId="cus_other")
    assert (alias.anonymous_id, alias.user_id) == ("cus_before", "b")


def test_a_number_is_an_id_too() -> None:
    assert _read(userId=507).user_id == "507"


@pytest.mark.parametrize(
    ("timestamp", "sent_at", "age"),
    [
        (None, None, 0),
        ("2026-11-22T03:00:00Z", None, 5),
        ("2026-11-22T12:00:00+09:00", None, 5),
        ("2026-11-22T03:00:00", None, 5),
        # Both of a clock that is a day behind: what counts is how far they lie apart.
        ("2026-11-21T03:00:00.000Z", "2026-11-21T03:00:30.000Z", 30),
        ("2026-11-25T03:00:00Z", None, 0),  # of a clock that is ahead
        ("1999-01-01T00:00:00Z", None, 0),
        ("yesterday", None, 0),
        (1700000000, None, 0),
        ("0001-01-01T00:00:00+14:00", None, 0),
    ],
)
def test_how_long_ago_it_was_is_by_the_senders_own_clock(
    timestamp: object, sent_at: object, age: int
) -> None:
    given = {"userId": "b", "event": "x", "timestamp": timestamp}
    alone = tracking.read("track", {**given, "sentAt": sent_at}, received_at=NOW)
    in_batch = tracking.read("track", given, sent_at=sent_at, received_at=NOW)
    assert alone.age == in_batch.age == timedelta(seconds=age)


def test_what_no_database_takes_is_left_out() -> None:
    call = _read(event="Look\x00ed", properties={"a\x00": "b\x00\ud800", "c": {"d": ["\x01e"]}})
    assert call.event == "Looked"
    assert call.values == {"a": "b", "c": {"d": ["e"]}}


def _deep(levels: int) -> Any:
    return {"x": _deep(levels - 1)} if levels else 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"userId": None}, "nobody_named"),
        ({"userId": ""}, "nobody_named"),
        ({"userId": "  "}, "nobody_named"),
        ({"userId": ["x"]}, "id_not_valid"),
        ({"userId": True}, "id_not_valid"),
        ({"userId": "x" * 256}, "id_not_valid"),
        ({"userId": "a\x00b"}, "id_not_valid"),
        ({"anonymousId": {"a": 1}}, "id_not_valid"),
        ({"messageId": 1.5}, "id_not_valid"),
        ({"event": None}, "event_missing"),
        ({"event": "\x00 "}, "event_missing"),
        ({"event": 7}, "event_missing"),
        ({"event": "x" * 256}, "event_missing"),
        ({"properties": [1]}, "not_an_object"),
        ({"properties": "x"}, "not_an_object"),
        ({"properties": {"x": float("inf")}}, "number_not_valid"),
        ({"properties": {"x": [float("nan")]}}, "number_not_valid"),
        ({"properties": _deep(40)}, "too_deep"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_name(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(CallNotValid) as refused:
        _read(**changes)
    assert (refused.value.status, refused.value.code) == (400, code)


@pytest.mark.parametrize("given", [None, [], "x", 3])
def test_a_call_is_an_object(given: object) -> None:
    with pytest.raises(CallNotValid):
        tracking.read("track", given, received_at=NOW)
