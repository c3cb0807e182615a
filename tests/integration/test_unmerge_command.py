"""`./dangol unmerge`: lists, asks, undoes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from command.__main__ import app
from memory import customers, merging
from memory.engine import open_engine
from tests.keyring import ENVIRONMENT, KEYRING

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)


@pytest.fixture
def engine(
    database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> Iterator[Engine]:
    opened = open_engine(database_url, keyring=KEYRING)
    with opened.begin() as connection:
        for who in ("cus_a", "cus_b"):
            customers.create(connection, now=NOW, customer_id=who)
        merging.merge(connection, gone="cus_a", stays="cus_b", proof="code", now=NOW)
    plain = database_url.replace("+psycopg", "")
    for name, value in (*ENVIRONMENT.items(), ("DATABASE_URL", plain), ("DANGOL_HOME", tmp_path)):
        monkeypatch.setenv(name, str(value))
    yield opened
    opened.dispose()


def _known_as(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return customers.known_as(connection, "cus_a")


def test_it_lists_the_merges_of_a_customer(engine: Engine) -> None:
    said = CliRunner().invoke(app, ["unmerge", "cus_a"]).output
    assert "merge 1: cus_a became cus_b on 2026-11-27 03:00 UTC by code" in said
    assert _known_as(engine) == "cus_b"


def test_it_asks_before_it_undoes(engine: Engine) -> None:
    asked = CliRunner().invoke(app, ["unmerge", "1"], input="n\n")
    assert "Undo it?" in asked.output
    assert _known_as(engine) == "cus_b"
    done = CliRunner().invoke(app, ["unmerge", "1"], input="y\n")
    assert "They are two again." in done.output
    assert _known_as(engine) == "cus_a"


def test_told_yes_it_does_not_ask_and_the_list_says_so(engine: Engine) -> None:
    assert CliRunner().invoke(app, ["unmerge", "1", "--yes"]).exit_code == 0
    assert ", undone " in CliRunner().invoke(app, ["unmerge", "cus_b"]).output


def test_what_cannot_be_undone_is_said_in_one_line(engine: Engine) -> None:
    done = CliRunner().invoke(app, ["unmerge", "77", "--yes"])
    assert done.exit_code == 1
    assert "There is no merge 77." in done.output
