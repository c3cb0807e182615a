"""How the whole of Dangol is, for whoever watches it: `/healthz` and `/metrics`."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST

from marketing.errors import NothingLive, Unavailable
from memory import clock, hand_overs, inbox, outbox, releases
from memory import parts as memory_parts
from memory.engine import Connection
from memory.parts import Part
from web import site as sites
from web.site import Site

router = APIRouter()

READY = "ready"
_PROCESSES = ("web", "agent", "outreach")


@router.api_route("/healthz", methods=["GET", "HEAD"])
def health(request: Request) -> JSONResponse:
    """200, or 503 naming the parts that are not as they should be."""
    parts = look(sites.of(request))
    broken = [name for name, part in parts.items() if part["state"] != READY]
    status = "unavailable" if broken else "ok"
    return JSONResponse(
        {"status": status, "broken": broken, "parts": parts}, status_code=503 if broken else 200
    )


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Prometheus text."""
    site = sites.of(request)
    waiting, by_state, queue = None, {}, None
    try:
        with site.transaction() as connection:
            waiting, by_state = inbox.ready_count(connection), outbox.count_by_state(connection)
            queue = hand_overs.length(connection, now=clock.business_now(connection))
    except Unavailable:
        pass
    site.measures.take_stock(
        inbox=waiting,
        outbox=by_state,
        queue=queue,
        parts={name: part["state"] == READY for name, part in look(site).items()},
        streams=site.streams.count,
    )
    return Response(site.measures.exposition(), media_type=CONTENT_TYPE_LATEST)


def look(site: Site) -> dict[str, dict[str, Any]]:
    """The state of each part: `ready`, or in a word what is wrong."""
    try:
        with site.transaction() as connection:
            return {
                "database": {"state": READY},
                "release": _release(connection),
                **_processes(site, memory_parts.known(connection)),
            }
    except Unavailable as error:
        return {"database": {"state": "unreachable", "reason": str(error)}}


def _release(connection: Connection) -> dict[str, Any]:
    try:
        release_id = releases.live_id(connection)
    except NothingLive as error:
        return {"state": "missing", "reason": str(error)}
    return {"state": READY, "release_id": release_id}


def _processes(site: Site, known: list[Part]) -> dict[str, dict[str, Any]]:
    found = {kind: _kind([part for part in known if _is_of(part, kind)]) for kind in _PROCESSES}
    if not site.streams.hears_the_bell:
        found["web"] = {**found["web"], "state": "bell_lost"}
    return found


def _kind(parts: list[Part]) -> dict[str, Any]:
    """One ready process is enough; each is listed with what it says of itself."""
    listed = {part.part: READY if part.is_ready else _wrong_with(part) for part in parts}
    if READY in listed.values():
        return {"state": READY, "processes": listed}
    return {"state": next(iter(listed.values()), "not_running"), "processes": listed}


def _wrong_with(part: Part) -> str:
    return "silent" if part.state == READY else part.state


def _is_of(part: Part, kind: str) -> bool:
    """`agent` and `agent-2` are agents."""
    return part.part == kind or part.part.startswith(f"{kind}-")
