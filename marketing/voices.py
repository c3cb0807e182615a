"""What the shop should hear of a sentence: whether it is a wish, and what it is about, in the
shop's own list of topics (`voice_topics` of store.yml).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

Topic = Mapping[str, Any]
"""One of the shop's: `id`, `label`, `team`, `words`."""

COMPLAINT, WISH, PRAISE, ANSWER, REFUSAL = "complaint", "wish", "praise", "answer", "refusal"
QUESTION = "question"
"""Asked, and answered by nothing that the shop has written down."""
FAQ = "faq"
"""The topic of such questions."""
OTHER = "other"
"""The topic of whatever is about none of the others."""
PRICE = "price"
LONGEST = 500
"""Characters of what was said that are kept; the whole stands in the turn."""

_WISH = re.compile(
    r"(나오|생기|만들|내놓|출시|입고|들여오|들어오|추가|늘려|갖춰)\S{0,4}(면|으면|음)\s?(좋겠|"
    r"좋을|하는|해요|합니다)"
    r"|(만들어|내|출시해|들여놔|들여와|입고해|추가해)\s?(주세요|줘|주시면|주실|달라)|(나왔|"
    r"있었|생겼|만들었)으면"
    r"|(맞는|맞을)\s?(게|것|거|신발|옷|사이즈|등산화|운동화)(이|가)?\s?(하나도\s?|도통\s?)?없|"
    r"안\s?(나오|만드)나요"
    r"|왜\s?\S*\s?안\s?(만들|나오|팔)|없어서\s?(아쉽|아쉬|못\s?(사|샀))"
    r"|\bwish (you|they|there|it|this|these)\b|\bif only (you|they|there|it)\b"
    r"|\b(would|it['’]?d) be (so |really )?(nice|great|cool|awesome|lovely|good) (if|to (have|"
    r"see))\b"
    r"|\byou (guys )?should (really )?(make|carry|sell|stock|offer|have|bring|add)\b"
    r"|\b(please|could you|can you) (please )?(make|carry|bring back|start (making|carrying|"
    r"selling)|offer more)\b"
    r"|\bwhy (don['’]?t|do) (you|they) (not )?(make|carry|sell|have|stock|offer)\b"
    r"|\b(nothing|none|no (shoes?|boots?)) (here |of (these|yours) )?(ever )?fits?\b"
    r"|\bcan['’]?t find (any|anything|one|shoes?|boots?)\b.{0,30}\bfits?\b|\bi['’]?d (love|"
    r"buy)\b.{0,40}\bif you\b",
    re.IGNORECASE,
)


def is_same(one: str, other: str) -> bool:
    """True for two wordings that differ in case, spaces and signs alone."""
    return _letters(one) == _letters(other)


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


_REASON = re.compile(
    r"[가-힣](?:서|니까|라)\s*(?:요|별로|안|그만|패스|괜찮|됐|싫)|때문|거든요?|필요\s?(?:가\s?)?없|"
    r"(?:색|색깔|색상|디자인|모양|스타일|취향|무게)(?:이|가|은|는|도)?\s?\S*\s?(?:별로|안|아니|싫|마음)"
    r"|너무\s?\S|이미\s?(?:있|갖)|비슷한\s?(?:거|게|걸)"
    r"|\b(?:because|since|cause|too \w+|already (?:have|own|got)|don['’]?t need|no need|not my|"
    r"don['’]?t like|hate|ugly|not (?:a fan|into|for me))\b",
    re.IGNORECASE,
)


def gives_reason(text: str) -> bool:
    """True for a refusal that says why, of whatever topic; a mere no says nothing."""
    return _REASON.search(text) is not None


def is_wish(text: str) -> bool:
    """True for what somebody plainly wishes the shop had, and has not."""
    return _WISH.search(text) is not None


def topic_of(text: str, topics: Sequence[Topic]) -> str:
    """The topic most of whose words are said; the earlier of two; OTHER if none are."""
    said = text.casefold()
    counted = [sum(_is_said(word, said) for word in _words(one)) for one in topics]
    most = max(counted, default=0)
    return str(topics[counted.index(most)]["id"]) if most else OTHER


def team_of(topic: str, topics: Sequence[Topic]) -> str | None:
    """Who hears of that topic; None if the shop has not said."""
    return next((str(one["team"]) for one in topics if one["id"] == topic), None)


def _words(topic: Topic) -> list[str]:
    return [word.casefold() for words in topic["words"].values() for word in words]


def _is_said(word: str, text: str) -> bool:
    """A Korean word anywhere, an English one at the begin of a word."""
    if not word.isascii():
        return word in text
    return re.search(rf"\b{re.escape(word)}", text) is not None


def quoted(said: str, longest: int = 60) -> str:
    """Their words on one line, cut where a word ends if they are too long."""
    words = " ".join(said.split()).rstrip(".!~ ")
    if len(words) <= longest:
        return words
    cut = words[:longest].rsplit(" ", 1)[0]
    return cut.rstrip(",.!~ ") + "…"
