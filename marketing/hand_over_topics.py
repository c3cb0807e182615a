"""What somebody who asks for a person seems to want, by the words they have said before."""

from __future__ import annotations

import re
from collections.abc import Iterable

_TOPICS = {
    "refund": r"환불|\brefund|\bmoney back\b",
    "exchange": r"교환|\bexchang",
    "return": r"반품|\breturn",
    "payment": r"결제|카드\s*승인|\bpayment|\bcharged\b|\bbilled\b",
    "delivery": r"배송|택배|\bdeliver|\bshipping\b|\bshipped\b|\bpackage\b|\bparcel\b",
    "order": r"주문|\border",
}
_PATTERNS = {topic: re.compile(words, re.IGNORECASE) for topic, words in _TOPICS.items()}
TOPICS = tuple(_TOPICS)


def topic_of(said: Iterable[str]) -> str | None:
    """One of TOPICS, of the first text in which there is one; None if there is none."""
    for text in said:
        for topic, words in _PATTERNS.items():
            if words.search(text):
                return topic
    return None
