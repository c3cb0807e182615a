"""Words of which a message must hold one to be taken for a deed: who has a birthday forgotten says
"forget", and not only "the birthday".
"""

from __future__ import annotations

import re
from collections.abc import Mapping

DEEDS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "end": (
            r"지워|지우|지웠|삭제|탈퇴|없애|파기|폐기|잊|초기화|리셋|빼|없던|그만|못\s*들은|(기억|저장|남기)\S*\s*마"
            r"|(기억|저장|남기)\S*\s*(말|않|안)|안\s*(하셔도|해도|해\s*줘도)"
            r"|\b(delet|eras|forg[eo]t|remov|wip(e|ing)|clear|purg|get rid|drop|scrub|scratch|reset"
            r"|destroy|clos|cancel|unlearn|take (\w+ ){0,3}(off|out)"
            r"|(my|all) (\w+ )?(data|info\w*) gone"
            r"|(no|not|don'?t|stop|without) (\w+ ){0,4}(remember|keep|sav|stor|hold|know))\w*"
        ),
        "keep": (
            r"기억|저장|학습|배우|수집|모으|적어|적지|메모|기록|남기"
            r"|\b(remember|learn|sav|stor|not(e|es|ing)|collect|keep|track|record|writ|memor"
            r"|hold on)"
        ),
        "leave off": (
            r"마|말아|말[고라래]|않|안\s*(했|하|해|남|적|쓰|기|저|받|돼|되|써|배|알|모)|그만|중단|중지|멈|끄|꺼"
            r"|금지|없|싫|거부|거절|못\s*하게|빼|삭제|지우|지워"
            r"|\b(not|no|stop|never|without|quit|cease|off|disable|pause|avoid|refuse|rather|forget"
            r"|opt|nothing|incognito|prefer)\b|n't\b|\bdont\b"
        ),
        "get": (
            r"샀|산\s|사\s?(줬|왔|주)|구매|구입|구했|장만|주문|받았|받아|있어|준비|질렀"
            r"|\b(bought|buying|got|getting|gotten|have|had|order\w*|purchased?|picked|found"
            r"|went with|gave|grabbed|snagged|took care|all set)\b|'ve\b"
        ),
        "tell": (
            r"다시|알려|알림|말[해씀]|얘기|이야기|연락|물어|문자|리마인|챙겨"
            r"|\b(remind|ask|tell|again|let me know|text|message|ping|nudge|try|bring|talk|back"
            r"|check|follow|circle|reach|wake|hold|calendar|notify)"
        ),
        "undo": (
            r"끊|해제|취소|풀|떼|지워|지우|해지|분리|빼|없애|삭제|그만|말아|마세|않|안\s*(할|하|쓸|쓰|해)|잘못"
            r"|n't |\b((un|de)-?link|end the|releas|disconnect|detach|separat|remov|delet"
            r"|tak(e|ing) |drop|cut|break|cancel|stop|undo|untie|forget|erase|clear"
            r"|no longer|not |don'?t|wrong|unpair|unregister|off\b)"
        ),
    }.items()
}


def names(text: str, deed: str) -> bool:
    """Whether `text` holds a word of that deed (a key of `DEEDS`). Raises KeyError."""
    return DEEDS[deed].search(text.replace("\u2019", "'")) is not None
