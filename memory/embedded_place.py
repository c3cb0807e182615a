"""Decides where the embedded server lives: account, cluster, programs, sockets, password.

Never changes the mode of a folder it did not make itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import stat
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from memory.embedded_account import Account, account_of, system_account
from memory.embedded_errors import NotPermitted, StartFailed
from memory.embedded_programs import copied_programs, installed_programs, run_program

OWN_FOLDERS = Path("/var/lib/dangol")
# Not XDG_RUNTIME_DIR, which ends with the login session. Owner and mode are checked at each start.
SOCKET_FOLDERS = Path("/tmp")  # noqa: S108


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where one server lives."""

    account: Account | None  # None: the server runs as whoever calls
    folder: Path  # holds the cluster; the server's account can reach it
    logs: Path
    sockets: Path
    own: Path  # outside DANGOL_HOME, made only for what the account cannot reach inside it

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data folder."""
        return self.folder / "cluster"

    @property
    def uid(self) -> int:
        """The user id the server runs under."""
        return self.account.uid if self.account else os.geteuid()


@dataclass(frozen=True, kw_only=True)
class _Record:
    """What DANGOL_HOME remembers of its server, in `postgres/place.json`."""

    identity: str  # random, of this cluster
    uid: int  # the account it runs under
    folder: str | None  # outside DANGOL_HOME, when the account cannot reach that


def state_folder(home: Path) -> Path:
    """The folder in DANGOL_HOME for the password, the lock and the record; made if absent."""
    folder = home / "postgres"
    home.mkdir(parents=True, exist_ok=True)
    _make_folder(folder, mode=0o755)
    return folder


def find_place(home: Path) -> Place | None:
    """The recorded place of an existing server, or None before its first start.

    Raises NotPermitted when the server belongs to another account.
    """
    record = home / "postgres" / "place.json"
    if not record.exists():
        return None
    recorded = _read_record(record)
    if os.geteuid() not in (0, recorded.uid):
        raise NotPermitted(
            f"The server of {home} belongs to {account_of(recorded.uid).name}: "
            "run as that user or root, or set DANGOL_HOME to a folder of your own."
        )
    return _place(home, recorded)


def choose_place(home: Path) -> Place:
    """Decides where a new server lives and records it in DANGOL_HOME.

    An ordinary user keeps everything in DANGOL_HOME. As root a system user runs the server, and
    where that user cannot reach DANGOL_HOME the cluster goes to a folder below /var/lib/dangol.
    """
    account = system_account() if os.geteuid() == 0 else None
    uid = account.uid if account else os.geteuid()
    state, logs = state_folder(home), home / "logs"
    _make_folder(logs, mode=0o755)
    record = _Record(identity=secrets.token_hex(8), uid=uid, folder=None)
    if account and not all(_may_read(account, folder) for folder in (state, logs)):
        own = _place(home, record).own
        _make_own_folder(own, home)
        record = replace(record, folder=str(own))
    write_new(state / "place.json", json.dumps(asdict(record)) + "\n", mode=0o644)
    return _place(home, record)


def reachable_programs(home: Path, place: Place) -> Path:
    """The `bin` folder of PostgreSQL, copied to the own folder when it is out of reach."""
    programs = installed_programs()
    if place.account is None or _may_read(place.account, programs / "postgres"):
        return programs
    _make_own_folder(place.own, home)
    _make_folder(place.own / "programs", mode=0o755)
    return copied_programs(programs, place.own / "programs")


def ensure_password(home: Path) -> str:
    """The password of the database roles, made at random when absent; its file has mode 0600."""
    path = home / "postgres" / "password"
    if not path.exists():
        write_new(path, secrets.token_urlsafe(32), mode=0o600)
    return read_password(home)


def read_password(home: Path) -> str:
    """The password of the database roles; raises StartFailed when its file was lost."""
    path = home / "postgres" / "password"
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise StartFailed(
            f"{path} is missing: restore it, or move {path.parent} away for an empty database."
        ) from None


def prepare_folders(place: Place) -> None:
    """Makes the socket and log folders, 0700 and of the server's account.

    Raises NotPermitted when somebody else has put something under the socket folder's name.
    """
    place.logs.parent.mkdir(parents=True, exist_ok=True)
    make_private(place.logs, place)
    make_private(place.sockets, place)
    _check_private(place.sockets, place.uid)


def remove_sockets(place: Place) -> None:
    """Removes the socket folder of a stopped server with what a crash left in it."""
    try:
        _check_private(place.sockets, place.uid)
    except (FileNotFoundError, NotPermitted):
        return
    for path in place.sockets.iterdir():
        path.unlink()
    place.sockets.rmdir()


def make_private(folder: Path, place: Place) -> None:
    """Makes `folder` with mode 0700 for the server's account, unless it is there already."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        return
    if place.account:
        os.chown(folder, place.account.uid, place.account.gid, follow_symlinks=False)


def write_new(path: Path, text: str, *, mode: int, account: Account | None = None) -> None:
    """Writes a file whole or not at all, and never through a link that stands in its place."""
    unfinished = path.with_name(path.name + ".new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape") as file:
        os.fchmod(descriptor, mode)
        if account:
            os.fchown(descriptor, account.uid, account.gid)
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    unfinished.replace(path)


def _read_record(record: Path) -> _Record:
    try:
        return _Record(**json.loads(record.read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        raise StartFailed(
            f"{record} is damaged: restore it, or move {record.parent} away for an empty database."
        ) from None


def _place(home: Path, record: _Record) -> Place:
    """The names hold the home and the identity: a copied home and a new home at the place of a
    removed one must not meet the other's server.
    """
    named = os.fsencode(os.path.realpath(home)) + record.identity.encode()
    digest = hashlib.sha256(named).hexdigest()[:12]
    folder = Path(record.folder) if record.folder else None
    return Place(
        account=account_of(record.uid) if os.geteuid() == 0 else None,
        folder=folder or home / "postgres",
        logs=folder / "logs" if folder else home / "logs" / "postgres",
        sockets=SOCKET_FOLDERS / f"dangol-{record.uid}-{digest}",
        own=folder or OWN_FOLDERS / digest,
    )


def _make_own_folder(own: Path, home: Path) -> None:
    _make_folder(own.parent, mode=0o755)
    _make_folder(own, mode=0o755)
    write_new(own / "home", f"{home}\n", mode=0o644)  # tells an operator whose folder it is


def _make_folder(folder: Path, *, mode: int) -> None:
    if not folder.is_dir():
        folder.mkdir(exist_ok=True)
        folder.chmod(mode)


def _check_private(folder: Path, uid: int) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid:
        raise NotPermitted(
            f"{folder} is not a folder of user {uid}; somebody else made it. Have it removed."
        )
    if stat.S_IMODE(found.st_mode) != 0o700:
        raise NotPermitted(
            f"{folder} is open to others (mode {stat.S_IMODE(found.st_mode):o}): "
            f"check what is in it, then run chmod 700 {folder}"
        )


def _may_read(account: Account, path: Path) -> bool:
    """Whether `account` can reach and read `path`; tried for real, as access lists count too."""
    command: list[str | Path] = ["/bin/sh", "-c", 'test -r "$1" && test -x "$1"', "sh", path]
    return run_program(command, folder=Path("/"), account=account, seconds=30).returncode == 0
