"""Numbers of payment cards, made unreadable before anything is kept: a shop's chat never needs one.

A card number is 13 to 19 digits whose check digit is right (ISO/IEC 7812-1), of an issuer that
exists, in the groups in which cards are written. Order numbers, telephone numbers and product codes
must stay readable.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

MARK = "•"
_SHORTEST, _LONGEST = 13, 19
_BETWEEN = r"[ \u00a0\u2000-\u200f\u202f\u2060\ufeff\u3000\t.\-\u2010-\u2015\u2212\uff0d]"
_RUN = re.compile(
    rf"(?<![\dA-Za-z_+#])(?<![\dA-Za-z][-_/])\d(?:{_BETWEEN}{{0,3}}\d)*(?![\dA-Za-z_])"
)
_GROUP = re.compile(r"\d+")
_ISSUER = re.compile(r"3[04-9]|4|5|6|9|2[2-7](?!\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]))")
"""By its first digits: 35 JCB, 34 and 37 American Express, 30, 36, 38 and 39 Diners, 4 Visa, 22 to
27 and 5 Mastercard, 6 UnionPay, Discover, Maestro; 9 cards of Korean issuers (16 digits). What
begins with a day of this century is an order number."""
_MASKED = re.compile(rf"{MARK}(?:{_BETWEEN}{{0,3}}{MARK}){{12,18}}")


def masked(text: str) -> str:
    """`text` with a dot in place of each digit of a card number, plain or full-width."""
    signs = list(text)
    for run in _RUN.finditer(text):
        for start, end in _cards_in([group.span() for group in _groups(run)], text):
            for place in range(start, end):
                if signs[place].isdigit():
                    signs[place] = MARK
    return "".join(signs)


def was_masked(text: str) -> bool:
    """True if a card number stood in it."""
    return _MASKED.search(text) is not None


def _groups(run: re.Match[str]) -> Sequence[re.Match[str]]:
    return list(_GROUP.finditer(run.string, run.start(), run.end()))


def _cards_in(groups: list[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """From the left, the longest first."""
    found, first = [], 0
    while first < len(groups):
        for last in range(len(groups), first, -1):
            if _is_card(groups[first:last], text):
                found.append((groups[first][0], groups[last - 1][1]))
                first = last
                break
        else:
            first += 1
    return found


def _is_card(groups: list[tuple[int, int]], text: str) -> bool:
    digits = "".join(_plain(text[start:end]) for start, end in groups)
    return (
        _SHORTEST <= len(digits) <= _LONGEST
        and _are_written_so([end - start for start, end in groups])
        and _ISSUER.match(digits) is not None
        and not (digits[0] == "9" and len(digits) != 16)
        and _has_right_check_digit(digits)
    )


def _are_written_so(lengths: list[int]) -> bool:
    """In one piece, in pieces of one length (the last may be shorter), or 4-6-5 and 4-6-4."""
    head, last = lengths[0], lengths[-1]
    return lengths in ([4, 6, 5], [4, 6, 4]) or (
        all(length == head for length in lengths[:-1]) and last <= head
    )


def _plain(digits: str) -> str:
    return "".join(str(unicodedata.decimal(digit)) for digit in digits)


def _has_right_check_digit(digits: str) -> bool:
    """The formula of Luhn: every second digit from the right doubled, nines cast out."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0 and len(set(digits)) > 1
