"""What the shapes of a shop are made of: words in both languages, money, aware moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

Language = Literal["ko", "en"]


class NaiveDatetime(ValueError):
    """A datetime without a time zone was given."""


def require_aware(moment: datetime) -> None:
    """Raise NaiveDatetime unless the moment has a time zone."""
    if moment.utcoffset() is None:
        raise NaiveDatetime(f"{moment.isoformat()} has no time zone")


@dataclass(frozen=True, kw_only=True)
class Words:
    """The same thing said in both languages."""

    ko: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Synonyms:
    """Other words customers use for a thing, per language; may be empty."""

    ko: tuple[str, ...]
    en: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Money:
    """An amount, never negative, in a currency."""

    amount: Decimal
    currency: str
    """ISO 4217."""

    def __post_init__(self) -> None:
        if not self.amount.is_finite() or self.amount < 0:
            raise ValueError(f"{self.amount} {self.currency} is not an amount of money")
