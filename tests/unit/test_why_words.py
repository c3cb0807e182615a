"""Why something was sent or not, in words: every stored reason has some, in both languages."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from channels.protocol import Refusal
from command.why import Tongue, as_words, decided
from command.words import CAMPAIGNS, REASONS, WORDS, Language, language, reason
from marketing.decisions import Reason
from memory.decisions import Decision
from memory.outbox import Written

AT = datetime(2026, 11, 25, 23, 10, 41, tzinfo=UTC)
PRODUCTS = {"ridge-gtx": "Ridge GTX"}
KOREAN = Tongue(language="ko", zone=ZoneInfo("Asia/Seoul"), products=PRODUCTS)
ENGLISH = Tongue(language="en", zone=ZoneInfo("America/Los_Angeles"), products=PRODUCTS)
BOUGHT = {"bought_at": "2026-11-25T23:10:39+00:00", "order_id": "TR-1043"}


@pytest.mark.parametrize("stored", [*Reason, *Refusal])
def test_every_reason_has_words_in_both_languages(stored: str) -> None:
    assert stored in REASONS["ko"]
    assert stored in REASONS["en"]


def test_both_languages_have_the_same_words_with_the_same_places() -> None:
    for words in (WORDS, REASONS, CAMPAIGNS):
        assert set(words["ko"]) == set(words["en"])
        for name in words["ko"]:
            assert _places(words["ko"][name]) == _places(words["en"][name]), name


def _places(word: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(word) if name is not None}


@pytest.mark.parametrize(
    ("environ", "chosen"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "", "LC_MESSAGES": "ko"}, "ko"),
    ],
)
def test_the_language_is_that_of_the_terminal(environ: dict[str, str], chosen: str) -> None:
    assert language(environ) == chosen


@pytest.mark.parametrize(
    ("stored", "chosen", "said"),
    [
        ("quiet_hours", "en", "quiet hours"),
        ("no_answer:ReadTimeout", "en", "the provider did not answer (ReadTimeout)"),
        ("http_503", "en", "http_503"),
        ("of_next_year", "ko", "of_next_year"),
    ],
)
def test_a_reason_nobody_knows_is_told_as_it_is(stored: str, chosen: Language, said: str) -> None:
    assert reason(stored, chosen) == said


def decision(kind: str, why: str, channel: str | None = None, **details: Any) -> Decision:
    return Decision(
        campaign="browse",
        occurrence="2026-11-25",
        decision=kind,
        reason=why,
        at=AT,
        channel=channel,
        details={"product_id": "ridge-gtx", **details},
    )


@pytest.mark.parametrize(
    ("line", "korean", "english"),
    [
        (decision("planned", "planned"), "보내기로 함", "planned"),
        (
            decision("held", "quiet_hours", until="2026-11-26T16:00:00+00:00"),
            "2026-11-27 01:00:00 KST까지 미룸 — 광고를 보낼 수 없는 시간",
            "held until 2026-11-26 08:00:00 PST — quiet hours",
        ),
        (decision("sent", "sent", "sms"), "문자로 보냄", "sent by text"),
        (decision("sent", "in_open_chat", "web"), "대화창에서 알림", "told in the open chat"),
        (
            decision("not_sent", "out_of_stock"),
            "보내지 않음 — 품절",
            "not sent — out of stock",
        ),
        (
            decision("cancelled", "bought", **BOUGHT),
            "보내지 않음 — 08:10:39에 구매함 (주문 TR-1043)",
            "not sent — bought at 15:10:39 (order TR-1043)",
        ),
        (decision("not_sent", "bought"), "보내지 않음 — 구매함", "not sent — bought"),
        (
            decision("answered", "bought", **BOUGHT),
            "끝냄 — 08:10:39에 구매함 (주문 TR-1043)",
            "closed — bought at 15:10:39 (order TR-1043)",
        ),
        (
            decision("cancelled", "bought", bought_at="2026-11-24T23:10:39+00:00"),
            "보내지 않음 — 2026-11-25 08:10:39에 구매함",
            "not sent — bought at 2026-11-24 15:10:39",
        ),
        (
            decision("answered", "accepted", answer="accepted"),
            "고객이 좋다고 함",
            "the customer said yes",
        ),
        (
            decision("answered", "declined", answer="declined"),
            "고객이 거절함",
            "the customer said no",
        ),
        (
            decision("answered", "bought_elsewhere", answer="declined"),
            "고객이 거절함 — 다른 데서 구매함",
            "the customer said no — bought elsewhere",
        ),
        (
            decision("answered", "postponed", answer="postponed"),
            "고객이 나중에 보겠다고 함",
            "the customer said not now",
        ),
        (
            decision("cancelled", "refused"),
            "보내지 않음 — 광고를 받지 않겠다고 함",
            "not sent — they want no marketing",
        ),
    ],
)
def test_a_decision_is_a_line_by_the_customers_clock(
    line: Decision, korean: str, english: str
) -> None:
    assert as_words(decided(line, KOREAN), KOREAN) == (
        f"2026-11-26 08:10:41 KST 상품 본 뒤 안내 · Ridge GTX: {korean}"
    )
    assert as_words(decided(line, ENGLISH), ENGLISH) == (
        f"2026-11-25 15:10:41 PST after a look · Ridge GTX: {english}"
    )


TEXT = Written(
    outbox_id=1,
    purpose="offer",
    message_class="advertisement",
    offer_id=1,
    state="ready",
    reason=None,
    provider_status=None,
    error_code=None,
    hold_until=None,
    at=AT,
)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "its text waits to be sent"),
        (
            {"reason": "too_many_requests"},
            "its text waits to be sent — the provider asked to wait; it is tried again",
        ),
        (
            {"reason": "quiet_hours", "hold_until": datetime(2026, 11, 26, 16, tzinfo=UTC)},
            "its text is held until 2026-11-26 08:00:00 PST — quiet hours",
        ),
        ({"state": "sending"}, "its text is being sent"),
        (
            {"state": "accepted", "reason": "answered", "provider_status": "queued"},
            "the provider has it (queued)",
        ),
        ({"state": "delivered", "reason": "answered"}, "delivered"),
        (
            {"state": "rejected", "reason": "unreachable", "error_code": 30003},
            "not delivered (30003) — the phone could not be reached",
        ),
        (
            {"state": "unknown", "reason": "sender_died"},
            "nobody knows whether its text went out — the sender died while sending",
        ),
        ({"state": "refused", "reason": "stopped"}, "not sent — the number has opted out (STOP)"),
        ({"state": "cancelled", "reason": "stopped"}, "not sent — the number has opted out (STOP)"),
    ],
)
def test_what_became_of_a_text_is_said(changed: dict[str, Any], said: str) -> None:
    assert ENGLISH.text(replace(TEXT, **changed)) == said


def test_a_sent_offer_tells_what_became_of_its_text() -> None:
    text = replace(TEXT, state="delivered", reason="answered", provider_status="delivered")
    assert ENGLISH.decision(decision("sent", "sent", "sms"), text) == "sent by text — delivered"
    assert KOREAN.decision(decision("sent", "sent", "sms"), text) == "문자로 보냄 — 도착함"
