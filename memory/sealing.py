"""Telephone numbers and e-mail addresses at rest: sealed, found again by a keyed hash of theirs
(RULES PII-1). The keys come with the engine (`memory.engine.open_engine`); nothing here keeps them.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection

from marketing.errors import Unavailable

OPTION = "keyring"
"""The execution option of an engine that holds its keyring."""
SEALED_KINDS = frozenset({"phone", "email"})
"""Kinds of address that are sealed; the others point at nobody outside the shop."""
_NONCE_BYTES = 12
_KEY_BYTES = 32
_NAME_BYTES = 4


class WrongKey(Unavailable):
    """Addresses are sealed under another key: name it in DANGOL_OLD_SECRET_KEYS, or set it back."""


class NoKeyring(Unavailable):
    """This connection has no keys: its engine was opened without a keyring."""


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """What is stored in place of a text: nonce and ciphertext, and which key opens them."""

    key_id: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Key:
    """What follows from one secret key: its name, a key to seal with, another for the index."""

    secret: str = field(repr=False)

    @cached_property
    def key_id(self) -> str:
        """Names the key in a row; says nothing of it."""
        return self._derived(b"key id")[:_NAME_BYTES].hex()

    def seal(self, text: str) -> Sealed:
        """AES-256-GCM under a random nonce; the key's name is authenticated with it."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, text.encode(), self.key_id.encode())
        return Sealed(key_id=self.key_id, data=nonce + sealed)

    def open(self, data: bytes) -> str:
        """The text that was sealed. Raises WrongKey."""
        nonce, sealed = data[:_NONCE_BYTES], data[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, sealed, self.key_id.encode()).decode()
        except InvalidTag as error:
            raise WrongKey from error

    def blind_index(self, value: str) -> str:
        """The key's name and the HMAC-SHA-256 of a value."""
        digest = hmac.new(self._index_key, value.encode(), hashlib.sha256).hexdigest()
        return f"{self.key_id}.{digest}"

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(self._derived(b"seal addresses"))

    @cached_property
    def _index_key(self) -> bytes:
        return self._derived(b"blind index of addresses")

    def _derived(self, purpose: bytes) -> bytes:
        derivation = HKDF(
            algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=b"dangol " + purpose
        )
        return derivation.derive(self.secret.encode())


@dataclass(frozen=True)
class Keyring:
    """The keys of a shop: the first one seals, every one opens and finds."""

    keys: tuple[Key, ...]

    @classmethod
    def of(cls, secrets: Sequence[str]) -> Keyring:
        """The keyring of `settings.secret_keys`: today's first, then those before it."""
        return cls(tuple(Key(secret) for secret in secrets))

    def named(self, key_id: str) -> Key:
        """The key of that name. Raises WrongKey."""
        for key in self.keys:
            if key.key_id == key_id:
                return key
        raise WrongKey


def keyring(connection: Connection) -> Keyring:
    """The keyring that the connection's engine was opened with. Raises NoKeyring."""
    found: Keyring | None = connection.get_execution_options().get(OPTION)
    if found is None:
        raise NoKeyring
    return found


def seal(connection: Connection, text: str) -> Sealed:
    """A text as it is stored, under today's key."""
    return keyring(connection).keys[0].seal(text)


def open_(connection: Connection, key_id: str, data: bytes) -> str:
    """The text that was sealed. Raises WrongKey."""
    return keyring(connection).named(key_id).open(data)


def blind_index(connection: Connection, value: str) -> str:
    """What a value is looked up by, under today's key: for writing."""
    return keyring(connection).keys[0].blind_index(value)


def blind_indexes(connection: Connection, value: str) -> list[str]:
    """What a value may be found by, under today's key or one before it: for every look-up."""
    return [key.blind_index(value) for key in keyring(connection).keys]
