"""The language that a customer asks for: "not English, Korean please" asks for Korean.

Must not guess: what the message is written in says nothing here (nlu/language.py has that).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.entity import Entity

OTHER = "other"
"""A language that nobody here speaks."""

_NAMES = {
    "en": re.compile(r"영어|영문|잉글리[시쉬]|\benglish\b", re.IGNORECASE),
    "ko": re.compile(
        r"한국어|한국말|한글|우리\s?말|\b(?:korean|hangul|hangeul|hangugeo)\b", re.IGNORECASE
    ),
    OTHER: re.compile(
        r"(?:일본|중국|베트남|스페인|프랑스|독일|러시아|태국|아랍|몽골|인도네시아)(?:어|말)"
        r"|\b(?:japanese|chinese|mandarin|cantonese|spanish|espa[ñn]ol|vietnamese|french|german"
        r"|russian|thai|arabic|portuguese|italian|hindi|tagalog|mongolian)\b",
        re.IGNORECASE,
    ),
}
_MAY_HOLD = re.compile("|".join(pattern.pattern for pattern in _NAMES.values()))
_A_SUBJECT = re.compile(
    r"\s*(?:숙제|공부|단어|시험|학원|문제|선생|수업|책|이름|번역|식|뜻)"
    r"|로\s*(?:\S+\s*)?(?:번역|뭐)|를\s*(?:배우|공부)"
    r"|\s+(?:homework|class|lesson|teacher|test|essay|word|name|sizes?|won|brands?|food|bbq)\b",
    re.IGNORECASE,
)
"""What follows where a language is spoken of, and not asked for."""
_ONE_OF_TWO = {"en": "ko", "ko": "en"}
_UNWANTED_AFTER = re.compile(
    # "영어 못 읽어요" is unwanted, "영어로 못 해요?" asks for it.
    r"(?:[를은는가도]|이(?=\s))?\s*(?:말고|대신|아니라|그만|잘?\s*못|몰라|모르|서툴|약해)"
    r"|로\s*(?:\S+\s+)?\S*지\s*(?:마|말)"
    r"|[라인]\S*\s+(?:\S+\s+){0,3}(?:모르|못)"
    r"|\s+(?:\S+\s+)?(?:잘?\s*못|모르)"
    r"|\s+(?:is|'s)\s+(?:not|bad|poor|terrible|weak|limited|rusty|so-?so)\b"
    r"|\s+(?:isn'?t|sucks)\b",
    re.IGNORECASE,
)
_UNWANTED_BEFORE = re.compile(
    r"왜\s*(?:\S+\s+)?$"
    r"|\b(?:not?|(?:don'?t|do not|can'?t|cannot|can not)(?!\s+(?:you|we|u)\b)|stop|instead of"
    r"|rather than|why(?!\s+(?:not|don'?t|can'?t)\b))\b[^.,;!?]*$",
    re.IGNORECASE,
)


def find_languages(text: str) -> Iterator[Entity]:
    """Entities `language` with the language that is wanted: `ko`, `en` or `other`."""
    if _MAY_HOLD.search(text.casefold()) is None:
        return
    plain = text.replace("\u2019", "'")
    for named, pattern in _NAMES.items():
        for match in pattern.finditer(plain):
            if _A_SUBJECT.match(plain, match.end()):
                continue
            is_unwanted = (
                _UNWANTED_AFTER.match(plain, match.end()) is not None
                or _UNWANTED_BEFORE.search(plain[: match.start()]) is not None
            )
            wanted = _ONE_OF_TWO.get(named) if is_unwanted else named
            if wanted is not None:
                yield Entity("language", wanted, match.start(), match.end())
