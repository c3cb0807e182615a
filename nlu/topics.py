"""What a message is about, in fixed words of the two languages that hold for any shop.

Kinds of facts, people in the customer's life, what is asked of a product or of the store, and what
went wrong. Must not know the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from nlu.entity import Entity, longest_first
from nlu.language import has_hangul


class _Words(NamedTuple):
    """Patterns of one value: Korean anywhere in a text with Hangul, English as whole words."""

    korean: str
    english: str


FACT_KINDS = {
    "birthday": _Words("생일|생신|탄생일|태어[났난]", r"b-?days?|birth\s?days?|born|date of birth"),
    "anniversary": _Words(
        r"(?:결혼\s*)?기념일|결혼한 날|결혼\s?했", "anniversar(?:y|ies)|wedding|got married"
    ),
    "size": _Words(r"사이즈|싸이즈|치수|발\s?길이", "sizes?|sizing"),
    "width": _Words(r"발\s?볼|와이드|발\s?폭", "widths?|wides?|narrow"),
    "name": _Words("이름|성함|닉네임", "names?"),
    "budget": _Words("예산", "budgets?"),
    "activity": _Words("취미", "hobb(?:y|ies)|activit(?:y|ies)"),
    "colour": _Words(r"좋아하는 색\S*|색깔|색상", "colou?rs?"),
    "address": _Words(r"(?:제|내|우리|저희)\s*(?:집\s*)?주소", "my (?:home )?address"),
    "phone": _Words(r"(?:제|내)\s*(?:전화\s?번호|번호|연락처)", "my (?:phone )?number"),
}
PEOPLE = {
    "wife": _Words("아내|와이프|집사람|부인", "wife"),
    "husband": _Words("남편|신랑", "husband|hubby"),
    "son": _Words("아들(?:내미)?", "sons?"),
    "daughter": _Words("딸(?:내미|아이|래미)?(?![기꾹])", "daughters?"),
    "child": _Words(
        "우리 애|아이들?|애기|아기|막내|(?:우리 )?애(?=[가는도 ]|들|한테)",
        "kids?|child(?:ren)?|toddlers?|baby",
    ),
    "mother": _Words("엄마|어머니|어머님|모친", "mom|mum|mother"),
    "father": _Words("아빠|아버지|아버님|부친", "dad|father"),
    "parents": _Words("부모님", "parents?"),
    "friend": _Words("친구|(?:여자|남자)친구|여친|남친", "friends?|(?:girl|boy)friends?"),
    "nephew_or_niece": _Words("조카", "nephews?|nieces?"),
    "grandchild": _Words("손자|손녀|손주", "grand(?:son|daughter|child|kid)(?:ren)?s?"),
    "grandparent": _Words("할머니|할아버지", "grand(?:ma|pa|mother|father|parents?)"),
}
STORE_TOPICS = {
    "hours": _Words(
        r"영업|오픈\s?시간|몇\s?시|(?:문|가게|매장)\S{0,2}\s?(?:여|열|닫|연)|휴무|쉬는 날",
        "hours|open(?:s|ing)?|clos(?:e|es|ed|ing)",
    ),
    "location": _Words(
        r"위치|어디에?\s?(?:있|예요|에요|인가)|주소|찾아가|오시는 길|길 찾|오프라인 매장",
        "locat(?:ed|ion)|address|where (?:is|are)|directions|physical store|get there",
    ),
    "delivery": _Words(
        "배송비?|배달|택배|퀵|픽업|도착",
        r"shipping|ship(?:s|ped)?|deliver(?:y|s|ed)?|pick(?:\s|-)?up|arrives?",
    ),
    "returns": _Words("반품비?|교환", "return(?:s|ed|ing|able)?|exchang(?:e|es|ing)"),
    "refunds": _Words("환불", "refund(?:s|ed)?|money back"),
    "payment": _Words(
        r"결제|카드|페이(?![지스])|할부|현금|이체|상품권|입금",
        "pay(?:ment|ments|pal|ing)?|credit cards?|cash|installments?|visa|amex|bank transfer",
    ),
    "gift_wrapping": _Words(r"(?:선물\s?)?포장", r"(?:gift[\s-]?)?wrap(?:ping|ped)?"),
    "parking": _Words("주차(?:장|비)?", "park(?:ing)?(?: lot)?"),
    "phone": _Words(r"전화\s?번호", "phone number|telephone"),
}
PRODUCT_TOPICS = {
    "material": _Words(
        "소재|재질|원단|가죽|안감|충전재|오리털|거위털|만들었|만든 거",
        "materials?|made (?:of|from)|leather|cotton|lining|filling|down|synthetic|wool",
    ),
    "waterproof": _Words(
        "방수|물 [안새]|고어텍스", r"water\s?proof|water[\s-]?resistant|gore-?tex|wet"
    ),
    "weight": _Words("무게|몇 그램|무거|가벼", "weighs?|weight|heavy|light(?:er|weight)?"),
    "warmth": _Words("따뜻|보온|방한|덥지|더운|통풍", "warm(?:er|th)?|breathable|windproof"),
    "fit": _Words(
        r"정사이즈|(?:작게|크게) 나|치수 크게|반\s?업|사이즈 업|발목",
        "true to size|runs? (?:small|large|big)|size up|fits?|roomy|toe box|ankle",
    ),
    "care": _Words("세탁|빨아|건조기|관리 방법|드라이클리닝", "wash(?:able)?|dryer|clean|care"),
    "parts": _Words(
        "주머니|지퍼|모자 달|밑창|인솔|벨트|끈이|레인커버|물통",
        "pockets?|hood|zippers?|soles?|insoles?|belt|laces|velcro|rain cover",
    ),
    "capacity": _Words("몇 리터|용량", "how many lit(?:er|re)s|capacity"),
    "comparison": _Words(
        "차이|비교|뭐가 더|어떤 게 더|뭐가 달라", "differences?|compare[sd]?|better for|versus|vs"
    ),
    "warranty": _Words(
        r"보증|에이에스|(?<![A-Za-z])(?:A/S|(?-i:AS))(?![A-Za-z])|(?<![A-Za-z])as(?=[가-힣])",
        "warranty|guarantee",
    ),
    "reviews": _Words("후기|리뷰|평이", "reviews?"),
    "picture": _Words("사진", "pictures?|photos?"),
}
PROBLEMS = {
    "broken": _Words(
        "불량|하자|고장|파손|찢어|떨어졌|구멍|터졌",
        "broken?|damaged|defect(?:ive)?|faulty|tore|torn|fell apart|came off|hole",
    ),
    "wrong_item": _Words(
        r"잘못 [왔온]|다른 (?:게|상품이|색이) (?:왔|배송)|빠져서 왔",
        "wrong (?:item|size|color|colour|order)|missing (?:an )?items?",
    ),
    "not_arrived": _Words(
        r"안 왔|안 와요|어디쯤|언제 와", "hasn't arrived|never came|where(?:'s| is) my|track my"
    ),
}

_LEXICON: Mapping[str, Mapping[str, _Words]] = {
    "fact_kind": FACT_KINDS,
    "person": PEOPLE,
    "store_topic": STORE_TOPICS,
    "product_topic": PRODUCT_TOPICS,
    "problem": PROBLEMS,
}


@dataclass(frozen=True)
class _Patterns:
    """What one language has for one entity."""

    may_hold: re.Pattern[str]
    """Matches wherever one of `of_value` does: most texts hold none, and are done with sooner."""
    of_value: Mapping[str, re.Pattern[str]]


_KOREAN = {
    entity: _Patterns(
        re.compile("|".join(words.korean for words in values.values()), re.IGNORECASE),
        {value: re.compile(words.korean, re.IGNORECASE) for value, words in values.items()},
    )
    for entity, values in _LEXICON.items()
}
_ENGLISH = {
    entity: _Patterns(
        # For a text in small letters: to ignore case takes Python three times as long.
        re.compile(rf"\b(?:{'|'.join(words.english for words in values.values())})"),
        {
            value: re.compile(rf"\b(?:{words.english})(?:'s)?\b", re.IGNORECASE)
            for value, words in values.items()
        },
    )
    for entity, values in _LEXICON.items()
}
_LATIN = re.compile("[A-Za-z]")


def find_topics(text: str) -> list[Entity]:
    """Entities `fact_kind`, `person`, `store_topic`, `product_topic` and `problem`.

    Of one kind none overlap; of two kinds they may ("주소" is a place and a kind of fact). Each
    language's words are looked for only in a text with its letters.
    """
    tried = [(_KOREAN, text)] if has_hangul(text) else []
    if _LATIN.search(text):
        tried.append((_ENGLISH, text.casefold()))
    found: list[Entity] = []
    for entity in _LEXICON:
        matches = (
            one
            for words, looked_through in tried
            if words[entity].may_hold.search(looked_through)
            for one in _matches(text, entity, words[entity])
        )
        found.extend(longest_first(matches))
    return found


def _matches(text: str, entity: str, patterns: _Patterns) -> Iterator[Entity]:
    for value, pattern in patterns.of_value.items():
        for match in pattern.finditer(text):
            yield Entity(entity, value, match.start(), match.end())
