"""`export-customer` and `erase-customer` on a real server, down to the last byte of its files."""

from __future__ import annotations

import json
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

import settings as settings_module
from bootstrap import open_memory
from command import database, rights
from command.rights import FileTaken, StillThere
from marketing.errors import NotFound
from memory import byte_search, customers, erasing, migrate, turns
from memory.byte_search import Needle
from memory.sealing import Keyring
from memory.turns import Utterance
from settings import Settings
from tests import whole_person
from tests.postgres import temporary_home
from tests.whole_person import EMAIL, NAME, PHONE, SAID, WRITTEN_AT


@pytest.fixture(scope="module")
def settings() -> Iterator[Settings]:
    with temporary_home() as home:
        ready, _ = database.start(settings_module.read({"DANGOL_HOME": str(home)}))
        migrate.upgrade(ready.database_url, Keyring.of(ready.secret_keys))
        yield ready


@pytest.fixture(scope="module")
def engine(settings: Settings) -> Iterator[Engine]:
    opened = open_memory(settings)
    yield opened
    opened.dispose()


@pytest.fixture
def person(engine: Engine) -> Iterator[str]:
    with engine.begin() as connection:
        customer_id = whole_person.written(connection)
    yield customer_id
    with engine.begin() as connection:
        erasing.erase(connection, customer_id, now=WRITTEN_AT)


def erase(
    settings: Settings, given: str, *, purges: bool = True, look_for: tuple[str, ...] = ()
) -> list[str]:
    told: list[str] = []
    assert rights.run_erasure(
        settings, given, is_sure=True, look_for=look_for, purges=purges, say=told.append
    )
    return told


@pytest.mark.parametrize("given", [PHONE, EMAIL, "id"])
def test_everything_is_written_to_a_file_of_their_own(
    engine: Engine, person: str, tmp_path: Path, given: str
) -> None:
    told: list[str] = []
    path = tmp_path / "theirs.zip"
    who = person if given == "id" else given
    rights.export(engine, who, str(path), "en", say=told.append)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with zipfile.ZipFile(path) as archive:
        assert json.loads(archive.read("turns.json"))[0]["text"] == SAID
    assert "turns: 1" in told
    assert told[-1].endswith(f"rows written to {path}.")
    with pytest.raises(FileTaken):
        rights.export(engine, person, str(path), "en", say=told.append)


def test_one_object_where_the_file_is_called_json(
    engine: Engine, person: str, tmp_path: Path
) -> None:
    path = tmp_path / "theirs.json"
    rights.export(engine, person, str(path), "ko", say=lambda _line: None)
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found["tables"]["customers"][0]["name"] == NAME


def test_or_to_whatever_reads_stdout(
    engine: Engine, person: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rights.export(engine, person, "-", "en", say=lambda _line: None)
    assert json.loads(capsys.readouterr().out)["about"]["customer_id"] == person


def test_after_a_purge_no_file_of_the_home_has_a_byte_of_them(
    settings: Settings, engine: Engine, person: str
) -> None:
    line = json.dumps({"sender": PHONE, "body": SAID}) + "\n"
    (settings.home / "phone.jsonl").write_text(f'{{"sender": "+1"}}\n{line}', encoding="utf-8")
    log = settings.home / "logs" / "web.log"
    log.write_text(f"a line\n{NAME} should not be here\nthe last\n", encoding="utf-8")
    told = erase(settings, PHONE)
    needles = [
        Needle(kind=kind, text=value)
        for kind, value in (("phone", PHONE), ("email", EMAIL), ("name", NAME), ("said", SAID))
    ]
    assert byte_search.search([settings.home], needles) == []
    assert "Nothing is left." in told
    assert any("facts: 1 deleted" in line for line in told)
    assert any("orders: 1 cut off" in line for line in told)
    written = log.read_text(encoding="utf-8")
    assert written.startswith("a line\n")
    assert written.endswith("\nthe last\n")
    kept = (settings.home / "phone.jsonl").read_text(encoding="utf-8")
    assert kept.startswith('{"sender": "+1"}\n')
    with engine.connect() as connection:
        found = erasing.find(connection, person)
        assert found is not None
        purged = text("SELECT purged_at FROM erasures WHERE customer_id = :id")
        assert connection.scalar(purged, {"id": person}) is not None


def test_what_somebody_else_has_said_too_does_not_count(
    settings: Settings, engine: Engine, person: str
) -> None:
    with engine.begin() as connection:
        other = customers.create(connection, now=WRITTEN_AT, name=NAME)
        turns.append(
            connection,
            other,
            [Utterance(text=SAID)],
            direction="in",
            channel="web",
            language="ko",
            at=WRITTEN_AT,
        )
    told = erase(settings, person)
    assert "2 of them are also in somebody else's rows, and do not count." in told
    with engine.begin() as connection:
        assert customers.get(connection, other).name == NAME
        erasing.erase(connection, other, now=WRITTEN_AT)


def test_bytes_that_are_still_there_are_told_of_and_end_in_an_error(
    settings: Settings, person: str
) -> None:
    backup = settings.home / "backup.sql"
    backup.write_text(f"COPY turns … {SAID}", encoding="utf-8")
    told: list[str] = []
    with pytest.raises(StillThere):
        rights.run_erasure(
            settings, person, is_sure=True, look_for=(), purges=True, say=told.append
        )
    assert f"Still there (said): {backup}" in told
    assert not any(SAID in line for line in told)
    backup.unlink()
    assert "Nothing is left." in erase(settings, person, look_for=(SAID, PHONE))


def test_nobody_is_erased_twice_and_nobody_unknown_at_all(
    settings: Settings, engine: Engine, person: str
) -> None:
    erase(settings, person, purges=False)
    line, hint = erase(settings, person, purges=False)
    assert "--purge" in hint
    assert line.startswith(f"{person} was erased already, at ")
    with pytest.raises(NotFound):
        erase(settings, PHONE)
