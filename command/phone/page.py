"""The telephone in the browser: a page, its files, and the few JSON answers it polls for.

Everything is under /phone and relative, so that the public port can pass it through as it is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Header, HTTPException
from fastapi.responses import FileResponse, HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel

from command.phone import segments, shop_clock, words
from command.phone.exchange import Exchange
from command.phone.shop_clock import ShopClock
from command.phone.telephones import TELEPHONES, is_korean
from command.phone.texts import INBOUND, Text

_FILES = Path(__file__).resolve().parent / "files"
_KINDS = {"phone.css": "text/css", "phone.js": "text/javascript", "icon.svg": "image/svg+xml"}
_SAFE = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
MOST_SHOWN = 200


class Typed(BaseModel):
    """What somebody typed on a telephone."""

    number: str
    text: str


def router(exchange: Exchange, clock: ShopClock | None = None) -> APIRouter:
    """The routes of the page; without a clock the page shows none."""
    routes = APIRouter(prefix="/phone")
    pages = Environment(loader=FileSystemLoader(_FILES), autoescape=True, undefined=StrictUndefined)

    @routes.get("")
    @routes.get("/", include_in_schema=False)
    def show_page(
        lang: str | None = None, accept_language: Annotated[str, Header()] = ""
    ) -> HTMLResponse:
        language = words.choose(lang, accept_language)
        html = pages.get_template("phone.html").render(
            language=language,
            other_language="en" if language == "ko" else "ko",
            words=words.WORDS[language],
            telephones=TELEPHONES,
            has_clock=clock is not None,
            shop_number=exchange.line.shop_number,
            knows_shop=exchange.line.is_demo_shop,
        )
        return HTMLResponse(html, headers={"Cache-Control": "no-store", **_SAFE})

    @routes.get("/files/{name}")
    def send_file(name: str) -> FileResponse:
        if name not in _KINDS:
            raise HTTPException(404)
        headers = {"Cache-Control": "no-cache"}
        return FileResponse(_FILES / name, media_type=_KINDS[name], headers=headers)

    @routes.get("/api/telephones")
    def list_telephones() -> dict[str, Any]:
        return {"shop": exchange.line.shop_number, "telephones": TELEPHONES}

    @routes.get("/api/texts")
    def list_texts(number: str, known: int = -1) -> dict[str, Any]:
        """The texts of one telephone; none of them while `known` is the newest revision."""
        revision = exchange.revision
        if known == revision:
            return {"revision": revision, "texts": None}
        found = exchange.texts(lambda text: number in (text.sender, text.recipient))
        return {"revision": revision, "texts": [_shown(text) for text in found[-MOST_SHOWN:]]}

    @routes.post("/api/texts", status_code=201)
    def send_text(typed: Typed) -> dict[str, Any]:
        return _shown(exchange.text_the_shop(typed.number, typed.text))

    if clock is not None:
        routes.include_router(shop_clock.router(clock))
    return routes


def _shown(text: Text) -> dict[str, Any]:
    is_in_korea = is_korean(text.recipient)
    return {
        "id": text.sid,
        "mine": text.direction == INBOUND,
        "text": segments.on_korean_handset(text.body) if is_in_korea else text.body,
        "status": text.status,
        "error": text.error_code,
        "at": (text.shop_time or text.created_at).isoformat(),
        "segments": segments.count(text.body),
        "bytes": segments.korean_bytes(text.body) if is_in_korea else None,
        "kind": segments.korean_kind(text.body) if is_in_korea else None,
    }
