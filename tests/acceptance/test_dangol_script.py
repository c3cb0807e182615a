"""The script `dangol` in a project of one tiny package: real uv, real Python, no network."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
NOBODY = 65534
UV = Path(sys.executable).parent / "uv"
PYTHON_FOLDER = Path(sys.executable).resolve().parent
TOOLS = ("cat", "cksum", "cut", "dirname", "grep", "mkdir", "mv", "readlink", "rm", "sh", "sort")

COMMAND = """
import importlib.util, json, os, sys, tiny
print(json.dumps({
    "arguments": sys.argv[1:], "folder": os.getcwd(), "tiny": tiny.VERSION,
    "home": os.environ["DANGOL_HOME"], "user": os.geteuid(),
    "extra": importlib.util.find_spec("extra") is not None, "python": sys.version_info[:2],
}))
"""


class Checkout:
    """A project folder with the real script, locks of tiny packages, and their wheels."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "a project"
        self.home = folder / "a home" / "state"
        self.wheels = folder / "wheels"
        self.programs = folder / "programs"
        for made in (self.project / "command", self.wheels, self.programs, self.home.parent):
            made.mkdir(parents=True)
        self.script = Path(shutil.copy2(PROJECT / "dangol", self.project / "dangol"))
        (self.project / "command" / "__init__.py").touch()
        (self.project / "command" / "__main__.py").write_text(COMMAND)
        self.lock("requirements.lock", tiny="1")
        self.lock("requirements-test.lock", tiny="1", extra="1")
        self.lock("requirements-node.lock", tiny="1")
        self.put_program("uv", f'exec "{UV}" "$@"')

    def lock(self, name: str, **versions: str) -> None:
        """Write a lock that names the packages, and the wheels it names."""
        lines = [
            f"{package}=={version} --hash=sha256:{self.wheel(package, version)}\n"
            for package, version in versions.items()
        ]
        (self.project / name).write_text("".join(lines))

    def wheel(self, package: str, version: str, **scripts: str) -> str:
        """Make a wheel whose module knows its version; return its SHA-256."""
        information = f"{package}-{version}.dist-info"
        files = {
            f"{package}.py": f"VERSION = {version!r}\n",
            f"{information}/METADATA": f"Metadata-Version: 2.1\nName: {package}\n"
            f"Version: {version}\n",
            f"{information}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\n"
            "Root-Is-Purelib: true\nTag: py3-none-any\n",
            **{f"{package}-{version}.data/scripts/{name}": body for name, body in scripts.items()},
        }
        record = "".join(f"{name},{_record_of(text)}\n" for name, text in files.items())
        files[f"{information}/RECORD"] = f"{record}{information}/RECORD,,\n"
        path = self.wheels / f"{package}-{version}-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in files.items():
                entry = zipfile.ZipInfo(name)
                entry.external_attr = (0o100755 if "/scripts/" in name else 0o100644) << 16
                archive.writestr(entry, text)
        return hashlib.sha256(path.read_bytes()).hexdigest()

    def put_program(self, name: str, body: str) -> None:
        """Put a program before all others on PATH."""
        program = self.programs / name
        program.write_text(f"#!/bin/sh\n{body}\n")
        program.chmod(0o755)

    def environ(self, **more: str) -> dict[str, str]:
        """Return an environment that finds Python 3.12 and the wheels made here, and no network."""
        return {
            "PATH": f"{self.programs}:{PYTHON_FOLDER}:/usr/bin:/bin",
            "HOME": str(self.home.parent),
            "DANGOL_HOME": str(self.home),
            "UV_CACHE_DIR": str(self.home.parent / "cache"),
            "UV_OFFLINE": "1",
            "UV_FIND_LINKS": str(self.wheels),
            "UV_NO_CONFIG": "1",
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": self.wheels.as_uri(),
            "PIP_CONFIG_FILE": os.devnull,
            **more,
        }

    def start(self, *arguments: str, prefix: tuple[str, ...] = (), **more: str) -> Any:
        """Start the script in a process group of its own; `more` goes into its environment."""
        return subprocess.Popen(
            [*prefix, str(self.script), *arguments],
            env=self.environ(**more),
            cwd=self.home.parent,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, **options: Any) -> tuple[int, str, str]:
        """Run the script to its end; return its status, its output and its messages."""
        process = self.start(*arguments, **options)
        output, messages = process.communicate(timeout=120)
        return process.returncode, output, messages

    def says(self, *arguments: str, **options: Any) -> dict[str, Any]:
        """Run the script, which must succeed, and return what the command printed."""
        status, output, messages = self.run(*arguments, **options)
        assert status == 0, messages
        said: dict[str, Any] = json.loads(output)
        return said

    def slow_down_installing(self) -> Path:
        """Make uv wait before it installs while the returned file exists."""
        brake = self.programs / "brake"
        brake.touch()
        wait = f'while [ "$2" = sync ] && [ -e "{brake}" ]; do sleep 0.05; done'
        self.put_program("uv", f'{wait}\nexec "{UV}" "$@"')
        return brake


def _record_of(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256={base64.urlsafe_b64encode(digest).decode().rstrip('=')},{len(text)}"


def _wait_until(reached: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline, "not reached in time"
        time.sleep(0.02)


@pytest.fixture
def checkout() -> Iterator[Checkout]:
    # Not tmp_path: an ordinary user must reach it.
    folder = Path(tempfile.mkdtemp(prefix="dangol script "))
    folder.chmod(0o755)
    yield Checkout(folder)
    shutil.rmtree(folder)


def test_first_run_makes_the_environment_and_passes_everything_on(checkout: Checkout) -> None:
    assert checkout.says("understand", "두 단어", "-") == {
        "arguments": ["understand", "두 단어", "-"],
        "folder": str(checkout.home.parent),
        "tiny": "1",
        "home": str(checkout.home),
        "user": os.geteuid(),
        "extra": False,
        "python": [3, 12],
    }


def test_second_run_says_nothing_and_changes_nothing(checkout: Checkout) -> None:
    checkout.says()
    stamp = checkout.home / "environment" / "locks"
    before = stamp.stat().st_mtime_ns
    checkout.put_program("uv", "exit 9")
    status, output, messages = checkout.run()
    assert (status, messages) == (0, "")
    assert json.loads(output)["tiny"] == "1"
    assert stamp.stat().st_mtime_ns == before


def test_the_checkout_is_not_written_to(checkout: Checkout) -> None:
    def tree() -> set[Path]:
        return set(checkout.project.rglob("*"))

    before = tree()
    checkout.says("test")
    assert tree() == before


def test_bytecode_is_kept_in_the_home_whatever_the_caller_wishes_for_his(
    checkout: Checkout,
) -> None:
    checkout.says(PYTHONDONTWRITEBYTECODE="1")
    kept = checkout.home / "pycache" / str(checkout.home)[1:] / "environment"
    assert list(kept.rglob("tiny.*.pyc"))


def test_state_is_kept_beside_the_script_when_no_home_is_named(checkout: Checkout) -> None:
    assert checkout.says(DANGOL_HOME="")["home"] == str(checkout.project / ".dangol")


def test_a_relative_home_is_understood_from_where_one_stands(checkout: Checkout) -> None:
    expected = checkout.home.parent / "my state"
    assert checkout.says(DANGOL_HOME="my state")["home"] == str(expected)


@pytest.mark.parametrize("relative", [True, False])
def test_it_works_through_a_link(checkout: Checkout, relative: bool) -> None:
    link = checkout.home.parent / "link"
    link.symlink_to("../a project/dangol" if relative else checkout.script)
    checkout.script = link
    assert checkout.says()["tiny"] == "1"


def test_modules_in_the_current_folder_are_not_taken_for_ours(checkout: Checkout) -> None:
    (checkout.home.parent / "json.py").write_text("raise SystemExit('the wrong json')\n")
    assert checkout.says()["tiny"] == "1"


def test_a_changed_lock_brings_the_environment_up_to_date(checkout: Checkout) -> None:
    checkout.says()
    checkout.lock("requirements.lock", tiny="2")
    assert checkout.says()["tiny"] == "2"


def test_the_test_lock_is_added_for_test_and_stays(checkout: Checkout) -> None:
    assert checkout.says("train")["extra"] is False
    assert checkout.says("test")["extra"] is True
    assert checkout.says("train")["extra"] is True


def test_node_is_fetched_where_the_machine_has_none_that_is_new_enough(checkout: Checkout) -> None:
    checkout.lock("requirements-node.lock", extra="1")
    checkout.put_program("node", "echo v20.0.0")
    assert checkout.says("up")["extra"] is False
    checkout.put_program("node", "echo v18.19.0")
    assert checkout.says("train")["extra"] is False
    assert checkout.says("up")["extra"] is True


def test_a_wrong_hash_is_refused_and_the_same_command_goes_on_later(checkout: Checkout) -> None:
    right = (checkout.project / "requirements.lock").read_text()
    (checkout.project / "requirements.lock").write_text(right[:-9] + "00000000\n")
    status, output, messages = checkout.run()
    assert (status, output) == (1, "")
    assert "could not install the packages" in messages
    (checkout.project / "requirements.lock").write_text(right)
    assert checkout.says()["tiny"] == "1"


def test_without_network_it_says_so_and_leaves_what_there_was(checkout: Checkout) -> None:
    checkout.says()
    old = (checkout.project / "requirements.lock").read_text()
    (checkout.project / "requirements.lock").write_text("absent==1 --hash=sha256:" + "0" * 64)
    status, output, messages = checkout.run()
    assert (status, output) == (1, "")
    assert "needs the network" in messages
    (checkout.project / "requirements.lock").write_text(old)
    assert checkout.says()["tiny"] == "1"


def test_a_killed_run_is_repaired_by_the_next(checkout: Checkout) -> None:
    brake = checkout.slow_down_installing()
    killed = checkout.start()
    _wait_until((checkout.home / "environment" / "bin" / "python").exists)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    brake.unlink()
    assert checkout.says()["tiny"] == "1"


def test_two_runs_at_once_make_one_environment(checkout: Checkout) -> None:
    brake = checkout.slow_down_installing()
    first = checkout.start("first")
    _wait_until((checkout.home / "environment" / "bin" / "python").exists)
    second = checkout.start("second")
    waiting = second.stderr.readline()
    brake.unlink()
    outputs = [process.communicate(timeout=60) for process in (first, second)]
    assert "waiting for another run" in waiting
    assert [json.loads(output)["arguments"] for output, _ in outputs] == [["first"], ["second"]]
    assert "making" not in outputs[1][1]


def test_the_lock_is_not_held_while_the_command_runs(checkout: Checkout) -> None:
    (checkout.project / "command" / "__main__.py").write_text("import sys; sys.stdin.read()\n")
    process = subprocess.Popen(
        [str(checkout.script)], env=checkout.environ(), stdin=subprocess.PIPE, text=True
    )
    _wait_until((checkout.home / "environment" / "locks").exists)
    (checkout.project / "command" / "__main__.py").write_text(COMMAND)
    checkout.lock("requirements.lock", tiny="2")
    assert checkout.says()["tiny"] == "2"
    process.communicate("")
    assert process.returncode == 0


def test_a_venv_whose_python_is_gone_is_made_again(checkout: Checkout) -> None:
    checkout.says()
    python = checkout.home / "environment" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3.12")
    assert checkout.says()["tiny"] == "1"


def test_a_pinned_uv_is_installed_when_path_has_none_or_an_old_one(checkout: Checkout) -> None:
    digest = checkout.wheel("uv", "1", uv=f'#!/bin/sh\nexec "{UV}" "$@"\n')
    (checkout.project / "requirements-uv.lock").write_text(f"uv==1 --hash=sha256:{digest}\n")
    checkout.put_program("uv", "echo uv 0.4.30")
    status, _, messages = checkout.run()
    assert status == 0, messages
    assert "installing uv into" in messages
    assert len(list(checkout.home.glob("uv-*"))) == 1
    assert not list(checkout.home.glob("uv.building*"))


def test_a_uv_with_another_hash_is_not_installed(checkout: Checkout) -> None:
    checkout.wheel("uv", "1", uv="#!/bin/sh\n")
    (checkout.project / "requirements-uv.lock").write_text(f"uv==1 --hash=sha256:{'0' * 64}\n")
    (checkout.programs / "uv").unlink()
    status, _, messages = checkout.run()
    assert status == 1
    assert "could not install uv" in messages
    assert not list(checkout.home.glob("uv*"))


def _only_tools(checkout: Checkout) -> str:
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, tool
        (checkout.programs / tool).symlink_to(found)
    return str(checkout.programs)


def test_without_uv_and_python_it_says_what_to_install(checkout: Checkout) -> None:
    (checkout.programs / "uv").unlink()
    path = _only_tools(checkout)
    # A pyenv shim for a version that is not chosen: it exists and fails.
    checkout.put_program("python3", "echo 'pyenv: python3: command not found' >&2; exit 127")
    (checkout.project / "requirements-uv.lock").write_text("uv==1\n")
    status, output, messages = checkout.run(PATH=path)
    assert (status, output) == (1, "")
    assert "python3-venv" in messages
    assert "uv" in messages


def _pyenv(checkout: Checkout) -> str:
    version = checkout.home.parent / "pyenv" / "versions" / "3.12.1"
    version.parent.mkdir(parents=True)
    version.symlink_to(PYTHON_FOLDER.parent)
    return str(checkout.home.parent / "pyenv")


def test_pyenvs_own_folder_is_searched_when_its_shim_fails(checkout: Checkout) -> None:
    path = _only_tools(checkout)
    for name in ("python3", "python3.12"):
        checkout.put_program(name, f"echo 'pyenv: {name}: command not found' >&2; exit 127")
    said = checkout.says(PATH=path, PYENV_ROOT=_pyenv(checkout))
    assert said["python"] == [3, 12]


def test_without_python_3_12_it_says_what_to_install(checkout: Checkout) -> None:
    path = _only_tools(checkout)
    status, _, messages = checkout.run(PATH=path)
    assert status == 1
    assert "found no Python 3.12 and could not download it" in messages


def test_a_home_that_cannot_be_written_is_named(checkout: Checkout) -> None:
    status, _, messages = checkout.run(DANGOL_HOME=f"{checkout.script}/state")
    assert status == 1
    assert f"cannot write to {checkout.script}/state" in messages


def test_the_commands_status_is_the_scripts(checkout: Checkout) -> None:
    (checkout.project / "command" / "__main__.py").write_text("raise SystemExit(7)\n")
    assert checkout.run()[0] == 7


def test_an_ordinary_user_needs_no_more_than_a_home(checkout: Checkout) -> None:
    if os.geteuid() != 0:
        # Then every test above has run as one.
        assert checkout.says()["user"] == os.geteuid()
        return
    os.chown(checkout.home.parent, NOBODY, NOBODY)
    # May read root's Python, which may be the only one here, but writes as anybody does.
    prefix = (
        *("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"),
        *("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search", "--"),
    )
    said = checkout.says("test", prefix=prefix, PYENV_ROOT=_pyenv(checkout))
    assert said["user"] == NOBODY
    assert {path.lstat().st_uid for path in checkout.home.rglob("*")} == {NOBODY}


def test_the_stock_set_gets_an_environment_of_its_own(checkout: Checkout) -> None:
    checkout.lock("requirements-stock.lock", extra="1")
    status, _, messages = checkout.run("rasa", "--stock", "shell")
    made = checkout.home / "stock"
    if "found no Python 3.10" in messages:
        # Said, and nothing half made left behind: this machine has no Python 3.10.
        assert (status, made.exists()) == (1, False)
        return
    assert status == 0, messages
    assert list(made.glob("lib/python3.10/site-packages/extra.py"))
    assert checkout.says()["extra"] is False
