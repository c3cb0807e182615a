"""Where a telephone number may be: country, US state and every time zone it may lie in.

A number says little and numbers move with people, so what is not known stays open: the rules then
take the strictest of what is possible.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Place:
    """Whose law applies, and by which clocks."""

    country: str | None
    """ISO 3166 code; None if the number belongs to no country we know."""
    state: str | None
    """Two-letter code of a state of the US; None elsewhere and where the area code is unknown."""
    zones: tuple[str, ...]
    """IANA names of every zone the person may be in; empty if nothing is known."""


def place_of(number: str, *, time_zone: str | None = None) -> Place:
    """The place of an E.164 number; `time_zone` is the customer's own, if it is known."""
    raise NotImplementedError


def place_of_visitor(country: str | None, *, time_zone: str | None = None) -> Place:
    """The place of somebody in the web chat, who has no number."""
    raise NotImplementedError
