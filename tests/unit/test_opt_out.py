"""Which texts are an opt-out (RULES US-1, KR-11, F5): every form of every word, and nothing that
only looks like one.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from marketing.opt_out import Keyword, keyword

# The words of RULES US-1, not those of the code under test.
ENGLISH = (
    *("STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE"),
    *("OPTOUT", "OPT OUT", "OPT-OUT", "REMOVE"),
)
KOREAN = (
    *("수신거부", "수신 거부", "그만", "문자 보내지 마", "문자 보내지 마세요", "광고 차단"),
    *("문자 그만", "그만 보내세요", "수신 거절", "광고 거부", "무료수신거부"),
)


def full_width(word: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in word)


FORMS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "lower case": str.lower,
    "capitalised": str.capitalize,
    "title": str.title,
    "mixed case": lambda word: "".join(
        sign.lower() if place % 2 else sign for place, sign in enumerate(word)
    ),
    "space before": lambda word: f"   {word}",
    "space behind": lambda word: f"{word}  ",
    "line break": lambda word: f"\n{word}\r\n",
    "tab": lambda word: f"\t{word}\t",
    "hard space": lambda word: f"\u00a0{word}\u00a0",
    "wide space": lambda word: f"\u3000{word}\u3000",
    "full stop": lambda word: f"{word}.",
    "exclamation": lambda word: f"{word}!!!",
    "question": lambda word: f"{word}?",
    "ellipsis": lambda word: f"{word}…",
    "tilde": lambda word: f"{word}~~",
    "comma": lambda word: f"{word},",
    "straight quotes": lambda word: f'"{word}"',
    "single quotes": lambda word: f"'{word}'",
    "curly quotes": lambda word: f"“{word}”",
    "corner quotes": lambda word: f"「{word}」",
    "brackets": lambda word: f"[{word}]",
    "stars": lambda word: f"*{word}*",
    "slash": lambda word: f"/{word}",
    "zero-width inside": lambda word: "\u200b".join(word),
    "byte order mark": lambda word: f"\ufeff{word}",
    "word joiner": lambda word: f"\u2060{word}\u2060",
    "soft hyphen": lambda word: "\u00ad".join(word),
    "full-width": full_width,
    "hand": lambda word: f"{word} 🛑",
    "spaced out": " ".join,
    "dotted": ".".join,
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("word", [*ENGLISH, *KOREAN])
def test_every_form_of_every_word_is_an_opt_out(word: str, form: Callable[[str], str]) -> None:
    assert keyword(form(word), "sms") is Keyword.STOP


NOT_AN_OPT_OUT = (
    "stop by the store",
    "can I stop by tomorrow?",
    "Where do I stop?",
    "non-stop hiking",
    "The rain won't stop",
    "stopping by at 5",
    "stopwatch",
    "bus stop",
    "stop sign jacket",
    "STOP or START?",
    "cancel my order please",
    "cancel my order",
    "cancellation policy",
    "how do I cancel an order",
    "I want to cancel order 100101",
    "canceled?",
    "end of season sale",
    "when does the sale end",
    "the end of the trail",
    "weekend hours",
    "send it",
    "quit smoking gift",
    "quite nice",
    "remove the jacket from my basket",
    "please remove one item",
    "removable hood",
    "do you have opt out shoes",
    "optional lining",
    "unsubscribe from what exactly",
    "all",
    "no",
    "nope",
    "later",
    "not now",
    "off trail",
    "5 stop",
    "stop 5",
    "help me choose boots",
    "can you help",
    "information about returns",
    "info on the ridge boot",
    "start of the trail",
    "when does it start",
    "starting price",
    "yes",
    "YES",
    "yes please",
    "",
    "   ",
    "!!!",
    "😀",
    "ㅋㅋㅋ",
    "ㅇㅇ",
    "취소 주문 문의",
    "주문 취소하고 싶어요",
    "취소",
    "주문 취소",
    "배송 그만 늦추세요",
    "이제 그만 고민하고 살게요",
    "그만한 게 없네요",
    "그만큼 좋아요",
    "광고에서 본 신발 있어요?",
    "광고 보고 왔어요",
    "문자로 알려 주세요",
    "문자 보내 주세요",
    "수신 확인했어요",
    "거부감 없는 색",
    "차단 우산 있어요?",
    "햇빛 차단 모자",
    "구독 상품 있나요",
    "동의어",
    "도움말 말고 사람이요",
    "다시 받기로 한 상품 어디예요?",
    "해제 방법",
    "ѕtop",  # a Cyrillic letter: not that word, and not ours to guess
    "st0p",
)


@pytest.mark.parametrize("text", NOT_AN_OPT_OUT)
def test_what_only_looks_like_one_goes_to_the_dialogue(text: str) -> None:
    assert keyword(text, "sms") is None


@pytest.mark.parametrize("text", ["START", "start", " Unstop ", "UNSTOP!", "수신동의", "수신 재개"])
def test_opt_in_words(text: str) -> None:
    assert keyword(text, "sms") is Keyword.START


@pytest.mark.parametrize("text", ["HELP", "help?", "Info", "ＨＥＬＰ", "도움말"])
def test_words_for_help(text: str) -> None:
    assert keyword(text, "sms") is Keyword.HELP


@pytest.mark.parametrize(
    "word", ["cancel", "stop", "end", "quit", "remove", "그만", "HELP", "START"]
)
def test_on_the_web_the_dialogue_asks_what_a_bare_word_means(word: str) -> None:
    assert keyword(word, "web") is None


@pytest.mark.parametrize("word", ["unsubscribe", "opt out", "수신거부", "광고 차단"])
def test_on_the_web_an_unmistakable_word_counts(word: str) -> None:
    assert keyword(word, "web") is Keyword.STOP


@pytest.mark.parametrize("channel", ["web", "sms"])
@pytest.mark.parametrize("text", ["/opt_out", " /opt_out{}", "\u200b/OPT_OUT", "／opt_out"])
def test_a_command_is_no_word(text: str, channel: str) -> None:
    assert keyword(text, channel) is None


@pytest.mark.parametrize("channel", ["web", "sms"])
@pytest.mark.parametrize("text", ["optout", "opt out", "opt_out", "OPT-OUT", "/optout"])
def test_without_a_command_it_is(text: str, channel: str) -> None:
    assert keyword(text, channel) is Keyword.STOP
