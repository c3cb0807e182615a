"""Where numbers lie. Expected values are those of the North American numbering plan."""

from __future__ import annotations

import phonenumbers
import pytest
from phonenumbers.tzdata import TIMEZONE_DATA

from marketing.area_codes import STATE_OF, ZONES_OF
from marketing.places import SEOUL, US_ZONES, Place, place_of, place_of_visitor

EASTERN, CENTRAL, PACIFIC = "America/New_York", "America/Chicago", "America/Los_Angeles"


@pytest.mark.parametrize(
    ("number", "state", "zones"),
    [
        ("+15035550127", "OR", (PACIFIC,)),
        ("+13055550127", "FL", (EASTERN,)),
        ("+14055550127", "OK", (CENTRAL,)),
        ("+14105550127", "MD", (EASTERN,)),
        ("+12015550127", "NJ", (EASTERN,)),
        ("+12035550127", "CT", (EASTERN,)),
        ("+14015550127", "RI", (EASTERN,)),
        ("+12145550127", "TX", (CENTRAL,)),
        ("+16015550127", "MS", (CENTRAL,)),
        ("+18085550127", "HI", ("Pacific/Honolulu",)),
        ("+17875550127", "PR", ("America/Puerto_Rico",)),
        ("+16715550127", "GU", ("Pacific/Guam",)),
    ],
)
def test_american_numbers(number: str, state: str, zones: tuple[str, ...]) -> None:
    assert place_of(number) == Place(country="US", state=state, zones=zones)


@pytest.mark.parametrize(
    ("number", "zones"),
    [
        ("+18505550127", {EASTERN, CENTRAL}),  # Tallahassee and Pensacola
        ("+12705550127", {EASTERN, CENTRAL}),  # Elizabethtown and Bowling Green
        ("+19155550127", {"America/Denver"}),  # El Paso
        ("+16055550127", {CENTRAL, "America/Denver"}),  # Sioux Falls and Rapid City
        ("+15415550127", {PACIFIC, "America/Denver"}),  # Eugene and Ontario, Oregon
        ("+19285550127", {"America/Phoenix", "America/Denver"}),  # Flagstaff and the Navajo Nation
    ],
)
def test_an_area_code_in_two_zones_has_both(number: str, zones: set[str]) -> None:
    assert set(place_of(number).zones) == zones


@pytest.mark.parametrize("number", ["+18005550127", "+15005550006", "+19995550127"])
def test_an_american_number_of_no_state_may_be_anywhere(number: str) -> None:
    assert place_of(number) == Place(country="US", state=None, zones=US_ZONES)


@pytest.mark.parametrize("number", ["+821012345678", "+82212345678", "+82200001127"])
def test_korean_numbers(number: str) -> None:
    assert place_of(number) == Place(country="KR", state=None, zones=(SEOUL,))


@pytest.mark.parametrize(
    ("number", "country", "zones"),
    [
        ("+12045550127", "CA", ("America/Winnipeg",)),
        ("+4930123456", "DE", ("Europe/Berlin",)),
        ("+81312345678", "JP", ("Asia/Tokyo",)),
        ("+80012345678", None, ()),
        ("+999123456", None, ()),
        ("no number", None, ()),
        ("", None, ()),
    ],
)
def test_other_numbers(number: str, country: str | None, zones: tuple[str, ...]) -> None:
    assert place_of(number) == Place(country=country, state=None, zones=zones)


def test_the_customers_own_zone_counts_more_than_the_numbers() -> None:
    away = place_of("+13055550127", time_zone=PACIFIC)
    assert away == Place(country="US", state="FL", zones=(PACIFIC,))
    assert place_of("+4930123456", time_zone=SEOUL).zones == (SEOUL,)
    assert place_of("+17875550127", time_zone=EASTERN).zones == (EASTERN,)
    assert place_of("no number", time_zone=SEOUL).zones == (SEOUL,)


def test_korean_clocks_count_for_a_korean_number_wherever_it_is() -> None:
    assert place_of("+821012345678", time_zone=SEOUL).zones == (SEOUL,)
    assert place_of("+821012345678", time_zone=PACIFIC).zones == (SEOUL, PACIFIC)


@pytest.mark.parametrize(
    "reported",
    ["UTC", "Etc/UTC", "America", "Mars/Olympus", "../zone", "a/../../b", "A/\0", "A/" + "x" * 999],
)
def test_a_zone_that_nobody_lives_in_is_none(reported: str) -> None:
    assert place_of("+15035550127", time_zone=reported).zones == (PACIFIC,)


@pytest.mark.parametrize(
    ("country", "time_zone", "zones"),
    [
        ("KR", None, (SEOUL,)),
        ("KR", PACIFIC, (PACIFIC,)),
        ("US", EASTERN, (EASTERN,)),
        ("US", None, US_ZONES),
        (None, EASTERN, (EASTERN,)),
        (None, "UTC", ()),
    ],
)
def test_visitors(country: str | None, time_zone: str | None, zones: tuple[str, ...]) -> None:
    place = place_of_visitor(country, time_zone=time_zone)
    assert place == Place(country=country, state=None, zones=zones)


@pytest.mark.parametrize(
    ("state", "area_codes"),
    [
        ("FL", "305 786 645 904 324 813 656 407 689 321 850 448 561 728 954 754 239 352 386 727"),
        ("FL", "772 863 941"),
        ("OK", "405 572 918 539 580"),
        ("MD", "301 240 227 410 443 667"),
        ("MS", "601 769 662 471 228"),
        ("NJ", "201 551 609 640 732 848 856 908 973 862"),
        ("CT", "203 475 860 959"),
        ("TX", "214 469 972 945 713 281 832 346 621 512 737 210 726 817 682 915 806 254 325 361"),
        ("TX", "409 432 830 903 430 936 940 956 979"),
        ("RI", "401"),
    ],
)
def test_area_codes_of_the_states_with_hours_of_their_own(state: str, area_codes: str) -> None:
    for area_code in area_codes.split():
        assert place_of(f"+1{area_code}5550127").state == state


def test_there_are_no_more_of_them() -> None:
    of = {"FL": 23, "OK": 5, "MD": 6, "MS": 5, "NJ": 10, "CT": 4, "TX": 29, "RI": 1}
    assert {state: list(STATE_OF.values()).count(state) for state in of} == of


def test_every_area_code_of_the_numbering_plan_belongs_to_a_state() -> None:
    assert len(set(STATE_OF.values())) == 51
    without = {
        code
        for code in map(str, range(200, 1000))
        if phonenumbers.region_code_for_number(phonenumbers.parse(f"+1{code}5550127")) == "US"
        and place_of(f"+1{code}5550127").state is None
    }
    persons = "500 521 522 525 526 527 528 529 532 533 544 566 577 588"
    free_calls = "800 833 844 855 866 877 888"
    assert without == {*persons.split(), *free_calls.split(), "900"}


def _offsets(zones: set[str]) -> set[str]:
    """Zones by what their clocks show, so that Boise is Denver and Juneau is Anchorage."""
    same = {"America/Boise": "America/Denver", "America/Juneau": "America/Anchorage"}
    same["America/North_Dakota/Center"] = CENTRAL
    same["America/Fort_Nelson"] = "America/Phoenix"
    return {same.get(zone, zone) for zone in zones}


def test_no_exchange_of_an_area_code_lies_in_a_zone_that_is_missing() -> None:
    for code in STATE_OF:
        published: set[str] = set()
        for prefix, zones in TIMEZONE_DATA.items():
            if prefix.startswith(f"1{code}"):
                published |= set(zones)
        ours = set(ZONES_OF.get(code, ())) or set(place_of(f"+1{code}5550127").zones)
        assert _offsets(published) <= _offsets(ours) | {"Pacific/Honolulu"}, code
