"""Wrong numbers (STORIES 5): every way a stranger says so, and nothing that a customer says for
another reason. The sentences were written before the rules that read them.
"""

from __future__ import annotations

import time

import pytest

from marketing.opt_out import Keyword, keyword
from marketing.wrong_numbers import is_wrong_number

A_STRANGER = (
    "wrong number",
    "Wrong number.",
    "WRONG NUMBER!!",
    "sorry wrong number",
    "Sorry, wrong number.",
    "Wrong number, sorry!",
    "Wrong number bro, stop",
    "you have the wrong number",
    "You've got the wrong number",
    "you got the wrong number",
    "I think you have the wrong number",
    "sorry i think you have the wrong number",
    "I'm sorry, you have the wrong person",
    "you texted the wrong number",
    "you are texting the wrong person",
    "this is the wrong number",
    "Its the wrong number",
    "who is this?",
    "who is this",
    "Who's this?",
    "who’s this??",
    "whos this",
    "who dis",
    "new phone who dis",
    "new phone, who is this?",
    "Who is this? Wrong number.",
    "who is this? wrong number",
    "hi who is this",
    "Hello? Who is this?",
    "um, who is this please",
    "who the heck is this",
    "sorry, who is this? I don't know this number",
    "Who is this? I'm not Sarah",
    "I'm not Sam, wrong number",
    "Wrong number. There's no Jihye here.",
    "there is no Sarah at this number",
    "no one named Minsu here",
    "This is not Sarah's number",
    "this isn't Daniel's phone anymore",
    "wrong number, please stop texting me",
    "stop texting me, wrong number",
    "wrong number stop",
    "Wrong number. Don't text me again",
    "this number belongs to someone else now",
    "I don't know who this is",
    "who's texting me?",
    '"wrong number"',
    "ｗｒｏｎｇ　ｎｕｍｂｅｒ",
    "wrong number 🙄",
    "who is this 😅",
    "누구세요",
    "누구세요?",
    "누구세요??",
    "누구세요ㅋㅋ",
    "누구 세요",
    "누구신가요?",
    "누구시죠?",
    "누구신지요",
    "누구십니까",
    "누구세여",
    "누구야?",
    "혹시 누구세요?",
    "죄송한데 누구세요?",
    "실례지만 누구신가요?",
    "누구세요, 저 아니에요",
    "누구세요? 저 김지혜 아닌데요",
    "저 아닌데요 누구세요",
    "모르는 번호인데 누구세요?",
    "누구신지 모르겠어요",
    "누구신지 모르겠는데요",
    "잘못 보내셨어요",
    "잘못 보내셨어요.",
    "잘못보내셨습니다",
    "잘못 보내셨네요",
    "잘못 보내신 것 같아요",
    "잘못 보내신 거 같은데요",
    "문자 잘못 보내셨어요",
    "문자를 잘못 보내신 것 같습니다",
    "죄송하지만 잘못 보내셨어요",
    "번호 잘못 아셨어요",
    "번호를 잘못 아신 것 같아요",
    "전화 잘못 거셨어요",
    "저 아니에요. 잘못 보내셨어요",
    "문자 잘못 왔어요",
    "문자가 잘못 온 것 같아요",
    "잘못된 번호입니다",
    "잘못된 번호예요",
    "그런 사람 없어요",
    "여기 그런 사람 없습니다",
    "그런 분 아닌데요",
    "저 그런 사람 아니에요",
    "다른 사람한테 보내셨어요",
    "엉뚱한 사람한테 보내셨네요",
    "번호 주인이 바뀌었어요",
    "잘못 보내셨어요 보내지 마세요",
    "누구세요? 문자 보내지 마세요",
    "누구세요 wrong number",
    "“누구세요?”",
    "잘못 보내셨어요 번호 지워 주세요",
)

A_CUSTOMER = (
    "who is this for?",
    "who is this shoe for",
    "who's this for",
    "who is this from?",
    "who is this by",
    "who is this brand",
    "who makes this",
    "Who is this? Oh, Trailhead!",
    "who is this? is this the shop?",
    "who are you?",
    "are you a bot? who is this made by",
    "is this the wrong number?",
    "do I have the wrong number?",
    "I think I have the wrong number",
    "did I give you the wrong number?",
    "I gave you the wrong number",
    "sorry, I gave you the wrong number, it's 503-555-0142",
    "my order has the wrong phone number on it",
    "you sent the wrong number of socks",
    "you sent the wrong size",
    "wrong size",
    "wrong order number",
    "the wrong number is on the box",
    "you have the wrong number for my wife, mine is fine",
    "I typed the wrong number",
    "what if it's the wrong number?",
    "that's not me in the picture",
    "I'm not sure",
    "I'm not interested",
    "not me",
    "I'm not home",
    "this is my new number",
    "new phone, same me",
    "I got a new phone",
    "I just got this number, it's Sam",
    "this is not my size",
    "who is it good for",
    "who is this jacket made for",
    "there's no discount here",
    "no thanks",
    "stop",
    "who else has this",
    "who is this model in the photo?",
    "Liked “Sorry. We won't text this number again.”",
    "Laughed at “who is this?”",
    "is that the wrong person on my account?",
    "this isn't the wrong number, go on",
    "not the wrong number",
    "누구세요? 아 숲길이구나",
    "누구세요? 숲길인가요?",
    "누구 선물이에요?",
    "누구한테 맞아요?",
    "누구 거예요?",
    "누구나 살 수 있나요?",
    "누구랑 얘기하는 거예요?",
    "누구",
    "이거 누구 신발이에요",
    "모델 누구예요?",
    "이 브랜드 누구 거예요?",
    "상품을 잘못 보내셨어요",
    "사이즈 잘못 보내셨어요",
    "주문한 거랑 다른 거 잘못 보내셨어요",
    "잘못 보냈어요",
    "문자 잘못 보냈어요",
    "제가 잘못 보냈어요",
    "번호를 잘못 적었어요",
    "번호 잘못 알려 드렸어요",
    "제가 번호를 잘못 알려드린 것 같아요",
    "잘못 왔어요",
    "상품이 잘못 왔어요",
    "잘못 샀어요",
    "잘못 주문했어요",
    "색을 잘못 골랐어요",
    "인증번호가 틀렸어요",
    "번호 바뀌었어요",
    "제 번호가 바뀌었어요",
    "번호 바꿨어요",
    "저 아니에요",
    "제가 산 거 아니에요",
    "아니에요",
    "그런 색은 없어요?",
    "그런 신발 없어요",
    "그런 사람들이 신는 거예요?",
    "다른 사람한테 선물할 거예요",
    "다른 번호로 보내 주세요",
    "누구세요라고 물어보는 문자가 왔어요",
    "아까 누구세요 라고 한 건 제가 착각했어요",
    "주문자는 누구로 되어 있어요?",
    "받는 사람 누구예요?",
    "잘못 보내셨어요 270인데 260이 왔어요",
    "잘못 보내셨나요?",
    "혹시 잘못 보내신 건가요?",
    "문자 보내지 마세요",
    "연락 주세요",
)


@pytest.mark.parametrize("said", A_STRANGER)
def test_a_stranger_says_that_the_number_is_wrong(said: str) -> None:
    assert is_wrong_number(said)
    assert keyword(said, "sms") is Keyword.WRONG_NUMBER


@pytest.mark.parametrize("said", A_CUSTOMER)
def test_a_customer_who_says_something_like_it_is_understood(said: str) -> None:
    assert not is_wrong_number(said)
    assert keyword(said, "sms") is not Keyword.WRONG_NUMBER


@pytest.mark.parametrize("said", A_STRANGER)
def test_on_the_web_nobody_has_a_wrong_number(said: str) -> None:
    assert keyword(said, "web") is not Keyword.WRONG_NUMBER


@pytest.mark.parametrize(
    "said",
    [
        "no " * 39 + "x",
        "저 아니에요" * 15,
        "이저그아니요" * 20,
        "i dont know a b " * 7,
        "누구" * 60,
    ],
)
def test_no_message_takes_long_to_read(said: str) -> None:
    began = time.perf_counter()
    is_wrong_number(said)
    assert time.perf_counter() - began < 0.1


def test_a_stop_stays_a_stop() -> None:
    assert keyword("STOP", "sms") is Keyword.STOP
    assert keyword("그만 보내세요", "sms") is Keyword.STOP
