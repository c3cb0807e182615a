"""The script that a page of the shop loads, so that it tells where a visitor goes."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from web import scripts
from web import site as sites
from web.pages import READING, NoSuchPage

router = APIRouter()

_HEADERS = {
    "Cache-Control": "public, max-age=3600",
    # The shop's other sites load it too.
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@router.api_route("/tracker.js", methods=READING)
def tracker(request: Request) -> Response:
    """The script, under a name that stays."""
    path = scripts.tracker(sites.of(request).scripts)
    if path is None:
        raise NoSuchPage
    return FileResponse(path, media_type="text/javascript", headers=_HEADERS)
