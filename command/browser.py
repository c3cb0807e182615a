"""The Chromium that the browser tests drive: found, or installed where that can be done."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

SHELL = "chromium-headless-shell"
"""Chromium without windows: draws the same pages with half the processor time."""
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
KOREAN_FONT = Path("/usr/share/fonts/opentype/noto")


def find() -> Path | None:
    """A Chromium on this machine: the one CHROMIUM names, else the first on PATH."""
    named = os.environ.get("CHROMIUM")
    for name in (named, *NAMES):
        found = name and shutil.which(name)
        if found:
            return Path(found)
    return None


def find_or_install() -> Path | None:
    """A Chromium, installed through apt-get where there is none, we are root and it is Debian."""
    found = find()
    may_install = os.geteuid() == 0 and shutil.which("apt-get")
    if found is not None or not may_install:
        return found
    _apt_get("update", "-q")
    for chromium in (SHELL, "chromium"):  # an older Debian has no shell
        if _apt_get("install", "-yq", "--no-install-recommends", chromium, "fonts-noto-cjk"):
            break
    return find()


def _apt_get(*step: str) -> bool:
    print(f"apt-get {' '.join(step)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(("apt-get", *step), env=environment).returncode == 0
