"""What the law puts around an advertisement by text: marks, the sender's name and the way out.

Writes and checks the marks only; what is advertised is written by the shop.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, kw_only=True)
class SenderProfile:
    """What is known of the number that a text is sent from."""

    country: str
    is_two_way: bool
    """True if an answer to it arrives."""
    is_kr_certified: bool
    """True if its provider holds the Korean certificate for bulk texts (전송자격인증)."""
    is_a2p_registered: bool
    """True if brand and campaign are registered with the American carriers."""
    opt_out_phone: str | None
    """The free Korean number (080) that takes refusals."""


class Problem(StrEnum):
    """What is wrong with the finished text of an advertisement."""

    MARK_NOT_FIRST = "mark_not_first"
    EVASIVE_MARK = "evasive_mark"
    NO_SENDER_NAME = "no_sender_name"
    NO_TEXT = "no_text"
    NO_WAY_OUT = "no_way_out"
    NOT_ENCODABLE = "not_encodable"
    NO_BRAND = "no_brand"
    SHORTENED_LINK = "shortened_link"


def compose(
    body: str,
    *,
    country: str,
    brand: str,
    sender: SenderProfile,
    language: str,
    link: str | None = None,
) -> str:
    """The finished text for a number of `country`, in the words of `language`."""
    raise NotImplementedError


def problems(text: str, *, country: str, brand: str) -> tuple[Problem, ...]:
    """What is wrong with a finished text for a number of `country`; empty if nothing is."""
    raise NotImplementedError


def not_encodable(text: str) -> tuple[str, ...]:
    """The characters that a Korean text message cannot carry, each once, in order."""
    raise NotImplementedError


def byte_count(text: str) -> int:
    """The length of a text as Korean relays count it, in bytes of CP949."""
    raise NotImplementedError
