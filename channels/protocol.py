"""What `web` and `outreach` ask of a channel, and the shapes of the answers.

Shapes are frozen and know nothing of any provider: a channel translates at its own edge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from marketing.errors import DangolError


class UnknownChannel(DangolError):
    """No sender is set up for this channel."""


# -- in ----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class IncomingText:
    """A text message whose origin is verified."""

    provider_id: str
    """The provider's id of the message; the same whenever it is delivered again."""
    sender: str
    """E.164."""
    recipient: str
    """E.164: our number."""
    text: str
    """Without control characters; empty if only media came."""
    media_count: int
    opt_out_type: str | None
    """`STOP`, `START` or `HELP` if the provider took it for that and answered by itself."""


@dataclass(frozen=True, kw_only=True)
class StatusReport:
    """What became of a message of ours, as its provider tells."""

    outbox_id: int
    provider_id: str
    status: str
    """In the provider's word: queued, sent, delivered, undelivered, failed …"""
    error_code: int | None


class Receiver(Protocol):
    """The incoming side of a channel. `path_and_query` and `body` are what came over the wire, not
    decoded; header names in any case."""

    def verify_and_parse_message(
        self, path_and_query: str, headers: Mapping[str, str], body: bytes
    ) -> IncomingText:
        """The text in a provider's request. Raises marketing.errors.NotVerified if the provider
        did not sign it, marketing.errors.BadInput if it is signed but unreadable."""

    def verify_and_parse_status(
        self, path_and_query: str, headers: Mapping[str, str], body: bytes
    ) -> StatusReport:
        """The report in a provider's request. Raises as `verify_and_parse_message`."""


# -- out ---------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message to be sent exactly once."""

    outbox_id: int | None
    """None for one to the shop's own people: what becomes of it later is not asked for."""
    recipient: str
    """E.164."""
    body: str
    valid_for: timedelta | None = None
    """How long the provider may hold it back; None for as long as it likes."""


class Refusal(StrEnum):
    """Why a provider would not take a message, in words of ours (RULES §2.4)."""

    OPTED_OUT = "opted_out"
    BAD_NUMBER = "bad_number"
    COUNTRY_NOT_ENABLED = "country_not_enabled"
    SENDER_CANNOT_SEND = "sender_cannot_send"
    BLOCKED = "blocked"
    EXPIRED = "expired"
    UNREACHABLE = "unreachable"
    INVALID = "invalid"


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """The provider has it."""

    provider_id: str
    status: str


@dataclass(frozen=True, kw_only=True)
class Rejected:
    """The provider refused it for good."""

    reason: Refusal
    code: int


@dataclass(frozen=True, kw_only=True)
class NotTaken:
    """The provider provably did not take it: it may be tried again."""

    reason: str
    wait: timedelta | None = None
    """What the provider asked for."""
    needs_an_operator: bool = False
    """Trying again is of no use before somebody changes the settings."""


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """Nobody knows whether the provider took it: never to be sent again by itself."""

    reason: str


Outcome = Accepted | Rejected | NotTaken | Unknown


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A message of ours that the provider holds."""

    provider_id: str
    body: str
    status: str
    error_code: int | None
    created_at: datetime | None


class Sender(Protocol):
    """The outgoing side of a channel. Blocks for at most a minute; safe to share by threads."""

    def send(self, message: Message) -> Outcome:
        """Hand the message to the provider, once; never raises for what the provider does."""

    def kept(self, recipient: str, *, since: datetime) -> list[Kept] | None:
        """What the provider holds of our messages to that number since about then, newest first;
        None if it cannot be asked now."""
