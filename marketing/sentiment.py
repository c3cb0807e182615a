"""How somebody feels about what they speak of, read from their own words by rules that can be read:
whatever is not plainly said is neutral.
"""

from __future__ import annotations

import re
from enum import StrEnum

from marketing.anger import is_angry


class Sentiment(StrEnum):
    """The values are stored: never change one."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"
    ANGRY = "angry"


UNHAPPY = frozenset({Sentiment.NEGATIVE, Sentiment.ANGRY})


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_NOT_SO_BAD = _any(
    r"나쁘지\s?않|안\s?아[프파팠픈]|아프지\s?않|불편(함|하지)\s?(이\s?)?(없|않)|"
    r"문제\s?(도\s?)?(는\s?)?없",
    r"불만\s?(은|도)?\s?없|흠\s?잡을\s?(데|곳)|나무랄\s?(데|곳)|비싸지\s?않|안\s?비싸|"
    r"작지\s?않|실망\s?(하지|안)",
    r"\bnot (too |so |that )?bad\b|\bno (complaints?|problems?|issues?|pain)\b|\bdoes(n['’]?t|"
    r" not) hurt\b",
    r"\bnever (disappoint\w*|hurts?)\b|\bnot (disappointed|expensive)\b|\bcan['’]?t complain\b",
)
_NEGATIVE = _any(
    # what went well, denied
    r"(안|못)\s?(좋|편하|편해|맞|예쁘|예뻐|와요|왔|들어|되|돼|됐)|(좋|편하|예쁘|맞|만족스럽|"
    r"친절하|빠르|튼튼하)지\s?(도\s?)?(가\s?)?않",
    r"\b(not|isn['’]?t|aren['’]?t|wasn['’]?t|weren['’]?t|never)\b( \w+){0,2} "
    r"(good|great|happy|comfortable|satisfied|nice|worth|impressed|right|pleased)\b",
    r"\b(don['’]?t|doesn['’]?t|didn['’]?t|won['’]?t|do not|does not|did not) "
    r"(like|fit|work|match|last|love|close|stay|hold)\b",
    # delivery, quality, size, price, service
    r"늦(어|었|네|게|장)|느(려|리|렸)|지연|안\s?오|아직(도)?\s?안|빠[져졌]\S*\s?왔|누락|"
    r"잘못\s?(왔|온|보|된|샀|배송)|다른\s?(게|걸|상품이?|색이?|사이즈가?)\s?(왔|온|배송)",
    r"떨어[져졌지질]|찢[어긴겨]|터[져졌]|벗겨|뜯[어겨]|부[서러][져졌]|고장|망가|불량|하자|"
    r"구멍|얼룩|보풀|헐거|엉성|허접|조잡|뻑뻑|삐걱|갈라[져졌]|끊어[져졌]",
    r"물이\s?(새|샌|들어)|새(요|네요|는데)|냄새|변색|줄었|줄어들|늘어났|미끄러|벌어[져졌]|"
    r"다르(네|잖|던)|달라|닳",
    r"작(아|네|은|더)|커요|크네|불편|아[파팠프](서|요|네|고|더)?|쓸려|까[져졌]|끼(어|네|어요)|"
    r"꽉\s?끼|맞는\s?(게|것|신발|사이즈|옷)\S*\s?없",
    r"조[이여인임]|풀[리려렸]|더워|답답|미지근|두꺼워서|무거워|무겁|잦[아은]|아무도\s?(안|없)",
    r"비싸|비싼|부담(돼|되|스)|바가지|불친절|무뚝뚝|답(변|장)?이?\s?(도\s?)?(없|안|늦)|"
    r"응대가?\s?(별로|엉망)",
    r"아쉬[워웠운]|아쉽|실망|별로|후회|엉망|부족|불만|속상|서운|답답|마음에\s?안|맘에\s?안|"
    r"기대\s?이하|싸구려|못\s?(신|입|쓰|쓸|믿)",
    r"\b(slow\w*|late|delayed|overdue|missing|lost|damaged|dented|wrong (item|size|colou?r|"
    r"shoes?|one|order))\b",
    r"\b(broke|broken|breaks?|tore|torn|ripped|rips?|cracked|peel\w*|fray\w*|leak\w*|"
    r"squeak\w*|shrank|shrunk|faded|"
    r"defect\w*|faulty|flimsy|stain\w*|holes?)\b|\b(came|coming|come|comes|fell|falling|"
    r"fall) (off|apart|undone|loose)\b",
    r"\b(hurts?|pinch\w*|blisters?|rubs?|uncomfortable|too (small|big|tight|loose|narrow|"
    r"short|long|stiff|heavy|slow))\b"
    r"|\brun(s)? (small|big|large|narrow)\b|\bnothing fits\b|\bstinks?\b|\bsmells?\b",
    r"\b(still|yet to) (have ?n['’]?t|haven['’]?t|hasn['’]?t|waiting|not|no|receive)\b|"
    r"\b(slips?|digs?|wore|crash\w*|stuck|"
    r"wobbl\w*|stopped working|sold out again)\b|\b(more|less) than (i|we) (wanted|expected|"
    r"paid)\b|\bnot as (described|pictured)\b",
    r"\b(aren['’]?t|isn['’]?t|not) (waterproof|real|warm|true to size)\b|\b(bigger|"
    r"smaller) than the other\b",
    r"\b(pricey|expensive|overpriced|rude|unhelpful|disappoint\w*|unhappy|upset|terrible|"
    r"awful|horrible|poor(ly)?|bad|lousy|"
    r"frustrat\w*|annoy\w*|regret\w*|cheaply made|junk)\b|\b(nobody|no one) (answer|repl|"
    r"respond|help)\w*",
)
_POSITIVE = _any(
    r"좋(아|았|네|습|은데요|더라|고|다)|최고|만족|강추|추천(할|해요|합니다)|감동|감사|"
    r"고마[워웠]|고맙|짱|굿|훌륭|완벽|든든|역시",
    r"편(해|하|안|했)|딱이|예[뻐쁘쁩]|이[뻐쁘]|튼튼|가볍|가벼|따뜻|친절|빠르|빨라|빨리\s?(왔|"
    r"와)|꼼꼼|마음에\s?(쏙\s?)?(들|드)|맘에\s?(쏙\s?)?(들|드)|딱\s?맞|잘\s?(맞|신|입|쓰)|"
    r"괜찮|또\s?(살|사고|구매|올)|믿고|나쁘지\s?않|문제\s?없",
    r"\b(love|loved|loves|adore\w*|great|awesome|amazing|excellent|perfect\w*|comfortable|"
    r"comfy|best|fantastic|"
    r"wonderful|beautiful|happy|thrilled|impressed|sturdy|pleased|delighted|recommend|"
    r"thank\w*|thanks|thx)\b",
    r"\b(pretty good|so good|really good|very good|super (fast|soft|light)|fits? (great|well|"
    r"perfectly|like)|works? (great|well)|"
    r"holds? up|so (glad|kind)|very kind|no pain|exactly what|no complaints|not bad|"
    r"can['’]?t complain)\b",
)
_ASKS = re.compile(r"[?？]|나요|까요|어때|얼마|^(do|does|is|are|can|could|what|which|how)\b", re.I)


def sentiment(text: str) -> Sentiment:
    """How they feel. A complaint with a kind word in it is a complaint ("예쁜데 발이 아파요"); a
    kind word in a question praises nothing."""
    if is_angry(text):
        return Sentiment.ANGRY
    if _NEGATIVE.search(_NOT_SO_BAD.sub(" ", text)):
        return Sentiment.NEGATIVE
    if _POSITIVE.search(text) and not _ASKS.search(text):
        return Sentiment.POSITIVE
    return Sentiment.NEUTRAL
