"""`test`: the suites, each in a process of its own, sorted by what they need; all of them in two
lanes side by side, because most of them wait for one thing after another.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from command import browser
from command.console import Console
from command.frontend import build_if_needed
from marketing.errors import BadInput
from settings import PROJECT

LANES = (("acceptance", "browser"), ("unit", "integration", "conversations"))
"""The first is shown as it runs, the second suite by suite when each has ended."""
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
    environment = _environment(home)
    chromium = browser.find_or_install() if "browser" in chosen else None
    if chromium is not None:
        environment["CHROMIUM"] = str(chromium)
    is_left_out = "browser" in chosen and chromium is None
    to_run = [suite for suite in chosen if suite != "browser" or not is_left_out]
    lanes = [to_run] if suites else [[one for one in lane if one in to_run] for lane in LANES]
    with ThreadPoolExecutor() as side_by_side:
        ended = [
            side_by_side.submit(_run_lane, lane, environment, console, is_shown=lane is lanes[0])
            for lane in lanes
        ]
    failed += [suite for lane in ended for suite in lane.result()]
    if is_left_out:
        print("\n!!! THE BROWSER TESTS WERE NOT RUN: there is no Chromium here.")
        print("!!! On Debian: apt-get install chromium fonts-noto-cjk, then ./dangol test browser")
    minutes = (time.monotonic() - began) / 60
    print(f"\n{'FAILED: ' + ', '.join(failed) if failed else 'All passed'} in {minutes:.1f} min")
    return not failed


def _run_lane(
    suites: Sequence[str], environment: dict[str, str], console: Console, *, is_shown: bool
) -> list[str]:
    """One suite after another; returns those that failed. A lane that is not shown keeps what a
    suite says until it has ended, so that two do not talk at once."""
    failed = []
    for suite in suites:
        command = (sys.executable, "-m", "pytest", f"tests/{suite}")
        with console.step(f"Tests: {suite}"), tempfile.TemporaryFile() as said:
            has_passed = _run(command, environment, None if is_shown else said)
            said.seek(0)
            sys.stdout.flush()
            shutil.copyfileobj(said, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        if not has_passed:
            failed.append(suite)
    return failed


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


def _run(
    command: tuple[str, ...], environment: dict[str, str], output: IO[bytes] | None = None
) -> bool:
    return (
        subprocess.run(
            command, cwd=PROJECT, env=environment, stdout=output, stderr=output
        ).returncode
        == 0
    )
