"""Whether somebody is angry, by clear words alone. In doubt nobody is. The only rules of it:
whoever is angry is offered a person, and what they say of the shop is kept as an angry word."""

from __future__ import annotations

import re

_KOREAN = (
    r"짜증\s*(?!(안|하나도|별로))(나|났|이|만|스러|난다|$|[.!?~ㅡ])",
    r"화가?\s*(나|났|납)(네|요|서|는|죠|다|지|려|어|니|고|습|$|[.!?])",
    r"열\s*받(네|아|았|게|는|어|습)",
    r"빡\s*(치|쳐|쳤|친)|돌겠(네|어|다|습)|분통|뚜껑\s*열",
    r"어이\s*(가\s*)?없|기가\s*막혀|황당하",
    r"개판|엉망진창|이딴|이따위|이따구|뻔뻔(하|한|해|스)|쓰레기\s*(를\s*보|같|네|예요|잖)",
    r"너무하(네|시|잖)|뭐\s*하자는|말이\s*(됩니까|되냐|안\s*되잖)|호구로|우롱|기만하",
    r"장사\s*(접|그만)|언제까지\s*기다(려|리)(요|라|게|야)|(두\s*번\s*다시|다시는)\s*(안|절대)",
    r"사기\s*(꾼|당하|당했|당한|치|쳐|잖|네|예요|이에요|아니에요|죠)",
    r"(정말|진짜|완전|서비스|대응|쇼핑몰)\s*최악|최악(이네|이에요|의 (서비스|쇼핑몰|가게|대응))",
    r"장난\s*(하냐|하나|합니까|해요|하세요|치나|치냐|쳐요|지금)",
    r"소비자\s*(보호\s*)?원|소보원|고소(하|합|할\s*(거|게))|고발하|신고하겠|신고할\s*(거|게|테)",
    r"[씨시쓰]\s*[발팔벌빨](?!점|\s*역|자)|ㅅㅂ|ㅆㅂ|병신|ㅂㅅ|좆|[개엿]\s*같(네|은\s*가게|아)|지랄|ㅈㄹ|개새|꺼져",
    r"참는\s*것도\s*한계|더는\s*못\s*참|몇\s*번을\s*말(해|하)|도대체\s*몇\s*번",
)
_ENGLISH = (
    r"\b(i'?m|i am|we'?re|so|very|really|getting) (angry|furious|livid|pissed|outraged|fuming)\b",
    r"\b(absolutely|just|totally|beyond) (furious|livid|disgusted)\b|\butterly disgusted\b",
    r"\b(had it with (this|you|your)|how dare you|are you kidding me|what a scam)\b",
    r"\bhate (you|your)\b",
    r"\byou('?re| are| people are| guys are) (all )?(a joke|liars|crooks)\b|\byou lied\b",
    r"\b(ashamed of your|should be ashamed|this is theft|pathetic (service|store|shop|excuse))",
    r"\bnever (ever )?(buy|buying|shop|shopping|order|ordering)( \w+)? "
    r"(from|with|at|here)\b|\b(report(ing)? you|disput(e|ing) (this|the) charge)\b",
    r"\bnobody cares\b",
    r"\bpissed off\b|\bfed up\b|\bsick (and tired )?of (this|you|your|waiting)\b",
    r"\b(this|that|it)('?s| is) (ridiculous|unacceptable|outrageous|a joke|bullshit|a scam)\b",
    r"\b(absolutely|totally|completely) (ridiculous|unacceptable|useless)\b",
    r"\bworst (service|store|shop|experience|company|customer)\b",
    r"\b(terrible|horrible|awful|disgraceful) (service|experience|support|store|company)\b",
    r"\bwtf\b|\bfuck|\bbullshit\b|\bscammers?\b|\brip-?off\b|\bripped off\b",
    r"\bmy lawyer\b|\bsue you\b",
    r"\bbetter business bureau\b|\bhow many times do i\b",
)
_ANGRY = re.compile("|".join((*_KOREAN, *_ENGLISH)), re.IGNORECASE)
_NOT = re.compile(
    r"(짜증|화|열)\S*\s*(안|하나도|별로)|(안|하나도)\s*(짜증|화나|열받)|(화|짜증)(나|내)지\s*(않|마)"
    r"|\b(not|n't|isn'?t|never) (so |very |really |that |even )?(angry|furious|pissed|a scam)\b",
    re.IGNORECASE,
)


def is_angry(text: str) -> bool:
    """True if the words are plainly those of somebody who is angry with the shop."""
    said = text.replace("\u2019", "'")
    return _ANGRY.search(said) is not None and _NOT.search(said) is None
