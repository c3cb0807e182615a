"""Remembers across the death of this process which message it was answering, so that a message
that kills its process is not tried for ever: what is found at the next start counts as an attempt.
"""

from __future__ import annotations

import os
from pathlib import Path


class CrashNote:
    """One small file a process name. The operating system keeps it when the process is killed."""

    def __init__(self, folder: Path, name: str) -> None:
        """`folder` is made if need be; `name` is the process's, as in health and logs."""
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{name}.answering"

    def leftover(self) -> int | None:
        """The inbox id the last process of this name died over, if it did."""
        try:
            written = self._path.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        return int(written) if written.isdigit() else None

    def write(self, inbox_id: int) -> None:
        """This message is being answered from now on."""
        draft = self._path.with_suffix(f".{os.getpid()}")
        draft.write_text(str(inbox_id), encoding="ascii")
        draft.replace(self._path)

    def clear(self) -> None:
        """Nothing is being answered."""
        self._path.unlink(missing_ok=True)
