"""Calls of the Segment tracking API as its documents and SDKs write them, and as nobody should."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from web import tracking
from web.tracking import CallNotValid

NOW = datetime(2026, 11, 22, 3, 0, 5, tzinfo=UTC)
TIMES = ["timestamp", "originalTimestamp", "sentAt", "receivedAt"]
ANYTHING = st.none() | st.integers() | st.text(max_size=30) | st.lists(st.integers(), max_size=2)


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


@pytest.mark.parametrize(
    ("told", "age"),
    [
        # The example of Segment's spec: a device whose clock is 15 minutes ahead, and a call that
        # waited for 5.
        ({"timestamp": "2026-11-22T03:10:05Z", "sentAt": "2026-11-22T03:15:05Z"}, 300),
        # Some libraries call it by the name that Segment gives it.
        ({"originalTimestamp": "2026-11-22T03:10:05Z", "sentAt": "2026-11-22T03:15:05Z"}, 300),
        # Passed on by Segment, which has corrected `timestamp` and knows its own clock.
        (
            {
                "originalTimestamp": "2031-01-01T00:00:00Z",
                "sentAt": "2031-01-01T00:05:00Z",
                "timestamp": "2026-11-22T02:55:00Z",
                "receivedAt": "2026-11-22T03:00:00Z",
            },
            305,
        ),
        # Of a device whose clock is in the last century, sent at once.
        ({"timestamp": "1970-01-01T00:00:01Z", "sentAt": "1970-01-01T00:00:03Z"}, 2),
        # An import says when it was, and no `sentAt`.
        ({"timestamp": "2020-11-22T03:00:05Z"}, 2191 * 86400),
        ({"receivedAt": "2026-11-22T03:00:00Z"}, 0),
        ({"timestamp": "2026-11-22T03:20:05Z", "sentAt": "2026-11-22T03:15:05Z"}, 0),
    ],
)
def test_segments_four_times(told: dict[str, str], age: int) -> None:
    assert _read(**told).age == timedelta(seconds=age)


ZONES = [UTC, timezone(timedelta(hours=9)), timezone(-timedelta(hours=3, minutes=30))]
MOMENTS = st.builds(
    lambda seconds, zone: datetime.fromtimestamp(seconds / 1000, zone),
    st.integers(0, 3_800_000_000_000),
    st.sampled_from(ZONES),
)
WAITS = st.timedeltas(timedelta(microseconds=1), timedelta(days=3600))
FIXED = settings(max_examples=200, derandomize=True, database=None, deadline=None)


@FIXED
@given(MOMENTS, WAITS, st.booleans(), st.sampled_from(["timestamp", "originalTimestamp"]))
def test_a_clock_that_is_wrong_by_any_amount_does_not_matter(
    happened: datetime, wait: timedelta, is_batch: bool, name: str
) -> None:
    """What is sent `wait` after it happened is that old, whatever the sender's clock shows, and in
    whatever time zone it is written."""
    utc = happened.astimezone(UTC)
    sent = (utc + wait).isoformat()
    call = {"userId": "b", "event": "x", name: utc.astimezone(happened.tzinfo).isoformat()}
    if is_batch:
        read = tracking.read("track", call, sent_at=sent, received_at=NOW)
    else:
        read = tracking.read("track", {**call, "sentAt": sent}, received_at=NOW)
    assert read.age == wait


@FIXED
@given(st.dictionaries(st.sampled_from(TIMES), ANYTHING | MOMENTS.map(datetime.isoformat)))
def test_no_time_is_in_the_future_or_more_than_ten_years_ago(told: dict[str, object]) -> None:
    assert timedelta() <= _read(**told).age < timedelta(days=3650)


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("order completed", "Order Completed"),
        ("Completed Order", "Order Completed"),
        ("Viewed Product", "Product Viewed"),
        ("PRODUCT ADDED TO WISHLIST", "Product Added to Wishlist"),
        ("Order Canceled", "Order Cancelled"),
        ("Coffee poured", "Coffee poured"),
    ],
)
def test_what_the_spec_names_has_one_name(told: str, name: str) -> None:
    assert _read(event=told).event == name


def test_a_screen_has_a_name_as_a_page_has() -> None:
    screen = _read("screen", name="Basket", properties={"items": 2})
    assert (screen.event, screen.values) == ("Screen Viewed", {"name": "Basket", "items": 2})


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
