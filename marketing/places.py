"""Where a telephone number may be: country, US state and every time zone it may lie in.

A number says little and numbers move with people, so what is not known stays open: the rules then
take the strictest of what is possible (RULES US-8).
"""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import phonenumbers
import phonenumbers.timezone

from marketing.area_codes import STATE_OF, ZONES_OF

SEOUL = "Asia/Seoul"
US_ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "America/Adak",
    "Pacific/Honolulu",
)
"""Every zone of the fifty states whose clocks differ today."""

_TERRITORIES = frozenset({"AS", "GU", "MP", "PR", "VI"})
"""Countries of their own to a numbering plan, under American law nevertheless."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Whose law applies, and by which clocks."""

    country: str | None
    """ISO 3166 code; None if the number belongs to no country we know."""
    state: str | None
    """Two-letter code of a state or territory of the US; None elsewhere and where it is unknown."""
    zones: tuple[str, ...]
    """IANA names of every zone the person may be in; empty if nothing is known."""


def place_of(number: str, *, time_zone: str | None = None) -> Place:
    """The place of an E.164 number; `time_zone` is the customer's own, if it is known."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return Place(country=None, state=None, zones=_own(time_zone))
    country = _country(parsed)
    if country == "KR":
        return _in_korea(time_zone)
    if country in _TERRITORIES:
        return Place(country="US", state=country, zones=_own(time_zone) or _zones(parsed))
    if country == "US":
        return _in_a_state(parsed, time_zone)
    return Place(country=country, state=None, zones=_own(time_zone) or _zones(parsed))


def place_of_visitor(country: str | None, *, time_zone: str | None = None) -> Place:
    """The place of somebody in the web chat, who has no number; `country` is whose law the shop
    applies to them."""
    if country == "KR":
        return Place(country=country, state=None, zones=_own(time_zone) or (SEOUL,))
    everywhere = US_ZONES if country == "US" else ()
    return Place(country=country, state=None, zones=_own(time_zone) or everywhere)


def _in_korea(time_zone: str | None) -> Place:
    """The law counts by Korean clocks (RULES KR-3) even for somebody who is away."""
    zones = tuple(dict.fromkeys((SEOUL, *_own(time_zone))))
    return Place(country="KR", state=None, zones=zones)


def _in_a_state(parsed: phonenumbers.PhoneNumber, time_zone: str | None) -> Place:
    area_code = str(parsed.national_number)[:3]
    state = STATE_OF.get(area_code)
    of_code = ZONES_OF.get(area_code) or (_zones(parsed) if state else ())
    return Place(country="US", state=state, zones=_own(time_zone) or of_code or US_ZONES)


def _country(parsed: phonenumbers.PhoneNumber) -> str | None:
    """By the number, or else by its country code: a range too new for the library's table is under
    the law of its plan all the same."""
    region = phonenumbers.region_code_for_number(parsed)
    region = region or phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    return str(region) if str(region).isalpha() and region != "ZZ" else None


def _zones(parsed: phonenumbers.PhoneNumber) -> tuple[str, ...]:
    found = phonenumbers.timezone.time_zones_for_number(parsed)
    return tuple(str(zone) for zone in found if zone != phonenumbers.timezone.UNKNOWN_TIMEZONE)


def _own(time_zone: str | None) -> tuple[str, ...]:
    """The customer's zone if people live in it: browsers also report `UTC`, and anything at all."""
    if time_zone is None or "/" not in time_zone or time_zone.startswith("Etc/"):
        return ()
    try:
        return (ZoneInfo(time_zone).key,)
    except (OSError, LookupError, ValueError):
        return ()
