"""The page behind the link to a copy of everything: for the browser that has proven who sits at it,
or for whoever types the code that is sent to the number. A GET gives nothing away, since messengers
look ahead at links.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse

from memory import addresses, clock, codes, customers, export_links, exporting
from memory.engine import Connection
from memory.export_links import ExportLink
from web import bodies, languages, number_codes, rendering, visitors
from web import site as sites
from web.links import LinkNotValid
from web.pages import READING, around

router = APIRouter(prefix="/my-data")

FormBody = Annotated[bytes, Depends(bodies.form_body)]
_IN_MEMORY = 4 * 1024 * 1024
_AT_ONCE = 64 * 1024


@router.api_route("/{token}", methods=READING)
def opened(request: Request, token: str) -> Response:
    """What is behind the link, and what it takes to have it."""
    with sites.of(request).transaction() as connection:
        link = _found(connection, token, clock.business_now(connection))
        return _page(connection, request, token, link)


@router.post("/{token}/code")
def send_code(request: Request, token: str) -> Response:
    """Send a code to the number that the link went to."""
    with sites.of(request).transaction() as connection:
        now = clock.business_now(connection)
        link = _found(connection, token, now)
        if link.address_id is None:
            return _page(connection, request, token, link)
        state = number_codes.send(
            connection, link.customer_id, link.address_id, proves=link.customer_id, now=now
        )
        return _page(connection, request, token, link, state=state)


@router.post("/{token}/file")
def download(request: Request, token: str, body: FormBody) -> Response:
    """The file, once: for the proven browser of its customer, or with the code."""
    typed = bodies.form_fields(body).get("code", "")
    with sites.of(request).transaction() as connection:
        now = clock.business_now(connection)
        link = _found(connection, token, now)
        if not (_is_theirs(connection, request, link) or _is_right(connection, link, typed)):
            return _page(connection, request, token, link, state="code_wrong" if typed else "")
        if not export_links.take(connection, token, now=now):
            raise LinkNotValid
        file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed when it is sent
        exporting.as_zip(connection, link.customer_id, now=now, out=file)
    file.seek(0)
    return StreamingResponse(
        _pieces(file),
        media_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="my-data-{now:%Y-%m-%d}.zip"',
            "Cache-Control": "no-store",
        },
    )


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_AT_ONCE):
            yield piece


def _found(connection: Connection, token: str, now: datetime) -> ExportLink:
    link = export_links.find(connection, token, now=now)
    if link is None:
        raise LinkNotValid
    return link


def _is_theirs(connection: Connection, request: Request, link: ExportLink) -> bool:
    visitor = visitors.known(connection, request)
    return (
        visitor is not None
        and visitor.is_proven
        and customers.held(connection, visitor.customer_id) == link.customer_id
    )


def _is_right(connection: Connection, link: ExportLink, typed: str) -> bool:
    """True for the code that was sent; a wrong one is counted (RULES OF-2)."""
    if link.address_id is None or not codes.typed(connection, link.customer_id, typed):
        return False
    checked, number = codes.take(connection, link.customer_id, typed)
    sent_to = addresses.get(connection, link.customer_id, link.address_id).value
    return checked is codes.Checked.RIGHT and number == sent_to


def _page(
    connection: Connection, request: Request, token: str, link: ExportLink, *, state: str = ""
) -> Response:
    spoken = number_codes.language_of(connection, link.customer_id, link.address_id)
    language = languages.of_link(request, spoken)
    return rendering.page(
        request,
        "my_data.html",
        language=language,
        token=token,
        state=state,
        is_theirs=_is_theirs(connection, request, link),
        by_text=link.address_id is not None,
        **around(connection, request, language),
    )
