"""Whether somebody plainly asks for a person, or tells of a mishap that only a person can put
right. In doubt a person is offered and not fetched.
"""

from __future__ import annotations

import re

_A_PERSON = re.compile(
    r"상담|직원|담당|책임자|매니저|고객\s*센터|전화|통화|일하는\s*분|사람(?!\S*\s*(낫|같))"
    r"|(사장|점장|대표|주인)\S*\s*(\S+\s+)?(바꿔|불러|나오|얘기|이야기|말|통화|연결|전해|답|연락)"
    r"|\b(humans?|persons?|people|agents?|operators?|representatives?|reps?|some(one|body)|any(one|body)"
    r"|staff|managers?|owner|(the|your) team|support|customer service|call|phone|speak|talk"
    r"|real one)\b"
    r"|\b(don'?t want|not|no more|instead of) (to \w+ (to|with) )?(a |any |this )?(ro)?bots?\b",
    re.IGNORECASE,
)
_A_MISHAP = re.compile(
    r"(왔|왔어|오지|도착|배송|받았|받은|보내|결제|카드|쿠폰|주문|교환|환불|취소)\S*(\s+\S+){0,3}?\s*"
    r"(요|네|어|다|데|함|음|듯|습니다|까|죠|서)\W*$"
    r"|(하자|불량|파손|고장|오류|문제)\S*\s*(있|났|나|이에|예요|인|생|네|같|입니다)"
    r"|\b(i|we|you)('ve| have)? (just )?(received|got|sent|paid)\b"
    r"|\b(my|the|your) (order|delivery|parcel|package|payment|card|coupon|refund)\b"
    r"|\b(over)?(charged|billed)\b|\bproblem with\b",
    re.IGNORECASE,
)


def names_a_person(text: str) -> bool:
    """True if the text names a person to talk to, or how one talks to one; "Team Jo" is none."""
    return _A_PERSON.search(_plain(text)) is not None


def is_plain(text: str) -> bool:
    """True if the text names a person to talk to, or something that went wrong with what came or
    was paid."""
    return names_a_person(text) or _A_MISHAP.search(_plain(text)) is not None


def _plain(text: str) -> str:
    return text.replace("\u2019", "'")
