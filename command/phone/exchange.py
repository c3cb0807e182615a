"""The telephone exchange of the fake: takes texts in both directions, keeps them over a restart,
and calls the shop's webhooks, signed as Twilio signs them.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import re
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import httpx

from command.phone.telephones import is_korean
from command.phone.texts import INBOUND, OUTBOUND, Text, from_kept, new_sid, now

log = logging.getLogger(__name__)

WEBHOOK_SECONDS = 15
"""How long Twilio waits for an answer (RULES §2.2)."""
LONGEST_BODY = 1600
NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")
OPT_OUT_WORDS = {
    **dict.fromkeys(
        ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"), "STOP"
    ),
    **dict.fromkeys(("START", "YES", "UNSTOP"), "START"),
    **dict.fromkeys(("HELP", "INFO"), "HELP"),
}
"""Twilio's defaults, used only when the exchange is told to handle them itself."""
MAGIC_RECIPIENTS = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
"""The numbers of Twilio's test credentials that are always refused."""


class ApiError(Exception):
    """What the API answers instead of a message, in Twilio's words."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@dataclass(frozen=True, kw_only=True)
class Line:
    """Whose exchange it is and whom it calls."""

    account_sid: str
    auth_token: str
    shop_sender: str
    """The shop's number, or the id of its messaging service (MG…)."""
    webhook_base_url: str
    shop_number: str = "+15005550006"
    """The number a customer sees and writes to."""
    is_demo_shop: bool = False
    """The telephone has the demo shop among its contacts."""
    sent_after: float = 0.4
    delivered_after: float = 1.1
    """Seconds from the API's answer to the status callbacks."""


class Exchange:
    """All texts of the account. Safe to share by threads."""

    def __init__(
        self,
        line: Line,
        journal: Path | None = None,
        shop_time: Callable[[], datetime] = now,
    ) -> None:
        """`journal` is a file of JSON lines to keep the texts in; None keeps them in memory.
        `shop_time` tells business time, which the telephones show."""
        self.line = line
        self.handles_opt_out = False
        """Answer STOP and its like as Twilio's opt-out handling does."""
        self.revision = 0
        """Grows with every change."""
        self._texts: dict[str, Text] = {}
        self._opted_out: set[str] = set()
        self._lock = threading.RLock()
        self._journal = journal
        self._shop_time = shop_time
        self._reports = ThreadPoolExecutor(4, thread_name_prefix="reports")
        self._deliveries = ThreadPoolExecutor(1, thread_name_prefix="deliveries")
        self._closing = threading.Event()
        self._http = httpx.Client(timeout=WEBHOOK_SECONDS, trust_env=False)
        self._read_journal()

    # -- from the shop -------------------------------------------------------------------------

    def create(self, fields: Mapping[str, str]) -> Text:
        """Take a message from the shop's API request. Raises ApiError."""
        sender, service = fields.get("From"), fields.get("MessagingServiceSid")
        self._check(fields, sender, service)
        shop_time = self._shop_time()
        with self._lock:
            if fields["To"] in self._opted_out:
                raise ApiError(400, 21610, "Attempt to send to unsubscribed recipient")
            moment = now()
            text = Text(
                sid=new_sid(),
                account_sid=self.line.account_sid,
                direction=OUTBOUND,
                sender=sender or self.line.shop_number,
                recipient=fields["To"],
                body=fields["Body"],
                status="accepted" if service else "queued",
                created_at=moment,
                updated_at=moment,
                sent_at=moment,
                service_sid=service,
                status_callback=fields.get("StatusCallback"),
                shop_time=shop_time,
            )
            self._keep(text)
        self._reports.submit(self._deliver_to_phone, text)
        return text

    def _check(self, fields: Mapping[str, str], sender: str | None, service: str | None) -> None:
        to, body = fields.get("To", ""), fields.get("Body", "")
        callback, validity = fields.get("StatusCallback"), fields.get("ValidityPeriod", "36000")
        if not to:
            raise ApiError(400, 21604, "A 'To' phone number is required.")
        if not NUMBER.fullmatch(to):
            raise ApiError(400, 21211, f"The 'To' number {to} is not a valid phone number.")
        if not (sender or service):
            raise ApiError(400, 21603, "A 'From' phone number is required.")
        if (service or sender) != self.line.shop_sender:
            raise ApiError(400, 21606, "The 'From' number is not one of this account.")
        if not body.strip():
            raise ApiError(400, 21602, "Message body is required.")
        if len(body) > LONGEST_BODY:
            raise ApiError(400, 21617, "The concatenated message body exceeds 1600 characters.")
        if callback and not callback.startswith(("http://", "https://")):
            raise ApiError(400, 21609, f"The 'StatusCallback' URL {callback} is not a valid URL.")
        if not (validity.isdigit() and 1 <= int(validity) <= 36000):
            raise ApiError(400, 20001, "ValidityPeriod must be from 1 to 36000.")
        if to in MAGIC_RECIPIENTS:
            raise ApiError(400, MAGIC_RECIPIENTS[to], "This 'To' number is always refused.")

    def _deliver_to_phone(self, text: Text) -> None:
        started = time.monotonic()
        for status, after in (
            ("sent", self.line.sent_after),
            ("delivered", self.line.delivered_after),
        ):
            if self._closing.wait(max(0.0, started + after - time.monotonic())):
                return
            self.report(text.sid, status)

    def report(self, sid: str, status: str, error_code: int | None = None) -> None:
        """Change a message's status and call the shop back about it."""
        with self._lock:
            text = self._texts.get(sid)
            if text is None:
                return
            text.status, text.error_code, text.updated_at = status, error_code, now()
            self._keep(text)
        if text.status_callback:
            self._post(text.status_callback, text.as_status_webhook(status))

    # -- from the telephone --------------------------------------------------------------------

    def text_the_shop(self, number: str, body: str) -> Text:
        """A customer sends a text. Raises ApiError if it cannot be one."""
        if not NUMBER.fullmatch(number):
            raise ApiError(400, 21212, f"{number} is not a telephone number.")
        if is_korean(number):
            raise ApiError(400, 21612, "Korean numbers are one-way: no text comes from them.")
        if not body.strip() or len(body) > LONGEST_BODY:
            raise ApiError(400, 21602, f"A text has 1 to {LONGEST_BODY} characters.")
        moment = now()
        text = Text(
            sid=new_sid(),
            account_sid=self.line.account_sid,
            direction=INBOUND,
            sender=number,
            recipient=self.line.shop_number,
            body=body,
            status="receiving",
            created_at=moment,
            updated_at=moment,
            sent_at=moment,
            service_sid=self.line.shop_sender if self.line.shop_sender.startswith("MG") else None,
            opt_out_type=self._opt_out_type(number, body),
            shop_time=self._shop_time(),
        )
        with self._lock:
            self._keep(text)
        self._deliveries.submit(self._deliver_to_shop, text)
        return text

    def _opt_out_type(self, number: str, body: str) -> str | None:
        if not self.handles_opt_out:
            return None
        kind = OPT_OUT_WORDS.get(body.strip().upper())
        with self._lock:
            if kind == "STOP":
                self._opted_out.add(number)
            elif kind == "START":
                self._opted_out.discard(number)
        return kind

    def _deliver_to_shop(self, text: Text) -> None:
        """Once, and once more when nobody answers, as Twilio does."""
        url = f"{self.line.webhook_base_url}/webhooks/twilio/sms"
        has_arrived = False
        for pause in (0.0, 1.0):
            if self._closing.wait(pause):
                return
            if has_arrived := self._post(url, text.as_inbound_webhook()):
                break
        with self._lock:
            text.status, text.updated_at = "received" if has_arrived else "failed", now()
            text.error_code = None if has_arrived else 11200
            self._keep(text)

    # -- to look at ----------------------------------------------------------------------------

    def find(self, sid: str) -> Text | None:
        """The message of that id."""
        with self._lock:
            return self._texts.get(sid)

    def texts(self, wanted: Callable[[Text], bool] = lambda _: True) -> list[Text]:
        """The texts that are wanted, oldest first."""
        with self._lock:
            return [text for text in self._texts.values() if wanted(text)]

    def forget(self) -> None:
        """Lose every text, as a new account would have none; the journal stays."""
        with self._lock:
            self._texts.clear()
            self._opted_out.clear()
            self.revision += 1

    def close(self) -> None:
        """Stop calling the shop. Texts on their way stay as they are."""
        self._closing.set()
        self._reports.shutdown(wait=False, cancel_futures=True)
        self._deliveries.shutdown(wait=False, cancel_futures=True)
        self._http.close()

    # -- inside --------------------------------------------------------------------------------

    def _post(self, url: str, fields: Mapping[str, str]) -> bool:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "User-Agent": "TwilioProxy/1.1",
            "X-Twilio-Signature": signature(self.line.auth_token, url, fields),
        }
        try:
            answer = self._http.post(url, content=urlencode(fields), headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL, RuntimeError) as error:
            log.warning(
                "The shop did not answer a webhook (%s).",
                type(error).__name__,
                extra={"action": "webhook_unanswered"},
            )
            return False
        if not answer.is_success:
            log.warning(
                "The shop answered a webhook with %d.",
                answer.status_code,
                extra={"action": "webhook_refused", "status": answer.status_code},
            )
        return answer.is_success

    def _keep(self, text: Text) -> None:
        self._texts[text.sid] = text
        self.revision += 1
        if self._journal is not None:
            with self._journal.open("a", encoding="utf-8") as journal:
                journal.write(json.dumps(text.as_kept(), ensure_ascii=False) + "\n")

    def _read_journal(self) -> None:
        if self._journal is None or not self._journal.exists():
            return
        for line in self._journal.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                text = from_kept(json.loads(line))
            except (ValueError, TypeError, KeyError):
                log.warning("A damaged line is left out.", extra={"action": "line_left_out"})
                continue
            self._texts[text.sid] = text
        self.revision = len(self._texts)


def signature(auth_token: str, url: str, fields: Mapping[str, str]) -> str:
    """X-Twilio-Signature: HMAC-SHA1 of address and sorted fields, in base64 (RULES §2.1)."""
    signed = url + "".join(key + fields[key] for key in sorted(fields))
    digest = hmac.new(auth_token.encode(), signed.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode("ascii")
