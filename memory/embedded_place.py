"""Decides where the embedded server lives: account, cluster, programs, sockets, password.

Never changes the mode of a folder it did not make itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from memory.embedded_account import Account, account_of, system_account
from memory.embedded_errors import NotPermitted, StartFailed
from memory.embedded_programs import copied_programs, installed_programs, run_program

OWN_FOLDERS = Path("/var/lib/dangol")
SOCKET_FOLDERS = Path("/tmp")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where one server lives."""

    account: Account | None  # None: the server runs as whoever calls
    folder: Path  # holds the cluster; the server's account can reach it
    logs: Path
    sockets: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data folder."""
        return self.folder / "cluster"

    @property
    def uid(self) -> int:
        """The user id the server runs under."""
        return self.account.uid if self.account else os.geteuid()


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
    uid, own = _read_record(record)
    if os.geteuid() not in (0, uid):
        raise NotPermitted(
            f"The server of {home} belongs to {account_of(uid).name}: "
            "run as that user or root, or set DANGOL_HOME to a folder of your own."
        )
    account = account_of(uid) if os.geteuid() == 0 else None
    return _place(home, folder=own, account=account, uid=uid)


def choose_place(home: Path) -> Place:
    """Decides where a new server lives and records it in DANGOL_HOME.

    An ordinary user keeps everything in DANGOL_HOME. As root a system user runs the server, and
    where that user cannot reach DANGOL_HOME the cluster goes to a folder below /var/lib/dangol.
    """
    account = system_account() if os.geteuid() == 0 else None
    uid = account.uid if account else os.geteuid()
    state = state_folder(home)
    logs = home / "logs"
    _make_folder(logs, mode=0o755)
    own = None
    if account and not all(_may_read(account, folder) for folder in (state, logs)):
        own = own_folder(home)
    record = {"uid": uid, "folder": str(own) if own else None}
    write_new(state / "place.json", json.dumps(record) + "\n", mode=0o644)
    return _place(home, folder=own, account=account, uid=uid)


def own_folder(home: Path) -> Path:
    """The folder outside DANGOL_HOME that root's system user can reach; made if absent."""
    _make_folder(OWN_FOLDERS, mode=0o755)
    folder = OWN_FOLDERS / _digest(home)
    _make_folder(folder, mode=0o755)
    return folder


def reachable_programs(home: Path, account: Account | None) -> Path:
    """The `bin` folder of PostgreSQL, copied to the own folder when `account` cannot reach it."""
    programs = installed_programs()
    if account is None or _may_read(account, programs / "postgres"):
        return programs
    return copied_programs(programs, own_folder(home) / "programs")


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
    """Makes the socket and log folders, both 0700 and of the server's account.

    Raises NotPermitted when somebody else has put something under the socket folder's name.
    """
    for folder in (place.sockets, place.logs):
        folder.parent.mkdir(parents=True, exist_ok=True)
        make_private(folder, place)
        _check_private(folder, place.uid)


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
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(descriptor, mode)
        if account:
            os.fchown(descriptor, account.uid, account.gid)
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    unfinished.replace(path)


def _read_record(record: Path) -> tuple[int, Path | None]:
    try:
        recorded = json.loads(record.read_text(encoding="utf-8"))
        own = recorded["folder"]
        return int(recorded["uid"]), Path(own) if own else None
    except (ValueError, KeyError, TypeError):
        raise StartFailed(
            f"{record} is damaged: restore it, or move {record.parent} away for an empty database."
        ) from None


def _place(home: Path, *, folder: Path | None, account: Account | None, uid: int) -> Place:
    return Place(
        account=account,
        folder=folder or home / "postgres",
        logs=folder / "logs" if folder else home / "logs" / "postgres",
        sockets=SOCKET_FOLDERS / f"dangol-{uid}-{_digest(home)}",
    )


def _digest(home: Path) -> str:
    return hashlib.sha256(os.fsencode(os.path.realpath(home))).hexdigest()[:12]


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
