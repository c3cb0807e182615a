"""Telephone numbers as customers write them, read into E.164.

Knows numbering plans only; whose number it is, and whether it may be written to, is decided
elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

_KOREAN = ("0", "82")
"""How a Korean number begins where no plus sign says whose it is; no American one begins so."""
_TAKES_NO_TEXTS = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
    }
)


@dataclass(frozen=True, kw_only=True)
class PhoneNumber:
    """A number that exists in some country's plan."""

    value: str
    """E.164."""
    may_take_texts: bool
    """False for a line that provably takes none (an office, a toll-free number)."""


def read(written: str) -> PhoneNumber | None:
    """The number behind `written`, Korean or American where no country code is given; None if
    there is no such number."""
    digits = "".join(str(int(sign)) for sign in written if sign.isdecimal())
    is_full = written.lstrip(" (").startswith("+")
    region = "KR" if digits.startswith(_KOREAN) else "US"
    try:
        parsed = phonenumbers.parse(f"+{digits}" if is_full else digits, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return PhoneNumber(
        value=phonenumbers.format_number(parsed, PhoneNumberFormat.E164),
        may_take_texts=phonenumbers.number_type(parsed) not in _TAKES_NO_TEXTS,
    )
