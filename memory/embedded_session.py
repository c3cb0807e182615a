"""Talks SQL to the embedded server: does it answer, and are its role and database there."""

from __future__ import annotations

import socket
from urllib.parse import quote

import psycopg
from psycopg import sql

from memory.embedded_configuration import PORT, SOCKET_NAME
from memory.embedded_errors import StartFailed, disk_full
from memory.embedded_place import Place

SUPERUSER = "postgres"
ROLE = "dangol"
DATABASE = "dangol"
ANSWER_SECONDS = 5


def url_of(place: Place, secret: str, *, role: str = ROLE) -> str:
    """The SQLAlchemy URL of the product's database, for its role or the superuser."""
    host = quote(str(place.sockets), safe="/")
    login = f"{role}:{quote(secret, safe='')}"
    return f"postgresql+psycopg://{login}@/{DATABASE}?host={host}&port={PORT}"


def refusal(place: Place, secret: str) -> str:
    """Why the server does not answer SELECT 1, in one line; empty when it does."""
    try:
        with _connected(place, secret) as connection:
            connection.execute("SELECT 1")
    except psycopg.Error as error:
        return _one_line(error)
    return ""


def socket_is_dead(place: Place) -> bool:
    """True when nobody listens at the socket any more, which no waiting will change."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(ANSWER_SECONDS)
        try:
            probe.connect(str(place.sockets / SOCKET_NAME))
        except (FileNotFoundError, ConnectionRefusedError):
            return True
        except OSError:
            return False
    return False


def prepare_database(place: Place, secret: str) -> None:
    """Makes the product's role and database when absent; the role is not a superuser."""
    try:
        with _connected(place, secret) as connection:
            _make_role(connection, secret)
            _make_database(connection)
    except psycopg.errors.DiskFull as error:
        raise disk_full(place.folder) from error
    except psycopg.Error as error:
        raise StartFailed(
            f"The database could not be prepared: {_one_line(error)}. See {place.logs}"
        ) from error


def _make_role(connection: psycopg.Connection, secret: str) -> None:
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
    if not found.fetchone():
        statement = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
        connection.execute(statement.format(sql.Identifier(ROLE), sql.Literal(secret)))


def _make_database(connection: psycopg.Connection) -> None:
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
    if not found.fetchone():
        statement = sql.SQL("CREATE DATABASE {} OWNER {}")
        connection.execute(statement.format(sql.Identifier(DATABASE), sql.Identifier(ROLE)))


def _connected(place: Place, secret: str) -> psycopg.Connection:
    """As superuser: its reserved connections answer when the product has used up all others."""
    return psycopg.connect(
        host=str(place.sockets),
        port=PORT,
        user=SUPERUSER,
        password=secret,
        dbname="postgres",
        connect_timeout=ANSWER_SECONDS,
        autocommit=True,
    )


def _one_line(error: psycopg.Error) -> str:
    return " ".join(str(error).split()) or type(error).__name__
