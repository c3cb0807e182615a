"""Sizes, widths, sums of money and days of one text, each number read once.

Must not decide what a number means for the customer: the actions do, with the conversation.
"""

from __future__ import annotations

from nlu.days import find_days
from nlu.entity import Entity, longest_first
from nlu.money import find_money
from nlu.sizes import find_sizes, find_widths


def find_measures(text: str) -> list[Entity]:
    """Entities `size`, `width`, `money` and `date` in order; money and days win over sizes."""
    numbers = longest_first([*find_money(text), *find_days(text)])
    sizes = [size for size in find_sizes(text) if not any(map(size.overlaps, numbers))]
    return longest_first([*numbers, *sizes, *find_widths(text)])
