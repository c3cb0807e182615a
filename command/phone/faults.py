"""What a test can make the fake do to the next call of its API."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator
from typing import Any, Literal

from fastapi import Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel
from uvicorn.protocols.http.h11_impl import H11Protocol


class Fault(BaseModel):
    """One fault, and for how many calls."""

    answer: Literal["error", "hang", "drop", "cut", "drip", "garbage", "no_sid"]
    """`cut` closes in mid-answer, `drip` answers a byte a second, `garbage` is no JSON."""
    accept: bool = False
    """Take the message all the same."""
    status: int = 500
    code: int = 20500
    retry_after: int | None = None
    seconds: float = 60.0
    """How long `hang` hangs."""
    times: int = 1


class Faults:
    """The faults to come, in order."""

    def __init__(self) -> None:
        self._waiting: deque[Fault] = deque()
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Befall the next `fault.times` calls after those already asked for."""
        with self._lock:
            self._waiting.extend([fault] * fault.times)

    def next(self) -> Fault | None:
        """What befalls this call."""
        with self._lock:
            return self._waiting.popleft() if self._waiting else None


class DroppableProtocol(H11Protocol):
    """HTTP whose connections can be dropped without an answer."""

    def connection_made(self, transport: Any) -> None:
        """Remember the connection in the server's own state."""
        super().connection_made(transport)
        self.app_state.setdefault("connections", {})[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self.app_state.get("connections", {}).pop(self.client, None)
        super().connection_lost(exc)


async def befall(fault: Fault, request: Request, whole_answer: bytes) -> Response:
    """Spoil the answer to this call. `error` is not handled here."""
    if fault.answer == "hang":
        await asyncio.sleep(fault.seconds)
    if fault.answer in {"hang", "drop"}:
        _drop(request)
        return Response(status_code=500)
    if fault.answer == "garbage":
        return Response(b"<html>busy</html>", 201, media_type="application/json")
    if fault.answer == "no_sid":
        return Response(b'{"status": "queued"}', 201, media_type="application/json")
    headers = {"Content-Length": str(len(whole_answer))}
    pieces = _half(whole_answer, request) if fault.answer == "cut" else _drip(whole_answer)
    return StreamingResponse(pieces, 201, headers=headers, media_type="application/json")


def _drop(request: Request) -> None:
    client = request.client
    connections = request.scope["state"].get("connections", {})
    transport = connections.get((client.host, client.port)) if client else None
    if transport is not None:
        transport.abort()


async def _half(whole: bytes, request: Request) -> AsyncIterator[bytes]:
    yield whole[: len(whole) // 2]
    await asyncio.sleep(0.05)
    _drop(request)


async def _drip(whole: bytes) -> AsyncIterator[bytes]:
    for place in range(len(whole)):
        yield whole[place : place + 1]
        await asyncio.sleep(1)
