"""Sizes, widths, sums of money, days and telephone numbers of one text, each number read once.

Must not decide what a number means for the customer: the actions do, with the conversation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.days import find_days
from nlu.entity import Entity, longest_first
from nlu.money import find_money, find_won_in_words
from nlu.phone_numbers import find_codes, find_phones
from nlu.sizes import find_lettered_sizes, find_numbered_sizes, find_widths

_DIGIT = re.compile(r"\d")


def find_measures(text: str) -> list[Entity]:
    """Entities `size`, `width`, `money`, `date`, `phone` and `code` in order; telephone numbers,
    money and days win over sizes, and sizes over codes."""
    has_digit = _DIGIT.search(text) is not None
    numbers = longest_first(_numbers(text) if has_digit else find_won_in_words(text))
    found = [*(find_numbered_sizes(text) if has_digit else ()), *find_lettered_sizes(text)]
    sizes = [size for size in found if not any(map(size.overlaps, numbers))]
    known = [*numbers, *sizes]
    codes = find_codes(text) if has_digit else ()
    free = [code for code in codes if not any(map(code.overlaps, known))]
    return longest_first([*known, *free, *find_widths(text)])


def _numbers(text: str) -> Iterator[Entity]:
    yield from find_phones(text)
    yield from find_money(text)
    yield from find_days(text)
