"""Signatures: the provider's on what it sends us, ours on the callback address we give it.

RULES TW-1: over the raw body with blank fields kept, against configured addresses only.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import parse_qsl

from twilio.request_validator import RequestValidator

from marketing.errors import BadInput, NotVerified

SIGNATURE_HEADER = "x-twilio-signature"
MOST_FIELDS = 200
"""A webhook carries some thirty."""


class Fields:
    """The form fields of a request: every value of every key, blank ones too."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for key, value in pairs:
            self._values.setdefault(key, []).append(value)

    def __iter__(self) -> Iterator[str]:  # the SDK signs `sorted(set(fields))`
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def getlist(self, key: str) -> list[str]:
        """All values of a key, as the SDK's validator asks for them."""
        return self._values.get(key, [])

    def one(self, key: str) -> str:
        """The value of a key that may come once; empty if it is missing. Raises BadInput."""
        values = self.getlist(key)
        if len(values) > 1:
            raise BadInput(f"{key} was given {len(values)} times.")
        return values[0] if values else ""


def read_form(raw_body: bytes) -> Fields:
    """The fields of a form body; bytes that are no UTF-8 become U+FFFD. Raises BadInput."""
    try:
        text = raw_body.decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise BadInput("The body is not a form.") from error
    return Fields(pairs)


class SignatureCheck:
    """Whether a request was signed with our token for one of our addresses."""

    def __init__(self, auth_token: str, base_urls: Iterable[str]) -> None:
        """`base_urls` without a trailing slash; nothing a request says can add to them."""
        self._validator = RequestValidator(auth_token)
        self._base_urls = tuple(base_urls)

    def demand(self, path_and_query: str, headers: Mapping[str, str], fields: Fields) -> None:
        """Raises NotVerified unless the signature in `headers` is right."""
        signature = _header(headers, SIGNATURE_HEADER)
        if signature is None:
            raise NotVerified("The request is not signed.")
        if not path_and_query.startswith("/"):
            raise NotVerified("The request names no path.")
        for base_url in self._base_urls:
            if self._validator.validate(base_url + path_and_query, fields, signature):
                return
        raise NotVerified("The signature is not that of this request.")


def _header(headers: Mapping[str, str], name: str) -> str | None:
    for key, value in headers.items():
        if key.lower() == name:
            return value
    return None


def callback_key(secret_key: str, outbox_id: int) -> str:
    """Proves that we gave out the callback address for that message; 32 hexadecimal digits."""
    named = f"twilio status of {outbox_id}".encode()
    return hmac.new(secret_key.encode(), named, hashlib.sha256).hexdigest()[:32]


def is_callback_key(secret_key: str, outbox_id: int, given: str) -> bool:
    """True for the key of that message; takes the same time whatever is given."""
    return hmac.compare_digest(callback_key(secret_key, outbox_id).encode(), given.encode())
