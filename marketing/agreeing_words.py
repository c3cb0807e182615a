"""Whether a message agrees to advertising: whole messages from a closed list, in doubt none (RULES
US-7, KR-4).

Must not be made wider by a pattern: consent to anything else, or to everything, is none to this.
"""

from __future__ import annotations

import re
import unicodedata

_AGREEING = frozenset(
    before + words
    for before in ("", "yes", "ok", "okay", "sure", "네", "예", "넵", "네네", "응")
    for words in (
        *("iagree", "idoagree", "agree", "agreed", "iconsent"),
        *("동의", "동의해", "동의해요", "동의합니다", "동의함", "동의할게", "동의할게요"),
        *("동의하겠습니다", "동의드립니다", "동의해요보내주세요"),
        *(
            f"{what}수신{to}동의{ending}"
            for what in ("", "광고", "문자", "광고문자", "마케팅", "마케팅정보", "광고성정보")
            for to in ("에", "")
            for ending in ("합니다", "해요", "할게요", "하겠습니다")
        ),
        *(
            f"i{agreeing}{texts}"
            for agreeing in ("agreetoreceive", "agreetoget", "consentto")
            for texts in ("texts", "offers", "offersbytext", "marketingtexts", "yourtexts")
        ),
    )
)
_YES = frozenset(("yes", "y", "yesplease", "yesido", "네", "예", "네네", "넵"))
_UNSEEN = re.compile(r"[\s\u200b-\u200d\u2060\ufeff,'\"\u2018\u2019\u201c\u201d]+")


def agrees(text: str) -> bool:
    """True if `text` is plain words of agreement and nothing else."""
    return _folded(text) in _AGREEING


def is_a_yes(text: str) -> bool:
    """True if `text` is a mere yes, which agrees only straight after the question."""
    return _folded(text) in _YES


def _folded(text: str) -> str:
    """Without case, width, spaces, quotes, commas and what ends a statement; a question mark, an
    emoji and any other word stay."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text).casefold()).rstrip(".!~\u3002")
