"""Pages from templates and words. Every page carries a strict content policy with a nonce of its
own; templates escape whatever they are given.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jinja2
import yaml
from fastapi import Request
from fastapi.responses import HTMLResponse

from web import languages

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
_KEPT = frozenset({"category", "sku", "quantity", "coupon"})
"""What an address says of a page besides its language."""


@cache
def words(language: str) -> Mapping[str, Any]:
    """The wordings of the pages in one language."""
    text = (FOLDER / "words" / f"{language}.yml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _stamp(name: str) -> str:
    """Changes with the file, so that browsers may keep it."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def static(name: str) -> str:
    """The address of one of our own files."""
    return f"/static/{name}?v={_stamp(name)}"


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    language: str | None = None,
    **values: object,
) -> HTMLResponse:
    """A page in the language the visitor chose or prefers, if it has none of its own; a choice is
    kept in a cookie."""
    language = language or languages.of_page(request)
    nonce = secrets.token_urlsafe(16)
    html = (
        _templates()
        .get_template(template)
        .render(
            words=words(language),
            language=language,
            nonce=nonce,
            static=static,
            in_language=lambda other: _in_language(request, other),
            **values,
        )
    )
    answer = HTMLResponse(html, status_code=status)
    answer.headers["Content-Security-Policy"] = _policy(nonce)
    answer.headers["Content-Language"] = language
    answer.headers["Vary"] = "Accept-Language, Cookie"
    if request.query_params.get("lang") == language:
        answer.set_cookie(
            languages.COOKIE, language, max_age=31_536_000, path="/", samesite="lax", httponly=True
        )
    return answer


def message_page(request: Request, *, status: int, code: str) -> HTMLResponse:
    """A small page that says what went wrong, in words for a customer."""
    told = words(languages.of_page(request))["refusals"]
    return page(
        request, "message.html", status=status, told=told.get(code) or told[str(status // 100)]
    )


def _in_language(request: Request, language: str) -> str:
    """This page, in that language; the answer to a form has no address of its own."""
    if request.method == "POST":
        return f"/?lang={language}"
    kept = {name: value for name, value in request.query_params.items() if name in _KEPT}
    return f"{request.url.path}?{urlencode({**kept, 'lang': language})}"


def _policy(nonce: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )
