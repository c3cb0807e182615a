"""What points a purchase earns, and which tier somebody is in by what they have spent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class Tier:
    """A tier of the shop's, and what has to be spent in twelve months to be in it."""

    label: str
    spent_from: Decimal


def earned(paid: Decimal, *, percent: int, worth: Decimal) -> int:
    """Whole points for a sum; `worth` is what one point is worth in the same currency."""
    return int(paid * percent / 100 / worth)


def standing(spent: Decimal, tiers: Sequence[Tier]) -> tuple[Tier | None, Tier | None]:
    """The tier that `spent` has reached, and the next one; `tiers` from the lowest up."""
    reached = [one for one in tiers if one.spent_from <= spent]
    ahead = [one for one in tiers if one.spent_from > spent]
    return (reached[-1] if reached else None, ahead[0] if ahead else None)
