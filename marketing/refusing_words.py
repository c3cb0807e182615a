"""Whether a message that was taken for a no holds a word that says one. In doubt it is asked
what is meant.
"""

from __future__ import annotations

import re

_NO = re.compile(
    r"아[니닙닌녀뇨냐]|싫|됐|됬|괜찮|없|거절|사양|취소|별로|그만|말[고래게아]|패스|스킵|넘어|안\s|않|못|틀[렸려]"
    r"|빼\s*[주고줘]|충분히\s*[많있]"
    r"|어렵|그렇네|그런데|그래요\W*$|딱히|그다지|지\s*마|다음|나중|노(?![가-힣]*[래란트])|ㄴ|ㅅㄹ|ㅂㅂ|안(돼|되|사|살|할|해|받)"
    r"|\b(n+|n+o+(pe?s?)?|na+h?|naw|nay|nuh|not|never|none|neither|nothing|disagree|refuse|declin\w*"
    r"|reject|pass|skip|cancel|stop|incorrect|wrong|negative|doubt|rather|forget it|nvm|never ?mind"
    r"|against (it|that|them)|passing on|already own|off the table"
    r"|later|leave (it|that|them) out|all set|(i'?m|we'?re) (good|fine|ok|okay))\b"
    r"|n't\b|\b(do|wo|ca|is)nt\b",
    re.IGNORECASE,
)


def says_no(text: str) -> bool:
    """True for "no thanks" and "괜찮아요", and not for a piece of a sentence ("원하지")."""
    return _NO.search(text.replace("\u2019", "'")) is not None
