"""The four classes of message, as DESIGN rule 14 has them, and when a notice may go."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from marketing.message_classes import CLASSES, Consent, notice_not_before
from marketing.places import place_of
from memory.tables import outbox

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize(
    ("name", "consent", "keeps_hours", "is_marked", "is_capped", "goes_first"),
    [
        ("reply", Consent.NONE, False, False, False, True),
        ("service", Consent.NONE, False, False, False, True),
        ("requested", Consent.REQUEST, True, False, False, False),
        ("advertisement", Consent.MARKETING, True, True, True, False),
    ],
)
def test_each_class_has_its_own_consent_hours_marks_and_caps(
    name: str,
    consent: Consent,
    keeps_hours: bool,
    is_marked: bool,
    is_capped: bool,
    goes_first: bool,
) -> None:
    found = CLASSES[name]
    assert (found.name, found.consent, found.keeps_hours) == (name, consent, keeps_hours)
    assert (found.is_marked, found.is_capped, found.goes_first) == (
        is_marked,
        is_capped,
        goes_first,
    )


def test_what_is_sent_has_one_of_them() -> None:
    (known,) = (
        str(one.sqltext)
        for one in outbox.constraints
        if getattr(one, "name", None) == "ck_outbox_message_class_known"
    )
    assert all(f"'{name}'" in known for name in CLASSES)
    assert known.count("'") == 2 * len(CLASSES)


@pytest.mark.parametrize(
    ("number", "at", "until"),
    [
        ("+821050000101", "2026-11-24T14:00", None),
        ("+821050000101", "2026-11-24T08:00", None),
        ("+821050000101", "2026-11-24T07:59", "2026-11-24T08:00"),
        ("+821050000101", "2026-11-24T21:00", "2026-11-25T08:00"),
        ("+821050000101", "2026-12-31T23:30", "2027-01-01T08:00"),
        ("+15035550101", "2026-11-24T14:00", None),
        ("+15035550101", "2026-11-24T03:00", None),
    ],
)
def test_a_notice_waits_for_the_morning_in_korea_only(
    number: str, at: str, until: str | None
) -> None:
    now = datetime.fromisoformat(at).replace(tzinfo=SEOUL)
    expected = datetime.fromisoformat(until).replace(tzinfo=SEOUL) if until else None
    assert notice_not_before(now, place_of(number)) == expected
