"""Hands one message to Twilio and says what became of it. Never tries twice by itself: creating a
message has no idempotency key (RULES finding 8). Numbers and texts are never logged here.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from channels.protocol import Accepted, Kept, Message, NotTaken, Outcome, Rejected, Unknown
from channels.twilio import error_codes
from channels.twilio.provider_api import (
    CONNECT_SECONDS,
    READ_SECONDS,
    NeverSent,
    NoAnswer,
    Refused,
    open_client,
)
from channels.twilio.signature import callback_key
from settings import Settings

LONGEST_VALIDITY = 36_000
"""Seconds that Twilio may hold a message (RULES finding 9)."""
STATUS_PATH = "/webhooks/twilio/status"


def sender(
    settings: Settings,
    *,
    connect_seconds: float = CONNECT_SECONDS,
    read_seconds: float = READ_SECONDS,
) -> TwilioSender:
    """The outgoing side of the channel, as the settings have it. Does not connect yet."""
    client = open_client(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        settings.twilio_api_base_url,
        connect_seconds=connect_seconds,
        read_seconds=read_seconds,
    )
    return TwilioSender(
        client,
        twilio_from=settings.twilio_from,
        callback_base=settings.public_base_url + STATUS_PATH,
        secret_key=settings.secret_key,
    )


class TwilioSender:
    """A `channels.protocol.Sender`."""

    def __init__(
        self, client: Client, *, twilio_from: str, callback_base: str, secret_key: str
    ) -> None:
        self._messages = client.messages  # loads the SDK's classes now, not with the first text
        self._sender = (
            {"messaging_service_sid": twilio_from}
            if twilio_from.startswith("MG")
            else {"from_": twilio_from}
        )
        self._callback_base = callback_base
        self._secret_key = secret_key

    def send(self, message: Message) -> Outcome:
        """See the protocol."""
        try:
            created = self._messages.create(
                to=message.recipient,
                body=message.body,
                **self._callback(message.outbox_id),
                **self._sender,
                **_validity(message.valid_for),
            )
        except NeverSent as error:
            return NotTaken(reason=f"no_connection:{error}")
        except NoAnswer as error:
            return Unknown(reason=f"no_answer:{error}")
        except Refused as refused:
            return _outcome(refused)
        except (TwilioException, ValueError, KeyError, TypeError, AttributeError):
            return Unknown(reason="answer_not_understood")
        return _accepted(created)

    def _callback(self, outbox_id: int | None) -> dict[str, str]:
        return {} if outbox_id is None else {"status_callback": self.callback_url(outbox_id)}

    def callback_url(self, outbox_id: int) -> str:
        """Where Twilio tells what became of that message; proves by itself that it is ours."""
        key = callback_key(self._secret_key, outbox_id)
        return f"{self._callback_base}?o={outbox_id}&k={key}"

    def kept(self, recipient: str, *, since: datetime) -> list[Kept] | None:
        """See the protocol. Twilio filters by day."""
        try:
            found = self._messages.list(
                to=recipient,
                date_sent_after=since.astimezone(UTC) - timedelta(days=1),
                page_size=100,
                limit=100,
            )
        except (NeverSent, NoAnswer, Refused, TwilioException, ValueError, KeyError, TypeError):
            return None
        return [_kept(message) for message in found if message.direction == "outbound-api"]


def _validity(valid_for: timedelta | None) -> dict[str, int]:
    if valid_for is None:
        return {}
    return {"validity_period": min(LONGEST_VALIDITY, max(1, int(valid_for.total_seconds())))}


def _outcome(refused: Refused) -> Outcome:
    status, code = refused.status, refused.code
    if not 400 <= status < 500:
        return Unknown(reason=f"http_{status}")
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in error_codes.RATE_LIMITED:
        return NotTaken(reason="too_many_requests", wait=refused.retry_after)
    if status == HTTPStatus.UNAUTHORIZED or code in error_codes.LOG_IN_REFUSED:
        return NotTaken(reason="log_in_refused", needs_an_operator=True)
    return Rejected(reason=error_codes.meaning(code), code=code or status)


def _accepted(created: Any) -> Outcome:
    """A success without a message id is no success to rely on."""
    if not isinstance(created.sid, str) or not created.sid.startswith(("SM", "MM")):
        return Unknown(reason="answer_without_id")
    return Accepted(provider_id=created.sid, status=str(created.status or "accepted"))


def _kept(message: Any) -> Kept:
    return Kept(
        provider_id=str(message.sid),
        body=str(message.body or ""),
        status=str(message.status),
        error_code=message.error_code,
        created_at=message.date_created,
    )
