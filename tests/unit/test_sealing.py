"""Sealed addresses: what RFC 5869 (HKDF), RFC 2104 (HMAC) and AES-GCM say they must be, computed
here with the standard library alone where it can, and what opens and what does not.
"""

from __future__ import annotations

import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import create_engine

from memory import sealing
from memory.engine import open_engine

TODAY, BEFORE, STRANGE = "today's secret key", "the one before it", "of another shop"
PHONE = "+821012345678"
NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/none"


def hkdf(secret: str, info: bytes) -> bytes:
    """RFC 5869 with SHA-256, no salt and one block."""
    extracted = hmac.new(bytes(32), secret.encode(), hashlib.sha256).digest()
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()


def test_the_index_is_an_hmac_under_a_key_of_its_own_behind_the_name_of_the_key() -> None:
    name = hkdf(TODAY, b"dangol key id")[:4].hex()
    key = hkdf(TODAY, b"dangol blind index of addresses")
    digest = hmac.new(key, PHONE.encode(), hashlib.sha256).hexdigest()
    assert sealing.Key(TODAY).blind_index(PHONE) == f"{name}.{digest}"


def test_a_sealed_text_opens_with_aes_gcm_and_the_derived_key() -> None:
    sealed = sealing.Key(TODAY).seal(PHONE)
    cipher = AESGCM(hkdf(TODAY, b"dangol seal addresses"))
    opened = cipher.decrypt(sealed.data[:12], sealed.data[12:], sealed.key_id.encode())
    assert opened.decode() == PHONE
    assert len(sealed.data) == 12 + len(PHONE) + 16


def test_no_two_seals_of_one_number_are_alike() -> None:
    assert len({sealing.Key(TODAY).seal(PHONE).data for _ in range(100)}) == 100


def test_what_was_sealed_before_opens_and_what_is_sealed_now_has_todays_key() -> None:
    old, new = sealing.Keyring.of([BEFORE]), sealing.Keyring.of([TODAY, BEFORE])
    sealed = old.keys[0].seal(PHONE)
    assert new.named(sealed.key_id).open(sealed.data) == PHONE
    assert new.keys[0].seal(PHONE).key_id != sealed.key_id


def test_another_key_opens_nothing_and_says_what_to_do() -> None:
    sealed = sealing.Key(TODAY).seal(PHONE)
    with pytest.raises(sealing.WrongKey, match="DANGOL_OLD_SECRET_KEYS"):
        sealing.Keyring.of([STRANGE]).named(sealed.key_id)
    with pytest.raises(sealing.WrongKey):
        sealing.Key(STRANGE).open(sealed.data)


@pytest.mark.parametrize("place", [0, 11, 12, -1])
def test_a_changed_bit_is_noticed(place: int) -> None:
    data = bytearray(sealing.Key(TODAY).seal(PHONE).data)
    data[place] ^= 1
    with pytest.raises(sealing.WrongKey):
        sealing.Key(TODAY).open(bytes(data))


def test_nothing_of_a_key_shows_when_it_is_printed() -> None:
    shown = repr(sealing.Keyring.of([TODAY])) + repr(sealing.Key(TODAY).seal(PHONE))
    assert TODAY not in shown
    assert "b'" not in shown


def test_an_engine_hands_its_keyring_to_every_connection() -> None:
    ring = sealing.Keyring.of([TODAY])
    assert open_engine(NOWHERE, keyring=ring).get_execution_options()["keyring"] is ring
    assert create_engine(NOWHERE).get_execution_options().get("keyring") is None
