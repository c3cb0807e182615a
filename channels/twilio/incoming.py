"""What Twilio sends us: verified, then put into words that are not Twilio's. Stores nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from channels.protocol import IncomingText, StatusReport
from channels.twilio.signature import Fields, SignatureCheck, is_callback_key, read_form
from marketing.errors import BadInput, NotVerified
from settings import Settings

_SID = re.compile(r"[A-Za-z0-9]{2,64}")
_NUMBER = re.compile(r"\+[1-9][0-9]{1,14}|[0-9]{3,8}")
"""E.164, or a short code."""
_STATUS = re.compile(r"[a-z_]{2,32}")
_LINE_SIGNS = frozenset("\n\t")
_CONTROL = frozenset({"Cc", "Cs"})


def receiver(settings: Settings) -> TwilioReceiver:
    """The incoming side of the channel, as the settings have it."""
    return TwilioReceiver(
        auth_token=settings.twilio_auth_token,
        secret_keys=settings.secret_keys,
        base_urls=accepted_base_urls(settings),
    )


def accepted_base_urls(settings: Settings) -> tuple[str, ...]:
    """The addresses a signature may be for: the public one, in development this machine's too."""
    local = tuple(f"http://{host}:{settings.port}" for host in ("localhost", "127.0.0.1"))
    known = (settings.public_base_url, *(local if settings.is_development else ()))
    return tuple(dict.fromkeys(known))


class TwilioReceiver:
    """A `channels.protocol.Receiver`."""

    def __init__(
        self, *, auth_token: str, secret_keys: tuple[str, ...], base_urls: tuple[str, ...]
    ) -> None:
        self._secret_keys = secret_keys
        self._check = SignatureCheck(auth_token, base_urls)

    def verify_and_parse_message(
        self, path_and_query: str, headers: Mapping[str, str], body: bytes
    ) -> IncomingText:
        """A customer's text. Raises NotVerified, and BadInput if it is signed but unreadable."""
        fields = self._verified(path_and_query, headers, body)
        return IncomingText(
            provider_id=_matching(fields, "MessageSid", _SID),
            sender=_matching(fields, "From", _NUMBER),
            recipient=_matching(fields, "To", _NUMBER),
            text=_printable(fields.one("Body")),
            media_count=_count(fields.one("NumMedia")),
            opt_out_type=fields.one("OptOutType").upper() or None,
        )

    def verify_and_parse_status(
        self, path_and_query: str, headers: Mapping[str, str], body: bytes
    ) -> StatusReport:
        """What became of a message. The address itself says which one (`o`) and carries our own
        proof of that (`k`). Raises as the other."""
        fields = self._verified(path_and_query, headers, body)
        return StatusReport(
            outbox_id=self._outbox_id(path_and_query),
            provider_id=_matching(fields, "MessageSid", _SID),
            status=_matching(fields, "MessageStatus", _STATUS),
            error_code=_count(fields.one("ErrorCode")) or None,
        )

    def _verified(self, path_and_query: str, headers: Mapping[str, str], body: bytes) -> Fields:
        try:
            fields = read_form(body)
        except BadInput as error:
            raise NotVerified("The body is not a form that can have been signed.") from error
        self._check.demand(path_and_query, headers, fields)
        return fields

    def _outbox_id(self, path_and_query: str) -> int:
        query = Fields(parse_qsl(urlsplit(path_and_query).query, keep_blank_values=True))
        given = query.one("o")
        if not re.fullmatch(r"[0-9]{1,18}", given, re.ASCII):
            raise NotVerified("The callback names no message of ours.")
        key = query.one("k")
        if not any(is_callback_key(secret, int(given), key) for secret in self._secret_keys):
            raise NotVerified("The callback address is not one that we gave out.")
        return int(given)


def _matching(fields: Fields, key: str, pattern: re.Pattern[str]) -> str:
    value = fields.one(key)
    if not pattern.fullmatch(value):
        raise BadInput(f"{key} is missing or not what it should be.")
    return value


def _count(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def _printable(text: str) -> str:
    """Without control characters but line break and tab (RULES IN-4); U+0000 cannot be stored."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        sign for sign in lines if sign in _LINE_SIGNS or unicodedata.category(sign) not in _CONTROL
    )
