"""`test`: the suites, each in a process of its own, sorted by what they need; all of them in three
lanes side by side, because most of them wait for one thing after another.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
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

LANES = 3
"""More than the two cores of a small machine: while one suite waits, the others have them."""
PARTS = (
    ("acceptance", "*"),
    ("integration", "[!a-l]*"),
    ("integration", "[a-l]*"),
    ("conversations", "*"),
    ("browser", "*"),
    ("unit", "*"),
)
"""What a lane that is free takes next when all suites run, the longest first: a suite and which of
its files, by what stands behind `test_`."""
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
CHECKS = {
    "ruff": ("ruff", "check", "."),
    "format": ("ruff", "format", "--check", "."),
    "mypy": ("mypy", *OURS),
}
_TELLS = threading.Lock()


def run(suites: list[str]) -> bool:
    """Check style and types (when all suites are asked for), run the suites; True if all passed.

    Raises BadInput for an unknown suite.
    """
    unknown = sorted(set(suites) - set(SUITES))
    if unknown:
        raise BadInput(f"There is no suite {unknown[0]!r}; there are: {', '.join(SUITES)}.")
    console = Console()
    began = time.monotonic()
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
    failed = (
        _run_one_by_one(to_run, environment, console)
        if suites
        else _run_side_by_side(to_run, environment, console)
    )
    if is_left_out:
        print("\n!!! THE BROWSER TESTS WERE NOT RUN: there is no Chromium here.")
        print("!!! On Debian: apt-get install chromium fonts-noto-cjk, then ./dangol test browser")
    minutes = (time.monotonic() - began) / 60
    print(f"\n{'FAILED: ' + ', '.join(failed) if failed else 'All passed'} in {minutes:.1f} min")
    return not failed


def _run_one_by_one(
    suites: Sequence[str], environment: dict[str, str], console: Console
) -> list[str]:
    """Suites that were asked for, shown as they run; returns those that failed."""
    failed = []
    for suite in suites:
        with console.step(f"Tests: {suite}"):
            if not _run(_pytest(f"tests/{suite}"), environment):
                failed.append(suite)
    return failed


def _run_side_by_side(
    suites: Sequence[str], environment: dict[str, str], console: Console
) -> list[str]:
    """Everything, each part shown when it has ended, so that no two talk at once; returns what
    failed."""
    jobs = [
        (f"Tests: {suite}" + f" {files}" * (files != "*"), _pytest(*_files(suite, files)))
        for suite, files in PARTS
        if suite in suites
    ]
    jobs += [(f"Check: {name}", (sys.executable, "-m", *check)) for name, check in CHECKS.items()]
    with ThreadPoolExecutor(LANES) as lanes:
        ended = [
            (name, lanes.submit(_run_and_tell, name, command, environment, console))
            for name, command in jobs
        ]
    return [name for name, has_passed in ended if not has_passed.result()]


def _run_and_tell(
    name: str, command: tuple[str, ...], environment: dict[str, str], console: Console
) -> bool:
    with console.step(name), tempfile.TemporaryFile() as said:
        has_passed = _run(command, environment, said)
        said.seek(0)
        with _TELLS:
            sys.stdout.flush()
            shutil.copyfileobj(said, sys.stdout.buffer)
            sys.stdout.buffer.flush()
    return has_passed


def _pytest(*places: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "pytest", *places)


def _files(suite: str, files: str) -> list[str]:
    if files == "*":
        return [f"tests/{suite}"]
    return sorted(str(path) for path in (PROJECT / "tests" / suite).glob(f"test_{files}.py"))


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
