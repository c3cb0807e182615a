"""`test`: the suites one after another, each in a process of its own, sorted by what they need."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from command import browser
from command.console import Console
from command.frontend import build_if_needed
from marketing.errors import BadInput
from settings import PROJECT

SUITES = ("unit", "integration", "acceptance", "conversations", "browser")
OURS = (
    "actions",
    "agent",
    "bench",
    "channels",
    "command",
    "marketing",
    "memory",
    "nlu",
    "outreach",
    "shops",
    "web",
    "bootstrap.py",
    "settings.py",
)


def run(suites: list[str]) -> bool:
    """Check style and types (when all suites are asked for), run the suites; True if all passed.

    Raises BadInput for an unknown suite.
    """
    unknown = sorted(set(suites) - set(SUITES))
    if unknown:
        raise BadInput(f"There is no suite {unknown[0]!r}; there are: {', '.join(SUITES)}.")
    console = Console()
    began = time.monotonic()
    failed = [] if suites else _static_checks(console)
    chosen = suites or list(SUITES)
    home = Path(os.environ.get("DANGOL_HOME") or PROJECT / ".dangol").absolute()
    if "browser" in chosen:
        build_if_needed(home, console)
    left_out = []
    for suite in chosen:
        environment = _environment(home)
        if suite == "browser":
            found = browser.find_or_install()
            if found is None:
                left_out.append(suite)
                continue
            environment["CHROMIUM"] = str(found)
        with console.step(f"Tests: {suite}"):
            if not _run((sys.executable, "-m", "pytest", f"tests/{suite}"), environment):
                failed.append(suite)
    for suite in left_out:
        print(f"\n!!! THE {suite.upper()} TESTS WERE NOT RUN: there is no Chromium here.")
        print("!!! On Debian: apt-get install chromium fonts-noto-cjk, then ./dangol test browser")
    minutes = (time.monotonic() - began) / 60
    print(f"\n{'FAILED: ' + ', '.join(failed) if failed else 'All passed'} in {minutes:.1f} min")
    return not failed


def _static_checks(console: Console) -> list[str]:
    failed = []
    checks = {
        "ruff": ("ruff", "check", "."),
        "format": ("ruff", "format", "--check", "."),
        "mypy": ("mypy", *OURS),
    }
    for name, arguments in checks.items():
        with console.step(f"Check: {name}"):
            if not _run((sys.executable, "-m", *arguments), dict(os.environ)):
                failed.append(name)
    return failed


def _environment(home: Path) -> dict[str, str]:
    """Tests find what has been made once (environment, pages) but nothing of a running shop."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TWILIO_", "DANGOL_")) and name not in {"DATABASE_URL"}
    }
    return {**kept, "DANGOL_TEST_HOME": str(home), "PYTHONPATH": str(PROJECT)}


def _run(command: tuple[str, ...], environment: dict[str, str]) -> bool:
    return subprocess.run(command, cwd=PROJECT, env=environment).returncode == 0
