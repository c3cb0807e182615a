"""The web part as the supervisor starts it: a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from settings import PROJECT
from tests.web_site import NO_TLS, fill, free_port


@contextmanager
def a_process(database_url: str, home: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """`python -m bootstrap web`, answering."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bootstrap", "web"],
        cwd=PROJECT,
        env={
            **os.environ,
            "DANGOL_HOME": str(home),
            "DATABASE_URL": database_url,
            "DANGOL_PORT": str(port),
        },
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _wait_until_it_answers(url: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            httpx.get(f"{url}/static/mark.svg", trust_env=False, verify=NO_TLS)
            return
        except httpx.TransportError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_good_order_with_streams_open(
    database_url: str, tmp_path: Path, number: signal.Signals
) -> None:
    fill(database_url)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with a_process(database_url, tmp_path, port) as process:
        _wait_until_it_answers(url)
        with httpx.Client(base_url=url, trust_env=False, verify=NO_TLS) as browser:
            browser.post("/chat/session")
            with browser.stream("GET", "/chat/stream", timeout=10) as stream:
                lines = stream.iter_lines()
                assert next(lines) == "retry: 2000"
                began = time.monotonic()
                process.send_signal(number)
                for _ in lines:
                    pass
        _, said = process.communicate(timeout=10)
    assert process.returncode == 0
    assert time.monotonic() - began < 6
    assert "Traceback" not in said
    assert "ERROR" not in said


def test_a_taken_port_ends_it_with_a_reason(database_url: str, tmp_path: Path) -> None:
    port = free_port()
    with a_process(database_url, tmp_path, port) as first:
        _wait_until_it_answers(f"http://127.0.0.1:{port}")
        with a_process(database_url, tmp_path, port) as second:
            _, said = second.communicate(timeout=30)
        assert second.returncode == 2
        assert f"Port {port} cannot be used" in said
        assert "Traceback" not in said
        assert first.poll() is None
