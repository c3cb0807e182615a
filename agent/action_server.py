"""Serves the custom actions over HTTP for Rasa's own commands, as `rasa run actions` does.

rasa_sdk's server needs a web server that is not installed here; its executor does not. Only for
development: the agent runs actions in its own process, in the turn's transaction.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from aiohttp import web

from agent.in_process import InProcessActions, load_actions
from agent.nlg import LiveWords
from agent.stock_turns import StockTurns
from marketing.errors import NothingLive
from memory import catalogue, releases
from memory import engine as memory_engine
from memory.sealing import Keyring

if TYPE_CHECKING:
    from argparse import Namespace

    from rasa_sdk.executor import ActionExecutor

    from settings import Settings

log = logging.getLogger(__name__)

MOST_BYTES = 64 * 2**20
"""A call carries the whole conversation and the domain."""


def serve(arguments: Namespace, settings: Settings) -> None:
    """Serve until interrupted; takes the parsed arguments of `rasa run actions`.

    Raises ValueError for an option of that command that this server does not have.
    """
    if arguments.cors not in (None, "*"):
        raise ValueError("`rasa run actions` has no --cors here; `./dangol rasa --stock` has it.")
    engine = memory_engine.open_engine(
        settings.database_url,
        keyring=Keyring.of(settings.secret_keys),
        pool_size=2,
        name="dangol-actions",
    )
    application = application_for(
        load_actions(arguments.actions),
        StockTurns(engine, shop_url=settings.public_base_url),
        _words(engine),
        reload=arguments.auto_reload,
    )
    log.info("Serving actions on port %s.", arguments.port, extra={"action": "actions_served"})
    try:
        web.run_app(
            application,
            host="127.0.0.1",
            port=int(arguments.port),
            ssl_context=_ssl_context(arguments),
            print=None,
        )
    finally:
        engine.dispose()


def application_for(
    executor: ActionExecutor, turns: StockTurns, words: LiveWords, *, reload: bool = False
) -> web.Application:
    """The HTTP application: rasa_sdk's routes, each action in a turn and a transaction."""
    handlers = _Handlers(executor, turns, words, reload=reload)
    application = web.Application(client_max_size=MOST_BYTES)
    application.add_routes(
        [
            web.get("/health", handlers.health),
            web.get("/actions", handlers.actions),
            web.post("/webhook", handlers.webhook),
        ]
    )
    return application


class _Handlers:
    def __init__(
        self, executor: ActionExecutor, turns: StockTurns, words: LiveWords, *, reload: bool
    ) -> None:
        self._executor = executor
        self._turns = turns
        self._words = words
        self._in_process = InProcessActions(executor, words)
        self._reload = reload

    async def health(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def actions(self, _request: web.Request) -> web.Response:
        self._reload_if_asked()
        return web.json_response([{"name": name} for name in self._executor.actions])

    async def webhook(self, request: web.Request) -> web.Response:
        from rasa.utils.endpoints import ClientResponseError

        try:
            call = _action_call(await request.read())
        except ValueError as reason:
            return web.json_response({"error": f"Invalid body request: {reason}"}, status=400)
        self._reload_if_asked()
        if call["next_action"] not in self._executor.actions:
            return _refusal(f"There is no action {call['next_action']!r}.", call, 404)
        with self._turns.opened(call) as turn:
            said = [kept["text"] for kept in turn.recalled.lately if kept["direction"] == "out"]
            self._words.begin(said)
            try:
                return web.json_response(await self._in_process.request(json=call))
            except ClientResponseError as declined:
                return web.json_response(text=declined.text, status=declined.status)

    def _reload_if_asked(self) -> None:
        if self._reload:
            self._executor.reload()


def _action_call(body: bytes) -> dict[str, Any]:
    # aiohttp has undone `Content-Encoding: deflate`.
    call = json.loads(body)
    if not isinstance(call, dict) or not call.get("next_action"):
        raise ValueError("an action call is an object with next_action")
    if not isinstance(call.get("tracker"), dict) or not call["tracker"].get("sender_id"):
        raise ValueError("an action call has a tracker with a sender_id")
    return call


def _refusal(reason: str, call: dict[str, Any], status: int) -> web.Response:
    body = {"error": reason, "action_name": call["next_action"]}
    return web.json_response(body, status=status)


def _words(engine: memory_engine.Engine) -> LiveWords:
    from rasa.shared.core.domain import Domain

    words = LiveWords(domain=Domain.load("domain.yml"))
    with engine.connect() as connection:
        words.shop = catalogue.store_profile(connection)
        try:
            words.responses = releases.live(connection).words
        except NothingLive:
            log.warning(
                "Nothing is published yet, so some actions will apologise: run ./dangol up once.",
                extra={"action": "nothing_live"},
            )
    return words


def _ssl_context(arguments: Namespace) -> Any:
    from rasa_sdk.endpoint import create_ssl_context

    return create_ssl_context(
        arguments.ssl_certificate, arguments.ssl_keyfile, arguments.ssl_password
    )
