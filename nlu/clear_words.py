"""Whether a message says plainly what it was taken for: a yes, a consent, a purchase, an erasure.

Looks at the words alone and knows no model. Must be stricter than any probability: "I agree this is
annoying" holds every word of a consent but one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

from nlu.text_features import normalise, without_mood

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_QUOTED = re.compile(
    r"(?<!\w)(?P<mark>['\"\u2018\u201c\u300c\u300e])[^'\"]{1,30}?['\"\u2019\u201d\u300d\u300f]"
)
_TAKEN_BACK = re.compile(
    r"\b(by (mistake|accident)|meant (for|to)|autocorrect|typo|ignore (my|that)"
    r"|wrong (chat|button))\b|실수|잘못\s*(누|눌|보)|오타",
    re.IGNORECASE,
)
_IRONY = re.compile(
    r"\b(yeah|ya|yea|sure|oh|ok|okay),? right\b|\bas if\b|\bbe (like )?that( way)?\b"
    r"|\byeah\W+yeah\b|\b(?P<sung>\w+( \w+)?)(\W+(?P=sung)\b){3,}"
    r"|\blike i'?d ever\b|\blike hell\b|\bin your dreams\b|\bwhen (pigs|hell)\b|\bwhatever\b"
    r"|어련|퍽이나|잘도 |무슨$|맘대로|마음대로",
    re.IGNORECASE,
)
_NO = re.compile(
    r"\b(don'?t|doesn'?t|didn'?t|won'?t|wouldn'?t|can'?t|cannot|never|not|no|nothing|nope|nah|refuse)\b"
    r"|지\s*(는\s*)?(마|말|않|못)|말고|(^|\s)(안|못)\s*(해|하|할|합|받|돼|되|사|살)|싫|아니|아뇨|취소|거절",
    re.IGNORECASE,
)
_NO_BUT_YES = re.compile(
    r"\bwhy not\b|\bno problem\b|\bnot bad\b|\bcan'?t wait\b|\bdon'?t mind\b", re.IGNORECASE
)
_NO_PURCHASE = re.compile(
    r"\b(don'?t|do not|didn'?t|won'?t|wouldn'?t|can'?t|never|not|nobody|stop)\s+([\w']+\s+){0,2}?"
    r"(buy|buying|order|ordering|purchase|take|taking|put|add|place|pay|check|accept|want|get)\b"
    r"|(사|구매하|구입하|주문하|결제하|담|넣|받)(고\s*싶)?지\s*(는\s*)?(마|말|않|못)"
    r"|\brefuse\b|\b(on|off|from|in|of) my (last )?order\b"
    r"|\bno (deal|thanks|thank you|way|chance)\b"
    r"|\btake (it easy|your (word|time)|a (rain|look|break|moment|minute|while|chance|guess)"
    r"|care|notice|note|back|ages|forever)\b"
    r"|(^|\s)안\s*(사|살|구매|구입|주문|결제|담|받)|(살|할)\s*(생각|마음)\S*\s*(없|안)|싶진|싶지|사긴"
    r"|취소|환불",
    re.IGNORECASE,
)
_SOMEBODY_ELSE = re.compile(
    r"^\W*(who|he|she|they|everyone|everybody|somebody|someone|nobody)\b"
    r"|\bwants to (buy|get|order|take)\b|\b(want|wants|told|asked|tells|begs|makes) me to\b"
    r"|(대요|(?<![살할갈볼쓸줄])래요|다던데\S*|라던데\S*|더라고\S*|냐고\S*)\W*$|(?<=[가-힣])(라고|다고)(?=\W|$|\s|요|하)"
    r"|누가",
    re.IGNORECASE,
)
_TAKING = re.compile(
    r"\b(buy|take|get|grab|order|want|like|love|need|gimme|give|go|do it|send)\b"
    r"|살|사고|사겠|주문|구매|구입|결제|할게|하나|주세요|줘",
    re.IGNORECASE,
)
_FROM_ELSEWHERE = re.compile(r"\b(?i:can) (?i:i|we)\b.*\b(?:in|from|outside) [A-Z][a-z]{3,}")
_IF = re.compile(
    r"\b(if|unless|until|suppose|maybe|perhaps|one day|some ?day|eventually)\b"
    r"|\bwould('ve| have)\b|아마|언젠가"
    r"|(?<![이거려])면\s+(저도\s+|바로\s+|그냥\s+|꼭\s+)?(살|사겠|구매할|구매하겠|주문할|주문하겠)"
    r"|면\s.*(텐데|겠는데|겠지만|을지|ㄹ지)|텐데|(살|할|갈|까)\s*(까|지)\s*(말|해|고민|생각|모르)|련만",
    re.IGNORECASE,
)
_IF_OFFERED = re.compile(
    r"\bif (it'?s|that'?s|you)\b.*(price|discount|coupon|deal|off)\b", re.IGNORECASE
)
_WHOLLY_A_QUESTION = re.compile(
    r"^\W*(what|why|who|when|which|should|did|does|is|are|was|would (you|it|that))\b[^.!?,;]*\W*$",
    re.IGNORECASE,
)
_KEEP = re.compile(
    r"\b(don'?t|do not|never|didn'?t|won'?t|please not)\b[^.!?,]{0,20}"
    r"\b(delete|erase|forget|wipe|remove|unsubscribe|opt)\b"
    r"|\bkeep (it|them|everything|all|that)\b"
    r"|(지우|지워지|삭제하|삭제되|잊|잊어버리|탈퇴하|없애|끊)지\s*(는\s*)?(마|말|않)"
    r"|(뜻|말|의미|얘기|소리|거|게)\S*\s*아니|있어야|남아야",
    re.IGNORECASE,
)
_WHAT_IF = re.compile(
    r"\bif\b.*\?|^\W*if (i|you|we|they|it)\b(?! (can|could|would|don'?t|please))"
    r"|^\W*(i |we |he |she |they )?(deleted|erased|wiped|removed|forgot|unsubscribed)\b"
    r"|^\W*(hold on|hang on|wait)\b|^(잠깐|잠시)|다시\s*(연결|등록|가입)"
    r"|\bwhat (would|will|happens)\b|\b(does|do|would|will) (deleting|erasing)\b"
    r"|\blater\b|(?<!려)면\s.*(어떻게|어찌|되나|되는|되죠|돼요|없어|사라|끊기|남아|안\s*오).*|라고\s*하면",
    re.IGNORECASE,
)
_NOT_THEIRS = re.compile(
    r"\b(friend|colleague|co-?worker|neighbou?r|cousin|sister|brother|boss|he|she|they)s?\s+"
    r"((has|have|just|already|also)\s+)*(bought|got|has|have|owns?|ordered)\b(?! me\b)"
    r"|\bgot (a|an|your|the|this) (text|message|e-?mail|call|code|letter|notification)\b"
    r"|(대요|더라고\S*|다던데\S*|다는데\S*|겠지만|을\s?텐데\S*)\W*$",
    re.IGNORECASE,
)


def why_no_yes(text: str, spans: Iterable[tuple[int, int]], known: Collection[str]) -> str | None:
    """Why `text` is no plain yes (or no plain consent), or None if it is one.

    `spans` are the places of what was named in it, `known` the words in which people say it: a yes
    holds no others.
    """
    said = _plain(text)
    if "?" in said:
        return "asks"
    if _NO.search(_NO_BUT_YES.sub(" ", said)):
        return "refuses"
    reason = _why_not_meant(said)
    if reason is not None:
        return reason
    return None if _holds_only(_without(text, spans), known) else "says_more"


def why_no_purchase(text: str) -> str | None:
    """Why `text` is no plain wish to buy or to take what was offered, or None if it is one."""
    said = _plain(text)
    if _NO_PURCHASE.search(said):
        return "refuses"
    if _IF.search(said) and not _IF_OFFERED.search(said):
        return "only_if"
    if _SOMEBODY_ELSE.search(said):
        return "somebody_else"
    if _WHOLLY_A_QUESTION.search(said) or _FROM_ELSEWHERE.search(said):
        return "asks"
    return _why_not_meant(said)


def says_it_is_taken(text: str, spans: Iterable[tuple[int, int]], known: Collection[str]) -> bool:
    """Whether a yes goes on to take what was offered ("yes, order it") and to say nothing else.
    `spans` and `known` are those of `why_no_yes`, with the words of a purchase among the known."""
    return (
        _TAKING.search(_plain(text)) is not None
        and why_no_purchase(text) is None
        and why_no_yes(text, spans, known) is None
    )


def why_no_ending(text: str) -> str | None:
    """Why `text` does not plainly ask to erase, to forget or to send no more, or None."""
    said = _plain(text)
    if _KEEP.search(said):
        return "refuses"
    return "only_if" if _WHAT_IF.search(said) else None


def why_not_theirs(text: str) -> str | None:
    """Why `text` does not tell what its writer has got, or None: "my friend bought one"."""
    return "somebody_else" if _NOT_THEIRS.search(_plain(text)) else None


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """Every word that stands in one of the texts, folded."""
    return frozenset(word for text in texts for word in _words(text))


def _why_not_meant(said: str) -> str | None:
    quoted = _QUOTED.search(said)
    if quoted and _WORD.search(said[: quoted.start()] + said[quoted.end() :]):
        return "quotes"
    if _TAKEN_BACK.search(said):
        return "takes_back"
    return "irony" if _IRONY.search(said) else None


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", without_mood(text))
    return re.sub("[\u2018\u2019](?=\\w)(?<=\\w.)", "'", folded)


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`text` with what was named blanked out, unless that would cut a Latin word: "please" names no
    after-sales service."""
    for start, end in spans:
        if not (_is_latin(text[start - 1 : start]) or _is_latin(text[end : end + 1])):
            text = text[:start] + " " * (end - start) + text[end:]
    return text


def _is_latin(sign: str) -> bool:
    return sign.isascii() and sign.isalpha()


def _holds_only(text: str, known: Collection[str]) -> bool:
    return all(_is_made_of(word, known) for word in _words(text))


def _words(text: str) -> list[str]:
    """Folded, without apostrophes: many write "ill" and "lets"."""
    return _WORD.findall(normalise(text).replace("'", ""))


def _is_made_of(word: str, known: Collection[str]) -> bool:
    """True if `word` is known or known words written together: "그렇게해주세요". A Latin letter
    alone is no piece: "yyyy" is made of nothing."""
    reached = {0}
    for end in range(1, len(word) + 1):
        for start in tuple(reached):
            piece = word[start:end]
            is_letter = len(piece) == 1 and piece.isascii() and piece != word
            if piece in known and not is_letter:
                reached.add(end)
    return len(word) in reached
