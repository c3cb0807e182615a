"""What a message says of the past: whose words, and when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nlu.looking_back import looking_back

NOW = datetime(2026, 11, 27, 5, 0, tzinfo=UTC)  # a Friday


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("last May I asked about boots", "2026-05-01", "2026-06-01"),
        ("the jacket from december? in December", "2025-12-01", "2026-01-01"),
        ("in July 2024", "2024-07-01", "2024-08-01"),
        ("what did I buy last year", "2025-01-01", "2026-01-01"),
        ("last month", "2026-10-01", "2026-11-01"),
        ("last week", "2026-11-16", "2026-11-23"),
        ("yesterday", "2026-11-26", "2026-11-27"),
        ("5월에 물어본 거", "2026-05-01", "2026-06-01"),
        ("작년 12월에 산 거", "2025-12-01", "2026-01-01"),
        ("2024년 3월", "2024-03-01", "2024-04-01"),
        ("작년에 뭐 샀죠", "2025-01-01", "2026-01-01"),
        ("지난달에 본 배낭", "2026-10-01", "2026-11-01"),
        ("지난주에 물어봤는데", "2026-11-16", "2026-11-23"),
        ("어제 말한 거", "2026-11-26", "2026-11-27"),
    ],
)
def test_the_time_that_is_named(text: str, since: str, until: str) -> None:
    found = looking_back(text, NOW)
    assert (found.since, found.until) == (_day(since), _day(until))


def _day(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "may I see the boots?",
        "march on",
        "제 생일은 5월 3일이에요",
        "13월",
        "지난번에 물어본 거",
        "do you have it in 2024 colors".replace("in ", ""),
        "",
    ],
)
def test_no_time_is_read_where_none_is_named(text: str) -> None:
    assert looking_back(text, NOW).since is None


@pytest.mark.parametrize(
    ("text", "said_by"),
    [
        ("the shoes I asked about", "in"),
        ("what did I say about my knees", "in"),
        ("저번에 물어본 등산화요", "in"),
        ("제가 찾던 거 있잖아요", "in"),
        ("what did you recommend last time", "out"),
        ("the one you showed me", "out"),
        ("지난번에 추천해 주신 거요", "out"),
        ("보여 주신 재킷", "out"),
        ("do you have hiking boots", None),
        ("러닝화 추천해 주세요", None),
    ],
)
def test_whose_words_are_meant(text: str, said_by: str | None) -> None:
    assert looking_back(text, NOW).said_by == said_by


@pytest.mark.parametrize(
    ("text", "refers"),
    [
        ("the shoes I asked about", True),
        ("do you have the one I asked about last time in 9?", True),
        ("that jacket from last May", True),
        ("저번에 물어본 등산화 있어요?", True),
        ("작년에 물어본 패딩이요", True),
        ("추천해 주신 거요", True),
        ("아까 물어본 거 있어요?", False),
        ("the one I just asked about", False),
        ("do you deliver before Friday?", False),
        ("오전에 문 여나요", False),
        ("5월에 여행 가는데 배낭 있어요?", False),
        ("릿지 GTX 270 있어요?", False),
    ],
)
def test_what_plainly_means_an_earlier_visit(text: str, refers: bool) -> None:
    assert looking_back(text, NOW).refers is refers
