"""Tells the shop's own people by text that somebody waits for them, and once more before a promise
breaks: decide again, commit, call, record, as for any other text (RULES §3.4).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from channels.protocol import Accepted, Message, NotTaken, Outcome, Rejected, Sender
from marketing import formats
from marketing.places import place_of
from memory import catalogue, clock, releases, staff_alarms
from memory import engine as memory_engine
from memory.engine import Connection, Engine
from memory.staff_alarms import Alarm
from outreach.sender import LEASE, pause_before_retry, sender_for

log = logging.getLogger(__name__)

_CHANNEL = "sms"
_VALID_FOR = timedelta(minutes=30)
"""Later nobody needs to be told any more."""
_WORDS = {"waits": "utter_staff_alarm", "promise": "utter_staff_alarm_again"}


class Alarming:
    """The steps of an alarm. Safe to share by threads: the database decides who sends what."""

    def __init__(
        self,
        engine: Engine,
        senders: Mapping[str, Sender],
        *,
        shop_url: str,
        only_to: frozenset[str] = frozenset(),
    ) -> None:
        """`senders` by channel; `only_to` as DANGOL_SEND_ONLY_TO."""
        self._engine = engine
        self._senders = senders
        self._shop_url = shop_url
        self._only_to = only_to

    def send_next(self) -> bool:
        """Deal with one alarm; False if none is due."""
        with memory_engine.transaction(self._engine) as connection:
            now = clock.business_now(connection)
            alarm = staff_alarms.begin_sending(connection, now=now, lease=LEASE)
            body = self._body(connection, alarm, now) if alarm else None
        if alarm is None:
            return False
        outcome = self._call(alarm, body)
        with memory_engine.transaction(self._engine) as connection:
            _record(connection, alarm, outcome)
        _log(alarm, outcome)
        return True

    def _body(self, connection: Connection, alarm: Alarm, now: datetime) -> str | None:
        """In the language of the number's country; None while nothing is live."""
        language = "ko" if place_of(alarm.recipient).country == "KR" else "en"
        store = catalogue.store_profile(connection)
        zone = ZoneInfo(str(store.get("time_zone", {}).get(language) or "UTC"))
        values = {
            "shop_name": store.get("name", {}).get(language) or "",
            "waiting": alarm.waiting,
            "promised": _told(alarm.promised_at, now, zone, language),
            "shop_url": self._shop_url,
        }
        is_promised = alarm.promised_at is not None
        name = _WORDS[alarm.kind] if is_promised else "utter_staff_alarm_without_promise"
        return releases.notice(connection, name, language=language, channel=_CHANNEL, values=values)

    def _call(self, alarm: Alarm, body: str | None) -> Outcome:
        if body is None:
            return NotTaken(reason="nothing_live", needs_an_operator=True)
        if self._only_to and alarm.recipient not in self._only_to:
            return NotTaken(reason="not_on_the_staging_list", wait=timedelta(days=1))
        return sender_for(self._senders, _CHANNEL).send(
            Message(outbox_id=None, recipient=alarm.recipient, body=body, valid_for=_VALID_FOR)
        )


def _told(at: datetime | None, now: datetime, zone: ZoneInfo, language: str) -> str:
    if at is None:
        return ""
    local_now = now.astimezone(zone)
    local = max(at.astimezone(zone), local_now)
    return formats.moment(local, local_now, language)


def _record(connection: Connection, alarm: Alarm, outcome: Outcome) -> None:
    match outcome:
        case Accepted():
            staff_alarms.record(
                connection,
                alarm.alarm_id,
                "accepted",
                reason="answered",
                provider_id=outcome.provider_id,
            )
        case Rejected():
            staff_alarms.record(
                connection,
                alarm.alarm_id,
                "rejected",
                reason=outcome.reason,
                code=outcome.code,
            )
        case NotTaken():
            staff_alarms.set_back(
                connection,
                alarm.alarm_id,
                attempts=alarm.attempts,
                reason=outcome.reason,
                wait=pause_before_retry(alarm.attempts, outcome.wait),
            )
        case _:
            staff_alarms.record(connection, alarm.alarm_id, "unknown", reason=outcome.reason)


def _log(alarm: Alarm, outcome: Outcome) -> None:
    extra: dict[str, Any] = {"alarm_id": alarm.alarm_id, "kind": alarm.kind}
    if isinstance(outcome, Accepted):
        log.info("The shop's people were told.", extra={**extra, "action": "alarm_accepted"})
    else:
        reason = str(outcome.reason)
        log.error(
            "The shop's people could not be told: %s.",
            reason,
            extra={**extra, "action": "alarm_not_accepted", "reason": reason},
        )
