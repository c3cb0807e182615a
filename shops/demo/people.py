"""Synthetic customers of the demo shop. The same seed and day always give the same people; nobody
here exists, and no number or mail address can reach anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any, Literal
from zoneinfo import ZoneInfo

import yaml

from shops.values import Language

SEED = 20260302
HOW_MANY = 200
_SCRIPT = Path(__file__).with_name("people.yml")
_LANGUAGES: tuple[Language, ...] = ("ko", "en", "ko", "en", "ko")
_ACTIVITIES = ("running", "hiking", "walking", "camping", "travel")
_LETTERS = {"women": ("XS", "S", "M", "L"), "men": ("S", "M", "L", "XL")}
_CLOTHES_BY_AGE = ((2, "80"), (3, "90"), (5, "100"), (7, "110"), (9, "120"), (11, "130"))
_YEAR = timedelta(days=365.25)
EARLIEST_DAYS_AGO = 2
"""Nothing happens later than this, so that every evening everywhere lies before `now`."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """What is true of a synthetic customer, told or not."""

    number: int
    user_id: str
    name: str
    language: Language
    country: Literal["KR", "US"]
    time_zone: str
    phone: str
    email: str
    sex: str
    """women or men, as products are cut."""
    shoe_size: str
    is_wide: bool
    letter: str
    activity: str
    child_born_on: date | None
    married_on: date | None
    joined_on: date
    today: date
    cast: Mapping[str, Any]
    """What is fixed for this customer instead of drawn."""

    def draw(self, what: str) -> Random:
        """The customer's own chances for one thing, independent of everybody else's."""
        return Random(f"{SEED}-{self.user_id}-{what}")  # noqa: S311

    def moment(self, draw: Random, days_ago: int) -> datetime:
        """Some time in that day's waking hours where the customer lives, in UTC."""
        at = time(draw.randint(8, 22), draw.randint(0, 59), draw.randint(0, 59))
        local = datetime.combine(self.day(days_ago), at, ZoneInfo(self.time_zone))
        return local.astimezone(UTC)

    def day(self, days_ago: int) -> date:
        """The date so many days before today."""
        return self.today - timedelta(days=days_ago)

    def child_clothing_size(self, on: date) -> str | None:
        """What the child wears on that day: height in centimetres."""
        if self.child_born_on is None:
            return None
        age = (on - self.child_born_on) / _YEAR
        return next((size for below, size in _CLOTHES_BY_AGE if age < below), "140")

    def child_shoe_size(self, on: date) -> str | None:
        """What the child's shoes measure on that day, in millimetres."""
        if self.child_born_on is None:
            return None
        age = (on - self.child_born_on) / _YEAR
        return str(min(220, max(150, 130 + 10 * round(age))))

    @property
    def shoe_size_us(self) -> str:
        """The shoe size as Americans of that sex know it."""
        start = 5.0 if self.sex == "women" else 4.0  # both for 220 mm
        return f"{start + (int(self.shoe_size) - 220) / 10:g}"

    @property
    def width(self) -> str:
        """The width of shoe the customer needs."""
        return "wide" if self.is_wide else "regular"

    @property
    def joined_at(self) -> datetime:
        """When the customer joined, before anything else they did."""
        return datetime.combine(self.joined_on, time(0), ZoneInfo(self.time_zone)).astimezone(UTC)

    @property
    def days_known(self) -> int:
        """How long ago the customer joined."""
        return (self.today - self.joined_on).days


def read_script() -> Mapping[str, Any]:
    """Names and past dialogue, from people.yml beside this file."""
    script: Mapping[str, Any] = yaml.load(
        _SCRIPT.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    return script


def people(now: datetime, script: Mapping[str, Any]) -> Iterator[Person]:
    """The customers as of the UTC day of `now`, who must be aware."""
    today = now.astimezone(UTC).date()
    seen: dict[str, int] = {}
    for number in range(1, HOW_MANY + 1):
        language = _LANGUAGES[(number - 1) % len(_LANGUAGES)]
        place = seen.get(language, 0)
        seen[language] = place + 1
        yield _person(number, place, language, today, script)


def _person(
    number: int, place: int, language: Language, today: date, script: Mapping[str, Any]
) -> Person:
    user_id = f"demo-{number:03d}"
    voice = script[language]
    cast = script["cast"].get(user_id, {})
    draw = Random(f"{SEED}-{user_id}")  # noqa: S311
    home = voice["places"][place % len(voice["places"])]
    sex = cast.get("sex") or draw.choice(("women", "men"))
    name = _name(draw, voice, language, sex)
    width = draw.random() < 0.3
    shoe_size = _shoe_size(draw, sex)
    activity = draw.choice(_ACTIVITIES)
    return Person(
        number=number,
        user_id=user_id,
        name=cast.get("name", name),
        language=language,
        country=voice["country"],
        time_zone=home["time_zone"],
        phone=_phone(place, voice),
        email=f"{user_id}@{voice['email_domain']}",
        sex=sex,
        shoe_size=str(cast.get("shoe_size", shoe_size)),
        is_wide=cast.get("is_wide", width),
        letter=draw.choice(_LETTERS[sex]),
        activity=cast.get("activity", activity),
        child_born_on=_child_born_on(draw, today, cast),
        married_on=cast.get("married_on") or _married_on(draw, today),
        joined_on=today - timedelta(days=draw.randint(30, 900)),
        today=today,
        cast=cast,
    )


def _name(draw: Random, voice: Mapping[str, Any], language: Language, sex: str) -> str:
    family, given = draw.choice(voice["family_names"]), draw.choice(voice["given_names"][sex])
    return f"{family}{given}" if language == "ko" else f"{given} {family}"


def _phone(place: int, voice: Mapping[str, Any]) -> str:
    homes = voice["places"]
    prefix: str = homes[place % len(homes)]["phone_prefix"]
    missing = 12 if voice["country"] == "US" else 13
    number = 100 + place // len(homes)
    return prefix + f"{number:0{missing - len(prefix)}d}"


def _shoe_size(draw: Random, sex: str) -> int:
    middle, least, most = (240, 230, 255) if sex == "women" else (268, 250, 285)
    return min(most, max(least, 5 * round(draw.gauss(middle, 8) / 5)))


def _child_born_on(draw: Random, today: date, cast: Mapping[str, Any]) -> date | None:
    days = draw.randint(400, 3900)
    has_child = draw.random() < 0.45
    if "child_age" in cast:
        return today - timedelta(days=round(365.25 * (cast["child_age"] + 0.4)))
    return today - timedelta(days=days) if has_child else None


def _married_on(draw: Random, today: date) -> date | None:
    days = draw.randint(200, 9000)
    return today - timedelta(days=days) if draw.random() < 0.5 else None
