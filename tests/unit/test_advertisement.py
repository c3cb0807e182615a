"""The marks of an advertisement, and what is refused for want of them (RULES KR-1, KR-2, KR-7,
US-10)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from marketing.advertisement import (
    Problem,
    SenderProfile,
    byte_count,
    compose,
    not_encodable,
    problems,
)

KOREAN = SenderProfile(
    country="KR",
    is_two_way=False,
    is_kr_certified=True,
    is_a2p_registered=False,
    opt_out_phone="+82800001127",
)
AMERICAN = SenderProfile(
    country="US",
    is_two_way=True,
    is_kr_certified=False,
    is_a2p_registered=True,
    opt_out_phone=None,
)
LINK = "https://trailhead.example/o/7Qx"


def test_a_korean_advertisement() -> None:
    text = compose(
        "러닝화 기획전 50%, 270 와이드도 남아 있어요.\n",
        country="KR",
        brand="숲길",
        sender=KOREAN,
        language="ko",
        link=LINK,
    )
    assert text == (
        f"(광고)[숲길] 러닝화 기획전 50%, 270 와이드도 남아 있어요. {LINK}\n"
        "무료수신거부 080-000-1127"
    )
    assert problems(text, country="KR", brand="숲길") == ()


def test_a_korean_number_has_the_korean_marks_in_english_too() -> None:
    text = compose(
        "The wide Ridge GTX is back.", country="KR", brand="Trailhead", sender=KOREAN, language="en"
    )
    assert text == ("(광고)[Trailhead] The wide Ridge GTX is back.\n무료수신거부 080-000-1127")
    assert problems(text, country="KR", brand="Trailhead") == ()


def test_without_a_free_number_the_link_is_the_free_way_out() -> None:
    sender = replace(KOREAN, opt_out_phone=None)
    text = compose(
        "케이크가 왔어요.", country="KR", brand="숲길", sender=sender, language="ko", link=LINK
    )
    assert text == f"(광고)[숲길] 케이크가 왔어요. {LINK}\n무료수신거부 {LINK}"
    assert problems(text, country="KR", brand="숲길") == ()
    with pytest.raises(ValueError):
        compose("케이크가 왔어요.", country="KR", brand="숲길", sender=sender, language="ko")


@pytest.mark.parametrize(
    ("language", "link", "text"),
    [
        ("en", None, "Trailhead: It is back. Reply STOP to opt out."),
        ("en", LINK, f"Trailhead: It is back. {LINK} Reply STOP to opt out."),
        ("ko", None, "Trailhead: It is back. 수신거부는 STOP 회신"),
    ],
)
def test_an_american_advertisement(language: str, link: str | None, text: str) -> None:
    composed = compose(
        "It is back.",
        country="US",
        brand="Trailhead",
        sender=AMERICAN,
        language=language,
        link=link,
    )
    assert composed == text
    assert problems(composed, country="US", brand="Trailhead") == ()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", f"Trailhead: It is back. Reply or opt out: {LINK}"),
        ("ko", f"Trailhead: It is back. 답장·수신거부: {LINK}"),
    ],
)
def test_on_a_one_way_number_the_link_is_the_way_out(language: str, text: str) -> None:
    one_way = replace(AMERICAN, is_two_way=False)
    composed = compose(
        "It is back.",
        country="GB",
        brand="Trailhead",
        sender=one_way,
        language=language,
        link=LINK,
    )
    assert composed == text
    assert problems(composed, country="GB", brand="Trailhead") == ()
    with pytest.raises(ValueError):
        compose("It is back.", country="GB", brand="Trailhead", sender=one_way, language=language)


REST = "[숲길] 러닝화가 왔어요. https://x.example/a\n무료수신거부 080-000-1127"


@pytest.mark.parametrize(
    "mark",
    [
        *("(광 고)", "(광.고)", "[광고]", "(대출광고)", "【광고】", "<광고>", "{광고}", "（광고）"),
        *(
            "(광/고)",
            "(광-고)",
            "(광_고)",
            "(광*고)",
            "(광·고)",
            "( 광고 )",
            "((광고)",
            "(광\u200b고)",
        ),
        *("(광고문의)", "(광고성)", "(AD)", "(廣告)", "(홍보)", "광고", "「광고」"),
        "(\u1100\u116a\u11bc\u1100\u1169)",  # 광고, written in single letters
    ],
)
def test_a_mark_that_only_resembles_the_one_asked_for(mark: str) -> None:
    assert mark != "(광고)"
    found = problems(mark + REST, country="KR", brand="숲길")
    assert set(found) & {Problem.EVASIVE_MARK, Problem.MARK_NOT_FIRST}
    is_whole = "(광고)" in mark
    assert (Problem.EVASIVE_MARK in found) is not is_whole


@pytest.mark.parametrize("before", [" ", "\n", "[Web발신]", "안녕하세요! ", "\ufeff"])
def test_nothing_may_stand_before_the_mark(before: str) -> None:
    found = problems(before + "(광고)" + REST, country="KR", brand="숲길")
    assert Problem.MARK_NOT_FIRST in found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("(광고)" + REST, ()),
        ("(광고) 숲길 러닝화가 왔어요.\n무료수신거부 0800001127", ()),
        ("(광고)숲길 러닝화가 왔어요. 무료수신거부: 080-0000-1127", ()),
        ("(광고)[숲길] 러닝화가 왔어요.\n무료수신거부 https://x.example/s/1", ()),
        (REST, (Problem.MARK_NOT_FIRST,)),
        (
            "(광고)러닝화가 왔어요. 숲길\n무료수신거부 080-000-1127",
            (Problem.NO_SENDER_NAME,),
        ),
        ("(광고)[숲길] 러닝화가 왔어요.", (Problem.NO_WAY_OUT,)),
        ("(광고)[숲길] 러닝화가 왔어요.\n무료수신거부", (Problem.NO_WAY_OUT,)),
        ("(광고)[숲길] 러닝화가 왔어요.\n무료수신거부 02-123-4567", (Problem.NO_WAY_OUT,)),
        ("(광고)[숲길] 무료수신거부 080-000-1127 러닝화!", (Problem.NO_WAY_OUT,)),
        ("(광고)[숲길] 러닝화가 왔어요.\n무료수신거부 080-000-1127\n", (Problem.NO_WAY_OUT,)),
        ("(광고)[숲길]\n무료수신거부 080-000-1127", (Problem.NO_TEXT,)),
        (
            "(광고)[숲길] https://x.example/a.png\n무료수신거부 080-000-1127",
            (Problem.NO_TEXT,),
        ),
        (
            "(광고)[숲길] 러닝화가 왔어요 👟\n무료수신거부 080-000-1127",
            (Problem.NOT_ENCODABLE,),
        ),
        (
            "",
            (Problem.MARK_NOT_FIRST, Problem.NO_TEXT, Problem.NO_WAY_OUT),
        ),
    ],
)
def test_what_is_wrong_in_korea(text: str, found: tuple[Problem, ...]) -> None:
    assert problems(text, country="KR", brand="숲길") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # STORIES 3.
        (
            "Trailhead: the wide Ridge GTX you asked for is back in 9.5. Want it? Reply here. "
            "STOP to opt out.",
            (),
        ),
        ("Trailhead: It is back. Text STOP to unsubscribe", ()),
        ("TRAILHEAD: It is back 👟 Reply STOP=end", ()),
        ("Trailhead: It is back. To opt out: https://trailhead.example/s", ()),
        ("It is back. Reply STOP to opt out.", (Problem.NO_BRAND,)),
        ("Trailhead: It is back.", (Problem.NO_WAY_OUT,)),
        ("Trailhead: Don't STOP running! Quit waiting.", (Problem.NO_WAY_OUT,)),
        ("Trailhead: stop by to end the year well", (Problem.NO_WAY_OUT,)),
        (
            "Trailhead: https://bit.ly/3xYz Reply STOP to opt out.",
            (Problem.SHORTENED_LINK,),
        ),
        ("Trailhead: www.TinyURL.com/a Reply STOP to opt out.", (Problem.SHORTENED_LINK,)),
        ("Trailhead: see t.co/a. Reply STOP to opt out.", (Problem.SHORTENED_LINK,)),
        ("Trailhead: see https://rabbit.ly.example/t.co Reply STOP to opt out.", ()),
        ("Trailhead: see https://habit.lyric.example Reply STOP to opt out.", ()),
        ("Trailhead: see https://reddit.co/a Reply STOP to opt out.", ()),
        ("", (Problem.NO_BRAND, Problem.NO_WAY_OUT)),
    ],
)
def test_what_is_wrong_in_america(text: str, found: tuple[Problem, ...]) -> None:
    assert problems(text, country="US", brand="Trailhead") == found


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("러닝화 270, 50% 할인! ★ ○○님 “새” ‘것’ 1,000원…", ()),
        ("뷁 쀍 똠방각하 펲시", ()),  # outside KS X 1001, inside CP949
        ("하나 👟 둘 👟 셋 ❤️", ("👟", "❤", "\ufe0f")),
        ("₩9,000 – “5€” — café", ("₩", "–", "—", "é")),
    ],
)
def test_what_a_korean_text_message_cannot_carry(text: str, signs: tuple[str, ...]) -> None:
    assert not_encodable(text) == signs


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("STOP 2", 6),
        ("(광고)", 6),
        ("가" * 45, 90),
        ("뷁", 2),
        ("한 줄\n두 줄", 11),
        ("👟", 1),
    ],
)
def test_bytes_as_korean_relays_count_them(text: str, count: int) -> None:
    assert byte_count(text) == count
