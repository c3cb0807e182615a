"""The tree of our own errors. The docstring is the message, so every error must be explained.

DangolError
├── BadInput            (HTTP 4xx; told to whoever sent it)
├── NotVerified         (HTTP 403)
├── NotFound            (HTTP 404)
└── Unavailable         (HTTP 503; a part is missing or broken)
    └── NothingLive
"""

from __future__ import annotations


class DangolError(Exception):
    """Dangol could not do this."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.__doc__)


class BadInput(DangolError):
    """What was sent cannot be taken as it is."""


class NotVerified(DangolError):
    """This does not come from whom it says it comes from."""


class NotFound(DangolError):
    """There is nothing of that name."""


class Unavailable(DangolError):
    """A part that this needs is not there."""


class NothingLive(Unavailable):
    """No release is live yet: run ./dangol train."""
