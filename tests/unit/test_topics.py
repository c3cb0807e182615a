"""What an offer speaks of, held against what somebody does not want to hear of."""

from __future__ import annotations

import pytest

from marketing.topics import is_muted

STANDS_FOR = {"parents_day": ["parents-walk-set"], "baby": ["childrens_wear"]}


def muted(topic: str, campaign: str, category: str, product_id: str = "p") -> bool:
    return is_muted(
        {topic},
        campaign=campaign,
        category=category,
        product_id=product_id,
        stands_for=STANDS_FOR,
    )


@pytest.mark.parametrize(
    ("topic", "campaign", "category", "product_id"),
    [
        ("mothers_day", "mothers_day", "gift_sets", "p"),
        ("mothers_day", "parents_day", "gift_sets", "p"),  # Korea has one day for both
        ("parents_day", "mothers_day", "gift_sets", "p"),
        ("parents_day", "fathers_day", "gift_sets", "p"),
        ("mothers_day", "browse", "gift_sets", "parents-walk-set"),
        ("parents_day", "birthday", "gift_sets", "parents-walk-set"),
        ("anniversary", "anniversary", "gift_sets", "p"),
        ("birthday", "birthday", "accessories", "p"),
        ("baby", "browse", "childrens_wear", "p"),
        ("running_shoes", "browse", "running_shoes", "p"),
    ],
)
def test_it_speaks_of_what_is_muted(
    topic: str, campaign: str, category: str, product_id: str
) -> None:
    assert muted(topic, campaign, category, product_id)


@pytest.mark.parametrize(
    ("topic", "campaign", "category", "product_id"),
    [
        ("mothers_day", "fathers_day", "gift_sets", "p"),
        ("mothers_day", "browse", "gift_sets", "anniversary-box"),
        ("mothers_day", "browse", "running_shoes", "p"),
        ("anniversary", "birthday", "gift_sets", "p"),
        ("running_shoes", "browse", "hiking_shoes", "p"),
    ],
)
def test_everything_else_goes_on(topic: str, campaign: str, category: str, product_id: str) -> None:
    assert not muted(topic, campaign, category, product_id)


def test_nobody_has_muted_anything() -> None:
    assert not is_muted((), campaign=None, category="packs", product_id="p", stands_for={})
