"""What telephones write by themselves, as iOS and Android word it, and what people write."""

from __future__ import annotations

import pytest

from marketing.machine_texts import is_automatic_reply, is_by_machine, is_reaction

REACTIONS = [
    "Liked “Reply STOP to end, HELP for help.”",
    "Loved “Your code is 482913”",
    "Laughed at “We still have the Haru 20.”",
    "Emphasized “Reply YES to confirm”",
    "Disliked “STOP”",
    "Questioned “Do you want it in 9?”",
    'Liked "plain quotes"',
    "Loved an image",
    "Removed a like from “Reply STOP to end”",
    "Removed a heart from “네, 준비됐어요.”",
    "Reacted 😍 to “Here is the link”",
    "Reacted with a sticker to “Here is the link”",
    "Removed 😍 from “Here is the link”",
    "👍 to “Reply STOP to end”",
    "\u200a\u200b👍\u200b to “\u200aReply STOP to end\u200a”",
    "❤️ to “two\nlines”",
    "“수신거부는 080-000-1127”을(를) 좋아함",
    "“그만이라고 보내 주세요”을(를) 강조함",
    "“하루 20 아직 있어요”에 하트를 추가함",
    "“하루 20 아직 있어요”에 웃음",
    "“하루 20 아직 있어요”을(를) 싫어함",
    "“하루 20 아직 있어요”에 😍 반응을 보냄",
]
AUTOMATIC = [
    "I'm driving with Do Not Disturb While Driving turned on. I'll see your message later.",
    "I’m driving with Driving Focus turned on. I’ll see your message when I get where I’m going.",
    "(I'm not receiving notifications. If this is urgent, reply “urgent” to send a notification.)",
    "I am out of office until Monday.",
    "Auto-reply: thanks for your message",
    "[부재중] 월요일에 연락드리겠습니다.",
    "운전 중이라 나중에 확인할게요",
    "지금 회의 중입니다. 끝나고 연락드릴게요.",
    "자동응답: 지금은 자리에 없습니다",
    "지금은 전화를 받을 수 없습니다.",
]
PEOPLE = [
    "I liked “the Haru” more",
    "liked it",
    "loved the boots!",
    "Stop",
    "STOP",
    "please stop texting me",
    "out of office. please stop texting me",
    "do you deliver when I'm out of office?",
    "부재중 전화가 와 있어서요",
    "좋아요",
    "네",
    "가방 안에 물병 들어가요?",
    '"그만"',
    "운전할 때 신을 신발 있어요?",
    "나중에 확인할게요",
    "👍",
    "9 to 10?",
]


@pytest.mark.parametrize("text", REACTIONS)
def test_a_reaction_is_none_of_the_customers_words(text: str) -> None:
    assert is_reaction(text)
    assert is_by_machine(text, "sms")


@pytest.mark.parametrize("text", AUTOMATIC)
def test_an_automatic_reply_is_known(text: str) -> None:
    assert is_automatic_reply(text)
    assert is_by_machine(text, "sms")


@pytest.mark.parametrize("text", PEOPLE)
def test_what_people_write_is_theirs(text: str) -> None:
    assert not is_by_machine(text, "sms")


def test_nobody_reacts_so_on_the_web() -> None:
    assert not any(is_by_machine(text, "web") for text in REACTIONS + AUTOMATIC)
