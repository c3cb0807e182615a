"""Reading what came over the wire: never more than is allowed, never longer than is patient, and
JSON in the one shape we take.
"""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request

from web.refusals import Refusal

LARGEST_JSON = 32 * 1024
"""Bytes: 2,000 characters written as \\uXXXX pairs are 24,000."""
LARGEST_FORM = 4 * 1024
LARGEST_WEBHOOK = 256 * 1024
LARGEST_CALL = 32 * 1024
LARGEST_BATCH = 500 * 1024
"""Of the event API, as the Segment tracking API has them."""
_MOST_FIELDS = 20
_PATIENCE = 10.0
"""Seconds until the whole body must be here."""


def body_up_to(
    largest: int, *, status: int = 413, may_be_packed: bool = False
) -> Callable[[Request], Awaitable[bytes]]:
    """A dependency that reads the body. Refuses with `status` beyond `largest` bytes."""

    async def read(request: Request) -> bytes:
        announced = request.headers.get("content-length", "0")
        if announced.isascii() and announced.isdigit() and int(announced[:18]) > largest:
            raise _too_large(largest, status)
        try:
            async with asyncio.timeout(_PATIENCE):
                collected = await _collect(request, largest, status)
        except TimeoutError:
            raise Refusal(408, "too_slow", "The request took too long to arrive.") from None
        if may_be_packed and request.headers.get("content-encoding", "").lower() == "gzip":
            return _unpacked(collected, largest, status)
        return collected

    return read


async def _collect(request: Request, largest: int, status: int) -> bytes:
    collected = bytearray()
    async for chunk in request.stream():
        collected += chunk
        if len(collected) > largest:
            raise _too_large(largest, status)
    return bytes(collected)


def _unpacked(packed: bytes, largest: int, status: int) -> bytes:
    """What a gzip file holds, never more than `largest` bytes of it."""
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        found = unpacking.decompress(packed, largest + 1)
    except zlib.error:
        raise Refusal(400, "not_gzip", "The body is not what its Content-Encoding says.") from None
    if len(found) > largest:
        raise _too_large(largest, status)
    return found


def _too_large(largest: int, status: int) -> Refusal:
    message = f"The request is larger than {largest} bytes."
    return Refusal(status, "too_large", message, {"Connection": "close"})


json_body = body_up_to(LARGEST_JSON)
form_body = body_up_to(LARGEST_FORM)
webhook_body = body_up_to(LARGEST_WEBHOOK)
call_body = body_up_to(LARGEST_CALL, status=400, may_be_packed=True)
batch_body = body_up_to(LARGEST_BATCH, status=400, may_be_packed=True)


def form_fields(body: bytes) -> dict[str, str]:
    """The fields of a form, the last of each name. Refuses with 400 what no page of ours sends."""
    try:
        return dict(
            parse_qsl(body.decode("latin-1"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        )
    except ValueError:
        raise Refusal(400, "form_not_valid", "The form has too many fields.") from None


def json_object(body: bytes, *, may_be_empty: bool = False, status: int = 422) -> dict[str, Any]:
    """The JSON object a body holds. Refuses with 400 what is no JSON, with `status` another
    value."""
    if may_be_empty and not body.strip():
        return {}
    try:
        found = json.loads(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise Refusal(400, "not_utf8", "The body is not valid UTF-8.") from None
    except (ValueError, RecursionError):
        raise Refusal(400, "not_json", "The body is not valid JSON.") from None
    if not isinstance(found, dict):
        raise Refusal(status, "not_an_object", "The body must be a JSON object.")
    return found
