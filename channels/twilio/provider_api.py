"""The wire under Twilio's SDK: where requests go, how long they may take, and no second try.

A request that failed before its first byte was sent is told apart from one that failed after.
"""

from __future__ import annotations

import logging
import time
from contextlib import closing
from datetime import timedelta
from typing import Any

import httpx
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
LONGEST_ANSWER = 1_000_000
"""Bytes."""


class NeverSent(Exception):
    """The connection failed before the request was sent."""


class NoAnswer(Exception):
    """The request was sent, wholly or in part, and no whole answer came back."""


class Refused(Exception):
    """Twilio answered, but not with success."""

    def __init__(self, status: int, code: int, retry_after: timedelta | None) -> None:
        super().__init__(f"HTTP {status}, code {code}")
        self.status = status
        self.code = code
        """Twilio's own error code; 0 if it gave none."""
        self.retry_after = retry_after


def open_client(
    account_sid: str,
    auth_token: str,
    base_url: str,
    *,
    connect_seconds: float = CONNECT_SECONDS,
    read_seconds: float = READ_SECONDS,
) -> Client:
    """The SDK's client, talking to `base_url`. Does not connect yet."""
    wire = _Wire(base_url, connect_seconds=connect_seconds, read_seconds=read_seconds)
    # An environment of its own: the SDK would read edge and region from the process's.
    return Client(account_sid, auth_token, http_client=wire, environment={"TWILIO_EDGE": ""})


class _Wire(HttpClient):
    """A connection of its own for each request: one kept alive may be closed by the other side
    just when a request is written, and then nobody knows whether it arrived."""

    def __init__(self, base_url: str, *, connect_seconds: float, read_seconds: float) -> None:
        super().__init__(logging.getLogger(__name__), is_async=False, timeout=read_seconds)
        self._base_url = base_url
        self._read_seconds = read_seconds
        self._client = httpx.Client(
            timeout=httpx.Timeout(read_seconds, connect=connect_seconds),
            limits=httpx.Limits(max_keepalive_connections=0),
            follow_redirects=False,
            trust_env=base_url.startswith("https://"),
        )

    def request(
        self,
        method: str,
        uri: str,
        params: Any = None,
        data: Any = None,
        headers: Any = None,
        auth: Any = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Send once. Raises NeverSent, NoAnswer or Refused."""
        request = self._client.build_request(
            method,
            self._base_url + httpx.URL(uri).raw_path.decode("ascii"),
            params=params or None,
            data=data or None,
            headers=headers,
        )
        request.headers["Connection"] = "close"
        status, content, answered = self._send(request, auth)
        if not 200 <= status < 300:
            raise Refused(status, _code(content), _retry_after(answered))
        return Response(status, content.decode("utf-8", "replace"), answered)

    def _send(
        self, request: httpx.Request, auth: tuple[str, str] | None
    ) -> tuple[int, bytes, httpx.Headers]:
        latest = time.monotonic() + self._read_seconds
        content = bytearray()
        try:
            answer = self._client.send(request, auth=auth, stream=True)
            with closing(answer):
                for piece in answer.iter_bytes():
                    content += piece
                    if len(content) > LONGEST_ANSWER or time.monotonic() > latest:
                        raise NoAnswer("the answer does not end")
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            raise NeverSent(type(error).__name__) from error
        except httpx.HTTPError as error:
            raise NoAnswer(type(error).__name__) from error
        return answer.status_code, bytes(content), answer.headers


def _code(content: bytes) -> int:
    try:
        code = httpx.Response(200, content=content).json()["code"]
    except (ValueError, KeyError, TypeError):
        return 0
    return code if isinstance(code, int) else 0


def _retry_after(headers: httpx.Headers) -> timedelta | None:
    value = headers.get("Retry-After", "")
    return timedelta(seconds=int(value)) if value.isdigit() and len(value) < 6 else None
