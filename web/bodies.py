"""Reading what came over the wire: never more than is allowed, never longer than is patient, and
JSON in the one shape we take.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request

from web.refusals import Refusal

LARGEST_JSON = 32 * 1024
"""Bytes: 2,000 characters written as \\uXXXX pairs are 24,000."""
LARGEST_FORM = 4 * 1024
LARGEST_WEBHOOK = 256 * 1024
_PATIENCE = 10.0
"""Seconds until the whole body must be here."""


def body_up_to(largest: int) -> Callable[[Request], Awaitable[bytes]]:
    """A dependency that reads the body. Refuses with 413 beyond `largest` bytes."""

    async def read(request: Request) -> bytes:
        announced = request.headers.get("content-length", "0")
        if announced.isascii() and announced.isdigit() and int(announced[:18]) > largest:
            raise _too_large(largest)
        try:
            async with asyncio.timeout(_PATIENCE):
                return await _collect(request, largest)
        except TimeoutError:
            raise Refusal(408, "too_slow", "The request took too long to arrive.") from None

    return read


async def _collect(request: Request, largest: int) -> bytes:
    collected = bytearray()
    async for chunk in request.stream():
        collected += chunk
        if len(collected) > largest:
            raise _too_large(largest)
    return bytes(collected)


def _too_large(largest: int) -> Refusal:
    return Refusal(
        413, "too_large", f"The request is larger than {largest} bytes.", {"Connection": "close"}
    )


json_body = body_up_to(LARGEST_JSON)
form_body = body_up_to(LARGEST_FORM)
webhook_body = body_up_to(LARGEST_WEBHOOK)


def json_object(body: bytes, *, may_be_empty: bool = False) -> dict[str, Any]:
    """The JSON object a body holds. Refuses with 400 what is no JSON, with 422 another value."""
    if may_be_empty and not body.strip():
        return {}
    try:
        found = json.loads(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise Refusal(400, "not_utf8", "The body is not valid UTF-8.") from None
    except (ValueError, RecursionError):
        raise Refusal(400, "not_json", "The body is not valid JSON.") from None
    if not isinstance(found, dict):
        raise Refusal(422, "not_an_object", "The body must be a JSON object.")
    return found
