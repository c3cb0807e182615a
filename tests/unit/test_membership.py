"""Points and tiers: sums made by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from marketing.membership import Tier, earned, standing

SPROUT = Tier(label="새싹", spent_from=Decimal(0))
TREE = Tier(label="나무", spent_from=Decimal(300_000))
WOOD = Tier(label="숲", spent_from=Decimal(1_000_000))


@pytest.mark.parametrize(
    ("paid", "percent", "worth", "points"),
    [
        ("119000", 1, "1", 1190),
        ("119050", 1, "1", 1190),
        ("159.00", 1, "0.01", 159),
        ("0", 1, "1", 0),
    ],
)
def test_what_is_earned(paid: str, percent: int, worth: str, points: int) -> None:
    assert earned(Decimal(paid), percent=percent, worth=Decimal(worth)) == points


@pytest.mark.parametrize(
    ("spent", "mine", "following"),
    [
        (0, SPROUT, TREE),
        (299_999, SPROUT, TREE),
        (300_000, TREE, WOOD),
        (5_000_000, WOOD, None),
    ],
)
def test_the_tier_that_was_reached(spent: int, mine: Tier, following: Tier | None) -> None:
    assert standing(Decimal(spent), [SPROUT, TREE, WOOD]) == (mine, following)


def test_below_the_first_tier_there_is_none() -> None:
    assert standing(Decimal(5), [TREE, WOOD]) == (None, TREE)
