"""What a message is about: kinds of facts, people in the customer's life, what the store explains.

Also the name a customer gives. Fixed words of the two languages, independent of any shop.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.entity import Entity, longest_first

FACT_KINDS: dict[str, str] = {
    "birthday": r"생일|생신|탄생일|태어[났난]|\bb-?days?\b|\bbirth\s?days?\b|\bborn\b|\bdate of birth\b",
    "anniversary": r"(?:결혼\s*)?기념일|결혼한 날|결혼\s?했|\banniversar(?:y|ies)\b|\bwedding\b|\bgot married\b",
    "size": r"사이즈|싸이즈|치수|발\s?길이|\bsizes?\b|\bsizing\b",
    "width": r"발\s?볼|와이드|발\s?폭|\bwidths?\b|\bwide\b|\bnarrow\b",
    "name": r"이름|성함|닉네임|\bnames?\b",
    "budget": r"예산|\bbudgets?\b",
    "activity": r"취미|\bhobb(?:y|ies)\b|\bactivit(?:y|ies)\b",
    "colour": r"좋아하는 색\S*|색깔|색상|\bcolou?rs?\b",
    "address": r"(?:제|내|우리|저희)\s*(?:집\s*)?주소|\bmy (?:home )?address\b",
    "phone": r"(?:제|내)\s*(?:전화\s?번호|번호|연락처)|\bmy (?:phone )?number\b",
}
PEOPLE: dict[str, str] = {
    "wife": r"아내|와이프|집사람|부인|\bwife(?:'s)?\b",
    "husband": r"남편|신랑|\bhusband(?:'s)?\b|\bhubby(?:'s)?\b",
    "son": r"아들(?:내미)?|\bsons?(?:'s)?\b",
    "daughter": r"딸(?:내미|아이|래미)?(?![기꾹])|\bdaughters?(?:'s)?\b",
    "child": r"우리 애|아이들?|애기|아기|(?:우리 )?애(?=[가는도 ]|들|한테)|\bkids?(?:'s)?\b|\bchild(?:ren)?(?:'s)?\b|\btoddler(?:'s)?\b|\bbaby(?:'s)?\b",
    "mother": r"엄마|어머니|어머님|모친|\bmom(?:'s)?\b|\bmum(?:'s)?\b|\bmother(?:'s)?\b",
    "father": r"아빠|아버지|아버님|부친|\bdad(?:'s)?\b|\bfather(?:'s)?\b",
    "parents": r"부모님|\bparents?(?:')?\b",
    "friend": r"친구|(?:여자|남자)친구|여친|남친|\bfriends?(?:'s)?\b|\b(?:girl|boy)friends?(?:'s)?\b",
    "nephew_or_niece": r"조카|\bnephews?(?:'s)?\b|\bnieces?(?:'s)?\b",
    "grandchild": r"손자|손녀|손주|\bgrand(?:son|daughter|child|kid)(?:ren)?s?(?:'s)?\b",
    "grandparent": r"할머니|할아버지|\bgrand(?:ma|pa|mother|father)(?:'s)?\b",
}
STORE_TOPICS: dict[str, str] = {
    "hours": r"영업\s?시간|오픈\s?시간|몇\s?시(?:에|까지|부터)?|(?:문|가게|매장)\S{0,2}\s?(?:여|열|닫|연)|영업|휴무|쉬는 날|"
    r"\bhours\b|\bopen(?:s|ing)?\b|\bclos(?:e|es|ed|ing)\b",
    "location": r"위치|어디에?\s?(?:있|예요|에요|인가)|주소|찾아가|오시는 길|길 찾|오프라인 매장|"
    r"\blocat(?:ed|ion)\b|\baddress\b|\bwhere (?:is|are|'s)\b|\bdirections\b|\bphysical store\b",
    "delivery": r"배송비?|배달|택배|퀵|픽업|도착|\bshipping\b|\bship(?:s|ped)?\b|\bdeliver(?:y|s|ed)?\b|\bpick(?:\s|-)?up\b",
    "returns": r"반품비?|교환|\breturn(?:s|ed|ing|able)?\b|\bexchang(?:e|es|ing)\b",
    "refunds": r"환불|\brefund(?:s|ed)?\b|\bmoney back\b",
    "payment": r"결제|카드|페이(?![지스])|할부|현금|계좌\s?이체|상품권|\bpay(?:ment|ments|pal|ing)?\b|\bcredit cards?\b|\bcash\b|"
    r"\bapple pay\b|\binstallments?\b|\bvisa\b|\bamex\b",
    "gift_wrapping": r"(?:선물\s?)?포장|\bgift[\s-]?wrap(?:ping|ped)?\b|\bwrap(?:ping|ped)?\b",
    "parking": r"주차(?:장|비)?|\bpark(?:ing)?\b(?! city)|\bparking lot\b",
    "phone": r"전화\s?번호|\bphone number\b|\btelephone\b",
}
_NAME = re.compile(
    r"(?:이름은?|이름이|성함은)\s*(?P<a>[가-힣]{2,4}?|[A-Za-z]+)(?=이에요|예요|에요|입니다|이야|야(?:\s|$)|이라고|라고|임|요?[.!]?$)"
    r"|(?:저를|나를|저는|전|나는|그냥)\s*(?P<b>[가-힣]{2,4}?|[A-Za-z]+)(?:이라고|라고)\s*(?:불러|합니다|해요|해|부르)"
    r"|\b(?:my name is|my name's|i'm called|i am called|call me|the name's|name is)\s+(?P<c>[A-Za-z][A-Za-z'-]*)",
    re.I,
)
_NOT_A_NAME = frozenset({"뭐", "무엇", "뭐라", "not", "what", "back", "a", "the", "when", "later", "tomorrow"})


def _compiled(words: dict[str, str]) -> dict[str, re.Pattern[str]]:
    return {value: re.compile(pattern, re.I) for value, pattern in words.items()}


_PATTERNS = {
    "fact_kind": _compiled(FACT_KINDS),
    "person": _compiled(PEOPLE),
    "store_topic": _compiled(STORE_TOPICS),
}


def find_topics(text: str) -> list[Entity]:
    """Entities `fact_kind`, `person`, `store_topic` and `name`; of one kind none overlap."""
    found: list[Entity] = []
    for entity, patterns in _PATTERNS.items():
        found.extend(longest_first(_matches(text, entity, patterns)))
    return [*found, *_names(text)]


def _matches(text: str, entity: str, patterns: dict[str, re.Pattern[str]]) -> Iterator[Entity]:
    for value, pattern in patterns.items():
        for match in pattern.finditer(text):
            yield Entity(entity, value, match.start(), match.end())


def _names(text: str) -> Iterator[Entity]:
    for match in _NAME.finditer(text):
        group = str(match.lastgroup)
        if match.group(group).lower() not in _NOT_A_NAME:
            yield Entity("name", match.group(group), match.start(group), match.end(group))
