"""What can go wrong with the embedded PostgreSQL server, as one tree.

    EmbeddedServerError
    ├── ProgramsMissing       the wheel that carries PostgreSQL is not installed or incomplete
    ├── SystemUserMissing     started as root, and no system user could be made
    ├── NotPermitted          a file or folder belongs to somebody else or cannot be written
    ├── DiskFull              no space left for the cluster or its logs
    ├── StartInProgress       another start or stop has held the lock for too long
    ├── StillStarting         the server runs but does not answer yet (a long recovery)
    ├── StartFailed           initdb or the server itself gave up; the message quotes its log
    └── StopFailed            the server did not stop in time

Every message is one line and says what to do next.
"""

from __future__ import annotations

from pathlib import Path


class EmbeddedServerError(Exception):
    """The embedded PostgreSQL server cannot do what was asked."""


class ProgramsMissing(EmbeddedServerError):
    """The PostgreSQL programs were not found in the environment."""


class SystemUserMissing(EmbeddedServerError):
    """PostgreSQL refuses to run as root and no system user could be made for it."""


class NotPermitted(EmbeddedServerError):
    """A file or folder belongs to somebody else or cannot be written."""


class DiskFull(EmbeddedServerError):
    """No space is left on the disk that holds the cluster."""


class StartInProgress(EmbeddedServerError):
    """Another process has been starting or stopping this server for too long."""


class StillStarting(EmbeddedServerError):
    """The server runs but has not answered yet."""


class StartFailed(EmbeddedServerError):
    """The server could not be made or started."""


class StopFailed(EmbeddedServerError):
    """The server did not stop in time."""


def disk_full(folder: Path) -> DiskFull:
    """The error for a full disk under `folder`."""
    return DiskFull(f"No space left on the disk of {folder}: free some space, then start again.")


def translated(error: OSError, folder: Path) -> EmbeddedServerError:
    """Our error for a failed file operation below `folder`."""
    if error.errno in (28, 122):  # ENOSPC, EDQUOT
        return disk_full(folder)
    where = error.filename or folder
    return NotPermitted(
        f"{where}: {error.strerror or error}. "
        "Check who owns it, or set DANGOL_HOME to another folder."
    )
