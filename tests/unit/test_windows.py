"""Quiet hours, against the hours of the law and against a clock read minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketing.places import US_ZONES, Place, place_of
from marketing.windows import Closed, Open, status

SEOUL, EASTERN, CENTRAL = "Asia/Seoul", "America/New_York", "America/Chicago"
MINUTE = timedelta(minutes=1)

KOREA = Place(country="KR", state=None, zones=(SEOUL,))


def _in(state: str | None, *zones: str) -> Place:
    return Place(country="US", state=state, zones=zones)


def _at(zone: str, moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))


# 2026-11-23 is a Monday, the 28th a Saturday, the 29th a Sunday.
MONDAY, FRIDAY, SATURDAY, SUNDAY = "2026-11-23", "2026-11-27", "2026-11-28", "2026-11-29"


@pytest.mark.parametrize(
    ("place", "day", "opens", "closes"),
    [
        (_in("OR", EASTERN), MONDAY, "08:00", "21:00"),
        (_in("OR", EASTERN), SUNDAY, "08:00", "21:00"),
        (_in("FL", EASTERN), MONDAY, "08:00", "20:00"),
        (_in("FL", EASTERN), SUNDAY, "08:00", "20:00"),
        (_in("OK", CENTRAL), SATURDAY, "08:00", "20:00"),
        (_in("MD", EASTERN), MONDAY, "08:00", "20:00"),
        (_in("MS", CENTRAL), MONDAY, "08:00", "20:00"),
        (_in("NJ", EASTERN), SUNDAY, "08:00", "20:00"),
        (_in("CT", EASTERN), MONDAY, "09:00", "20:00"),
        (_in("CT", EASTERN), SUNDAY, "09:00", "20:00"),
        (_in("TX", CENTRAL), FRIDAY, "09:00", "21:00"),
        (_in("TX", CENTRAL), SATURDAY, "09:00", "21:00"),
        (_in("TX", CENTRAL), SUNDAY, "12:00", "21:00"),
        (_in("RI", EASTERN), FRIDAY, "09:00", "18:00"),
        (_in("RI", EASTERN), SATURDAY, "10:00", "17:00"),
        (_in("RI", EASTERN), SUNDAY, "10:00", "17:00"),
        # Unknown: each of the states at once.
        (_in(None, EASTERN), MONDAY, "09:00", "18:00"),
        (_in(None, EASTERN), SATURDAY, "10:00", "17:00"),
        (_in(None, EASTERN), SUNDAY, "12:00", "17:00"),
        (KOREA, MONDAY, "08:00", "20:50"),
        (KOREA, SUNDAY, "08:00", "20:50"),
        (Place(country="DE", state=None, zones=("Europe/Berlin",)), SUNDAY, "08:00", "20:50"),
        (Place(country=None, state=None, zones=(SEOUL,)), MONDAY, "08:00", "20:50"),
    ],
)
def test_the_hours_of_the_law(place: Place, day: str, opens: str, closes: str) -> None:
    first, last = _at(place.zones[0], f"{day}T{opens}"), _at(place.zones[0], f"{day}T{closes}")
    second = timedelta(seconds=1)
    assert status(first - second, place) == Closed(until=first.astimezone(UTC))
    assert status(first, place) == Open(until=last.astimezone(UTC))
    assert status(last - second, place) == Open(until=last.astimezone(UTC))
    assert isinstance(status(last, place), Closed)


@pytest.mark.parametrize(
    ("now", "opens"),
    [("2026-11-28T17:00", "2026-11-29T12:00"), ("2026-11-29T17:00", "2026-11-30T09:00")],
)
def test_after_the_last_minute_it_is_closed_until_the_next_day(now: str, opens: str) -> None:
    place = _in(None, EASTERN)
    assert status(_at(EASTERN, now), place) == Closed(until=_at(EASTERN, opens).astimezone(UTC))


def test_all_zones_have_to_be_open_at_once() -> None:
    pensacola_or_tallahassee = place_of("+18505550127")
    nine = datetime(2026, 11, 23, 14, tzinfo=UTC)  # 9 in the east, 8 in the middle
    eight_at_night = datetime(2026, 11, 24, 1, tzinfo=UTC)  # 20 and 19
    assert status(nine - MINUTE, pensacola_or_tallahassee) == Closed(until=nine)
    assert status(nine, pensacola_or_tallahassee) == Open(until=eight_at_night)


def test_a_number_of_no_state_has_the_hours_that_all_states_share() -> None:
    anywhere = place_of("+15005550006")
    assert anywhere.zones == US_ZONES
    # Monday: 9 in Honolulu and Adak is 19 UTC, 18 in New York is 23 UTC.
    opens, closes = datetime(2026, 11, 23, 19, tzinfo=UTC), datetime(2026, 11, 23, 23, tzinfo=UTC)
    assert status(opens - MINUTE, anywhere) == Closed(until=opens)
    assert status(opens, anywhere) == Open(until=closes)
    # Sunday has none: 12 in Honolulu is 17 in New York.
    saturday_night = datetime(2026, 11, 28, 23, tzinfo=UTC)
    assert status(saturday_night, anywhere) == Closed(until=opens + timedelta(days=7))


def test_the_hours_of_a_state_bind_texts_only() -> None:
    evening = _at(EASTERN, "2026-11-23T20:30")
    assert isinstance(status(evening, _in("FL", EASTERN)), Closed)
    closes = _at(EASTERN, "2026-11-23T21:00").astimezone(UTC)
    for state in ("FL", None):
        assert status(evening, _in(state, EASTERN), is_text=False) == Open(until=closes)


def test_the_night_is_free_for_koreans_who_agreed_to_it_and_for_nobody_else() -> None:
    midnight = _at(SEOUL, "2026-11-23T00:00")
    assert isinstance(status(midnight, KOREA), Closed)
    unlimited = status(midnight, KOREA, at_night=True)
    assert unlimited == Open(until=midnight.astimezone(UTC) + timedelta(days=1))
    for place in (_in("OR", SEOUL), Place(country="JP", state=None, zones=("Asia/Tokyo",))):
        assert isinstance(status(midnight, place, at_night=True), Closed)


def test_the_merchants_hours_come_on_top() -> None:
    shop_hours = (time(10), time(22))
    opens, closes = _at(SEOUL, "2026-11-23T10:00"), _at(SEOUL, "2026-11-23T20:50")
    assert status(opens - MINUTE, KOREA, merchant=shop_hours) == Closed(until=opens.astimezone(UTC))
    assert status(opens, KOREA, merchant=shop_hours) == Open(until=closes.astimezone(UTC))


def test_where_it_never_opens_the_question_comes_again_in_a_week() -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    never = Closed(until=now + timedelta(days=7))
    assert status(now, Place(country=None, state=None, zones=())) == never
    assert status(now, KOREA, merchant=(time(7), time(8))) == never
    far_apart = Place(
        country=None, state=None, zones=("Pacific/Honolulu", EASTERN, "Europe/Moscow")
    )
    assert status(now, far_apart) == never


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError):
        status(datetime(2026, 11, 23, 12), KOREA)  # noqa: DTZ001


# The oracle knows the law's hours by weekday and nothing else of the code under test.
_ORACLE_HOURS = {
    "OR": [(time(8), time(21))] * 7,
    "FL": [(time(8), time(20))] * 7,
    "CT": [(time(9), time(20))] * 7,
    "TX": [(time(9), time(21))] * 6 + [(time(12), time(21))],
    "RI": [(time(9), time(18))] * 5 + [(time(10), time(17))] * 2,
    "KR": [(time(8), time(20, 50))] * 7,
}


def _is_open(now: datetime, hours: str, zones: tuple[str, ...]) -> bool:
    for zone in zones:
        local = now.astimezone(ZoneInfo(zone))
        opens, closes = _ORACLE_HOURS[hours][local.weekday()]
        if not opens <= local.time() < closes:
            return False
    return True


def _place(hours: str, zones: tuple[str, ...]) -> Place:
    is_korean = hours == "KR"
    return Place(
        country="KR" if is_korean else "US", state=None if is_korean else hours, zones=zones
    )


ZONES = (
    *(EASTERN, CENTRAL, "America/Denver", "America/Los_Angeles", "America/Phoenix"),
    *("America/Anchorage", "Pacific/Honolulu", SEOUL),
)
CHANGES = (
    *("2026-03-08", "2026-11-01", "2027-03-14", "2027-11-07"),
    *("2028-03-12", "2028-11-05", "2029-03-11", "2029-11-04"),
)
"""Days on which the clocks of the US change, the second Sunday in March and first in November."""


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", CHANGES)
def test_every_minute_around_every_edge_when_the_clocks_change(zone: str, day: str) -> None:
    """RULES F6; on Sundays the hours of Texas and Rhode Island differ from those of the eve."""
    hours = "KR" if zone == SEOUL else {CENTRAL: "TX", EASTERN: "RI"}.get(zone, "FL")
    place = _place(hours, (zone,))
    weekday = date.fromisoformat(day).weekday()
    for edge in _ORACLE_HOURS[hours][weekday]:
        local = datetime.combine(date.fromisoformat(day), edge, ZoneInfo(zone)).astimezone(UTC)
        for minute in range(-120, 121):
            now = local + minute * MINUTE
            assert isinstance(status(now, place), Open) == _is_open(now, hours, (zone,))
        assert _is_open(local, hours, (zone,)) != _is_open(local - MINUTE, hours, (zone,))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    hours=st.sampled_from(sorted(_ORACLE_HOURS)),
    zones=st.lists(st.sampled_from(ZONES[:7]), min_size=1, max_size=3, unique=True),
)
def test_what_is_said_holds_until_then_and_no_longer(
    now: datetime, hours: str, zones: list[str]
) -> None:
    everywhere = tuple(zones)
    said = status(now, _place(hours, everywhere))
    is_open = isinstance(said, Open)
    assert now < said.until <= now + timedelta(days=3)
    assert _is_open(now, hours, everywhere) == is_open
    assert _is_open(said.until, hours, everywhere) != is_open
    moment = now
    while moment < said.until:
        assert _is_open(moment, hours, everywhere) == is_open
        moment += timedelta(minutes=7)
    assert _is_open(said.until - timedelta(microseconds=1), hours, everywhere) == is_open
