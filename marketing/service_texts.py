"""What may stand in a text of class *service*: never an offer, which would make it an advertisement
without its consent, hours and marks (정보통신망법 §50, RULES KR-1, US-7).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from marketing.wording import Variant

ANSWER_ARRIVED = "utter_answer_arrived"
ANSWER_ARRIVED_OF_NOTHING_NAMED = "utter_answer_arrived_of_nothing_named"
RESPONSES = (ANSWER_ARRIVED, ANSWER_ARRIVED_OF_NOTHING_NAMED)
"""Responses that are sent as service texts to customers who are not there."""
_OFFERS = re.compile(
    r"할인|쿠폰|특가|세일|혜택|이벤트|적립|증정|사은품|추천\s*상품|신상|기획전|광고|무료\s*배송|[0-9]\s*[%％]"
    r"|\b(discounts?|coupons?|deals?|sale|promo\w*|save|free shipping|offers?|gifts?|rewards?"
    r"|new arrivals?|shop now|buy)\b|\{(price|product|coupon)\w*\}|[₩$]\s*[0-9{]",
    re.IGNORECASE,
)


def offer_in(text: str) -> str | None:
    """The first words of a text that offer something; None if it is a service text."""
    found = _OFFERS.search(text)
    return found.group() if found else None


def with_offers(words: Mapping[str, Sequence[Variant]]) -> list[tuple[str, str]]:
    """Every wording of RESPONSES that offers something, with what it says."""
    return [
        (name, offered)
        for name in RESPONSES
        for variant in words.get(name, ())
        if (offered := offer_in(str(variant["text"]))) is not None
    ]
