"""What may change after a message, by what it was composed to say, or else by the words it holds.
Written down here anew: asks nothing of `nlu` or `actions`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

AGREE, ACCEPT, DECLINE, SIGN_UP, REFUSE = "agree", "accept", "decline", "sign up", "refuse"
ERASE, LEARN, UNLINK, NUMBER = "erase", "learn", "unlink", "number"
MUTE, UNMUTE, REMIND, UNREMIND, PERSON = "mute", "unmute", "remind", "do not remind", "person"
HAGGLE, LOSS = "haggle", "loss"

_ACTS_OF_CHANGES = (
    (r"\+ (consent \w+ given|marketing given|number open)", (AGREE,)),
    (r"\+ offer \S+ accepted", (ACCEPT,)),
    (r"\+ coupon", (ACCEPT, DECLINE, HAGGLE)),
    (r"- offer", (ACCEPT, DECLINE, REFUSE, ERASE)),
    (r"\+ offer", (ACCEPT, DECLINE, REFUSE)),
    (r"\+ consent \w+ requested", (SIGN_UP,)),
    (r"learns_not", (LEARN,)),
    (r"- fact promise", (UNREMIND, ERASE, LEARN)),
    (r"\+ customer erased|- customer there|- fact|- heard|- coupon", (ERASE, LEARN)),
    (r"unlinked|- number", (UNLINK, ERASE, REFUSE)),
    (r"\+ (consent \w+ (refused|withdrawn)|marketing refused)", (REFUSE, UNLINK, ERASE)),
    (r"\+ number stopped", (REFUSE, UNLINK)),
    (r"- (marketing|consent)", (AGREE, REFUSE, UNLINK, ERASE)),
    (r"\+ muted", (MUTE, LOSS)),
    (r"- muted", (UNMUTE, ERASE)),
    (r"\+ due (birthday|anniversary)", ()),
    (r"\+ due", (REMIND, UNREMIND, ACCEPT, DECLINE, REFUSE, ERASE)),
    (r"- due", (UNREMIND, REMIND, ACCEPT, DECLINE, REFUSE, ERASE)),
    (r"waits for a person", (PERSON,)),
    (r"code sent", (NUMBER, SIGN_UP, ERASE)),
)
"""The acts of which the message must say one for a change; the first line that fits counts. What is
not listed (a fact, an opinion) is kept of what somebody tells."""

_ANGER = (
    r"장난|다시(는)?\s?안|꺼져|닥쳐|짜증|열\s?받|화가|최악|사기|어이\s?(가\s?)?없|쓰레기|너무하|돌겠|빡|분통|뚜껑"
    r"|황당|기가\s?막|개판|엉망|이딴|이따|뻔뻔|호구|우롱|기만|고소|고발|신고|소비자|소보원|씨발|시발|병신|지랄|개새"
    r"|\b(scam\w*|furious|angry|livid|pissed|outraged|ridiculous|unacceptable|outrageous|joke|wtf"
    r"|bullshit|fed up|worst|disgust\w*|terrible|horrible|awful|pathetic|ashamed|theft|liars|crooks"
    r"|hate you|nobody cares|sick of|rip-?off|lawyer|sue|report you)\b"
)
"""Who says one of these gets a person unasked."""
_LOOSE = re.compile("([\u3131-\u318e]+)")
_A_YES = {AGREE, ACCEPT, SIGN_UP, ERASE, UNLINK, LEARN, REFUSE, PERSON, NUMBER}
NOT_A_YES = frozenset({DECLINE, REFUSE, MUTE, REMIND, UNREMIND, PERSON, HAGGLE, LOSS})
"""What a sentence that is no yes may say all the same."""
INTENDED: Mapping[str, frozenset[str]] = {
    intent: frozenset(acts)
    for intent, acts in {
        "affirm": _A_YES,
        "give_consent": {AGREE, SIGN_UP},
        "accept_offer": {ACCEPT},
        "buy": {ACCEPT},
        "deny": {DECLINE, REFUSE},
        "decline_offer": {DECLINE},
        "postpone_offer": {DECLINE, REMIND},
        "object_price": {DECLINE, HAGGLE},
        "give_opinion": {MUTE},
        "already_bought": {DECLINE},
        "opt_out": {REFUSE, DECLINE},
        "ask_consent": {SIGN_UP, REFUSE},
        "erase_me": {ERASE},
        "forget_everything": {ERASE},
        "forget_fact": {ERASE},
        "stop_learning": {LEARN},
        "resume_learning": {LEARN},
        "unlink_phone": {UNLINK},
        "give_phone": {NUMBER},
        "give_code": {NUMBER},
        "mute_topic": {MUTE, REFUSE},
        "unmute_topic": {UNMUTE},
        "remind_me": {REMIND, DECLINE},
        "cancel_reminder": {UNREMIND, REFUSE},
        "stock_alert": {REMIND},
        "ask_human": {PERSON},
        "complain": {PERSON},
        "ask_return": {PERSON},
        "change_order": {PERSON},
        "customise": {PERSON},
        "out_of_scope": {LOSS},
    }.items()
}
"""What a whole sentence of `data/nlu` says, by the intent its author wrote it for; all others say
nothing that changes anything."""

_YES = (
    r"(?<![가-힣])(네|넵|넹|예|옙|응|웅|그래|좋아|좋죠|좋습|콜|오케이|오키|물론|당연|할게|할래|부탁|해\s?주세요|해\s?줘)"
    r"|ㅇㅇ|ㅇㅋ|알겠|알았"
    r"|\b(y|ya|yea|yes|yeah|yep|yup|ok|okay|okey|okie|sure|fine|great|perfect|correct|please|absolutely"
    r"|definitely|certainly|exactly|do it|go ahead|of course|why not|sounds good)\b"
)
_BUY = (
    r"살게|살래|살\s?거|사고\s?싶|사려|사겠|주문|구매|구입|결제|담아|담을|담기|넣어|주세요|줘|받을게|받겠|걸로|쿠폰|제안"
    r"|\b(buy|buying|order|ordering|purchase|pay|check ?out|cart|basket|accept|deal|sold"
    r"|i'?ll (take|have|get|go)|(take|get|want|grab|have) (it|this|that|these|those|them|one|both)"
    r"|the (offer|coupon|discount))\b"
)
_CHOICE = r"(?<!\d)[12](?!\d)|첫|두\s?번|둘|하나|\b(first|second|one|two)\b"
_NO = (
    r"아니|아뇨|(?<![가-힣])노(?![가-힣])"
    r"|싫|됐|괜찮|요\s?없|관심\s?없|안\s?(사|살|해|할|받|되|돼)|않|거절|사양|취소|별로|그만|나중|다음|담에|생각|고민"
    r"|망설|딱히|그다지|ㅂㅂ|비싸|비싼|비쌈|샀|구매했|구입했|이미|ㄴㄴ|월급|보류|천천|아직|말고|못\s|지\s?(마|말)"
    r"|like i'?d ever"
    r"|\b(n|no|nope|nah|not|never|don'?t|won'?t|wouldn'?t|can'?t|pass|skip|cancel|later"
    r"|nevermind|another time|next|think|already|bought|have one|elsewhere|expensive|pricey|steep"
    r"|afford|cheaper|too much|decline|reject|wait|payday|busy|someday|some other)\b"
)
_END = (
    r"지워|지우|삭제|탈퇴|없애|파기|잊|폐기|초기화"
    r"|\b(delete|deleting|erase|erasing|forget|remove|removing|wipe|clear|purge|get rid)\b"
)
_STOP = (
    r"그만|거부|거절|차단|철회|해지|보내지|받지|안\s?(받|보)|끊|싫|필요\s?없|사절|탈퇴|취소|누구|잘못"
    r"|take me off|another (ad|text|message)"
    r"|\b(stop|stopall|unsubscribe|opt|end|quit|cancel|revoke|remove|enough|no more|don'?t|not"
    r"|never|cease|withdraw|wrong number|wrong person|who)\b"
)
_WORDS: Mapping[str, str] = {
    ACCEPT: f"{_YES}|{_BUY}|{_CHOICE}",
    DECLINE: f"{_NO}|{_STOP}",
    SIGN_UP: f"{_YES}|동의|신청|구독|세일|할인|소식|알림|쿠폰|행사|이벤트|특가|신상"
    r"|\b(sign|subscribe|deals?|offers?|sales?|alerts?|promos?|news|coupons?|discounts?|opt)\b",
    REFUSE: f"{_STOP}|{_NO}",
    ERASE: f"{_END}|{_YES}",
    LEARN: r"기억|저장|학습|배우|기록|수집|적어"
    r"|\b(track|tracking|learn|remember|store|record|recording|save|keep|storing|remembering|saving"
    r"|noting|note)\b",
    UNLINK: f"{_YES}|번호|연결|해제|\\b(number|phone|unlink|disconnect)\\b",
    NUMBER: r"\d{3}|번호|\b(number|phone|code)\b|코드",
    MUTE: f"{_STOP}|꺼|leave (it|that|them) out|{_NO}|mute|빼|이혼|사별|돌아가"
    r"|\b(divorced?|widow|died|passed away|hate)\b",
    UNMUTE: r"다시|풀|해제|괜찮|돼|\b(again|back|fine|ok|okay|unmute|resume)\b|되",
    REMIND: r"다시|알려|말해|나중|때|\d|달|월|주|일|입고|모레|내년|봄|여름|가을|겨울"
    r"|\b(remind|tell|again|back|ping|let me know|notify|later|in stock)\b"
    r"|\b(tomorrow|spring|summer|fall|autumn|winter|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|january|february|march|april|may|june|july|august|september|october|november"
    r"|december)\b",
    UNREMIND: r"취소|말|마|됐|않|\b(cancel|remov\w*|don'?t|no|stop|never mind|forget)\b",
    HAGGLE: r"\b(over)?(priced|costs?)\b|할인|깎|싸게|싼|비싸|비싼|쿠폰|가격|네고|에누리"
    r"|\b(discount|cheaper|expensive|pricey|price|coupon|lower|deal|too much|budget|afford)\b",
    LOSS: r"\bpassing\b|이혼|사별|돌아가|헤어졌"
    r"|\b(divorced?|widow(ed)?|died|passed away|broke up)\b",
    PERSON: rf"{_YES}|{_ANGER}|(?<!\d)[1-5](?!\d)|사람|상담|직원|매니저|담당|통화|전화|환불|반품"
    r"|교환|불량|하자|고장|취소|변경|잘못된|\bwrong\b|\bcharged\b"
    r"|\b(human|person|agent|someone|somebody|staff|manager|representative|real|people|refund|return"
    r"|exchange|broken|call|speak|talk|cancel|change)\b",
}
"""Words of which a message made of others' words must hold one for the act."""
_AGREES = re.compile(
    r"(?:(?:네|예|넵|응|yes|ok|okay|sure) ?){0,2}"
    r"(?:(?:광고 )?(?:수신에? ?)?동의(?:해|해요|합니다|함|할게|할게요|하겠습니다|드립니다)?(?: 네)?"
    r"|(?:yes )?(?:i (?:do )?)?(?:agreed?|consent)|(?:yes )?i do|please)?"
)
"""A whole message that may give a consent."""


def acts_of(change: str) -> tuple[str, ...]:
    """The acts of which one must have been said for it; none for what is merely kept."""
    for pattern, acts in _ACTS_OF_CHANGES:
        if re.search(pattern, change):
            return acts
    return ()


def holds_a_clear_word(text: str) -> bool:
    """Whether it holds a word or a digit of any list: a message of none of those says nothing."""
    plain = folded(text)
    return bool(re.search(r"\d", plain)) or any(re.search(one, plain) for one in _WORDS.values())


def says(act: str, text: str) -> bool:
    """Whether the text, of unknown author, says the act clearly."""
    plain = folded(text)
    if act == AGREE:
        words = re.sub(r"[\s.!,~'\"]+", " ", plain).strip()
        return bool(words) and _AGREES.fullmatch(words) is not None
    return re.search(_WORDS[act], plain) is not None


def is_meant(change: str, text: str, intended: frozenset[str] | None) -> bool:
    """Whether the message asks for the change, by what it was composed to say (`intended`), or by
    its words where that is not known."""
    acts = acts_of(change)
    if not acts:
        return True
    if intended is not None:
        return bool(intended.intersection(acts))
    return any(says(act, text) for act in acts)


def folded(text: str) -> str:
    """As the lists are written: loose Hangul letters, as in "ㅇㅋ", stay as they are typed."""
    parts = _LOOSE.split(unicodedata.normalize("NFC", text).casefold())
    return "".join(
        part if _LOOSE.fullmatch(part) else unicodedata.normalize("NFKC", part) for part in parts
    )
