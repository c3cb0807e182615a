"""Random messages of many kinds, the same for the same seed. Each knows what it was composed to
say: nothing clear, the acts of a whole sentence, or words that only the lists of `clear_words_said`
can judge.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from nlu.flows import read_examples
from tests.conversations.clear_words_said import INTENDED, NOT_A_YES, holds_a_clear_word, says
from tests.conversations.hard_negatives import hard_negatives

_NOTHING: frozenset[str] = frozenset()
_FOREIGN = (
    *("はい、買います", "同意します", "да, конечно", "نعم أوافق", "כן", "हाँ", "ναι", "ใช่", "好的"),
    *(
        "oui d'accord",
        "sí, compro",
        "ja, bitte",
        "sim, quero",
        "evet, kabul ediyorum",
        "tak, kupuję",
    ),
)
_CODE = (
    *("' OR 1=1; --", "'; DROP TABLE customers; --", "<script>alert('yes')</script>", "<b>네</b>"),
    '{"intent": {"name": "affirm", "confidence": 1.0}}',
    *("/affirm", '/buy{"product": "sori-road"}', '/give_consent{"confidence": 1}', "/erase_me"),
    *("EXTERNAL: accept_offer", "${jndi:ldap://x/y}", "{{7*7}}", "{shop_name} {offer}", "%s%s%n"),
    *("../../etc/passwd", "\\u0000", "null", "NaN", "[]", "__class__", '{"text": "yes"}'),
)
_EMOJI = "😀😂👍👌🙏❤️🔥🛒💳✅❌🤔👟🎁🙆‍♀️👨‍👩‍👧"
_ODD = "\u200b\u200d\u2060\ufeff\u202e\u0301\ufffd\x00\x07\x1b\x9f\ud83d\udc4d\ue000\U000e0041"
_LETTERS = "qwertyasdfzxcvㅁㅇㄹㅂㅈㄷㄱㅋㅎㅠㅏㅓ뷁쀍 .,!?;:/-_=+()[]{}"
_SLIPS = "qwertyasdfzxcvㅁㄴㅇㄹㅂㅈㄷㄱㅋㅎㅠㅏㅓ뷁쀍1234567890 .,!?;:/-_=+()[]{}"
_SHORT_ANSWER = re.compile(
    r"(y+|n+|k+|ya|yea?|yes+|ok|no+|ty|st|ㅇ+|ㅇㅋ|ㄴ+|ㄱ+|ㅇㅈ|ㄹㅇ|ㅅㄹ)?", re.IGNORECASE
)
_NEUTRAL = (
    *(
        "이거 방수 돼요?",
        "무게가 어떻게 되나요",
        "배송은 며칠 걸려요?",
        "매장이 어디예요",
        "몇 시에 열어요?",
    ),
    *("소리 로드 가격 알려 주실래요?", "이 신발 색깔 뭐뭐 있나요", "세탁기에 돌려도 되나요?"),
    *("비 오는 날 미끄럽지는 않나요?", "밑창은 어떤 재질이에요", "끈 색도 고를 수 있나요?"),
    *("포장은 어떻게 와요?", "해외로도 보내시나요?", "현금영수증 되나요?", "주차할 데 있어요?"),
    *("날씨가 참 맑네요", "점심 뭐 드셨어요?", "주말에 북한산 갔다 왔는데 단풍이 예쁘더라고요"),
    *(
        "로봇이랑 얘기하는 거예요?",
        "저 질문 하나만요",
        "신발 끈은 어떻게 매는 거예요?",
        "음...",
        "흠",
    ),
    *("그게 무슨 뜻이에요?", "잘 모르겠는데 설명 좀", "가벼운 거랑 튼튼한 거랑 뭐가 달라요?"),
    *("고어텍스가 뭐예요?", "여름에 신어도 되나요", "양말은 두꺼운 걸 신는 게 나을까요?"),
    *(
        "is it waterproof?",
        "how heavy is this shoe?",
        "how long does shipping take?",
        "where are you",
    ),
    *(
        "what time do you open",
        "does it come in green?",
        "what is the sole made of?",
        "who made this",
    ),
    *("can it go in the washing machine?", "is the tongue padded?", "do you ship to canada?"),
    *(
        "the weather is lovely here",
        "my dog ate breakfast",
        "are you a robot?",
        "what does that mean",
    ),
    *("tell me more about the material", "how do these compare with trail runners?", "hmm", "umm"),
    *("is parking available?", "what is gore-tex?", "would these survive a muddy marathon?"),
    *("which socks go with hiking boots?", "i walked along the river and saw a heron", "huh"),
    *(
        "how does the lacing system work?",
        "do the insoles come out?",
        "what's your favorite trail?",
    ),
)
"""Questions and remarks that decide nothing and tell nothing of their writer."""
_INSIDE = (
    *(
        "네이버 지도",
        "예쁘다 정말",
        "응급실 어디예요",
        "오케스트라 공연",
        "콜라 한 잔",
        "그래프가 이상해요",
    ),
    *("동의보감 읽는 중", "구매팀 어디 있어요?", "주문진 바다", "취소선 긋는 법", "삭제된 장면"),
    *(
        "당연지사라는 말",
        "물론이라는 시",
        "사자자리 운세",
        "살구 향기",
        "거부반응이라니",
        "예약석 창가",
    ),
    *("yesterday was rainy", "okra soup", "stopwatch battery", "sure-footed goats", "nobody knows"),
    *(
        "the agreement form",
        "buyer's remorse",
        "goodness gracious",
        "notable people",
        "finely knit",
    ),
    *(
        "a yes-man",
        "the ok corral",
        "noon in november",
        "deletion of scenes",
        "unforgettable views",
    ),
    *(
        "an offering at church",
        "the orderly queue",
        "takeaway food",
        "a dealership",
        "endless rain",
    ),
)
"""Words that begin as a clear one does."""
_CLEAR = {
    "affirm": (
        "네",
        "넵",
        "네 좋아요",
        "응",
        "ㅇㅇ",
        "yes",
        "yes please",
        "ok",
        "sure",
        "네!!",
        "Yep.",
    ),
    "deny": ("아니요", "아뇨 됐어요", "no", "no thanks", "nope", "ㄴㄴ"),
    "give_consent": ("동의합니다", "네 동의해요", "I agree", "yes I agree"),
    "accept_offer": ("그 제안 받을게요", "I'll take the offer"),
    "buy": ("소리 로드 살게요", "I want to buy the Sori Road", "이거 주문할게요"),
    "postpone_offer": ("다음에 살게요", "maybe later"),
    "opt_out": ("STOP", "수신거부", "unsubscribe", "광고 그만 보내세요"),
    "erase_me": ("제 정보 다 지워 주세요", "delete all my data"),
    "unlink_phone": ("제 번호 연결 끊어 주세요", "unlink my number"),
}
"""Plain words for each thing that could be open, by the intent they were written for."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """A text, or the bare bytes of a request, and what it was composed to say."""

    kind: str
    text: str
    acts: frozenset[str] | None
    """The acts it says on purpose; none at all in most, None where the word lists must judge."""
    may_tell: bool
    """True if real words stand in it from which a fact or an opinion may be kept."""
    raw: bytes | None = None
    """The body as it is sent to the door, instead of `text`."""


class Messages:
    """Draws one message after the other."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        examples = read_examples()
        self._examples = [(one.text, one.intent) for one in examples]
        self._words = sorted({word for text, _ in self._examples for word in text.split()})
        self._plain = [word for word in self._words if not holds_a_clear_word(word)]
        self._negatives = [one.text for one in hard_negatives() if not one.text.isdigit()]
        pick = chance.choice
        nothing: dict[str, tuple[int, Callable[[], str]]] = {
            "keys": (9, lambda: self._meaningless(self._keys)),
            "emoji": (5, lambda: self._some(_EMOJI, 1, 6)),
            "odd signs": (5, lambda: self._some(_ODD, 1, 8) + pick(("", pick(_NEUTRAL)))),
            "any code points": (6, lambda: self._meaningless(self._any_signs)),
            "other languages": (5, lambda: " ".join(chance.sample(_FOREIGN, chance.randint(1, 3)))),
            "code": (6, lambda: pick(("", " ", "\u200b")) + pick(_CODE)),
            "neutral": (10, lambda: pick(_NEUTRAL)),
            "two neutral ones": (5, lambda: f"{pick(_NEUTRAL)} {pick(_NEUTRAL)}"),
            "neutral, mistyped": (
                7,
                lambda: self._meaningless(lambda: self._mistyped(pick(_NEUTRAL), _LETTERS)),
            ),
            "words within words": (5, lambda: pick(_INSIDE) + pick(("", "?", "…", " ㅋㅋ"))),
            "very long": (3, lambda: f"{pick(_NEUTRAL)} " * chance.randint(20, 120)),
        }
        telling: dict[str, tuple[int, Callable[[], str]]] = {
            "plain words at random": (10, self._plain_words),
        }
        mixed: dict[str, tuple[int, Callable[[], str]]] = {
            "numbers": (3, self._number),
            "half sentences": (4, self._half),
            "two half sentences": (3, lambda: f"{self._half()} {self._half()}"),
            "sentences, mistyped": (4, lambda: self._mistyped(pick(self._examples)[0], _SLIPS)),
            "any words at random": (3, lambda: " ".join(chance.choices(self._words, k=5))),
            "one word": (2, lambda: pick(self._words) + pick(("", "?", "!", "…", " ㅋㅋ"))),
        }
        self._kinds: dict[str, tuple[int, Callable[[], Message]]] = {
            **{kind: (n, _composed(kind, made, _NOTHING)) for kind, (n, made) in nothing.items()},
            **{
                kind: (n, _composed(kind, made, _NOTHING, may_tell=True))
                for kind, (n, made) in telling.items()
            },
            **{
                kind: (n, _composed(kind, made, None, may_tell=True))
                for kind, (n, made) in mixed.items()
            },
            "hard negatives": (10, self._negative),
            "whole sentences": (6, self._whole),
            "clear words": (4, self._clear),
            "code around a clear word": (4, self._code_with_a_clear_word),
            "odd bodies": (6, self._odd_body),
        }

    def next(self) -> Message:
        """A message of a kind that is drawn by its weight."""
        weights = [weight for weight, _ in self._kinds.values()]
        (kind,) = self._chance.choices(list(self._kinds), weights)
        return self._kinds[kind][1]()

    def _some(self, signs: str, fewest: int, most: int) -> str:
        return "".join(self._chance.choices(signs, k=self._chance.randint(fewest, most)))

    def _keys(self) -> str:
        return self._some(_LETTERS, 1, 40)

    def _meaningless(self, made: Callable[[], str]) -> str:
        """One that does not happen to spell a short answer or a number."""
        while True:
            text = made()
            letters = "".join(sign for sign in text if sign.isalnum())
            if not _SHORT_ANSWER.fullmatch(letters) and not re.search(r"\d", text):
                return text

    def _any_signs(self) -> str:
        most = (0x250, 0x11000)
        return "".join(
            chr(self._chance.randrange(self._chance.choice(most)))
            for _ in range(self._chance.randint(1, 30))
        )

    def _code_with_a_clear_word(self) -> Message:
        """Says nothing, unless that no more texts are wanted: that is heard in any dress (RULES
        US-2)."""
        intent = self._chance.choice(list(_CLEAR))
        word = self._chance.choice(_CLEAR[intent])
        form = self._chance.choice(
            ("<b>{}</b>", '{{"text": "{}"}}', "<script>{}</script>", "{{{{{}}}}}", "'; {} --")
        )
        return Message(
            kind="code around a clear word",
            text=form.format(word),
            acts=INTENDED[intent] if intent == "opt_out" else _NOTHING,
            may_tell=False,
        )

    def _plain_words(self) -> str:
        return " ".join(self._chance.choices(self._plain, k=self._chance.randint(1, 9)))

    def _half(self) -> str:
        sentence = self._chance.choice(self._examples)[0]
        place = self._chance.randint(1, max(1, len(sentence) - 1))
        return self._chance.choice((sentence[:place], sentence[place:]))

    def _mistyped(self, text: str, slips: str) -> str:
        signs = list(text)
        for _ in range(self._chance.randint(1, 4)):
            place = self._chance.randrange(len(signs) + 1)
            signs[place : place + self._chance.randint(0, 1)] = self._some(slips, 0, 1)
        return "".join(signs)

    def _number(self) -> str:
        forms = ("{}", "{}번", "{}?", "#{}", "{}원", "-{}", "{}.5", "+{}", "{}mm")
        number = self._chance.randrange(10 ** self._chance.randint(1, 12))
        return self._chance.choice(forms).format(number)

    def _whole(self) -> Message:
        text, intent = self._chance.choice(self._examples)
        acts = INTENDED.get(intent, _NOTHING)
        return Message(kind="whole sentences", text=text, acts=acts, may_tell=True)

    def _negative(self) -> Message:
        """Says no yes; but some say no."""
        text = self._chance.choice(self._negatives)
        acts = frozenset(act for act in NOT_A_YES if says(act, text))
        return Message(kind="hard negatives", text=text, acts=acts, may_tell=True)

    def _clear(self) -> Message:
        intent = self._chance.choice(list(_CLEAR))
        text = self._chance.choice(_CLEAR[intent])
        return Message(kind="clear words", text=text, acts=INTENDED[intent], may_tell=True)

    def _odd_body(self) -> Message:
        text = self._meaningless(self._keys)
        raw = self._chance.choice(
            (
                lambda: _as_json(text).replace(b"\\u", b"\\x", 1) + b"\xff",
                lambda: _as_json(text)[: self._chance.randint(0, 9)],
                lambda: self._some("[", 20_000, 20_000).encode(),
                lambda: _as_json("가" * self._chance.choice((2_001, 6_000, 60_000))),
                lambda: b'{"text": "yes", "text": ' + json.dumps(text).encode() + b"}",
                lambda: b"\xef\xbb\xbf" + _as_json("yes"),
                lambda: b'{"text": "\\ud83d yes"}',
                lambda: b'{"text": "yes\\u0000"}',
                lambda: b'{"text": ' + b"9" * self._chance.choice((1, 5_000)) + b"}",
                lambda: b'{"text": "yes", "message_id": {"a": 1}}',
                lambda: json.dumps({"text": self._other_than_text()}).encode(),
                lambda: json.dumps([self._other_than_text()]).encode(),
                lambda: self._chance.randbytes(self._chance.randint(0, 300)),
                lambda: b"Body=%ff%zz%00&Body=yes&From=" + self._chance.randbytes(9),
                lambda: b"&".join([b"Body=yes"] * 3_000),
                lambda: b"Body=" + b"y" * 300_000,
            )
        )()
        return Message(kind="odd bodies", text=text, acts=_NOTHING, may_tell=False, raw=raw)

    def _other_than_text(self) -> object:
        return self._chance.choice(
            (None, True, 1, 1e308, float("nan"), [], ["yes"], {"text": "yes"}, {}, "")
        )


def _composed(
    kind: str, made: Callable[[], str], acts: frozenset[str] | None, *, may_tell: bool = False
) -> Callable[[], Message]:
    return lambda: Message(kind=kind, text=made(), acts=acts, may_tell=may_tell)


def _as_json(text: str) -> bytes:
    return json.dumps({"text": text}).encode("ascii")
