"""Which text messages a telephone has written by itself: reactions to a message ("Liked “…”") and
automatic replies. Nobody is answered for them, and nothing in them counts as said (RULES IN-4).
"""

from __future__ import annotations

import re
import unicodedata

from marketing.opt_out import refusal

_QUOTED = r"(?:[\"“”„«‘][\s\S]*[\"“”»’]|(?:an?|this|your) [a-z ]{3,30})"
_REACTED = (
    r"(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned"
    r"|removed an? [a-z ]{3,20} from|(?:reacted|replied) (?:with )?(?:an? )?.{1,24} to"
    r"|removed .{1,12} from|[^\w\s\"“”]{1,12} to)"
)
_ENGLISH = re.compile(rf"\W*{_REACTED}\s+{_QUOTED}\W*", re.IGNORECASE)
_KOREAN = re.compile(
    r"\W*[\"“”„«‘][\s\S]*[\"“”»’]\s*(?:을\(를\)|를\(을\)|을|를|에서|에|에게)?\s*"
    r"(?:\S{1,12}\s+){0,3}\S*"
    r"(?:좋아함|좋아합니다|좋아했습니다|사랑함|싫어함|싫어합니다|웃음|웃었습니다|강조함|강조했습니다"
    r"|질문함|물음|(?:표시|추가|제거|삭제|반응|공감|취소)(?:을|를)?\s*(?:함|했습니다|보냄|보냈습니다))\W*"
)
_INVISIBLE = {"Cf", "Cc"}
_AUTOMATIC = re.compile(
    r"\bdo not disturb\b|\b(driving|sleep|work|personal|reduce interruptions) focus\b"
    r"|\bi'?m (currently )?driving\b[^?]*\b(later|when|soon|once)\b"
    r"|\bnot receiving notifications\b|\bout[ -]of[ -](the[ -])?office\b"
    r"|\bauto(matic|mated)?[ -]?(reply|response|responder)\b"
    r"|부재\s*중(?!\s*(전화|통화|이었|에))|자동\s*(응답|회신|답장)"
    r"|(운전|회의|수업|진료|근무|휴가|출장)\s*중\S*\s*(\S+\s+){0,6}\S*"
    r"(나중에|다시|추후|끝나|확인|연락|답장|회신|어렵)"
    r"|지금은?\s*(전화를?\s*받|통화)\S*\s*수\s*(가\s*)?없",
    re.IGNORECASE,
)


def is_reaction(text: str) -> bool:
    """True for what a telephone sends when its owner taps a reaction onto a message, or takes it
    away again; whatever the quoted message says."""
    return _ENGLISH.fullmatch(seen := _visible(text)) is not None or (
        _KOREAN.fullmatch(seen) is not None
    )


def is_automatic_reply(text: str) -> bool:
    """True for what a telephone answers while its owner drives, sleeps or is away. A question is
    somebody's own, and so is a wish for no more messages."""
    said = _visible(text).replace("\u2019", "'")
    return "?" not in said and _AUTOMATIC.search(said) is not None and refusal(said) is None


def is_by_machine(text: str, channel: str) -> bool:
    """True for a reaction or an automatic reply; only text messages can be either."""
    return channel == "sms" and (is_reaction(text) or is_automatic_reply(text))


def _visible(text: str) -> str:
    """Without the zero-width signs that some telephones put around a reaction; any space is one."""
    plain = "".join(
        sign for sign in text if unicodedata.category(sign) not in _INVISIBLE or sign == "\n"
    )
    return re.sub(r"[^\S\n]", " ", plain)
