"""Puts the routes, the guard and the files of the pages together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from web import (
    answer_links,
    chat,
    checkout,
    demo_log_in,
    event_api,
    health,
    links,
    my_data,
    pages,
    phone,
    refusals,
    rendering,
    scripts,
    studio_hand_overs,
    tracker,
    webhooks,
)
from web.guard import Guard
from web.measures import Measuring
from web.site import Site


class KeptFiles(StaticFiles):
    """Files whose address changes with their content, so that browsers need not ask again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file."""
        answer = await super().get_response(path, scope)
        if answer.status_code == 200:
            answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer


def build(site: Site) -> FastAPI:
    """The ASGI application of a site. While it runs, chat streams are served."""

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        site.streams.start(asyncio.get_running_loop())
        with phone.open_client() as application.state.phone:
            yield
        site.streams.end()

    application = FastAPI(
        lifespan=running, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False
    )
    application.state.site = site
    application.state.scripts = scripts.of_chat(site.scripts)
    refusals.install(application)
    rooms = (
        health,
        chat,
        event_api,
        webhooks,
        links,
        answer_links,
        my_data,
        checkout,
        demo_log_in,
        phone,
        pages,
        studio_hand_overs,
        tracker,
    )
    for room in rooms:
        application.include_router(room.router)
    _show_files(application, "/static", rendering.STATIC)
    if site.scripts is not None:
        _show_files(application, "/assets", scripts.served_folder(site.scripts))
    application.add_middleware(Guard, site=site)
    application.add_middleware(Measuring, measures=site.measures)
    return application


def _show_files(application: FastAPI, path: str, folder: Path) -> None:
    application.mount(path, KeptFiles(directory=folder), name=path.strip("/"))
