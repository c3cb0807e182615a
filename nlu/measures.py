"""Sizes, widths, sums of money, days and telephone numbers of one text, each number read once.

Must not decide what a number means for the customer: the actions do, with the conversation.
"""

from __future__ import annotations

from nlu.days import find_days
from nlu.entity import Entity, longest_first
from nlu.money import find_money
from nlu.phone_numbers import find_codes, find_phones
from nlu.sizes import find_sizes, find_widths


def find_measures(text: str) -> list[Entity]:
    """Entities `size`, `width`, `money`, `date`, `phone` and `code` in order; telephone numbers,
    money and days win over sizes, and sizes over codes."""
    numbers = longest_first([*find_phones(text), *find_money(text), *find_days(text)])
    sizes = [size for size in find_sizes(text) if not any(map(size.overlaps, numbers))]
    known = [*numbers, *sizes]
    codes = [code for code in find_codes(text) if not any(map(code.overlaps, known))]
    return longest_first([*known, *codes, *find_widths(text)])
