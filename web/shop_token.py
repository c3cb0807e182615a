"""The shop's signed word for who a visitor is: a JWT with one algorithm, one audience and at most
an hour to live (RULES ID-2).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from settings import Settings
from web.refusals import Refusal

ALGORITHM = "HS256"
LONGEST = timedelta(hours=1)
_LEEWAY = timedelta(seconds=30)
_LONGEST_TEXT = 4000
_LONGEST_USER_ID = 200


class LogInNotValid(Refusal):
    """The log-in token is not signed by the shop, is not for us, or has expired."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(401, "log_in_not_valid", message or str(self.__doc__))


def key(settings: Settings) -> str:
    """What the shop signs with: 64 hexadecimal digits derived from DANGOL_SECRET_KEY."""
    return _derived(settings.secret_key)


def _derived(secret_key: str) -> str:
    return hmac.new(secret_key.encode(), b"dangol shop log-in", hashlib.sha256).hexdigest()


def audience(settings: Settings) -> str:
    """What `aud` must say: the public address of this site."""
    return settings.public_base_url


def sign(settings: Settings, user_id: str) -> str:
    """What the demo shop does when one of its customers logs in."""
    now = datetime.now(UTC)
    return jwt.encode(
        {
            "sub": user_id,
            "aud": audience(settings),
            "iat": now,
            "exp": now + timedelta(minutes=5),
            "jti": secrets.token_urlsafe(12),
        },
        key(settings),
        algorithm=ALGORITHM,
    )


def user_of(settings: Settings, token: object) -> str:
    """The shop's user id in a token. Raises LogInNotValid."""
    if not isinstance(token, str) or len(token) > _LONGEST_TEXT or not token.isascii():
        raise LogInNotValid
    claims = _claims(settings, token)
    user_id, expires = claims["sub"], claims["exp"]
    if expires - datetime.now(UTC).timestamp() > (LONGEST + _LEEWAY).total_seconds():
        raise LogInNotValid("The log-in token lives longer than an hour.")
    if not user_id or len(user_id) > _LONGEST_USER_ID or not user_id.isprintable():
        raise LogInNotValid
    return str(user_id)


def _claims(settings: Settings, token: str) -> dict[str, Any]:
    """What a token says that was signed with today's key or one before it."""
    for secret_key in settings.secret_keys:
        try:
            return jwt.decode(
                token,
                _derived(secret_key),
                algorithms=[ALGORITHM],
                audience=audience(settings),
                leeway=_LEEWAY,
                options={"require": ["sub", "aud", "exp", "jti"]},
            )
        except jwt.InvalidSignatureError:
            continue
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise LogInNotValid from error
    raise LogInNotValid
