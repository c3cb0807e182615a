"""The shop's clock on the page: what it shows and moves. How it moves is not known here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

from fastapi import APIRouter
from pydantic import BaseModel

from command.phone.exchange import ApiError
from marketing.errors import BadInput, DangolError
from memory.trouble import AWAY


class ShopClock(Protocol):
    """Business time, which moves forward only."""

    def now(self) -> tuple[datetime, timedelta]:
        """Business time, and how far it is ahead of real time."""

    def move(self, by: str) -> None:
        """Move forward by `+3d`, `+2h`, `+30m` or to a time; returns when what fell due on the
        way is done. Raises BadInput."""


class Move(BaseModel):
    """How far somebody wants to move it."""

    by: str


def router(clock: ShopClock) -> APIRouter:
    """The routes of the clock, for below /phone."""
    routes = APIRouter()

    @routes.get("/api/clock")
    def tell_time() -> dict[str, Any]:
        return _asked(lambda: _shown(clock))

    @routes.post("/api/clock")
    def move_forward(move: Move) -> dict[str, Any]:
        _asked(lambda: clock.move(move.by))
        return _asked(lambda: _shown(clock))

    return routes


def time_of(clock: ShopClock, otherwise: Callable[[], datetime]) -> Callable[[], datetime]:
    """Business time, or `otherwise` while the clock does not answer."""

    def tell() -> datetime:
        try:
            return clock.now()[0]
        except (DangolError, *AWAY):
            return otherwise()

    return tell


def _shown(clock: ShopClock) -> dict[str, Any]:
    moment, offset = clock.now()
    return {"now": moment.isoformat(), "offset_seconds": offset.total_seconds()}


def _asked[Answer](question: Callable[[], Answer]) -> Answer:
    try:
        return question()
    except BadInput as error:
        raise ApiError(400, 20001, str(error)) from error
    except DangolError as error:
        raise ApiError(503, 20503, str(error)) from error
    except AWAY as error:
        raise ApiError(503, 20503, "The shop's clock does not answer.") from error
