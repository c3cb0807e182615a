"""What commands have in common: their errors in one line, one transaction, whom they are about.

Must import nothing that takes time: every command starts with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

import settings as settings_module
from marketing.errors import DangolError
from memory.embedded_errors import EmbeddedServerError
from settings import SettingsError
from shops.errors import ShopError

if TYPE_CHECKING:
    from memory.engine import Connection

Who = Annotated[
    str, typer.Argument(metavar="CUSTOMER", help="Customer id, user id, phone or e-mail.")
]


def plainly[**Given, Result](command: Callable[Given, Result]) -> Callable[Given, Result]:
    """Errors of ours are one line on stderr and exit status 1; anything else keeps its trace."""

    @wraps(command)
    def run(*given: Given.args, **named: Given.kwargs) -> Result:
        try:
            return command(*given, **named)
        except (DangolError, EmbeddedServerError, SettingsError, ShopError) as error:
            _fail(str(error))

    return run


def _fail(message: str) -> NoReturn:
    typer.secho(f"dangol: {message}", err=True, fg=typer.colors.RED)
    raise typer.Exit(1)


@contextmanager
def transaction() -> Iterator[Connection]:
    """One transaction on the database of this command."""
    from command import database
    from memory import engine as memory_engine

    with (
        database.opened(settings_module.read()) as engine,
        memory_engine.transaction(engine) as connection,
    ):
        yield connection
