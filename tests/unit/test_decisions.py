"""Whether an advertisement may go. 2026-11-23 is a Monday; noon in Portland is 20:00 UTC."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketing.advertisement import SenderProfile
from marketing.decisions import (
    Allowed,
    Held,
    Question,
    Reason,
    Refused,
    may_advertise,
    may_tell,
)

AMERICAN = SenderProfile(
    country="US",
    is_two_way=True,
    is_kr_certified=False,
    is_a2p_registered=True,
    opt_out_phone=None,
)
KOREAN = SenderProfile(
    country="KR",
    is_two_way=False,
    is_kr_certified=True,
    is_a2p_registered=False,
    opt_out_phone="+82800001127",
)
NOON = datetime(2026, 11, 23, 20, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)

IN_PORTLAND = Question(
    now=NOON,
    channel="sms",
    consent="given",
    address_has_consent=True,
    is_stopped=False,
    number="+15035550127",
    time_zone=None,
    at_night=False,
    sent_lately=(),
    sender=AMERICAN,
    was_bought=False,
    is_in_stock=True,
    is_open=True,
    has_open_complaint=False,
    latest=None,
)
IN_SEOUL = replace(
    IN_PORTLAND,
    now=datetime(2026, 11, 23, 1, tzinfo=UTC),  # 10 in the morning
    number="+821012345678",
    sender=KOREAN,
)
IN_THE_CHAT = replace(
    IN_SEOUL,
    channel="web",
    number=None,
    sender=None,
    address_has_consent=False,
    country="KR",
)


def _utc(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("question", "not_after"),
    [
        # 21:00 in Portland, 20:50 in Seoul, less two minutes.
        (IN_PORTLAND, "2026-11-24T04:58"),
        (IN_SEOUL, "2026-11-23T11:48"),
        (IN_THE_CHAT, "2026-11-23T11:48"),
        (replace(IN_THE_CHAT, number="+15035550127"), "2026-11-23T04:58"),  # 21:00 there
        (replace(IN_PORTLAND, number="+13055550127"), "2026-11-24T00:58"),  # Miami: 20:00
        (replace(IN_PORTLAND, time_zone="America/Denver"), "2026-11-24T03:58"),
        (replace(IN_PORTLAND, latest=_utc("2026-11-23T22:00")), "2026-11-23T22:00"),
        (replace(IN_PORTLAND, latest=_utc("2026-12-01T00:00")), "2026-11-24T04:58"),
        (replace(IN_PORTLAND, merchant=(time(10), time(18))), "2026-11-24T01:58"),
    ],
)
def test_it_may_go_until_the_window_closes(question: Question, not_after: str) -> None:
    assert may_advertise(question) == Allowed(not_after=_utc(not_after))


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (replace(IN_PORTLAND, is_stopped=True), Reason.STOPPED),
        (replace(IN_PORTLAND, is_suppressed=True), Reason.SUPPRESSED),
        (replace(IN_PORTLAND, consent="refused"), Reason.REFUSED),
        (replace(IN_PORTLAND, consent="none"), Reason.NO_CONSENT),
        (replace(IN_PORTLAND, address_has_consent=False), Reason.NO_CONSENT),
        (replace(IN_SEOUL, is_overdue=True), Reason.NOT_RECONFIRMED),
        (replace(IN_THE_CHAT, is_overdue=True), Reason.NOT_RECONFIRMED),
        (replace(IN_PORTLAND, number=None), Reason.NO_ADDRESS),
        (replace(IN_PORTLAND, number="+999123456"), Reason.NO_ADDRESS),
        (replace(IN_PORTLAND, sender=None), Reason.NO_SENDER),
        (replace(IN_PORTLAND, sender=KOREAN), Reason.NOT_A2P_REGISTERED),
        (replace(IN_PORTLAND, number="+17875550127", sender=KOREAN), Reason.NOT_A2P_REGISTERED),
        (replace(IN_SEOUL, sender=AMERICAN), Reason.NOT_KR_CERTIFIED),
        (replace(IN_PORTLAND, is_open=False), Reason.OFFER_CLOSED),
        (replace(IN_PORTLAND, is_muted=True), Reason.MUTED),
        (replace(IN_PORTLAND, was_bought=True), Reason.BOUGHT),
        (replace(IN_PORTLAND, was_bought_elsewhere=True), Reason.BOUGHT_ELSEWHERE),
        (replace(IN_PORTLAND, is_asked_for_later=True), Reason.ASKED_FOR_LATER),
        (replace(IN_PORTLAND, has_open_complaint=True), Reason.COMPLAINT_OPEN),
        (replace(IN_PORTLAND, is_in_stock=False), Reason.OUT_OF_STOCK),
        (replace(IN_PORTLAND, latest=NOON), Reason.TOO_LATE),
        (replace(IN_PORTLAND, most_a_day=0), Reason.CAP_REACHED),
        (replace(IN_THE_CHAT, is_stopped=True), Reason.STOPPED),
        (replace(IN_THE_CHAT, consent="none"), Reason.NO_CONSENT),
        (replace(IN_THE_CHAT, is_muted=True), Reason.MUTED),
        (replace(IN_THE_CHAT, was_bought=True), Reason.BOUGHT),
    ],
)
def test_it_may_not_go(question: Question, reason: Reason) -> None:
    assert may_advertise(question) == Refused(reason=reason)


def test_the_gravest_reason_is_the_one_that_is_named() -> None:
    """Everything is wrong; what is wrong is put right one by one, and the next is named."""
    question = replace(
        IN_PORTLAND,
        now=NOON + 12 * HOUR,
        is_stopped=True,
        consent="refused",
        address_has_consent=False,
        number=None,
        sender=None,
        is_open=False,
        is_muted=True,
        was_bought=True,
        has_open_complaint=True,
        is_in_stock=False,
        latest=NOON,
        sent_lately=(NOON, NOON),
    )
    named = [may_advertise(question)]
    for changes in (
        {"is_stopped": False},
        {"consent": "none"},
        {"consent": "given"},
        {"address_has_consent": True},
        {"number": "+15035550127"},
        {"sender": KOREAN},
        {"sender": AMERICAN},
        {"is_open": True},
        {"is_muted": False},
        {"was_bought": False},
        {"has_open_complaint": False},
        {"is_in_stock": True},
        {"latest": None},
        {"sent_lately": ()},
        {"now": NOON},
    ):
        question = replace(question, **changes)
        named.append(may_advertise(question))
    assert named == [
        Refused(reason=Reason.STOPPED),
        Refused(reason=Reason.REFUSED),
        Refused(reason=Reason.NO_CONSENT),
        Refused(reason=Reason.NO_CONSENT),
        Refused(reason=Reason.NO_ADDRESS),
        Refused(reason=Reason.NO_SENDER),
        Refused(reason=Reason.NOT_A2P_REGISTERED),
        Refused(reason=Reason.OFFER_CLOSED),
        Refused(reason=Reason.MUTED),
        Refused(reason=Reason.BOUGHT),
        Refused(reason=Reason.COMPLAINT_OPEN),
        Refused(reason=Reason.OUT_OF_STOCK),
        Refused(reason=Reason.TOO_LATE),
        Held(until=NOON + 24 * HOUR, reason=Reason.CAP_REACHED),
        Held(until=_utc("2026-11-24T16:00"), reason=Reason.QUIET_HOURS),
        Allowed(not_after=_utc("2026-11-24T04:58")),
    ]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"is_stopped": True}, Reason.STOPPED),
        ({"is_suppressed": True}, Reason.SUPPRESSED),
        ({"is_silent": True}, Reason.SILENT_NUMBER),
        ({"number": None}, Reason.NO_ADDRESS),
        ({"sender": None}, Reason.NO_SENDER),
        ({"is_muted": True}, Reason.MUTED),
        ({"was_bought": True}, Reason.BOUGHT),
        ({"was_bought_elsewhere": True}, Reason.BOUGHT_ELSEWHERE),
        ({"has_open_complaint": True}, Reason.COMPLAINT_OPEN),
        ({"latest": NOON}, Reason.TOO_LATE),
    ],
)
def test_what_was_asked_for_may_not_go(changes: dict[str, Any], reason: Reason) -> None:
    for question in (IN_PORTLAND, IN_SEOUL):
        if changes != {"latest": NOON} or question is IN_PORTLAND:
            assert may_tell(replace(question, **changes)) == Refused(reason=reason)


def test_what_was_asked_for_needs_no_consent_has_no_cap_and_keeps_the_hours() -> None:
    """DESIGN rule 14. Korea's certificate is for advertisements alone."""
    asked = replace(
        IN_SEOUL,
        consent="none",
        address_has_consent=False,
        is_asked_for_later=True,
        sender=replace(KOREAN, is_kr_certified=False),
        sent_lately=(IN_SEOUL.now,) * 3,
    )
    assert isinstance(may_tell(asked), Allowed)
    at_night = replace(asked, now=asked.now + 12 * HOUR)
    assert may_tell(at_night) == Held(until=_utc("2026-11-23T23:00"), reason=Reason.QUIET_HOURS)


def test_a_purchase_at_the_till_a_second_before() -> None:
    """STORIES 2 (a): planned for ten in Seoul, bought at 09:59:59."""
    assert may_advertise(replace(IN_SEOUL, was_bought=True)) == Refused(reason=Reason.BOUGHT)


@pytest.mark.parametrize(
    ("question", "until"),
    [
        (replace(IN_PORTLAND, now=_utc("2026-11-24T05:00")), "2026-11-24T16:00"),  # 21:00
        (replace(IN_PORTLAND, now=_utc("2026-11-24T15:59:59")), "2026-11-24T16:00"),  # 7:59:59
        # Within the last two minutes a text might arrive too late.
        (replace(IN_PORTLAND, now=_utc("2026-11-24T04:58")), "2026-11-24T16:00"),
        (replace(IN_SEOUL, now=_utc("2026-11-23T11:48")), "2026-11-23T23:00"),
        (replace(IN_SEOUL, now=_utc("2026-11-23T12:00")), "2026-11-23T23:00"),
        (replace(IN_THE_CHAT, now=_utc("2026-11-23T12:00")), "2026-11-23T23:00"),
        (replace(IN_PORTLAND, merchant=(time(13), time(18))), "2026-11-23T21:00"),
    ],
)
def test_out_of_hours_it_waits_for_the_morning(question: Question, until: str) -> None:
    assert may_advertise(question) == Held(until=_utc(until), reason=Reason.QUIET_HOURS)


def test_until_two_minutes_before_the_window_closes_it_may_go() -> None:
    question = replace(IN_PORTLAND, now=_utc("2026-11-24T04:57:59"))
    assert may_advertise(question) == Allowed(not_after=_utc("2026-11-24T04:58"))


def test_what_is_too_late_in_the_morning_is_too_late_now() -> None:
    night = replace(IN_PORTLAND, now=_utc("2026-11-24T05:00"))
    at_eight = replace(night, latest=_utc("2026-11-24T16:00"))
    assert may_advertise(at_eight) == Refused(reason=Reason.TOO_LATE)
    a_second_later = replace(night, latest=_utc("2026-11-24T16:00:01"))
    assert isinstance(may_advertise(a_second_later), Held)


def test_a_korean_who_agreed_to_the_night_may_be_written_to_then() -> None:
    now = _utc("2026-11-23T15:00")  # midnight
    assert isinstance(may_advertise(replace(IN_SEOUL, now=now)), Held)
    allowed = may_advertise(replace(IN_SEOUL, now=now, at_night=True))
    assert allowed == Allowed(not_after=now + 24 * HOUR - 2 * MINUTE)
    in_portland = replace(IN_PORTLAND, now=_utc("2026-11-24T08:00"), at_night=True)
    assert isinstance(may_advertise(in_portland), Held)


@pytest.mark.parametrize(
    ("most_a_day", "hours_ago", "room_in"),
    [
        (2, (), None),
        (2, (23,), None),
        (2, (24, 24, 1), None),
        (2, (23, 1), 1),
        (2, (1, 23), 1),
        (2, (23, 22, 1), 2),
        (1, (5,), 19),
        (1, (30,), None),
        (3, (20, 10), None),
        (3, (20, 10, 1), 4),
        (9, (20, 10, 1), 4),  # the shop may not allow more than three
        (9, (20, 10), None),
    ],
)
def test_never_more_than_so_many_in_a_day(
    most_a_day: int, hours_ago: tuple[int, ...], room_in: int | None
) -> None:
    question = replace(
        IN_PORTLAND,
        most_a_day=most_a_day,
        sent_lately=[NOON - hours * HOUR for hours in hours_ago],
    )
    answer = may_advertise(question)
    if room_in is None:
        assert isinstance(answer, Allowed)
        return
    assert answer == Held(until=NOON + room_in * HOUR, reason=Reason.CAP_REACHED)
    in_time = replace(question, latest=NOON + room_in * HOUR)
    assert may_advertise(in_time) == Refused(reason=Reason.TOO_LATE)


def test_a_visitor_of_the_web_chat_is_in_their_own_zone_or_where_their_law_is() -> None:
    seven = _utc("2026-11-23T22:00")  # in Seoul; 17 in New York
    assert isinstance(may_advertise(replace(IN_THE_CHAT, now=seven)), Held)
    in_new_york = replace(IN_THE_CHAT, now=seven, country="US", time_zone="America/New_York")
    assert may_advertise(in_new_york) == Allowed(not_after=_utc("2026-11-24T01:58"))
    somewhere_in_america = replace(in_new_york, time_zone=None)
    assert may_advertise(somewhere_in_america) == Allowed(not_after=_utc("2026-11-24T01:58"))
    nowhere = replace(in_new_york, country=None, time_zone=None)
    assert may_advertise(nowhere) == Held(
        until=seven + timedelta(days=7), reason=Reason.QUIET_HOURS
    )


def test_reasons_are_stored_and_keep_their_names() -> None:
    kept = (
        "stopped refused no_consent no_address quiet_hours cap_reached bought out_of_stock too_late"
        " not_a2p_registered not_kr_certified no_sender complaint_open offer_closed not_encodable"
        " wording_broken number_not_proven not_on_the_staging_list already_told fact_forgotten"
        " muted sent planned in_open_chat unknown_product"
    )
    assert set(kept.split()) <= {str(reason) for reason in Reason}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    number=st.sampled_from(["+15035550127", "+13055550127", "+821012345678"]),
    most_a_day=st.integers(1, 5),
)
def test_sending_whatever_is_allowed_keeps_the_law(
    start: datetime, number: str, most_a_day: int
) -> None:
    """Somebody who asks every half-hour and again when told to never sends at night, nor four texts
    in a day."""
    is_korean = number.startswith("+82")
    now = start
    sent: list[datetime] = []
    question = replace(
        IN_PORTLAND,
        number=number,
        sender=KOREAN if is_korean else AMERICAN,
        most_a_day=most_a_day,
        time_zone="Asia/Seoul" if is_korean else "America/Phoenix",  # no summer time in either
    )
    while now < start + timedelta(days=3):
        answer = may_advertise(replace(question, now=now, sent_lately=tuple(sent)))
        assert not isinstance(answer, Refused)
        if isinstance(answer, Allowed):
            assert now < answer.not_after
            for moment in (now, answer.not_after):
                hour = (moment + (9 if is_korean else -7) * HOUR).hour
                assert 8 <= hour < (20 if number.startswith("+1305") else 21)
            sent.append(now)
            now += HOUR / 2
        else:
            assert answer.until > now
            now = answer.until
    assert len(sent) >= 2
    for earlier, later in zip(sent, sent[min(most_a_day, 3) :], strict=False):
        assert later - earlier >= 24 * HOUR
