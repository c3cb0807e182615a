"""What the law puts around an advertisement by text: marks, the sender's name and the way out.

Writes and checks the marks only; what is advertised is written by the shop.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from marketing import formats
from marketing.opt_out import normalise

MARK = "(광고)"
"""What an advertisement in Korea begins with, to the letter."""
FREE_REFUSAL = "무료수신거부"

_REPLY_STOP = {"ko": "수신거부는 STOP 회신", "en": "Reply STOP to opt out."}
_THERE = {"ko": "답장·수신거부:", "en": "Reply or opt out:"}
_KOREAN_ENCODING = "cp949"

_BEGINNING = 12
"""How many characters are looked at for a mark that only resembles the one asked for."""
_EVASIVE_MARK = re.compile("광.{0,2}고|^홍보|^AD|^[廣光]告")
_LINK = re.compile(r"https?://\S+")
_WAY_OUT_IN_KOREA = re.compile(
    rf"{FREE_REFUSAL}[\s:]{{0,2}}(080-?\d{{3,4}}-?\d{{4}}|https?://\S+)\Z"
)
_WAY_OUT = re.compile(
    r"\b(?i:reply|text|send) STOP\b"
    r"|\bSTOP ?(to|2|=)? ?(?i:opt[ -]?out|unsubscribe|end|quit|cancel)\b"
    r"|\b(?i:opt[ -]?out|unsubscribe):? https?://"
    r"|수신거부는? STOP\b|수신거부:? https?://"
)
_HOST = re.compile(r"(?:(?<=//)|(?<![/\w.-]))[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_SHORTENERS = tuple(
    f".{host}"
    for host in (
        *("abit.ly", "bit.ly", "bitly.com", "buff.ly", "cutt.ly", "goo.gl", "han.gl", "is.gd"),
        *("j.mp", "lnkd.in", "me2.do", "ow.ly", "rb.gy", "rebrand.ly", "short.io", "shorturl.at"),
        *("t.co", "t.ly", "tiny.cc", "tinyurl.com", "url.kr", "v.gd", "vo.la"),
    )
)
"""Services that anybody may shorten a link with: carriers filter them (RULES US-10)."""


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
    """The finished text for a number of `country`, in the words of `language`.

    Korea (정보통신망법 §50④, RULES KR-1, KR-2): `(광고)[brand] body link`, and on a line of its own
    `무료수신거부` with the sender's 080 number or, if it has none, the link; in any language.
    Elsewhere (RULES US-10): `brand: body link Reply STOP to opt out.`; on a one-way number the link
    is where to answer and opt out. Raises ValueError if there is no way out to state.
    """
    told = (body.strip(), link or "")
    if country == "KR":
        lines = (
            _joined(f"{MARK}[{brand}]", *told),
            f"{FREE_REFUSAL} {_free_way_out(sender, link)}",
        )
        return "\n".join(lines)
    if sender.is_two_way:
        return _joined(f"{brand}:", *told, _REPLY_STOP[language])
    if link is None:
        raise ValueError("Neither an answer nor a link can be the way out.")
    return _joined(f"{brand}:", body.strip(), _THERE[language], link)


def problems(text: str, *, country: str, brand: str) -> tuple[Problem, ...]:
    """What is wrong with a finished text for a number of `country`; empty if nothing is."""
    return tuple(_korean(text, brand) if country == "KR" else _american(text, brand))


def not_encodable(text: str) -> tuple[str, ...]:
    """The characters that a Korean text message cannot carry, each once, in order (RULES KR-7)."""
    return tuple(sign for sign in dict.fromkeys(text) if not _is_encodable(sign))


def byte_count(text: str) -> int:
    """The length of a text as Korean relays count it, in bytes of CP949: up to 90 are an SMS, up to
    2,000 an LMS. What cannot be encoded counts as the question mark that it would become."""
    return len(text.encode(_KOREAN_ENCODING, errors="replace"))


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _free_way_out(sender: SenderProfile, link: str | None) -> str:
    if sender.opt_out_phone is not None:
        return formats.phone(sender.opt_out_phone)
    if link is None:
        raise ValueError("Neither an 080 number nor a link can be the way out.")
    return link


def _korean(text: str, brand: str) -> Iterator[Problem]:
    told = text.removeprefix(MARK)
    if told == text:
        is_evasive = MARK not in text and _EVASIVE_MARK.search(normalise(text[:_BEGINNING]))
        yield Problem.EVASIVE_MARK if is_evasive else Problem.MARK_NOT_FIRST
    elif not told.lstrip(" [").startswith(brand):
        yield Problem.NO_SENDER_NAME
    if not normalise(_LINK.sub("", _WAY_OUT_IN_KOREA.sub("", told)).replace(brand, "", 1)):
        yield Problem.NO_TEXT
    if not _WAY_OUT_IN_KOREA.search(text):
        yield Problem.NO_WAY_OUT
    if not_encodable(text):
        yield Problem.NOT_ENCODABLE


def _american(text: str, brand: str) -> Iterator[Problem]:
    if brand.casefold() not in text.casefold():
        yield Problem.NO_BRAND
    if not _WAY_OUT.search(text):
        yield Problem.NO_WAY_OUT
    if any(f".{host}".endswith(_SHORTENERS) for host in _HOST.findall(text.casefold())):
        yield Problem.SHORTENED_LINK


def _is_encodable(sign: str) -> bool:
    try:
        sign.encode(_KOREAN_ENCODING)
    except UnicodeEncodeError:
        return False
    return True
