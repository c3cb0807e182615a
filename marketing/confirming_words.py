"""Whether a message says yes to a question and names again what is to be done: "yes, delete it".

Whole messages only, made of a yes, the deed and words without a meaning of their own: in doubt it
confirms nothing.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import cache

_YES = r"(네+|넵|예|응|어|ㅇㅇ|그래요?|맞아요?|yes|yep|yeah|yup|ok(ay)?|sure|please)"
_FILLING = (
    r"(전부|모두|다|싹|그냥|제|내|정보|기록|번호|연결|전화번호|를|을|진짜|정말|꼭"
    r"|it|them|all|of|everything|my|the|data|info|information|number|phone|please|just|really)"
)
_POLITE = r"(\s*(주세요|줘요?|주십시오|도 돼요|버려요?|요))?"
_SURE = r"(확실(해요?|합니다)|틀림없(어요?|습니다)|i'?m (very |quite |100% )?sure|i am sure)"


class Deed(Enum):
    """What was asked about, as its verbs."""

    ERASE = r"((지워|없애)|삭제\s*해|탈퇴\s*해|delete|erase|remove|wipe)"
    FORGET = r"((지워|잊어|없애)|삭제\s*해|forget|delete|erase)"
    UNLINK = r"((끊어|지워|빼)|(해제|삭제)\s*해|unlink|remove|disconnect|delete)"


def confirms(text: str, deed: Deed) -> bool:
    """True if `text` is a yes that names the deed, or says that it is certain."""
    return _pattern(deed).fullmatch(text.replace("\u2019", "'")) is not None


def names(text: str, deed: Deed) -> bool:
    """True if `text` names the deed, whatever else it says: who asks for it twice confirms it."""
    return re.search(deed.value, text, re.IGNORECASE) is not None


@cache
def _pattern(deed: Deed) -> re.Pattern[str]:
    filling = rf"({_FILLING}[\s,]*)*"
    done = rf"{filling}{deed.value}{_POLITE}(\s+{_FILLING})*"
    return re.compile(rf"\s*({_YES}[\s,.!]+)+({done}|{_SURE})[\s.!~]*", re.IGNORECASE)
