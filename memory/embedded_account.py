"""The operating-system account that runs the server, as PostgreSQL refuses to run as root."""

from __future__ import annotations

import pwd
import shutil
import subprocess
from dataclasses import dataclass

from memory.embedded_errors import SystemUserMissing

ACCOUNT = "dangol"


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account the server runs under."""

    name: str
    uid: int
    gid: int


def account_of(uid: int) -> Account:
    """The account with this user id; raises SystemUserMissing when there is none."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise SystemUserMissing(
            f"The server belongs to user id {uid}, which does not exist any more: make it again."
        ) from None
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def system_account() -> Account:
    """The system account `dangol`, made when absent; needs root. Raises SystemUserMissing.

    No account of another service is borrowed: whatever runs as `nobody` could read the cluster.
    """
    if not _account_exists():
        _add_system_user()
    if not _account_exists():
        raise SystemUserMissing(
            "PostgreSQL refuses to run as root and the system user could not be made: "
            f"run `useradd --system {ACCOUNT}`, start as an ordinary user, or set DATABASE_URL."
        )
    return account_of(pwd.getpwnam(ACCOUNT).pw_uid)


def _account_exists() -> bool:
    try:
        return pwd.getpwnam(ACCOUNT).pw_uid != 0
    except KeyError:
        return False


def _add_system_user() -> None:
    """Adds the account without password, shell or home; BusyBox systems have only `adduser`."""
    if shutil.which("useradd"):
        shell = shutil.which("nologin") or "/bin/false"
        options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        command = ["useradd", *options, "--shell", shell, ACCOUNT]
    elif shutil.which("adduser"):
        command = ["adduser", "-S", "-D", "-H", "-h", "/nonexistent", "-s", "/bin/false", ACCOUNT]
    else:
        return
    subprocess.run(command, check=False, capture_output=True, timeout=60)
