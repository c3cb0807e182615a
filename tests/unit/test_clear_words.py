"""Only plain words count as a yes, a purchase or an ending."""

from __future__ import annotations

import pytest

from nlu.clear_words import (
    says_it_is_taken,
    why_no_ending,
    why_no_purchase,
    why_no_yes,
    why_not_theirs,
    words_of,
)

KNOWN = words_of(["네", "그렇게 해 주세요", "yes please", "sure, why not", "I agree", "동의해요"])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("네", None),
        ("네!! ㅋㅋㅋ", None),
        ("그렇게해주세요", None),
        ("Yes, please.", None),
        ("sure why not", None),
        ("yes?", "asks"),
        ("네？", "asks"),
        ("네 하지 마세요", "refuses"),
        ("yes, not", "refuses"),
        ("yes yes yesterday", "says_more"),
        ("네모", "says_more"),
        ("i agree with the others", "says_more"),
        ('the text says "yes"', "quotes"),
        ("네 실수예요", "takes_back"),
        ("sure, whatever", "irony"),
        ("yeah, yeah", "irony"),
        ("yes please, yes please, yes please, yes please", "irony"),
        ("I agree", None),
        ("sure whynot", None),
        ("yyyy", "says_more"),
    ],
)
def test_a_yes_holds_no_words_but_its_own(text: str, reason: str | None) -> None:
    assert why_no_yes(text, [], KNOWN) == reason


def test_what_is_named_in_a_yes_is_no_word_of_it() -> None:
    assert why_no_yes("네 소리 로드", [(2, 7)], KNOWN) is None
    assert why_no_yes("네 소리 로드", [], KNOWN) == "says_more"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("이거 살게요", None),
        ("아니 두 번째 거로 주세요", None),
        ("not the black, I'll take the blue one", None),
        ("if it's that price, I'll take it", None),
        ("주문 안 할래요 말고 결제하지 마요", "refuses"),
        ("please do not buy that", "refuses"),
        ("I'll order it if it rains", "only_if"),
        ("maybe I'll get one some day", "only_if"),
        ("용돈 받으면 살게요", "only_if"),
        ("이거면 살게요", None),
        ("add the cap on my order", "refuses"),
        ("no way I'm getting that", "refuses"),
        ("take your time", "refuses"),
        ("my aunt wants to buy one", "somebody_else"),
        ("더 싸면 살 텐데요", "only_if"),
        ("삼촌이 사라고 하네", "somebody_else"),
        ("why would anybody order this", "asks"),
        ("can we buy it from Norway?", "asks"),
        ("can I buy this now?", None),
        ("how do I order this", None),
        ("주문 어떻게 해요?", None),
    ],
)
def test_a_purchase_is_said_without_a_doubt(text: str, reason: str | None) -> None:
    assert why_no_purchase(text) == reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("if you could, delete my data", None),
        ("remove my number", None),
        ("if you delete me I'm gone", "only_if"),
        ("erased mine last year", "only_if"),
        ("wait, forget it all?", "only_if"),
        ("다시 등록할 수 있죠", "only_if"),
        ("keep everything please", "refuses"),
        ("지우라는 말은 아니었어요", "refuses"),
        ("번호는 남아야 해요", "refuses"),
        ("내 정보 지워 주세요", None),
        ("delete everything", None),
        ("정보 지우려면 어떻게 해요", None),
        ("내 주소 지우지 마요", "refuses"),
        ("please never erase my sizes", "refuses"),
        ("지우면 쿠폰은 어떻게 돼요", "only_if"),
        ("what happens when you delete me", "only_if"),
    ],
)
def test_an_ending_is_asked_for(text: str, reason: str | None) -> None:
    assert why_no_ending(text) == reason


@pytest.mark.parametrize(
    ("text", "is_theirs"),
    [
        ("어제 다른 데서 샀어요", True),
        ("my sister got me a pair", True),
        ("my neighbor has bought one", False),
        ("누나도 샀대요", False),
        ("I got a message from the shop", False),
    ],
)
def test_what_others_have_is_not_theirs(text: str, is_theirs: bool) -> None:
    assert (why_not_theirs(text) is None) is is_theirs


def test_a_piece_of_a_word_is_not_taken_for_something_named() -> None:
    assert why_no_yes("yes please", [(7, 9)], KNOWN) is None


@pytest.mark.parametrize(
    ("text", "is_taken"),
    [
        ("네 살게요", True),
        ("yes order it", True),
        ("yes order it?", False),
        ("yes don't order it", False),
        ("yes about it", False),
        ("yes order the sofa", False),
    ],
)
def test_a_yes_may_go_on_in_the_words_of_a_purchase(text: str, is_taken: bool) -> None:
    known = KNOWN | words_of(["살게요", "order it", "what about it"])
    assert says_it_is_taken(text, [], known) is is_taken
