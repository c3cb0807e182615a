"""What is taken back in the same message ("270 말고 275", "not 270 but 275") is left out before the
rules look for anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from nlu.facts.tokens import PUT_RIGHT, Token

_NOT_THAT = re.compile(
    r"\s*(?:이|가|은|는|을|를|로)?\s*(?:말고|아니고|아니구|아니라|아니(?=\s)|아니에요|아니예요|아닙니다|대신"
    r"|(?:이)?라고\s*(?:했|말했|적었|썼|한 거|말한 거|말씀드)\S*)"
)
_LESS_THAN = re.compile(r"[은는운한]?\s?(?:색깔?|옷|신발|거|것)?\s?보다")
_INSTEAD = frozenset({"not", "instead", "rather", "than", "of"})
_BUT = frozenset({"but", ",", "rather"})
_BEFORE_WHAT_IS_TAKEN_BACK = _INSTEAD | {"a", "an", "size", "do", "to", "in"}


def put_right(text: str, tokens: Sequence[Token]) -> list[Token]:
    """Without what is taken back: "270 말고 275", "not 270 but 275", "275, not 270"."""
    out: list[Token] = []
    skip_to = -1
    for at, one in enumerate(tokens):
        if one.start < skip_to or (out and out[-1].lemma == PUT_RIGHT and one.lemma in _BUT):
            continue
        match = _NOT_THAT.match(text, one.end) if one.type else None
        less = _LESS_THAN.match(text, one.end) if one.type not in ("", "person") else None
        if less is not None:
            out.append(replace(one, lemma=PUT_RIGHT, type="", tag="IC", end=less.end()))
            skip_to = less.end()
        elif match is not None and any(other.type == one.type for other in tokens[at + 1 :]):
            out.append(replace(one, lemma=PUT_RIGHT, type="", tag="IC", end=match.end()))
            skip_to = match.end()
        elif one.type and _is_taken_back(tokens, at):
            while out and not out[-1].type and out[-1].lemma in _BEFORE_WHAT_IS_TAKEN_BACK:
                out.pop()
            out.append(replace(one, lemma=PUT_RIGHT, type="", tag="IC"))
        else:
            out.append(one)
    return out


def _is_taken_back(tokens: Sequence[Token], at: int) -> bool:
    """ "not 270", "instead of 270", "I said 270 but", where another one is named besides."""
    nearest = tokens[max(0, at - 3) : at]
    before = [one.lemma for one in nearest if one.lemma not in ("a", "an", "size")][-2:]
    kinds = {tokens[at].type} | ({"size"} if tokens[at].type == "number" else set())
    if before[-1:] == ["over"]:  # "plain over flashy"
        return at > 1 and tokens[at - 2].type == tokens[at].type
    if before[-1:] == ["say"]:
        return any(one.type in kinds for one in tokens[at + 1 :])
    if before[-1:] not in (["not"], ["than"]) and before != ["instead", "of"]:
        return False
    return any(one.type in kinds for place, one in enumerate(tokens) if place != at)
