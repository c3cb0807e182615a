"""What `/metrics` counts: requests as they pass, and queues and parts as they are when asked."""

from __future__ import annotations

import time
from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from memory.hand_overs import Queue

STREAM = "/chat/stream"


class Measures:
    """One registry for each running site, none of it global."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "dangol_http_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "dangol_http_request_seconds",
            "Time to answer; streams are left out.",
            ("method", "route"),
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
            registry=self._registry,
        )
        self._inbox = Gauge(
            "dangol_inbox_ready", "Messages waiting for their turn.", registry=self._registry
        )
        self._outbox = Gauge(
            "dangol_outbox_messages", "Messages by state.", ("state",), registry=self._registry
        )
        self._waiting = Gauge(
            "dangol_hand_overs_waiting", "Customers waiting for a person.", registry=self._registry
        )
        self._longest_wait = Gauge(
            "dangol_hand_over_longest_wait_seconds",
            "How long the first of them has waited, in business time.",
            registry=self._registry,
        )
        self._promises_broken = Gauge(
            "dangol_hand_over_promises_broken",
            "How many of them wait longer than was promised.",
            registry=self._registry,
        )
        self._parts = Gauge(
            "dangol_part_up",
            "1 if the part is as it should be.",
            ("part",),
            registry=self._registry,
        )
        self._streams = Gauge(
            "dangol_chat_streams", "Open chat streams here.", registry=self._registry
        )

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request was answered."""
        self._requests.labels(method, route, str(status)).inc()
        if route != STREAM:
            self._seconds.labels(method, route).observe(seconds)

    def take_stock(
        self,
        *,
        inbox: int | None,
        outbox: Mapping[str, int],
        queue: Queue | None,
        parts: Mapping[str, bool],
        streams: int,
    ) -> None:
        """How things are now; `inbox` and `queue` are None when nobody can tell."""
        if queue is not None:
            self._waiting.set(queue.waiting)
            self._longest_wait.set(queue.longest_wait.total_seconds())
            self._promises_broken.set(queue.promises_broken)
        if inbox is not None:
            self._inbox.set(inbox)
            self._outbox.clear()
            for state, messages in outbox.items():
                self._outbox.labels(state).set(messages)
        for part, is_up in parts.items():
            self._parts.labels(part).set(int(is_up))
        self._streams.set(streams)

    def exposition(self) -> bytes:
        """The Prometheus text format."""
        return generate_latest(self._registry)


class Measuring:
    """ASGI middleware that counts."""

    def __init__(self, app: ASGIApp, *, measures: Measures) -> None:
        self._app = app
        self._measures = measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500

        async def send_counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_counted)
        finally:
            self._measures.count(_method(scope), _route(scope), status, time.perf_counter() - began)


def _method(scope: Scope) -> str:
    known = {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"}
    return scope["method"] if scope["method"] in known else "OTHER"


def _route(scope: Scope) -> str:
    """The pattern, not the path: what visitors make up must not become a label."""
    return str(getattr(scope.get("route"), "path", "none"))
