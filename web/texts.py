"""What this part asks of a provider's incoming side: to verify and read, never to store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class IncomingText(Protocol):
    """A text message a customer sent, as its provider tells it."""

    @property
    def provider_id(self) -> str:
        """The provider's id of the message, the same when it is delivered twice."""

    @property
    def sender(self) -> str:
        """The number it came from, E.164."""

    @property
    def text(self) -> str:
        """What it says; empty if it only carries pictures."""

    @property
    def media_count(self) -> int:
        """How many pictures or files came with it."""

    @property
    def already_answered_by_provider(self) -> bool:
        """The provider has confirmed an opt-out, opt-in or help itself (RULES US-4)."""


class StatusReport(Protocol):
    """What became of a message we sent, as far as the provider knows."""

    @property
    def outbox_id(self) -> int:
        """Our own number of the message, from the signed callback address."""

    @property
    def provider_id(self) -> str:
        """The provider's id of the message."""

    @property
    def status(self) -> str:
        """The provider's word for it: queued, sent, delivered, failed …"""

    @property
    def error_code(self) -> int | None:
        """The provider's error, if it has one."""


class Receiver(Protocol):
    """The incoming side of one provider.

    `path_and_query` is what was asked for (`/webhooks/…?o=7`), to be completed by the public
    address; `headers` have lower-case names; `body` is exactly what came over the wire.
    """

    def verify_and_parse_message(
        self, path_and_query: str, headers: Mapping[str, str], body: bytes
    ) -> IncomingText:
        """The message. Raises marketing.errors.NotVerified, and BadInput if signed but unreadable."""

    def verify_and_parse_status(
        self, path_and_query: str, headers: Mapping[str, str], body: bytes
    ) -> StatusReport:
        """The report. Raises marketing.errors.NotVerified, and BadInput if signed but unreadable."""
