"""Small numbers in words, Korean and English."""

from __future__ import annotations

import re

_KOREAN_COUNTS = {
    "한": 1, "하나": 1, "두": 2, "둘": 2, "세": 3, "셋": 3, "석": 3, "네": 4, "넷": 4, "넉": 4,
    "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10, "열한": 11, "열두": 12,
    "열세": 13, "열네": 14, "열다섯": 15, "열여섯": 16, "열일곱": 17, "열여덟": 18, "열아홉": 19,
    "스무": 20, "스물": 20,
}  # fmt: skip
_TENS = ("열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")
_ONES = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
_KOREAN_COUNTS |= {
    f"{ten}{one}": 10 * tens + ones
    for tens, ten in enumerate(_TENS, start=1)
    for ones, one in enumerate(_ONES)
}
_COUNTED = ("", "하나", "둘", "셋", "넷", *_ONES[5:])
_KOREAN_COUNTS |= {
    f"{ten}{one}": 10 * tens + ones
    for tens, ten in enumerate(_TENS, start=1)
    for ones, one in enumerate(_COUNTED)
}
TENS_WITH_ONES = "|".join(
    sorted((f"{ten}{one}" for ten in _TENS[1:] for one in _COUNTED), key=len, reverse=True)
)
"""Pattern of 서른다섯: an age also without 살."""
_ENGLISH_COUNTS = {
    name: at
    for at, name in enumerate(
        re.findall(
            "[a-z]+",
            """
            one two three four five six seven eight nine ten eleven twelve thirteen fourteen
            fifteen sixteen seventeen eighteen nineteen twenty
            """,
        ),
        start=1,
    )
}
KOREAN_COUNT = "|".join(sorted(_KOREAN_COUNTS, key=len, reverse=True))
ENGLISH_COUNT = "|".join(sorted(_ENGLISH_COUNTS, key=len, reverse=True))


def count_of(said: str) -> int:
    """The number that `said` is, in digits or in words; 1 for "a"."""
    if said.isdigit():
        return int(said)
    return _KOREAN_COUNTS.get(said) or _ENGLISH_COUNTS.get(said.lower(), 1)
