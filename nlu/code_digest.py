"""What the code of the components is, for Rasa's cache: it knows a trained part by its settings and
its inputs, and by the text of the component's class, but not by what that class calls.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

_HERE = Path(__file__).resolve().parent


@cache
def code_digest(folder: Path = _HERE) -> str:
    """SHA-256 of every Python file in `folder` and below, with its name."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(f"\0{path.relative_to(folder).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
