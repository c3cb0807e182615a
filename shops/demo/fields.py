"""Reads the fields of one YAML mapping strictly. Every refusal names file, place and field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from shops.errors import CatalogueError
from shops.store import Days
from shops.values import Money, Synonyms, Words

LANGUAGES = ("ko", "en")
CURRENCIES = {"KRW": re.compile(r"[0-9]{1,9}"), "USD": re.compile(r"[0-9]{1,7}\.[0-9]{2}")}
"""Currencies of the two faces, and how an amount of each is written."""
LONGEST_TEXT = 500
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class _StrictLoader(yaml.CSafeLoader):
    """PyYAML keeps the last of two equal keys; here that is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = sorted(str(key.value) for key, _ in node.value)
        for earlier, key in pairwise(keys):
            if earlier == key:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} is there twice", node.start_mark
                )
        return dict(super().construct_mapping(node, deep=deep))


class Fields:
    """A mapping from a catalogue file whose keys are exactly the expected ones."""

    def __init__(
        self,
        file: str,
        place: str,
        value: object,
        keys: Sequence[str],
        optional: Sequence[str] = (),
    ) -> None:
        self.file = file
        self.place = place
        if not isinstance(value, Mapping):
            raise self.refusal("", "must be a list of fields with values")
        self._value: Mapping[str, Any] = value
        for key in value:
            if key not in keys and key not in optional:
                raise self.refusal(str(key), "is not a field known here")
        for key in keys:
            if key not in value:
                raise self.refusal(key, "is missing")

    def refusal(self, key: str, reason: str) -> CatalogueError:
        """The error to raise for one field."""
        place = ".".join(part for part in (self.place, key) if part)
        return CatalogueError(self.file, place, reason)

    def inside(self, key: str, keys: Sequence[str], optional: Sequence[str] = ()) -> Fields:
        """The fields of a mapping in this one."""
        place = f"{self.place}.{key}".strip(".")
        return Fields(self.file, place, self._value[key], keys, optional)

    def records(
        self, key: str, named_by: str, keys: Sequence[str], optional: Sequence[str] = ()
    ) -> Iterator[Fields]:
        """The mappings of a list, each called by its own identifier, or by its number."""
        for number, value in enumerate(self.items(key), start=1):
            name = value.get(named_by) if isinstance(value, Mapping) else None
            known = name if isinstance(name, str) and name.strip() else f"{key}[{number}]"
            place = ".".join(part for part in (self.place, known) if part)
            yield Fields(self.file, place, value, keys, optional)

    def items(self, key: str) -> list[Any]:
        """A list."""
        value = self._value[key]
        if not isinstance(value, list):
            raise self.refusal(key, "must be a list")
        return value

    def has(self, key: str) -> bool:
        """True if an optional field is there."""
        return key in self._value

    def text(self, key: str, pattern: str = ".+", hint: str = "") -> str:
        """A text that is not blank, holds no control characters and fits the pattern."""
        return self._checked_text(key, self._value[key], pattern, hint)

    def one_of(self, key: str, allowed: Sequence[str]) -> str:
        """A text out of a closed set."""
        value = self.text(key)
        if value not in allowed:
            raise self.refusal(key, f"{value!r} is none of {', '.join(allowed)}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, none of them twice."""
        found = tuple(self._checked_text(key, item, ".+", "") for item in self.items(key))
        for place, item in enumerate(found):
            if item in found[:place]:
                raise self.refusal(key, f"{item!r} is there twice")
        return found

    def words(self, key: str) -> Words:
        """A text in both languages."""
        both = self.inside(key, LANGUAGES)
        return Words(ko=both.text("ko"), en=both.text("en"))

    def synonyms(self, key: str) -> Synonyms:
        """A list of texts in both languages."""
        both = self.inside(key, LANGUAGES)
        return Synonyms(ko=both.texts("ko"), en=both.texts("en"))

    def days(self, key: str) -> Days:
        """A number of days per language."""
        both = self.inside(key, LANGUAGES)
        return Days(ko=both.number("ko"), en=both.number("en"))

    def number(self, key: str) -> int:
        """A whole number, at least 0."""
        value = self._value[key]
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.refusal(key, f"must be a whole number from 0, not {value!r}")
        return value

    def whole(self, key: str, allowed: range) -> int:
        """A whole number out of a range, which may lie below 0."""
        value = self._value[key]
        if not isinstance(value, int) or isinstance(value, bool) or value not in allowed:
            listed = ", ".join(map(str, allowed))
            raise self.refusal(key, f"must be one of {listed}, not {value!r}")
        return value

    def yes_or_no(self, key: str) -> bool:
        """`true` or `false`."""
        value = self._value[key]
        if not isinstance(value, bool):
            raise self.refusal(key, f"must be true or false, not {value!r}")
        return value

    def prices(self, key: str, *, may_be_nothing: bool = False) -> tuple[Money, ...]:
        """An amount in each currency: whole won, dollars with two decimals in quotes."""
        amounts = self.inside(key, tuple(CURRENCIES))
        return tuple(amounts._money(currency, may_be_nothing) for currency in CURRENCIES)

    def day(self, key: str) -> date:
        """A date."""
        value = self._value[key]
        if type(value) is not date:
            raise self.refusal(key, f"must be a date such as 2026-03-02, not {value!r}")
        return value

    def clock_time(self, key: str) -> time:
        """A time of day in quotes."""
        value = self.text(key, "([01][0-9]|2[0-3]):[0-5][0-9]", 'a time in quotes such as "09:30"')
        return time.fromisoformat(value)

    def _money(self, currency: str, may_be_nothing: bool) -> Money:
        value = self._value[currency]
        wanted = int if currency == "KRW" else str
        written = str(value) if type(value) is wanted else ""
        if not CURRENCIES[currency].fullmatch(written):
            wanted_form = "89000" if currency == "KRW" else '"79.00" in quotes'
            raise self.refusal(currency, f"{value!r} is not an amount such as {wanted_form}")
        money = Money(amount=Decimal(written), currency=currency)
        if money.amount == 0 and not may_be_nothing:
            raise self.refusal(currency, "must be more than nothing")
        return money

    def _checked_text(self, key: str, value: object, pattern: str, hint: str) -> str:
        if not isinstance(value, str):
            raise self.refusal(key, f"must be a text (put it in quotes), not {value!r}")
        if not value.strip():
            raise self.refusal(key, "is empty")
        if value != value.strip() or _CONTROL.search(value) or len(value) > LONGEST_TEXT:
            raise self.refusal(
                key, f"must be one line of at most {LONGEST_TEXT} characters without space around"
            )
        if not re.fullmatch(pattern, value):
            raise self.refusal(key, f"{value!r} is not {hint or 'allowed'}")
        return value


def read_yaml(path: Path, keys: Sequence[str]) -> Fields:
    """The top of a catalogue file. Raises CatalogueError if it is missing or no YAML."""
    try:
        value = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506
    except FileNotFoundError as error:
        raise CatalogueError(str(path), "", "there is no such file") from error
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(str(path), "", f"cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise CatalogueError(str(path), "", " ".join(str(error).split())) from error
    return Fields(str(path), "", value, keys)
