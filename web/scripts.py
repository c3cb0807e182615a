"""Where the built chat widget lies, as Vite's manifest says."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

_MANIFESTS = (Path(".vite") / "manifest.json", Path("manifest.json"))


@dataclass(frozen=True, kw_only=True)
class Scripts:
    """Addresses of what a page with the chat loads."""

    modules: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)


def served_folder(built: Path) -> Path:
    """What `/assets/` shows: Vite puts its files into a folder of that name."""
    inner = built / "assets"
    return inner if inner.is_dir() else built


def tracker(built: Path | None) -> Path | None:
    """The script for the shop's own pages; None if it was not built."""
    path = built / "tracker.js" if built is not None else None
    return path if path is not None and path.is_file() else None


def of_chat(built: Path | None) -> Scripts:
    """The entry of the chat in the manifest; nothing, and a line in the log, if there is none."""
    entries = _entries(built) if built else {}
    chat = [entry for name, entry in entries.items() if "chat" in name.lower()]
    chosen = chat or list(entries.values())[:1]
    if not chosen:
        log.warning("The chat widget is not built.", extra={"action": "widget_missing"})
        return Scripts()
    return Scripts(
        modules=[_address(entry["file"]) for entry in chosen],
        styles=[_address(style) for entry in chosen for style in entry.get("css", ())],
    )


def _entries(built: Path) -> dict[str, Any]:
    for manifest in _MANIFESTS:
        try:
            found = json.loads((built / manifest).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        return {name: entry for name, entry in found.items() if entry.get("isEntry")}
    return {}


def _address(file: str) -> str:
    return f"/{file}" if file.startswith("assets/") else f"/assets/{file}"
