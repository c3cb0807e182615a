"""Where a clause begins and ends, and what becomes of what is said in it: asked, denied, supposed,
heard from others, or past.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import dropwhile, pairwise

from nlu.facts.tokens import PUT_RIGHT, Token

_KOREAN_QUESTION = re.compile(
    "(?:까|까요|나요|니|냐|은가요|ᆫ가요|는가요|는지요|ᆫ지요|습니까|ᆸ니까|ᆯ까요|을까요|으려나|던가요)$"
)
_KOREAN_TAG = re.compile("(?:죠|지요)$")
_ASKED_FOR = frozenset(
    {"맞", "있", "되", "언제", "뭐", "무엇", "몇", "어디", "누구", "얼마", "어떻", "어떤"}
)
"""With one of these "…죠" asks; otherwise it insists."""
_KOREAN_SUPPOSES = re.compile(r"(?:면|다면|라면|거든|ᆫ다면|는다면|어도|아도)$")
_KOREAN_HEARSAY = re.compile(
    "(?:대요|대|(?<![ᆯ을])래요|(?<![ᆯ을])래|[다라]던데|[다라]던데요|다더라|다더라고요|다네요|[다라]더니)$"
)
_QUOTED = re.compile("[다라]고$")
_TOLD_BEFORE = frozenset({"하", "말", "얘기", "말씀"})
_AUXILIARY = re.compile("V[XC]|XS[VA]")
_WORD = re.compile("[a-z]+")
_ASKING_HEADS = frozenset(
    _WORD.findall(
        """
        do does did is are can could will would should have has what which how where who when why
        any may am
        """
    )
)
_SUBJECTS = frozenset(
    _WORD.findall(
        """
        i my we our he she his her it they their you your this that these those there do does did
        is are can could will would what which how where please just not mine
        """
    )
)
_ARTICLES = frozenset({"a", "an", "the", "very", "really", "so", "size"})
_CUTS = frozenset(
    {"but", "because", "so", "though", "although", "while", "cause", "cuz", "btw", "if"}
)
_VERY_MUCH = frozenset(
    {"be", "get", "feel", "look", "run", "love", "like", "not", "easily", "easy", "quickly"}
    | {"fast", "much", "many", "bad", "badly", "often"}
)
"""Beside these "so" is no "therefore"."""
_STRESSES = frozenset({"다", "딱", "더", "꼭", "잘", "좀", "훨씬", "제일"})
_OTHERS = frozenset({"they", "he", "she", "people"})
_FUTURE = re.compile(r"(?:month|week|year)\+?[/1-9]|days\+[1-9]|20\d\d-")
_EVERY = frozenset({"매년", "매달", "매주", "마다", "해마다", "every", "each"})
_GONE_BY = re.compile(r"(?:days|week|month|year)-")
_HATES = frozenset({"싫", "싫어하", "질색", "hate", "dislike"})
_REFUSALS = frozenset({"안", "못", "별로", "싫", "싫어하", "불편"})
_IN_REACTION = frozenset({"먹", "닿", "만지", "입", "신", "쓰", "차", "타", "마시"})
_WONDERS = re.compile("[는은을ᆫᆯ]지$")


@dataclass(frozen=True)
class Clause:
    """Some words in a row of which one thing is said."""

    tokens: Sequence[Token]
    sentence: int
    is_asked: bool
    is_denied: bool
    is_supposed: bool
    is_hearsay: bool
    is_past: bool
    is_reported: bool = False
    """True where only the ending says that it was heard ("…대요"): people close by tell of
    themselves."""

    @cached_property
    def lemmas(self) -> frozenset[str]:
        """The lemmas and the `<types>` that stand in it; `<planned>` where it is still to come and
        `<done>` where it is over."""
        lemmas = {one.lemma for one in self.tokens}
        lemmas |= {f"<{one.type}>" for one in self.tokens if one.type}
        if _is_planned(self.tokens):
            lemmas.add("<planned>")
        if any(one.tag == "EP" and one.text in ("었", "았", "였") for one in self.tokens):
            lemmas.add("<done>")
        return frozenset(lemmas)


class Cutter:
    """Cuts a message into clauses."""

    def __init__(self, marks: Mapping[str, Mapping[str, frozenset[str]]]) -> None:
        """`marks` are the words of words.yml that change what a clause means."""
        self._marks = {
            mark: by.get("ko", frozenset()) | by.get("en", frozenset())
            for mark, by in marks.items()
        }

    def clauses(self, tokens: Sequence[Token]) -> Iterator[Clause]:
        """The clauses in order."""
        for number, sentence in enumerate(_sentences(tokens)):
            asked = sentence[-1].lemma == "?"
            parts = list(_parts(sentence))
            supposed = False  # from the "if" on: "I wear a 9, if that helps" tells a size
            for at, part in enumerate(parts):
                supposed = supposed or self._has("supposes", part)
                is_last = at == len(parts) - 1
                after = [] if is_last else parts[at + 1]
                yield self._clause(
                    part, number, after=after, asked=asked and is_last, supposed=supposed
                )

    def _clause(
        self,
        part: Sequence[Token],
        sentence: int,
        *,
        after: Sequence[Token],
        asked: bool,
        supposed: bool,
    ) -> Clause:
        ending = next((one for one in reversed(part) if one.tag in ("EF", "EC", "ETN")), None)
        form = ending.text if ending is not None else ""
        is_now = self._has("now", part)
        return Clause(
            tokens=part,
            sentence=sentence,
            is_asked=asked
            or _asks(form, ending, part)
            or _begins_asking(part)
            or _is_connective(ending, _WONDERS),
            is_denied=self._denies(part),
            is_supposed=supposed or _is_connective(ending, _KOREAN_SUPPOSES),
            is_hearsay=self._has("hearsay", part) or _quotes(part) or _is_quoted(ending, after),
            is_past=(self._has("past", part) or _is_over(part)) and not is_now,
            is_reported=_KOREAN_HEARSAY.search(form) is not None,
        )

    def _denies(self, part: Sequence[Token]) -> bool:
        words = dropwhile(lambda one: one.lemma in _BARE_WORDS, part)
        return any(one.lemma in self._marks.get("denies", ()) for one in words)

    def _has(self, mark: str, part: Sequence[Token]) -> bool:
        return any(one.lemma in self._marks.get(mark, ()) and not one.type for one in part)


def _sentences(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    sentence: list[Token] = []
    for one in tokens:
        sentence.append(one)
        if one.tag == "SF" and (one.lemma in "?!\n" or one.lemma == "."):
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _parts(sentence: Sequence[Token]) -> Iterator[list[Token]]:
    """At Korean connective endings, at English conjunctions and at commas, but never inside a row
    of things of one type ("blue, green and red")."""
    part: list[Token] = []
    for at, one in enumerate(sentence):
        before = part[-1] if part else None
        after = next((then for then in sentence[at + 1 :] if then.lemma not in _STRESSES), None)
        if _cuts_before(one, before, after, part):
            yield part
            part = []
        part.append(one)
        if _cuts_after(one, after, part):
            yield part
            part = []
    if part:
        yield part


def _cuts_after(one: Token, after: Token | None, part: Sequence[Token]) -> bool:
    if after is None:
        return False
    if one.tag == "EF":
        return after.tag not in ("SF", "SP", "JX") and not any(
            earlier.lemma in _SLIPS for earlier in part
        )
    if one.tag != "EC" or _AUXILIARY.match(after.tag) or after.lemma in ("있", "싶", "않"):
        return False
    if after.tag.startswith("J"):  # "넓진 않아요"
        return False
    if one.text == "게" or after.type == "style":  # "헐렁하게 입는", "가볍고 푹신한"
        return False
    return not _is_held_together(one, after, part)


def _is_held_together(ending: Token, after: Token, part: Sequence[Token]) -> bool:
    """Endings that do not end what is said: "이면 좋겠어요", "서서 일해요", "타러 가요", "왔는지
    알려 주세요", "먹으면 두드러기가 나요", "흰색은 더러워져서 안 신어요"."""
    said, before = ending.text, part[-2] if len(part) > 1 else ending
    if said.endswith("면"):
        is_reaction = before.lemma in _IN_REACTION and any(one.type == "allergen" for one in part)
        is_limit = before.lemma in ("넘", "넘어가", "초과") and after.lemma in (
            "못",
            "안",
            "곤란",
            "부담",
        )
        is_time = before.lemma == "되" and any(one.type == "day" for one in part)
        is_style = any(one.type == "style" for one in part[-3:]) and after.lemma in _REFUSALS
        is_wish = after.lemma in ("좋", "되", "하", "맞", "충분")
        return is_reaction or is_limit or is_time or is_style or is_wish
    if said.endswith(("러", "려고")):
        return after.lemma in ("가", "오", "다니", "하")
    if said.endswith("지"):
        return after.lemma in ("알리", "말", "말씀", "얘기", "연락")
    if said in ("어서", "아서", "니까"):
        if before.lemma == "서":
            return True
        is_topic = any(one.type in ("colour", "brand", "style") for one in part)
        return is_topic and after.lemma in (*_REFUSALS, "좋", "좋아하")
    return False


def _is_somebody(one: Token) -> bool:
    return one.type == "person" or (one.tag == "NP" and one.lemma in ("저", "나", "제"))


def _is_told_of_another(part: Sequence[Token]) -> bool:
    """Somebody and something that is told of them."""
    who = next((at for at, one in enumerate(part) if _is_somebody(one)), None)
    return who is not None and any(one.type in ("size", "age") for one in part[who:])


def _cuts_before(
    one: Token, before: Token | None, after: Token | None, part: Sequence[Token]
) -> bool:
    if before is None or after is None:
        return False
    if one.tag == "SP":
        is_row = before.type == after.type and before.type not in ("", "channel")
        is_row = is_row or (before.type, after.type) == ("size", "width") or after.type == "day"
        return not is_row and before.lemma not in _BARE_WORDS
    if _is_somebody(one) and _is_told_of_another(part):  # "엄마는 235 아빠는 270 신으세요"
        return True
    if one.tag == "SL" and one.lemma in _CUTS:
        is_much = before.lemma in _VERY_MUCH or after.lemma in _VERY_MUCH
        return one.lemma != "so" or not is_much
    if one.lemma in ("and", "&", "or"):
        return after.lemma in _SUBJECTS or after.type == "person"
    return False


_SLIPS = frozenset({"잘못", "정정", "실수", "착각"})
_BARE_WORDS = frozenset(
    {"no", "아니", "아니요", "아뇨", "nope", "actually", "sorry", "oops", "wait"}
)


def _is_connective(ending: Token | None, pattern: re.Pattern[str]) -> bool:
    return ending is not None and ending.tag == "EC" and bool(pattern.search(ending.text))


def _asks(form: str, ending: Token | None, part: Sequence[Token]) -> bool:
    if ending is None or ending.tag != "EF":
        return False
    if _KOREAN_TAG.search(form):
        return any(one.lemma in _ASKED_FOR for one in part)
    return _KOREAN_QUESTION.search(form) is not None


def _is_quoted(ending: Token | None, after: Sequence[Token]) -> bool:
    """ "…다고 누가 그래요", "…다고 하던데요"; "…다고 말했어요" was told by whoever it is about."""
    if ending is None or ending.tag != "EC" or not _QUOTED.search(ending.text) or not after:
        return False
    is_of_verb = ending.text.endswith("다고")
    return is_of_verb and not (
        after[0].lemma in _TOLD_BEFORE and any(one.tag == "EP" for one in after)
    )


def _is_over(part: Sequence[Token]) -> bool:
    """ "작년까지", "I had a cat" """
    for one, then in pairwise(part):
        if one.text.lower() == "had" and then.lemma not in ("in", "to", "be"):
            return True
    return any(
        one.type == "day" and _GONE_BY.match(one.lemma) and particle.text == "까지"
        for one, particle in pairwise(part)
    )


def _is_planned(part: Sequence[Token]) -> bool:
    """With a day to come, or "할 예정", "갈 거"."""
    if any(one.lemma in _EVERY for one in part):
        return False
    if any(one.type == "day" and _FUTURE.match(one.lemma) for one in part):
        return True
    return any(
        one.tag == "ETM" and one.text in ("ᆯ", "을") and then.lemma in ("거", "것", "예정", "계획")
        for one, then in pairwise(part)
    )


def is_denied_twice(part: Sequence[Token]) -> bool:
    """ "싫어하지 않아요", "I don't hate it" """
    hated = [at for at, one in enumerate(part) if one.lemma in _HATES and not one.type]
    return any(
        one.lemma in ("않", "아니") and at < place <= at + 4 and one.tag != "IC"
        for at in hated
        for place, one in enumerate(part)
    ) or any(one.lemma in ("not", "never") for at in hated for one in part[max(0, at - 2) : at])


def _quotes(part: Sequence[Token]) -> bool:
    """ "my friend says …", "they say …" """
    return any(
        one.lemma in ("say", "think", "claim", "tell")
        and (who.type == "person" or who.lemma in _OTHERS)
        for who, one in pairwise(part)
    )


def _begins_asking(part: Sequence[Token]) -> bool:
    words = [one for one in part if one.tag == "SL" or one.type][:2]
    words = (
        words[1:] if words and words[0].lemma in ("and", "but", "so", "hi", "hey", "ok") else words
    )
    if not words or words[0].type or words[0].text.lower() not in _ASKING_HEADS:
        return False
    # "don't call", ", is a medium"
    return len(words) == 1 or words[1].lemma not in ("not", PUT_RIGHT, *_ARTICLES)
