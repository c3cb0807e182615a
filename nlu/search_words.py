"""The words by which a past turn is found: what is meant, not how it was inflected. Korean through
Kiwi, English through the Snowball stemmer. Must give the same words for a kept text and for a
question.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from nlu.language import has_hangul
from nlu.spans import morphemes

if TYPE_CHECKING:
    from snowballstemmer.english_stemmer import EnglishStemmer

VERSION = 1
"""To be raised when the same text gives other words: kept turns are then read again."""

LONGEST_TEXT = 2000
MOST_WORDS = 200

_LATIN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,]\d+)*")
_ONLY_LETTERS = re.compile("[ㄱ-ㅣ\u1100-\u11ff]+")
_APOSTROPHE = re.compile("[’‘`´]")
_POSSESSIVE = re.compile(r"'(?:s|t|m|d|re|ve|ll)?$|'")

_CONTENT = frozenset({"NNG", "NNP", "NR", "XR", "VV", "VA", "MAG", "SL", "SN", "SH", "UN"})
"""Kiwi's tags of morphemes that carry a meaning of their own."""
_WORDS = re.compile(r"\S+")
_SAY_LITTLE_KO = frozenset(
    _WORDS.findall(
        """
        있다 없다 하다 되다 이다 아니다 그렇다 이렇다 어떻다 같다 보다 주다 드리다 싶다
        좀 잘 더 또 다 안 못 그냥 지금 아직 이제 혹시 정말 진짜 그럼 제발 왜 어떻게 얼마나
        언제 거기 여기 저기 네 예
        저번 지난번 전 예전 아까 그때 묻다 말하다 말 말씀 얘기 이야기 기억
        안녕
        """
    )
)
_SAY_LITTLE_EN = frozenset(
    _WORDS.findall(
        """
        a about after all also am an and any are as at be been before being but by can could did do
        does doing done down for from get gets getting go goes going got had has have having he her
        here hers him his how i if in into is it its just let like ll me mine more most my no nor
        not now of off oh ok okay on one or our ours out over own please quite really re same shall
        she should so some such than thank thanks that the their theirs them then there these they
        this those through to too up us ve very was we were what when where which while who whom
        whose why will with would yeah yes you your yours
        again ago ask asked earlier last mention mentioned remember said say tell time told
        """
    )
)
_OF_ANOTHER_STEM = {
    form: word
    for word, forms in (
        group.split("=")
        for group in _WORDS.findall(
            """
            become=became begin=began,begun break=broke,broken bring=brought build=built buy=bought
            catch=caught child=children choose=chose,chosen come=came deal=dealt draw=drew,drawn
            drink=drank,drunk drive=drove,driven eat=ate,eaten fall=fell,fallen feel=felt
            fight=fought find=found fly=flew,flown foot=feet forget=forgot,forgotten give=gave,given
            grow=grew,grown hang=hung hear=heard hide=hid,hidden hold=held keep=kept know=knew,known
            lead=led leave=left lend=lent lose=lost make=made man=men mean=meant meet=met mouse=mice
            pay=paid person=people ride=rode,ridden ring=rang,rung rise=rose,risen run=ran say=said
            see=saw,seen sell=sold send=sent shake=shook,shaken shoot=shot sing=sang,sung sit=sat
            sleep=slept speak=spoke,spoken spend=spent stand=stood steal=stole,stolen swim=swam,swum
            take=took,taken teach=taught tear=tore,torn tell=told think=thought throw=threw,thrown
            tooth=teeth understand=understood wake=woke,woken wear=wore,worn wife=wives win=won
            woman=women write=wrote,written
            """
        )
    )
    for form in forms.split(",")
}


def search_words(text: str) -> list[str]:
    """The words of a text in its order, as often as they occur. At most 200; of a text longer than
    2,000 characters the beginning counts."""
    folded = unicodedata.normalize("NFKC", _APOSTROPHE.sub("'", text[:LONGEST_TEXT]))
    found = list(_korean(folded) if has_hangul(folded) else _english(folded))
    return found[:MOST_WORDS]


def _english(text: str) -> Iterator[str]:
    for match in _LATIN.finditer(text.casefold()):
        yield from _latin(match.group())


def _korean(text: str) -> Iterator[str]:
    for morpheme in morphemes(text):
        tag = morpheme.tag.split("-")[0]
        if tag not in _CONTENT:
            continue
        if tag == "SL":
            yield from _english(morpheme.form)
            continue
        word = (morpheme.lemma if tag in ("VV", "VA") else morpheme.form).replace(" ", "")
        if word not in _SAY_LITTLE_KO and not _ONLY_LETTERS.fullmatch(word):
            yield word


def _latin(word: str) -> Iterator[str]:
    bare = _POSSESSIVE.sub("", word)
    if bare and bare not in _SAY_LITTLE_EN:
        yield stem(bare)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """What an English word in lower case has in common with its inflected forms."""
    stemmed: str = _stemmer().stemWord(_OF_ANOTHER_STEM.get(word, word))
    return stemmed


@lru_cache(maxsize=1)
def _stemmer() -> EnglishStemmer:
    from snowballstemmer.english_stemmer import EnglishStemmer

    return EnglishStemmer()
