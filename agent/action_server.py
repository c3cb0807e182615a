"""Serves the custom actions over HTTP for Rasa's own commands, as `rasa run actions` does.

rasa_sdk's server needs a web server that is not installed here; its executor does not. Only for
development: the agent runs actions in its own process, in the turn's transaction.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from argparse import Namespace

    from rasa_sdk.executor import ActionExecutor

logger = logging.getLogger(__name__)

MOST_BYTES = 64 * 2**20  # a call carries the whole conversation and the domain


def serve(arguments: Namespace) -> None:
    """Serve until interrupted; takes the parsed arguments of `rasa run actions`.

    Raises `ValueError` for an option of that command that this server does not have.
    """
    if arguments.cors not in (None, "*"):
        raise ValueError("`rasa run actions` has no --cors here; `./dangol rasa --stock` has it.")
    logging.getLogger(__name__).setLevel(arguments.loglevel or logging.INFO)
    application = application_for(arguments.actions, reload=arguments.auto_reload)
    logger.info("Serving actions.", extra={"action": "actions_served", "port": int(arguments.port)})
    web.run_app(
        application,
        host="127.0.0.1",
        port=int(arguments.port),
        ssl_context=_ssl_context(arguments),
        print=None,
    )


def application_for(package: str, *, reload: bool = False) -> web.Application:
    """Return the HTTP application that runs the actions of a package, by its import name."""
    from rasa_sdk.executor import ActionExecutor

    executor = ActionExecutor()
    executor.register_package(package)
    application = web.Application(client_max_size=MOST_BYTES)
    handlers = _Handlers(executor, reload=reload)
    application.add_routes(
        [
            web.get("/health", handlers.health),
            web.get("/actions", handlers.actions),
            web.post("/webhook", handlers.webhook),
        ]
    )
    return application


class _Handlers:
    def __init__(self, executor: ActionExecutor, *, reload: bool) -> None:
        self._executor = executor
        self._reload = reload

    async def health(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def actions(self, _request: web.Request) -> web.Response:
        self._reload_if_asked()
        return web.json_response([{"name": name} for name in self._executor.actions])

    async def webhook(self, request: web.Request) -> web.Response:
        from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

        try:
            call = await _action_call(request)
        except ValueError:
            return web.json_response({"error": "Invalid body request"}, status=400)
        self._reload_if_asked()
        try:
            return web.json_response(await self._executor.run(call))
        except ActionExecutionRejection as rejection:
            return _refusal(rejection, 400)
        except ActionNotFoundException as unknown:
            return _refusal(unknown, 404)

    def _reload_if_asked(self) -> None:
        if self._reload:
            self._executor.reload()


async def _action_call(request: web.Request) -> dict[str, Any]:
    # aiohttp undoes `Content-Encoding: deflate` by itself.
    call = json.loads(await request.read())
    if not isinstance(call, dict):
        raise ValueError("an action call is a JSON object")
    return call


def _refusal(reason: Any, status: int) -> web.Response:
    body = {"error": reason.message, "action_name": reason.action_name}
    return web.json_response(body, status=status)


def _ssl_context(arguments: Namespace) -> Any:
    from rasa_sdk.endpoint import create_ssl_context

    return create_ssl_context(
        arguments.ssl_certificate, arguments.ssl_keyfile, arguments.ssl_password
    )
