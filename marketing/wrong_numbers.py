"""Which texts say that the number has another owner than the one we wrote to, read before any
understanding. Only whole messages that say nothing else: a message with one more thing in it
("who is this for?", "누구세요? 아 숲길이구나") is left to the dialogue. Source: STORIES 5.
"""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 120

_Parts = tuple[re.Pattern[str], ...]


def _parts(*patterns: str, ends: str = "") -> _Parts:
    return tuple(re.compile(f"(?:{pattern}){ends}") for pattern in patterns)


_EN_NAME = r"[a-z]+"
_EN_CORE = _parts(
    # wrong number
    r"(?:i think |i believe |looks like |sounds like )?"
    r"(?:(?:youve|you|u) (?:probably |must |may |might )?(?:just )?"
    r"(?:have|got|texted|reached|messaged|dialed|contacted|texting)"
    r"|youre texting|you are texting|ur texting|this is|its|it is|thats|that is)"
    r" (?:the )?wrong (?:number|person|phone|guy|girl|lady|cell|no|num|nbr)",
    r"(?:sent |sending |texting |texted )?(?:to )?(?:the )?"
    r"wrong (?:number|person|phone|guy|girl|lady|num)",
    # who is this
    r"who (?:the (?:heck|hell|fuck) |tf |tha |da )?(?:is|s|r|are)? ?(?:this|dis|dat)",
    r"whos (?:this|dis)",
    r"who (?:is|s|are you)? ?(?:texting|messaging|contacting) me",
    r"whos (?:texting|messaging|contacting) me",
    r"who are you and (?:how did you get|why do you have) (?:this|my) number",
    r"i (?:dont|do not) know who (?:this is|you are)",
    # of somebody else
    r"(?:theres |there is )?(?:no one|nobody|noone) (?:here )?(?:named|called|by the name of) "
    rf"{_EN_NAME}(?: {_EN_NAME})?(?: (?:here|at this number))?",
    rf"(?:theres |there is )?no {_EN_NAME} at this number",
    rf"this (?:isnt|is not|is no longer|aint) {_EN_NAME}s (?:number|phone|cell)"
    r"(?: any ?more)?",
    r"this number (?:now )?belongs to (?:someone|somebody) else(?: now)?",
    r"this number (?:has been|was|got|is) reassigned",
    ends=" ",
)
_EN_BESIDE = _parts(
    r"hi|hey|hello|yo|oh|uh|um|huh|hm|hmm|no|nope|ok|okay|what|man|dude|bro|sir|maam",
    r"and|but|please|pls|plz|thanks|thank you|lol|new phone|new number",
    r"sorry|im sorry|sry|so sorry|excuse me|pardon|im afraid|i think|i believe|i guess",
    r"(?:this is |its |thats )?not me|this isnt me|that isnt me|it isnt me",
    rf"(?:im|i am|this is) not {_EN_NAME}",
    rf"this isnt {_EN_NAME}|(?:theres |there is )?no {_EN_NAME} here",
    r"i dont know you|you dont know me|do i know you",
    r"i (?:dont|do not) (?:know|recognize|recognise) this number",
    rf"i dont know (?:any |a |anyone named |anybody named )?{_EN_NAME}",
    r"i (?:just )?got this (?:number|phone)(?: recently| last \w+)?",
    r"(?:please )?(?:stop|quit)(?: texting| messaging| contacting)?(?: me| this number)?",
    r"(?:dont|do not) (?:text|message|contact) (?:me|this number|here)(?: again| any ?more)?",
    r"(?:remove|delete|lose) (?:me|my number|this number)(?: from your list)?",
    r"take (?:me|this number) off(?: your list| the list)?",
    ends=" ",
)
_KO_SENT = r"(?:(?:문자|메시지|메세지|연락|톡|번호|전화|이문자)(?:를|을|가)?)?"
_KO_WRONGLY = (
    r"(?:셨(?:습니다|어요|어여|네요|는데요|는데|나봐요|나보네요|나봅니다|어|네)"
    r"|신(?:거|것)같(?:아요|습니다|은데요|네요|은데|아)|신듯(?:해요|하네요|합니다|한데요)?)"
)
_KO_CORE = _parts(
    # 누구세요
    r"누구(?:세요|세여|셔요|시죠|시지요|시져|신가요|신지요|신지|십니까|신데요|신데|이신가요"
    r"|이세요|이시죠|이십니까|인가요|인데요|예요|에요|죠|지|야|임|심|냐)",
    r"누구(?:신지|인지|세요)?(?:잘|저는|전)?모르겠(?:어요|네요|습니다|는데요|는데)",
    r"누가보내(?:신거예요|신거에요|신건가요|는거예요|시는거예요)",
    # 잘못 보내셨어요
    rf"{_KO_SENT}잘못(?:보내|거|아|누르|연락하|연락주|하|찾으|짚으){_KO_WRONGLY}",
    r"(?:문자|메시지|메세지|연락)(?:가|이)?잘못(?:왔(?:어요|네요|습니다|는데요)"
    r"|온(?:거|것)같(?:아요|습니다|은데요|네요)|온듯(?:해요|합니다|하네요)?)",
    r"잘못(?:된|온)(?:번호|문자|연락)(?:예요|에요|이에요|입니다|네요|이네요|인데요|인거같아요|인것같아요)?",
    r"(?:엉뚱한|다른)(?:사람|번호|분)(?:한테|에게|으로|께)(?:보내|연락하|문자하)셨(?:습니다|어요|네요|는데요)",
    r"(?:이)?번호주인(?:이)?(?:바뀌었|바뀐)(?:어요|습니다|네요|거같아요|것같아요|는데요)",
    r"(?:여기|여긴|이번호에)?그런(?:사람|분)(?:은)?(?:없(?:어요|습니다|는데요|네요)"
    r"|아니(?:에요|예요)|아닙니다|아닌데요)",
    r"wrongnumber",
)
_KO_BESIDE = _parts(
    r"안녕하세요|저기요|저기|여보세요|실례지만|실례합니다|실례합니다만|혹시|근데요?|그런데요?",
    r"죄송(?:하지만|한데요?|합니다|합니다만|해요)|미안(?:하지만|한데|합니다|해요)",
    r"네|예|아니요|아니|아뇨|아|어|엥|음|헐|잉|응|님|요|좀|그|이거|이|저는|저|전|나는|나|난|제가|여기",
    r"문자|번호|이번호|이문자|모르는번호(?:인데요?|네요|예요|에요|입니다)?|처음보는번호(?:인데요?|네요)?",
    r"(?:저|전|저는|나|난|제가)?(?:[가-힣]{1,4})?(?:씨|님)?(?:가|이)?"
    r"(?:아니에요|아니예요|아닙니다|아닌데요|아닌데|아니라고요|아니고요)",
    r"(?:번호|핸드폰|폰)(?:를|을)?바꾼지(?:얼마)?(?:안됐|안되었)(?:어요|습니다|는데요)",
    r"보내지(?:마세요|말아주세요|말아요|마)|연락하지(?:마세요|말아주세요|마)",
    r"문자하지(?:마세요|말아주세요|마)|그만보내(?:세요|주세요)?|그만하세요",
    r"(?:번호)?(?:지워|삭제해|빼)(?:주세요|줘요|주시기바랍니다)|확인(?:해주세요|부탁드려요|부탁드립니다|바랍니다)",
)
_HANGUL = re.compile(r"[가-힣]")


def is_wrong_number(text: str) -> bool:
    """True if the whole message says that it went to a stranger, and nothing besides."""
    folded = unicodedata.normalize("NFKC", text).lower()
    signs = "".join(sign for sign in folded if unicodedata.category(sign) != "Cf")
    if len(signs) > _LONGEST:
        return False
    if _HANGUL.search(signs):
        return _is_made_of(re.sub(r"[^가-힣a-z0-9]", "", signs), _KO_CORE, _KO_BESIDE)
    words = re.sub(r"[^a-z0-9]+", " ", re.sub(r"['’`]", "", signs)).strip()
    return _is_made_of(f"{words} ", _EN_CORE, _EN_BESIDE)


def _is_made_of(text: str, core: _Parts, beside: _Parts) -> bool:
    """True if parts cover the text from end to end, one of `core` among them. Every place is looked
    at once, so that no message takes long."""
    reached: list[set[bool]] = [set() for _ in range(len(text) + 1)]
    reached[0].add(False)
    for place, has_core in enumerate(reached):
        if has_core:
            for part in (*core, *beside):
                if found := part.match(text, place):
                    reached[found.end()] |= {True} if part in core else has_core
    return True in reached[-1]
