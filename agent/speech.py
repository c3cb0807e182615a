"""What Rasa says in a turn, collected, and made into what the channel carries: rows with buttons
and cards on the web, one message of plain text by SMS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rasa.core.channels.channel import OutputChannel

from memory.turns import Utterance

MOST_SMS_LETTERS = 1_600
"""What the provider takes in one message (RULES §2)."""


class Speech(OutputChannel):
    """Rasa's way out of one turn: keeps every message as it is."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.messages: list[dict[str, Any]] = []
        """In order; the same message twice in one turn is kept once."""

    def name(self) -> str:
        """`web` or `sms`: responses are worded for it."""
        return self._channel

    async def send_response(self, _recipient_id: str, message: dict[str, Any]) -> None:
        """Keep a message of the bot."""
        if message not in self.messages:
            self.messages.append(message)

    @property
    def is_empty(self) -> bool:
        """True if nothing was said that a customer could see."""
        return not any(_has_content(message) for message in self.messages)


def for_web(messages: Sequence[Mapping[str, Any]]) -> list[Utterance]:
    """One utterance a message: text, `buttons` [{title, text}], `cards`."""
    return [
        Utterance(text=str(message.get("text") or ""), payload=_payload(message))
        for message in messages
        if _has_content(message)
    ]


def for_sms(texts: Sequence[str]) -> Utterance:
    """All texts in one message, a line each, cut at what the provider takes."""
    joined = "\n".join(text.strip() for text in texts if text.strip())
    if len(joined) > MOST_SMS_LETTERS:
        joined = joined[: MOST_SMS_LETTERS - 1].rstrip() + "…"
    return Utterance(text=joined)


def _has_content(message: Mapping[str, Any]) -> bool:
    return bool(str(message.get("text") or "").strip() or message.get("elements"))


def _payload(message: Mapping[str, Any]) -> dict[str, Any]:
    payload: dict[str, Any] = {}
    if message.get("buttons"):
        payload["buttons"] = [
            {"title": button["title"], "text": button.get("payload") or button["title"]}
            for button in message["buttons"]
        ]
    if message.get("elements"):
        payload["cards"] = list(message["elements"])
    return payload
