"""Which texts are an opt-out, an opt-in or a call for help, read before any understanding.

Only whole messages are reserved words, so that "stop by the store" stays a question; what a
sentence asks is judged by `refusal`. Sources: RULES US-1, US-5,
US-6 and KR-11; the words of 47 CFR 64.1200(a)(10) and of the provider's own defaults.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

from marketing.wrong_numbers import is_wrong_number


class Keyword(StrEnum):
    """What a reserved word asks for."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    WRONG_NUMBER = "wrong_number"


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


_COMMAND = re.compile(r"\W*[/\u2044\u2215\u29f8]\s*[a-z]+_[a-z_]+\W*", re.IGNORECASE)
"""A command of Rasa's, as nobody writes a reserved word: "/opt_out"."""


def normalise(text: str) -> str:
    """Upper-case letters and Hangul of `text`, without spaces, quotes, punctuation, zero-width
    signs; full-width letters as plain ones. Other letters stay, so they cannot vanish into a word.
    """
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LN")


def keyword(text: str, channel: str) -> Keyword | None:
    """The reserved word that the whole message consists of, if any (RULES US-1: spacing, case,
    quotes, punctuation, zero-width and full-width forms all count). START, HELP and a wrong number
    are read in text messages only. A command injected into Rasa is none (RULES F11)."""
    if _COMMAND.fullmatch(unicodedata.normalize("NFKC", text)):
        return None
    word = normalise(text)
    if channel != "sms":
        return Keyword.STOP if word in STOP_WORDS - ONLY_BY_TEXT else None
    if word in STOP_WORDS:
        return Keyword.STOP
    if word in START_WORDS:
        return Keyword.START
    if word in HELP_WORDS:
        return Keyword.HELP
    return Keyword.WRONG_NUMBER if is_wrong_number(text) else None


class Refusal(StrEnum):
    """How surely a sentence asks for no more messages."""

    CLEAR = "clear"
    UNCLEAR = "unclear"


_REFUSING = re.compile(
    r"\b(unsubscribe|opt(ing)?[ -]?out|(take|leave) me (off|alone)|remove me"
    r"|(do not|don'?t|never|no longer|stop|quit|no more|cease|end|cancel|enough)\b[^.!?,]{0,30}"
    r"\b(text\w*|messag\w*|sms|contact\w*|spam\w*|send\w*|ads?|adverts?|advertis\w*"
    r"|market\w*|promo\w*|subscri\w*))"
    r"|\b(text\w*|messag\w*|sms|spam|ads?|promos?)\b[^.!?]{0,20}\b(stop|to end|to cease)\b"
    r"|수신\s*(거부|거절|차단)|그만\s*(좀\s*)?(보내|받|연락)"
    r"|(보내|연락하|문자하)지\s*(좀\s*)?(마|말)"
    r"|(문자|메시지|메세지|광고|연락|알림|수신|스팸|소식)\S*\s*(\S+\s+){0,2}\S*"
    r"(그만|거부|거절|차단|철회|해지|취소|끊|싫|필요\s*없|사절"
    r"|안\s*받(을|고|겠|아도)|받지\s*않|받기\s*싫)",
    re.IGNORECASE,
)
_MAY_REFUSE = re.compile(
    r"(?<!non-)(?<!non )(?<!bus )(?<!won't )\bstop\b(?! by\b| in\b)|\bquit\b|\benough\b"
    r"|그만|거부|차단|탈퇴|싫|철회|해지",
    re.IGNORECASE,
)
_ASKING_FOR = re.compile(
    r"(문자|메시지|메세지|알림|연락)\S*\s*(\S+\s+){0,2}(주세요|줘|주실|주시|받을\s*수|받고\s*싶)"
    r"|\b(text|message) me\b(?! (again|any\s?more))",
    re.IGNORECASE,
)


def refusal(text: str) -> Refusal | None:
    """How surely a sentence refuses messages: a refusing word about messages is clear, one without
    is not (RULES US-2); None for a sentence that asks for messages or refuses nothing."""
    said = unicodedata.normalize("NFKC", text).replace("\u2019", "'")
    asking, refusing = _ASKING_FOR.search(said), _REFUSING.search(said)
    if refusing and not (asking and asking.start() >= refusing.end()):
        return Refusal.CLEAR
    return Refusal.UNCLEAR if _MAY_REFUSE.search(said) and not asking else None


_CLAUSE_ENDS = re.compile(
    r"[.!?,;\n]+|(?<!광고)(?<=고)\s|(?<=데)\s|\s그리고\s|\b(?:and|but|also)\b", re.IGNORECASE
)
_MESSAGES = re.compile(
    r"문자|광고|메시지|메세지|알림|안내|소식|연락|얘기|이야기|홍보|[것건거]\b"
    r"|\b(text|message|e?mail|ad|promo|offer|reminder|greeting|deal)s?\b"
    r"|\b(stuff|news|list|marketing|anything)\b",
    re.IGNORECASE,
)
_OF_IT = re.compile(
    r"\0\S{0,3}\s*((관련|관한|대한|선물|행사|할인|축하|쿠폰|기획전|세일)\S*\s+|\w+\s+(?=[a-z])){0,2}"
    rf"({_MESSAGES.pattern})"
    r"|\b(about|for|on|regarding|of)\s+(the\s+|my\s+|any\s+|your\s+)?\0",
    re.IGNORECASE,
)
"""Messages of what is named; \0 stands for its name."""
_OF_EVERYTHING = re.compile(
    r"(모든|일체의?)\s*(광고|문자|메시지|메세지|연락|알림|소식)|다른\s*\S+도\s"
    r"|(광고|문자|메시지|메세지)\S?\s*(일체|아예|싹)"
    r"|\ball\s+(of\s+)?(the\s+|your\s+|these\s+)?(texts?|messages?|ads?|e?mails?|marketing)\b"
    r"|\b(and|or)\s+(anything|everything|all)\b",
    re.IGNORECASE,
)


def is_only_of(text: str, places: Iterable[tuple[int, int]]) -> bool:
    """True if what a sentence refuses, it refuses only of what is named at these places of it:
    "어버이날 문자는 보내지 마세요" ends no other messages, "… and stop texting me" does. In doubt
    all are meant (RULES US-2)."""
    if refusal(text) is not Refusal.CLEAR:
        return True
    named, after = "", 0
    for start, end in sorted(places):
        if start >= after:
            is_message = _MESSAGES.search(text[start:end]) is not None
            named += text[after:start] + ("\0 광고" if is_message else "\0")
            after = end
    named += text[after:]
    clauses = [one for one in _CLAUSE_ENDS.split(named) if refusal(one) is Refusal.CLEAR]
    return _OF_EVERYTHING.search(named) is None and all(map(_OF_IT.search, clauses))
