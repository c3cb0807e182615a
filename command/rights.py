"""`export-customer` and `erase-customer`: what a person may ask of the shop, for whoever answers
them (docs/data-rights.md).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import typer

from command import database
from command.rights_words import RIGHTS
from command.words import Language
from command.words import language as words_of_shell
from marketing.errors import DangolError
from memory import byte_search, clock, customers, erasing, exporting, personal, purging, traces
from memory import engine as memory_engine
from memory.byte_search import Needle
from memory.embedded import EmbeddedServer, Reach
from memory.engine import Connection, Engine
from memory.erasing import Erased
from settings import Settings

NOT_OF_CUSTOMERS = frozenset(
    {"environment", "frontend", "models", "mypy", "pycache", "rasa-cache", "ruff", "secrets"}
)
"""Folders of DANGOL_HOME that are made from the checkout alone."""
_MINUTES = 60

Say = Callable[[str], None]


class StillThere(DangolError):
    """Bytes of the person are still in a file: see the list above, and docs/data-rights.md."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Whom a command is about."""

    customer_id: str
    whose: Sequence[str]
    """All ids of the same person."""
    needles: Sequence[Needle]
    erased: Erased | None
    """What was done, if they were erased before."""


def export(
    engine: Engine, given: str, to: str | None, language: Language, *, say: Say
) -> dict[str, int]:
    """Write everything that is kept of a customer to a file (.json: one object; else a ZIP; `-`:
    JSON on stdout). Raises NotFound."""
    words = RIGHTS[language]
    with memory_engine.transaction(engine, seconds=_MINUTES) as connection:
        customer_id = customers.resolve(connection, given)
        now = clock.business_now(connection)
        told: dict[str, Any] = {"now": now, "progress": _progress(say, words["export_table"])}
        if to == "-":
            return exporting.as_json(connection, customer_id, out=sys.stdout, **told)
        path = Path(to or f"{customer_id}.zip")
        with _private(path) as file:
            if path.suffix == ".json":
                counted = _as_json(connection, customer_id, file, told)
            else:
                counted = exporting.as_zip(connection, customer_id, out=file, **told)
    say(words["exported"].format(who=customer_id, rows=sum(counted.values()), file=path))
    return counted


def _as_json(
    connection: Connection, customer_id: str, file: IO[bytes], told: Mapping[str, Any]
) -> dict[str, int]:
    with open(os.dup(file.fileno()), "w", encoding="utf-8") as out:
        return exporting.as_json(connection, customer_id, out=out, **told)


def _progress(say: Say, words: str) -> exporting.Progress:
    def told(table: str, rows: int) -> None:
        if rows:
            say(words.format(table=table, rows=rows))

    return told


def _private(path: Path) -> IO[bytes]:
    """A new file that nobody else may read. Raises FileTaken."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise FileTaken(f"{path} exists: name another file with --to.") from None
    except OSError as error:
        raise FileTaken(f"{path} cannot be written: {error.strerror}.") from error
    return os.fdopen(descriptor, "wb")


class FileTaken(DangolError):
    """The file cannot be written."""


def run_erasure(
    settings: Settings,
    given: str,
    *,
    is_sure: bool,
    look_for: Sequence[str],
    purges: bool,
    say: Say,
) -> bool:
    """`erase-customer`: ask, on a terminal; erase; purge. False if the answer was no. Raises
    NotFound, StillThere."""
    language = words_of_shell()
    with database.opened(settings) as engine:
        with memory_engine.transaction(engine, seconds=_MINUTES) as connection:
            person = look_up(connection, given)
            question = show(connection, person, language)
        if person.erased:
            at = f"{person.erased.erased_at:%Y-%m-%d %H:%M:%S %Z}"
            say(RIGHTS[language]["was_erased"].format(who=person.customer_id, at=at))
        elif is_sure or not sys.stdin.isatty() or typer.confirm(question):
            erase(engine, person, language, say=say)
        else:
            say(RIGHTS[language]["not_erased"].format(who=person.customer_id))
            return False
        if purges:
            purge(settings, engine, person, language, look_for=look_for, say=say)
        else:
            say(RIGHTS[language]["not_purged"])
    return True


def look_up(connection: Connection, given: str) -> Person:
    """The person behind an id, user id, phone or e-mail, erased before or not. Raises NotFound."""
    erased = erasing.find(connection, given)
    customer_id = erased.customer_id if erased else customers.resolve(connection, given)
    whose = personal.ids_of(connection, customer_id)
    return Person(
        customer_id=customer_id,
        whose=whose,
        needles=() if erased else traces.of(connection, whose),
        erased=erased,
    )


def erase(engine: Engine, person: Person, language: Language, *, say: Say) -> Erased:
    """Erase the person in one transaction, and say what was done."""
    with memory_engine.transaction(engine, seconds=_MINUTES) as connection:
        done = erasing.erase(connection, person.customer_id, now=clock.business_now(connection))
    words = RIGHTS[language]
    for table, rows in sorted(done.rows.items()):
        if rows:
            kept = "erased_kept" if table in erasing.KEPT else "erased_rows"
            say(words[kept].format(table=table, rows=rows))
    say(words["erased"].format(who=person.customer_id))
    return done


def purge(
    settings: Settings,
    engine: Engine,
    person: Person,
    language: Language,
    *,
    look_for: Sequence[str],
    say: Say,
) -> None:
    """Have their bytes gone from every file in reach, and those of whoever waits for it; look for
    theirs, and say what was found. Raises StillThere."""
    words = RIGHTS[language]
    reach = _reach(settings, engine)
    with memory_engine.transaction(engine, seconds=_MINUTES) as connection:
        now = clock.business_now(connection)
        erasing.finish(connection, person.customer_id, now=now)
        whose = {*person.whose, *erasing.unpurged(connection, before=now - erasing.SWEEP_AFTER)}
    done = purging.purge(engine, sorted(whose), reach=reach, say=say)
    for what in done.left_to_operator:
        say(words[f"left_{what}"])
    needles = [*person.needles, *(_given(one) for one in look_for)]
    _blank_journals(settings.home, needles, say, words)
    _search(settings, engine, reach, needles, say, words)
    with memory_engine.transaction(engine) as connection:
        purging.record(connection, sorted(whose), now=now)
    say(words["purged"].format(who=person.customer_id))


def _given(text: str) -> Needle:
    return Needle(kind="phone" if text.startswith("+") else "given", text=text)


def _reach(settings: Settings, engine: Engine) -> Reach | None:
    url = engine.url.render_as_string(hide_password=False)
    return EmbeddedServer(settings.home).reach_of(url)


def _blank_journals(
    home: Path, needles: Sequence[Needle], say: Say, words: Mapping[str, str]
) -> None:
    """Logs, and what the telephone of development keeps: its provider would have the texts."""
    logs = byte_search.search([home / "logs", home / "run"], needles)
    for path in {one.path for one in logs} | {home / "phone.jsonl"}:
        if path.is_file() and (lines := byte_search.blank_lines(path, needles)):
            say(words["blanked"].format(file=path, lines=lines))


def _search(
    settings: Settings,
    engine: Engine,
    reach: Reach | None,
    needles: Sequence[Needle],
    say: Say,
    words: Mapping[str, str],
) -> None:
    folders = [settings.home, *((reach.cluster, reach.logs) if reach else ())]
    files, size = 0, 0

    def counted(number: int, read: int) -> None:
        nonlocal files, size
        files, size = number, read

    found = byte_search.search(folders, needles, passed_over=NOT_OF_CUSTOMERS, progress=counted)
    with memory_engine.transaction(engine, seconds=_MINUTES) as connection:
        shared = {
            needle
            for needle in {one.needle for one in found}
            if traces.of_others(connection, needle)
        }
    told = {"files": files, "mb": f"{size / 1e6:.0f}", "needles": len(needles)}
    say(words["searched"].format(**told))
    if shared:
        say(words["also_of_others"].format(count=len(shared)))
    left = [one for one in found if one.needle not in shared]
    for one in left:
        say(words["found_in"].format(kind=one.needle.kind, file=one.path))
    if left:
        raise StillThere
    say(words["nothing_found" if needles else "nothing_to_look_for"])


def show(connection: Connection, person: Person, language: Language) -> str:
    """Whom it is about and how much goes, as a question."""
    rows = personal.count(connection, person.whose)
    return RIGHTS[language]["ask_erase"].format(who=person.customer_id, rows=rows)
