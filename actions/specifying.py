"""What a message says of a product that is being put together: its size and colour, the values of
its options, texts to be written on it. Decides nothing about whether it can be had so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from actions.conversation import Conversation
from actions.shop import Product
from marketing import customising
from marketing.customising import DECLINED, ITSELF, Option

_QUOTED = re.compile(r"(?<!\w)['\"‘“「](?P<text>[^'\"‘’“”「」]{1,200})['\"’”」](?![A-Za-z])")
_SAID_KOREAN = re.compile(r"(?:^|[,.]\s*)(?P<text>[^,.]+?)\s*라[고는]\s")
_SAID_ENGLISH = (
    re.compile(r"\b(?:saying|says?|to say|reads?|reading)\s*:?\s+(?P<text>.+)$", re.IGNORECASE),
    re.compile(r"\bengrav\w*\s+(?:it\s+)?(?:with|as)\s+(?P<text>.+)$", re.IGNORECASE),
    re.compile(
        r"\bengrave\s+(?!it\b|the\b|this\b|my\b|an?\b|one\b)(?P<text>.+?)"
        r"(?:\s+on\s+(?:it|the|this|my)\b.*)?$",
        re.IGNORECASE,
    ),
    re.compile(r":\s*(?P<text>.+)$"),
)
_PLEASE = re.compile(r"\s*,?\s*(please|thanks|부탁\S*|주세요)?\s*[.]?$", re.IGNORECASE)
_WITHOUT = re.compile(
    r"없이|없어도|빼\s*(고|줘|주|요)|빼$|안\s*(할|해|넣|새)|필요\s*없|하지\s*마|말고\s*그냥|생략|"
    r"\b(no|none|without|skip|remove|drop|leave (it |that )?(out|off))\b",
    re.IGNORECASE,
)
CORRECTS = re.compile(
    r"아니|말고|바꿔|바꿀|바꾸|변경|다시"
    r"|\bactually\b|\binstead\b|\bchange\b|\bmake it\b|\bswitch\b",
    re.IGNORECASE,
)
"""Words that take back something said before."""
_PIECES = re.compile(r"[,.;\n]|그리고|하고\s|이랑\s|\band\b|\bwith\b", re.IGNORECASE)


@dataclass(kw_only=True)
class Said:
    """What one message says."""

    picks: dict[str, dict[str, str]] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.picks or self.options)


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word of the message that may be a value."""

    start: int
    end: int
    name: str
    """Of an option; ITSELF for a dimension of the stock."""
    value: str
    dimension: str | None = None


def read(conversation: Conversation, product: Product, asked: Mapping[str, Any] | None) -> Said:
    """Everything that the message says of the product; `asked` is what it was asked for."""
    text = conversation.turn.text
    said = Said()
    rest = _take_texts(text, product, asked, said)
    _take_refusals(rest, product, asked, said)
    words = list(_words(conversation, product, rest))
    for one in words:
        if not _is_of_another(one, words, rest, product, asked):
            _take(one, conversation, product, asked, said)
    return said


def names_option(text: str, product: Product, *, but: str | None = None) -> bool:
    """True if an option other than `but` is named."""
    return any(
        _named_at(text, one) is not None for one in customising.options(product) if one["id"] != but
    )


def _take_texts(text: str, product: Product, asked: Mapping[str, Any] | None, said: Said) -> str:
    """Read the texts to be written; returns the message without them, as long as before."""
    wanted = [one for one in customising.options(product) if one.get("text")]
    found = list(_QUOTED.finditer(text)) if wanted else []
    if wanted and not found:
        found = list(_unquoted(text, wanted))[:1]
    for one in found:
        start, end = one.span("text")
        written = customising.written(_without_end(one))
        of = _text_option(text, start, end, wanted, asked, said)
        if written and of is not None:
            said.options[str(of["id"])] = written
            text = text[:start] + " " * (end - start) + text[end:]
    return text


def _unquoted(text: str, wanted: Sequence[Option]) -> Iterator[re.Match[str]]:
    is_named = any(_named_at(text, one) is not None for one in wanted)
    if "?" in text:
        return
    korean = _SAID_KOREAN.search(f"{text} ")
    if korean is not None:
        yield korean
    for pattern in _SAID_ENGLISH if is_named else ():
        found = pattern.search(text)
        if found is not None:
            yield found


def _without_end(found: re.Match[str]) -> str:
    """Without "please", and without the 이 of 이라고 where it is no part of a name."""
    written = found["text"]
    if found.re is _SAID_KOREAN and written.endswith("이") and len(written) > 1:
        before = ord(written[-2]) - ord("가")
        return written[:-1] if 0 <= before <= 11171 and before % 28 else written
    return written if found.re is _QUOTED else _PLEASE.sub("", written)


def _text_option(
    text: str,
    start: int,
    end: int,
    wanted: Sequence[Option],
    asked: Mapping[str, Any] | None,
    said: Said,
) -> Option | None:
    """Which text it is: the one named nearest to it, the one asked for, the first that is open."""
    named = [
        (min(abs(at - end), abs(start - at)), one)
        for one in wanted
        if (at := _named_at(text[:start] + " " * (end - start) + text[end:], one)) is not None
    ]
    if named:
        return min(named, key=lambda one: one[0])[1]
    of_question = [one for one in wanted if asked and one["id"] == asked["name"]]
    still_open = [one for one in wanted if one["id"] not in said.options]
    return next(iter([*of_question, *still_open]), None)


def _take_refusals(
    rest: str, product: Product, asked: Mapping[str, Any] | None, said: Said
) -> None:
    for piece in _PIECES.split(rest):
        if _WITHOUT.search(piece) is None:
            continue
        for one in customising.options(product):
            is_asked = asked is not None and asked["name"] == one["id"]
            is_named = _named_at(piece, one) is not None
            if is_named or (is_asked and not names_option(piece, product)):
                said.options.setdefault(str(one["id"]), DECLINED)


def _words(conversation: Conversation, product: Product, rest: str) -> Iterator[Word]:
    for option in customising.options(product):
        for value in option.get("values") or ():
            for start, end in _found(rest, [value["label"], value.get("synonyms") or {}]):
                yield Word(start=start, end=end, name=str(option["id"]), value=str(value["id"]))
    for one in conversation.entities:
        start, end = int(one.get("start") or 0), int(one.get("end") or 0)
        if one["entity"] in customising.DIMENSIONS and rest[start:end].strip():
            yield Word(
                start=start,
                end=end,
                name=ITSELF,
                value=str(one["value"]),
                dimension=str(one["entity"]),
            )


def _is_of_another(
    word: Word,
    words: Sequence[Word],
    rest: str,
    product: Product,
    asked: Mapping[str, Any] | None,
) -> bool:
    """True if the same word is meant of something else: "빨간 끈" is no red shoe."""
    rivals = {one.name for one in words if one.start < word.end and word.start < one.end}
    if rivals == {word.name}:
        return False
    return _meant(word, rivals, rest, product, asked) != word.name


def _meant(
    word: Word,
    rivals: set[str],
    rest: str,
    product: Product,
    asked: Mapping[str, Any] | None,
) -> str:
    """What is named beside it in its piece, what was asked for, else the product itself."""
    begins = max((m.end() for m in _PIECES.finditer(rest) if m.end() <= word.start), default=0)
    ends = next((m.start() for m in _PIECES.finditer(rest) if m.start() >= word.end), len(rest))
    piece = rest[begins:ends]
    named = {
        str(one["id"]): abs(begins + at - word.start)
        for one in customising.options(product)
        if one["id"] in rivals and (at := _named_at(piece, one)) is not None
    }
    if named:
        return min(named, key=lambda name: named[name])
    if asked is not None and asked["name"] in rivals:
        return str(asked["name"])
    return ITSELF if ITSELF in rivals else min(rivals)


def _take(
    word: Word,
    conversation: Conversation,
    product: Product,
    asked: Mapping[str, Any] | None,
    said: Said,
) -> None:
    if word.dimension is None:
        said.options[word.name] = word.value
        return
    part = _part_of(word, conversation, product, asked)
    if part is not None:
        said.picks.setdefault(part, {})[word.dimension] = word.value


def _part_of(
    word: Word, conversation: Conversation, product: Product, asked: Mapping[str, Any] | None
) -> str | None:
    """The part that it is about: one that is named, the one asked for, the first it may be of."""
    listed, parts = conversation.shop.products, customising.parts(product)
    of_product = {one: part.part_id for part in parts for one in part.product_ids}
    if word.dimension == "product":
        part_id = of_product.get(word.value)
        return None if part_id == ITSELF else part_id
    named = [
        (abs(int(one["start"]) - word.start), of_product[one["value"]])
        for one in conversation.entities
        if one["entity"] == "product" and one["value"] in of_product
    ]
    if named:
        return min(named)[1]
    if asked is not None and asked["name"] in {one.part_id for one in parts}:
        return str(asked["name"])
    pick = {word.dimension or "": word.value}
    may_be = (one.part_id for one in parts if _varies(one, word, listed, pick))
    return next(may_be, ITSELF if len(parts) == 1 else None)


def _varies(
    part: customising.Part, word: Word, listed: Sequence[Product], pick: Mapping[str, str]
) -> bool:
    """True if that is something to choose in a part."""
    every = customising.fitting(part, {}, listed)
    return len(every) > 1 and bool(customising.fitting(part, pick, listed))


def _named_at(text: str, option: Option) -> int | None:
    spans = _found(text, [option["label"], option.get("synonyms") or {}])
    return next((start for start, _ in spans), None)


def _found(text: str, worded: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, int]]:
    """Where any of these words stands, the longest first."""
    listed = [
        word
        for words in worded
        for said in words.values()
        for word in ([said] if isinstance(said, str) else said)
    ]
    for word in sorted(listed, key=len, reverse=True):
        plain = r"\s*".join(re.escape(part) for part in word.split())
        pattern = rf"\b{plain}\b" if word.isascii() else plain
        for found in re.finditer(pattern, text, re.IGNORECASE):
            yield found.span()
