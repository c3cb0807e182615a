"""Which texts are an opt-out, an opt-in or a call for help, read before any understanding.

Only whole messages count, so that "stop by the store" stays a question. Sources: RULES US-1, US-5,
US-6 and KR-11; the words of 47 CFR 64.1200(a)(10) and of the provider's own defaults.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum


class Keyword(StrEnum):
    """What a reserved word asks for."""

    STOP = "stop"
    START = "start"
    HELP = "help"


STOP_WORDS = frozenset(
    [
        "STOP",
        "STOPALL",
        "UNSUBSCRIBE",
        "CANCEL",
        "END",
        "QUIT",
        "REVOKE",
        "OPTOUT",
        "REMOVE",
        "수신거부",
        "수신거절",
        "수신차단",
        "문자거부",
        "문자수신거부",
        "광고거부",
        "광고수신거부",
        "무료수신거부",
        "그만",
        "그만해",
        "그만해요",
        "그만하세요",
        "그만해주세요",
        "문자그만",
        "그만보내",
        "그만보내세요",
        "그만보내주세요",
        "문자보내지마",
        "문자보내지마세요",
        "문자보내지말아주세요",
        "광고보내지마",
        "광고보내지마세요",
        "광고차단",
        "구독취소",
    ]
)
START_WORDS = frozenset(["START", "UNSTOP", "수신동의", "수신재개", "다시받기", "수신거부해제"])
HELP_WORDS = frozenset(["HELP", "INFO", "도움말"])
ONLY_BY_TEXT = frozenset(
    [
        *("STOP", "CANCEL", "END", "QUIT", "REVOKE", "REMOVE"),
        *("그만", "그만해", "그만해요", "그만하세요", "그만해주세요"),
    ]
)
"""Reserved in a text message only: on the web "cancel" closes a form and "stop" may mean anything,
so there the dialogue asks."""


def normalise(text: str) -> str:
    """Upper-case letters and Hangul of `text`, without spaces, quotes, punctuation, zero-width
    signs; full-width letters as plain ones. Other letters stay, so they cannot vanish into a word.
    """
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LN")


def keyword(text: str, channel: str) -> Keyword | None:
    """The reserved word that the whole message consists of, if any (RULES US-1: spacing, case,
    quotes, punctuation, zero-width and full-width forms all count). START and HELP are reserved
    in text messages only."""
    word = normalise(text)
    if channel != "sms":
        return Keyword.STOP if word in STOP_WORDS - ONLY_BY_TEXT else None
    if word in STOP_WORDS:
        return Keyword.STOP
    if word in START_WORDS:
        return Keyword.START
    return Keyword.HELP if word in HELP_WORDS else None
