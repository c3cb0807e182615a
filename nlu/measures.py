"""Sizes, widths, sums of money, days, and numbers of telephones and orders in one text, each number
read once.

Must not decide what a number means for the customer: the actions do, with the conversation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from nlu.days import find_days
from nlu.entity import Entity, longest_first
from nlu.money import find_money, find_won_in_words
from nlu.order_numbers import find_bare_numbers, find_order_numbers
from nlu.phone_numbers import find_codes, find_phones
from nlu.sizes import find_lettered_sizes, find_numbered_sizes, find_widths

_DIGIT = re.compile(r"\d")


def find_measures(text: str) -> list[Entity]:
    """Entities `size`, `width`, `money`, `date`, `phone`, `order_number` and `code` in order;
    telephone numbers, money and days win over numbers of orders, those over sizes, sizes over
    codes, and codes over bare numbers."""
    has_digit = _DIGIT.search(text) is not None
    known = longest_first(_numbers(text) if has_digit else find_won_in_words(text))
    known += _free(find_order_numbers(text), known)
    if has_digit:
        known += _free(find_numbered_sizes(text), known)
    known += _free(find_lettered_sizes(text), known)
    if has_digit:
        known += _free(find_codes(text), known)
        known += _free(find_bare_numbers(text), known)
    return longest_first([*known, *find_widths(text)])


def _free(found: Iterable[Entity], known: Sequence[Entity]) -> list[Entity]:
    """Those that share nothing with what is known already."""
    return [one for one in found if not any(map(one.overlaps, known))]


def _numbers(text: str) -> Iterator[Entity]:
    yield from find_phones(text)
    yield from find_money(text)
    yield from find_days(text)
