"""A question about a refund on a Saturday night, and a person's answer on Monday (STORIES 7): real
processes, the trained model, the customer's telephone and that of the shop's people.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from marketing import working_days
from tests.acceptance.test_clock import utc
from tests.acceptance.test_follow_up import Telephone
from tests.running_shop import RunningShop

# The shop may have to be trained and started first.
pytestmark = pytest.mark.timeout(480)

SEOUL = ZoneInfo("Asia/Seoul")
STAFF = "+821000001128"
"""`staff_phones` of data/catalogue/store.yml."""
CARRIER = "[Web발신]\n"
"""What Korean carriers put before a text (RULES finding 1)."""
ANSWER = "지수예요. 환불은 오늘 카드로 들어가요."


def _goes_to(shop: RunningShop, moment: datetime) -> None:
    done = shop.command("clock", moment.isoformat())
    assert done.returncode == 0, done.stderr


def _saturday_night(shop: RunningShop) -> datetime:
    """The next one before a Monday on which people work."""
    night = utc(shop).astimezone(SEOUL).replace(hour=22, minute=30, second=0) + timedelta(days=1)
    while night.weekday() != 5 or not working_days.is_one((night + timedelta(days=2)).date(), "KR"):
        night += timedelta(days=1)
    return night


def _human(shop: RunningShop, *arguments: str) -> str:
    done = shop.command("human", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_answer_to_somebody_who_has_left_comes_as_a_service_text(demo: RunningShop) -> None:
    saturday = _saturday_night(demo)
    _goes_to(demo, saturday)
    staff = Telephone(shop=demo, number=STAFF)
    theirs = Telephone(shop=demo, number=f"+8210{secrets.randbelow(10**8):08}")
    staff_before = len(staff.texts())

    visitor = demo.visitor()
    told = visitor.ask("환불 때문에 상담원 연결해 주세요")
    assert "월요일 오전 10시부터" in told
    assert "늦어도 월요일 오전 11시까지" in told
    assert told.endswith("답이 오면 문자로 알려 드릴까요?")
    assert "휴대폰 번호" in visitor.ask("네")
    visitor.ask(f"0{theirs.number.removeprefix('+82')}")
    (code,) = re.findall(r"\b\d{6}\b", theirs.receives(0))
    assert "등록하신 번호로 문자를 드릴게요" in visitor.ask(code)
    assert len(staff.texts()) == staff_before

    monday = (saturday + timedelta(days=2)).replace(hour=10, minute=0)
    _goes_to(demo, monday)
    alarm = staff.receives(staff_before)
    assert alarm.startswith(f"{CARRIER}[숲길] 상담을 기다리는 고객이")
    assert "오전 11시까지" in alarm

    _goes_to(demo, monday + timedelta(minutes=7))
    _human(demo, "take", visitor.customer, "--as", "지수")
    shown = _human(demo, "show", visitor.customer)
    assert "환불 때문에 상담원 연결해 주세요" in shown
    seen = visitor.seen
    visitor.say("혹시 언제쯤일까요?")
    before = len(theirs.texts())
    _human(demo, "say", visitor.customer, ANSWER)
    text = theirs.receives(before)
    said = re.fullmatch(
        re.escape(CARRIER) + r"\[숲길\] 문의하신 환불 답변이 도착했어요\. (http\S+/l/\S+)", text
    )
    assert said is not None, text
    _human(demo, "say", visitor.customer, "더 궁금하신 점 있으세요?")

    # Nothing is known behind the link, and nobody but the person has spoken.
    with httpx.Client(timeout=10, follow_redirects=True) as stranger:
        page = stranger.get(f"{demo.base}/l/{said.group(1).rpartition('/')[2]}").text
        assert ANSWER not in page
        assert stranger.get(f"{demo.base}/chat/messages").status_code == 401
    rows = [row for row in visitor.rows(seen) if row["direction"] == "out"]
    assert [(row["by"], row["text"]) for row in rows] == [
        ("지수", ANSWER),
        ("지수", "더 궁금하신 점 있으세요?"),
    ]
    visitor.answer()

    # No reminder for what was taken up in time, no advert meanwhile, one text for the burst.
    _goes_to(demo, monday + timedelta(hours=1))
    assert len(staff.texts()) == staff_before + 1
    assert len(theirs.texts()) == before + 1
    assert not any("광고" in one for one in theirs.texts())

    _human(demo, "close", visitor.customer)
    assert [row for row in visitor.rows(visitor.seen) if row["direction"] == "out"] == []
    assert "02-0000-1127" in visitor.ask("상담 전화번호 알려 주세요")
    accesses = _human(demo, "accesses", visitor.customer)
    assert all(f"(command)  {action}  " in accesses for action in ("take", "show", "say", "close"))
