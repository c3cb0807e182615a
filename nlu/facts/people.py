"""Of whom something is said: the customer, or somebody close to them who is named in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nlu.facts.tokens import Token

SELF = "self"
CALLED = "called"
"""With a name, somebody whose relation was told in an earlier message: `called:민준`."""
HE, SHE, THEY = "he", "she", "they"
"""Somebody who was spoken of in an earlier message."""
NOBODY = "other"
"""Somebody who is nobody close: a clerk, a boss, a neighbour. Nothing is kept of them."""
_ONESELF = frozenset({"i", "my", "me", "mine", "myself", "저", "나", "본인", "our", "we"})
_PRONOUNS = {
    "she": SHE, "her": SHE, "he": HE, "him": HE, "his": HE, "걔": THEY, "얘": THEY, "쟤": THEY,
}  # fmt: skip
_KOREAN_TOPIC = re.compile("[는가]|도(?=\\s)")
_TELLING = frozenset({"wears", "loves", "likes", "hates", "prefers", "plays"})
_NO_NAME = frozenset({"this", "it", "that", "which", "who", "nothing", "everything", "what"})
_OWNED = frozenset({"my", "our", "the", "a", "an", "his", "her", "우리", "저희"})
_BESIDE = frozenset({"with", "from", "to", "by", "than", "like"})
_KOREAN_BESIDE = frozenset(
    {"와", "과", "랑", "이랑", "하고", "한테", "에게", "께", "보다", "처럼", "한테서"}
)
_SEVERAL = re.compile(
    r"(?:애|아이|아들|딸|자녀|손주|조카)들$|kids$|boys$|girls$|sons$|daughters$|children$",
    re.IGNORECASE,
)
_AGES = ("age", "number")
_ALONG = frozenset({"데리", "같이", "함께"})
_CALLED = re.compile(r"[가-힣]{2,3}")
_CAPITALISED = re.compile(r"[A-Z][a-z]+")


@dataclass(frozen=True)
class Mention:
    """Somebody is spoken of from `at` on."""

    at: int
    who: str
    is_for: bool = False
    """True for "size 110 for my son"."""


def named(text: str, tokens: Sequence[Token]) -> tuple[list[Token], dict[str, str]]:
    """The words, with a name beside a person made part of them (`son:민준`) wherever either is
    said again; and the names with whose they are."""
    found: list[Token] = []
    names: dict[str, str] = {}
    at = 0
    while at < len(tokens):
        one = _our_child(tokens, at) or tokens[at]
        if _is_of_a_child(tokens, at):
            found += [one, Token("", "child", "NNP", one.end, one.end, "person")]
            at += 1
            continue
        name_at = _name_beside(tokens, at) if one.type == "person" else None
        if name_at is None:
            found.append(one)
            at += 1
            continue
        told = tokens[name_at]
        name = told.lemma if told.type == "given_name" else _without_ending(told.text)
        who = f"{one.lemma.split(':')[0]}:{name}"
        names[name] = who
        found.append(replace(one, lemma=who, end=tokens[name_at].end))
        is_beside_comma = tokens[name_at - 1].tag == "SP"
        at = name_at + 1
        if at < len(tokens) and tokens[at].tag == "XSN":
            at += 1
        if is_beside_comma and at < len(tokens) and tokens[at].tag == "SP":  # "my wife, Laura, is"
            at += 1
    return list(_called(text, [_whose_name(one, names) for one in found])), names


def _called(text: str, tokens: Sequence[Token]) -> Iterator[Token]:
    """Names that stand for somebody alone: "민준이는 110 입어요", "Emma wears a 6". Beside "아들이
    둘인데" they are of sons; else whoever was called so before."""
    kind = CALLED
    for at, one in enumerate(tokens):
        if one.type == "person" and kind_of(one.lemma) in ("son", "daughter", "child"):
            kind = kind_of(one.lemma)
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        name = _name_alone(text, tokens, at)
        yield replace(one, type="person", lemma=f"{kind}:{name}") if name and after else one


def _name_alone(text: str, tokens: Sequence[Token], at: int) -> str | None:
    one, after = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else None
    if after is None or one.type not in ("", "name", "given_name"):
        return None
    if one.type == "given_name":
        return one.lemma
    if _is_korean_name(one):
        is_called = after.tag == "XSN" and _KOREAN_TOPIC.match(text, after.end) is not None
        is_called = is_called or (
            len(one.text) == 3 and one.text.endswith("이") and after.text == "는"
        )
        return _without_ending(one.text) if is_called else None
    is_first = (
        at == 0 or tokens[at - 1].tag in ("SF", "SP") or tokens[at - 1].lemma in ("and", "but")
    )
    then = tokens[at + 2] if at + 2 < len(tokens) else after
    is_told = after.text in _TELLING or (after.lemma == "be" and then.type == "age")
    is_name = is_first and is_told and _is_english_name(one) and one.lemma not in _NO_NAME
    return one.text if is_name and one.text.lower() == one.lemma else None


def _our_child(tokens: Sequence[Token], at: int) -> Token | None:
    """ "우리 민준이" is a child, by the way in which one speaks of one."""
    if tokens[at].lemma not in ("우리", "저희") or at + 2 >= len(tokens):
        return None
    name, ending = tokens[at + 1], tokens[at + 2]
    then = tokens[at + 3] if at + 3 < len(tokens) else ending
    is_called = ending.tag == "XSN" or (len(name.text) == 3 and name.text.endswith("이"))
    is_called = is_called or (ending.text == "이" and then.tag.startswith("N"))  # "민준이 신발"
    is_child = _is_korean_name(name) and is_called
    return replace(tokens[at], type="person", lemma="child") if is_child else None


def _is_of_a_child(tokens: Sequence[Token], at: int) -> bool:
    """ "my four year old", "I have a 5 year old and a 2 year old" """
    before, after = tokens[max(0, at - 4) : at], tokens[at + 1 : at + 2]
    said = [one for one in before if one.lemma not in ("a", "an", "and")]
    is_next = (
        bool(said) and said[-1].type == "age" and _is_of_a_child(tokens, tokens.index(said[-1]))
    )
    is_mine = is_next or (bool(said) and said[-1].lemma in ("my", "our", "have"))
    return is_mine and tokens[at].type == "age" and not (after and after[0].type == "person")


def _without_ending(name: str) -> str:
    """서연이 is 서연: what makes a given name easier to say is no part of it."""
    return name[:-1] if len(name) == 3 and name.endswith("이") else name


def _whose_name(one: Token, names: dict[str, str]) -> Token:
    who = names.get(one.text) or names.get(one.lemma) or names.get(_without_ending(one.text))
    return replace(one, type="person", lemma=who) if who and one.type in ("", "name") else one


def _name_beside(tokens: Sequence[Token], at: int) -> int | None:
    """Where the name of the person at `at` stands: "아들 민준이", "my son Max", "my daughter, Emma"
    and "딸 이름은 서연", "my son's name is Max"."""
    after = list(range(at + 1, min(at + 6, len(tokens))))
    if tokens[at].lemma == NOBODY or not after:
        return None
    first = tokens[after[0]]
    if first.tag == "SP" and len(after) > 1:
        second = tokens[after[1]]
        return after[1] if _is_english_name(second) else None
    if first.type == "given_name" or _is_korean_name(first) or _is_english_name(first):
        return after[0]
    return _name_told(tokens, after)


def _name_told(tokens: Sequence[Token], after: Sequence[int]) -> int | None:
    asks = False
    for at in after:
        one = tokens[at]
        if one.type == "name" and asks:
            return at
        if one.lemma in ("이름", "name", "named", "called", "call"):
            asks = True
        elif asks and (_is_korean_name(one) or _is_english_name(one)):
            return at
        elif one.type or one.tag in ("SF", "SP", "EF", "EC"):
            return None
    return None


def _is_korean_name(one: Token) -> bool:
    return not one.type and one.tag == "NNP" and _CALLED.fullmatch(one.text) is not None


def _is_english_name(one: Token) -> bool:
    return (
        one.tag == "SL"
        and not one.type
        and _CAPITALISED.fullmatch(one.text) is not None
        and one.lemma not in ("i", "he", "she", "be", "have", "we")
    )


def told_apart(tokens: Sequence[Token]) -> list[Token]:
    """Two of a kind in one message become two by their ages: "다섯 살 아들은 …, 세 살 아들은 …"."""
    tokens = list(_each_age(tokens))
    people = [at for at, one in enumerate(tokens) if one.type == "person"]
    alike = Counter(tokens[at].lemma for at in people)
    out = list(tokens)
    for at in people:
        one = tokens[at]
        age = _age_beside(tokens, at) if alike[one.lemma] > 1 and ":" not in one.lemma else None
        if age is not None:
            out[at] = replace(one, lemma=f"{one.lemma}/age{age}")
    return out


def _each_age(tokens: Sequence[Token]) -> Iterator[Token]:
    """ "my boys are 8 and 5", "애들이 8살, 5살이에요": one of them for each age."""
    group: Token | None = None
    for at, one in enumerate(tokens):
        if one.type == "person":
            group = one if _SEVERAL.search(one.text) and ":" not in one.lemma else None
        elif group is not None and one.type in ("age", "number"):
            near = [then for then in tokens[max(0, at - 3) : at + 4] if then.type in _AGES]
            if len(near) > 1 and all(then.start >= group.end for then in near):
                yield Token("", group.lemma, "NNP", one.start, one.start, "person")
                one = replace(one, type="age")
        yield one


def _age_beside(tokens: Sequence[Token], at: int) -> str | None:
    """The age said just before a person, or of them just after ("my son who is 5")."""
    if at and tokens[at - 1].type == "age":
        return tokens[at - 1].lemma
    for one in tokens[at + 1 : at + 5]:
        if one.type == "person":
            return None
        if one.type == "age":
            return one.lemma
    return None


def mentions(tokens: Sequence[Token]) -> list[Mention]:
    """Who is spoken of, in order; those who only come along ("with my wife") are left out."""
    found: list[Mention] = []
    last: str | None = None
    for at, one in enumerate(tokens):
        if one.type == "person":
            who = one.lemma
            beside = _beside(tokens, at)
            if beside == "for" or not beside:
                found.append(Mention(at, who, is_for=beside == "for"))
                last = who
        elif not one.type and one.lemma in _ONESELF and one.tag in ("NP", "SL"):
            found.append(Mention(at, SELF))
        elif not one.type and one.lemma in _PRONOUNS:
            found.append(Mention(at, last or _PRONOUNS[one.lemma]))
    return found


def _beside(tokens: Sequence[Token], at: int) -> str:
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after is not None and after.tag in ("JC", "JKB") and after.lemma in _KOREAN_BESIDE:
        return after.lemma
    if any(one.lemma in _ALONG for one in tokens[at + 1 : at + 3]):
        return "with"
    before = at - 1
    while before >= 0 and tokens[before].lemma in _OWNED:
        before -= 1
    lemma = tokens[before].lemma if before >= 0 else ""
    return lemma if lemma in _BESIDE or lemma == "for" else ""


def whose(spoken_of: Sequence[Mention], *, at: int, clause: range) -> str:
    """Of whom the word at `at` is said: whom it is for, else who was spoken of last before it; else
    the customer."""
    for one in spoken_of:
        if one.is_for and one.at in clause:
            return one.who
    before = [one for one in spoken_of if one.at <= at]
    if before:
        return before[-1].who
    later = [one for one in spoken_of if one.at in clause and one.who != SELF]
    return later[0].who if later else SELF


def kind_of(who: str) -> str:
    """`son` of `son:민준` and of `son/age5`."""
    return re.split("[:/]", who)[0]


_ORDERS = frozenset({"first", "second", "third", "youngest"})


def name_of(who: str) -> str | None:
    """The name in `son:민준`; None where there is none."""
    kind, _, name = who.partition(":")
    if kind == CALLED:
        return None
    return name if name and name not in _ORDERS else None


def is_woman(subject: str) -> bool:
    """True for those whose American sizes are women's."""
    return kind_of(subject) in ("wife", "mother", "daughter")
