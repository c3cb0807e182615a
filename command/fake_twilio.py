"""A local fake of Twilio's Messages API with telephones behind it, for development and tests.

`python -m command.fake_twilio --port N` listens on this machine only. Never part of production.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import secrets
import sys
import threading
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

import uvicorn
from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse, Response

import bootstrap
import settings as settings_module
from command import clock as command_clock
from command.phone import page
from command.phone.exchange import ApiError, Exchange, Line
from command.phone.faults import DroppableProtocol, Fault, Faults, befall
from command.phone.shop_clock import ShopClock, time_of
from command.phone.texts import Text, now
from marketing.errors import DangolError
from memory import engine as memory_engine
from settings import Settings

log = logging.getLogger(__name__)

JOURNAL = "phone.jsonl"
MOST_IN_PAGE = 1000


def create_app(exchange: Exchange, clock: ShopClock | None = None) -> FastAPI:
    """The API at Twilio's own paths, the telephones under /phone, and /faults for tests."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    faults = Faults()
    app.state.exchange = exchange
    app.include_router(page.router(exchange, clock))
    _serve_messages(app, exchange, faults)

    @app.post("/faults", status_code=204)
    def add_fault(fault: Fault) -> None:
        faults.add(fault)

    @app.put("/opt-out-handling", status_code=204)
    def handle_opt_out(is_on: bool) -> None:
        exchange.handles_opt_out = is_on

    @app.exception_handler(ApiError)
    async def refused(_: Request, error: ApiError) -> JSONResponse:
        return _error(error.status, error.code, error.message)

    return app


def _serve_messages(app: FastAPI, exchange: Exchange, faults: Faults) -> None:
    account = exchange.line.account_sid
    messages = "/2010-04-01/Accounts/{account_sid}/Messages"
    checked = [Depends(_account_check(exchange.line))]

    @app.post(messages + ".json", dependencies=checked)
    async def create_message(request: Request) -> Response:
        fields = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        fault = faults.next()
        if fault is not None and not fault.accept and fault.answer == "error":
            return _error(fault.status, fault.code, "A fault was asked for.", fault.retry_after)
        if fault is not None and not fault.accept:
            return await befall(fault, request, b"{}")
        created = json.dumps(exchange.create(fields).as_resource()).encode()
        if fault is None:
            return Response(created, 201, media_type="application/json")
        if fault.answer == "error":
            return _error(fault.status, fault.code, "A fault was asked for.", fault.retry_after)
        return await befall(fault, request, created)

    @app.get(messages + ".json", dependencies=checked)
    def list_messages(request: Request) -> dict[str, Any]:
        return _page(exchange, dict(request.query_params), f"{messages}.json", account)

    @app.get(messages + "/{sid}.json", dependencies=checked)
    def fetch_message(sid: str) -> dict[str, Any]:
        found = exchange.find(sid)
        if found is None:
            raise ApiError(404, 20404, f"The requested resource {sid} was not found")
        return found.as_resource()


def _account_check(line: Line) -> Callable[[Request], None]:
    expected = "Basic " + b64encode(f"{line.account_sid}:{line.auth_token}".encode()).decode()

    def check(request: Request) -> None:
        given = request.headers.get("Authorization", "")
        if not secrets.compare_digest(given.encode(), expected.encode()):
            raise ApiError(401, 20003, "Authenticate")
        if request.path_params["account_sid"] != line.account_sid:
            raise ApiError(404, 20404, f"The requested resource {request.url.path} was not found")

    return check


def _page(exchange: Exchange, query: dict[str, str], template: str, account: str) -> dict[str, Any]:
    size = min(MOST_IN_PAGE, max(1, _number(query.get("PageSize"), 50)))
    page_number = max(0, _number(query.get("Page"), 0))
    found = sorted(exchange.texts(_wanted(query)), key=lambda text: text.created_at, reverse=True)
    start = page_number * size
    shown = found[start : start + size]
    path = template.format(account_sid=account)

    def uri(number: int) -> str:
        return f"{path}?{urlencode({**query, 'PageSize': size, 'Page': number})}"

    return {
        "end": max(start, start + len(shown) - 1),
        "first_page_uri": uri(0),
        "messages": [text.as_resource() for text in shown],
        "next_page_uri": uri(page_number + 1) if start + size < len(found) else None,
        "page": page_number,
        "page_size": size,
        "previous_page_uri": uri(page_number - 1) if page_number else None,
        "start": start,
        "uri": uri(page_number),
    }


def _wanted(query: dict[str, str]) -> Callable[[Text], bool]:
    on, since, until = (_day(query.get(key)) for key in ("DateSent", "DateSent>", "DateSent<"))

    def is_wanted(text: Text) -> bool:
        day = (text.sent_at or text.created_at).astimezone(UTC).date()
        return (
            query.get("To", text.recipient) == text.recipient
            and query.get("From", text.sender) == text.sender
            and (on is None or day == on)
            and (since is None or day >= since)
            and (until is None or day <= until)
        )

    return is_wanted


def _day(given: str | None) -> date | None:
    if not given:
        return None
    try:
        return datetime.fromisoformat(given).date()
    except ValueError as error:
        raise ApiError(400, 20001, f"{given} is not a date.") from error


def _number(given: str | None, otherwise: int) -> int:
    return int(given) if given and re.fullmatch(r"[0-9]{1,6}", given, re.ASCII) else otherwise


def _error(status: int, code: int, message: str, retry_after: int | None = None) -> JSONResponse:
    body = {
        "code": code,
        "message": message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return JSONResponse(body, status, headers=headers)


def open_exchange(settings: Settings, clock: ShopClock | None = None) -> Exchange:
    """The exchange of these settings, with the texts of last time."""
    settings.home.mkdir(parents=True, exist_ok=True)
    number = settings.twilio_from if settings.twilio_from.startswith("+") else "+15005550006"
    line = Line(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token,
        shop_sender=settings.twilio_from,
        webhook_base_url=settings.public_base_url,
        shop_number=number,
        is_demo_shop=settings.shop == "demo",
    )
    shop_time = now if clock is None else time_of(clock, now)
    return Exchange(line, settings.home / JOURNAL, shop_time)


class _Server(uvicorn.Server):
    """Stops when `stop` is set: by a signal, or because the supervisor is gone."""

    def __init__(self, config: uvicorn.Config, stop: threading.Event) -> None:
        super().__init__(config)
        self._stop = stop

    async def on_tick(self, counter: int) -> bool:
        """Asked ten times a second whether to end."""
        return self._stop.is_set() or await super().on_tick(counter)


def serve(
    exchange: Exchange, port: int, stop: threading.Event, clock: ShopClock | None = None
) -> bool:
    """Answer on 127.0.0.1 until `stop`; False if the port could not be had."""
    config = uvicorn.Config(
        create_app(exchange, clock),
        host="127.0.0.1",
        port=port,
        http=DroppableProtocol,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=2,
    )
    server = _Server(config, stop)
    try:
        server.run()
    except SystemExit:
        return False
    finally:
        exchange.close()
    return True


def main() -> int:
    """Run until told to stop."""
    parser = argparse.ArgumentParser(prog="fake_twilio", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    given = parser.parse_args()
    bootstrap.configure_logging()
    stop = threading.Event()
    bootstrap.stop_on_signal(stop)
    bootstrap.stop_with_the_supervisor(stop)
    try:
        settings = settings_module.read()
    except (DangolError, settings_module.SettingsError) as error:
        log.error("%s", error, extra={"action": "part_refused"})
        return 2
    if not settings.is_development:
        log.error("The fake runs in development only.", extra={"action": "part_refused"})
        return 2
    log.info("The telephone is there.", extra={"action": "phone_ready", "port": given.port})
    clock = _clock(settings)
    return 0 if serve(open_exchange(settings, clock), given.port, stop, clock) else 1


def _clock(settings: Settings) -> ShopClock | None:
    """The shop's clock, if there is a shop: the fake also runs by itself."""
    if not settings.database_url:
        return None
    return command_clock.ShopClock(memory_engine.open_engine(settings.database_url))


if __name__ == "__main__":
    sys.exit(main())
