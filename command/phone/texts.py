"""One text as the fake keeps it, in the shapes of Twilio's API and of its webhooks."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from command.phone import segments

API_VERSION = "2010-04-01"
INBOUND = "inbound"
OUTBOUND = "outbound-api"


@dataclass(kw_only=True)
class Text:
    """A text message; what changes is its status."""

    sid: str
    account_sid: str
    direction: str
    sender: str | None
    recipient: str
    body: str
    status: str
    created_at: datetime
    updated_at: datetime
    sent_at: datetime | None = None
    error_code: int | None = None
    service_sid: str | None = None
    status_callback: str | None = None
    opt_out_type: str | None = None
    shop_time: datetime | None = None
    """When it was by the shop's clock, for the telephone; the API tells real time."""

    def as_kept(self) -> dict[str, Any]:
        """For the journal."""
        return {
            key: value.isoformat() if isinstance(value, datetime) else value
            for key, value in asdict(self).items()
        }

    def as_resource(self) -> dict[str, Any]:
        """As Twilio's API shows a message."""
        uri = f"/{API_VERSION}/Accounts/{self.account_sid}/Messages/{self.sid}"
        return {
            "account_sid": self.account_sid,
            "api_version": API_VERSION,
            "body": self.body,
            "date_created": _rfc2822(self.created_at),
            "date_sent": _rfc2822(self.sent_at),
            "date_updated": _rfc2822(self.updated_at),
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": None if self.error_code is None else "The message was not delivered.",
            "from": self.sender,
            "messaging_service_sid": self.service_sid,
            "num_media": "0",
            "num_segments": str(segments.count(self.body)),
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": self.recipient,
            "uri": f"{uri}.json",
        }

    def as_inbound_webhook(self) -> dict[str, str]:
        """As Twilio posts a customer's text to us, blank fields and all."""
        fields = {
            "ToCountry": "US",
            "ToState": "",
            "SmsMessageSid": self.sid,
            "NumMedia": "0",
            "ToCity": "",
            "FromZip": "",
            "SmsSid": self.sid,
            "FromState": "OR",
            "SmsStatus": "received",
            "FromCity": "",
            "Body": self.body,
            "FromCountry": "US",
            "To": self.recipient,
            "ToZip": "",
            "NumSegments": str(segments.count(self.body)),
            "MessageSid": self.sid,
            "AccountSid": self.account_sid,
            "From": self.sender or "",
            "ApiVersion": API_VERSION,
        }
        if self.service_sid:
            fields["MessagingServiceSid"] = self.service_sid
        if self.opt_out_type:
            fields["OptOutType"] = self.opt_out_type
        return fields

    def as_status_webhook(self, status: str) -> dict[str, str]:
        """As Twilio tells what became of a message."""
        fields = {
            "SmsSid": self.sid,
            "SmsStatus": status,
            "MessageStatus": status,
            "To": self.recipient,
            "MessageSid": self.sid,
            "AccountSid": self.account_sid,
            "From": self.sender or "",
            "ApiVersion": API_VERSION,
        }
        if self.service_sid:
            fields["MessagingServiceSid"] = self.service_sid
        if self.error_code is not None:
            fields["ErrorCode"] = str(self.error_code)
        return fields


def from_kept(kept: Mapping[str, Any]) -> Text:
    """From the journal. Raises ValueError, TypeError or KeyError if the line is damaged."""
    moments = {
        key: datetime.fromisoformat(kept[key])
        for key in ("created_at", "updated_at", "sent_at", "shop_time")
        if kept.get(key) is not None
    }
    return Text(**{**kept, **moments})


def new_sid() -> str:
    """A message id as Twilio mints them."""
    return f"SM{secrets.token_hex(16)}"


def now() -> datetime:
    """Real time: a telephone company knows nothing of a shop's clock."""
    return datetime.now(UTC)


def _rfc2822(moment: datetime | None) -> str | None:
    return None if moment is None else format_datetime(moment.astimezone(UTC))
