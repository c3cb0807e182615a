"""`./dangol rasa …`: Rasa's own command line on this project, here or in the published set.

Keeps what Rasa writes (models, cache, reports, a config.yml of its own) below DANGOL_HOME; decides
nothing about the dialogue.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

import yaml

import settings as settings_module
from settings import PROJECT

HERE = frozenset({"train", "test", "data", "run actions", "--help", "-h", "--version"})
STOCK_FLAG = "--stock"
CONFIG_OPTION = ("-c", "--config")
RUN_ACTIONS = ["run", "actions"]


def run(arguments: list[str]) -> int:
    """Run `rasa ARGUMENTS…` in the project's folder and return its exit status.

    With `--stock` first, replaces this process by the published Rasa in its own environment, which
    `./dangol` has made before.
    """
    if arguments[:1] == [STOCK_FLAG]:
        if not _stock_python().exists():
            return _refuse(f"the published set is missing: run `./dangol rasa {STOCK_FLAG} …`.")
        _become_stock(arguments[1:])
    from agent import rasa_command_line, stand_ins

    if not _runs_here(arguments):
        return _refuse(
            f"`rasa {' '.join(arguments)}` is not run here: only train, test, data and run actions "
            f"are. Use `./dangol rasa {STOCK_FLAG} {' '.join(arguments)}`."
        )
    state = _home() / "rasa"
    _enter_project(state)
    completed = _complete(_split_equals(arguments), state)
    try:
        _check_config(completed, state, stand_ins.refuse_tensorflow_pipeline)
    except (ValueError, OSError, yaml.YAMLError) as reason:
        return _refuse(str(reason))
    if completed[:2] == RUN_ACTIONS and not {"-h", "--help"} & set(completed):
        return _run_actions(completed)
    return rasa_command_line.run(completed)


def _run_actions(arguments: list[str]) -> int:
    from agent import rasa_command_line
    from command import database
    from memory import migrate
    from memory.sealing import Keyring

    with database.borrowed(settings_module.read()) as settings:
        migrate.upgrade(settings.database_url, Keyring.of(settings.secret_keys))
        return rasa_command_line.run(arguments, settings)


def _stock_python() -> Path:
    return _home() / "stock" / "bin" / "python"


def _become_stock(arguments: list[str]) -> NoReturn:
    # Models of the two environments differ, and so do their caches.
    state = _home() / "rasa-stock"
    _enter_project(state)
    completed = _complete(_split_equals(arguments), state)
    _copy_config(completed, state)
    _write_endpoints_without_ours(state / "endpoints.yml")
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    # Takes this process's place, so that Ctrl-C and the terminal are Rasa's.
    if completed[:1] in (["shell"], ["run"]) and completed[:2] != RUN_ACTIONS:
        print(
            "dangol: `./dangol rasa run actions`, run beside this, serves the custom actions.",
            file=sys.stderr,
        )
    python = str(_stock_python())
    os.execv(python, [python, "-m", "rasa", *completed])  # noqa: S606


def _home() -> Path:
    return Path(os.environ.get("DANGOL_HOME") or PROJECT / ".dangol").absolute()


def _refuse(reason: str) -> int:
    print(f"dangol: {reason}", file=sys.stderr)
    return 1


def _runs_here(arguments: list[str]) -> bool:
    return not arguments or arguments[0] in HERE or " ".join(arguments[:2]) in HERE


def _enter_project(state: Path) -> None:
    state.mkdir(parents=True, exist_ok=True)
    os.environ["RASA_CACHE_DIRECTORY"] = str(state / "cache")
    os.chdir(PROJECT)


def _split_equals(arguments: list[str]) -> list[str]:
    # `--out=place` is `--out place`.
    return [
        part
        for argument in arguments
        for part in (argument.split("=", 1) if argument.startswith("--") else [argument])
    ]


def _complete(arguments: list[str], state: Path) -> list[str]:
    """Return the arguments with the places that Rasa would else choose in the project's folder."""
    command = arguments[0] if arguments else ""
    places: list[tuple[tuple[str, ...], Path]] = []
    if command == "train" or arguments[:2] == ["data", "validate"]:
        places.append((CONFIG_OPTION, state / "config.yml"))
    if command == "train":
        places.append((("--out",), state / "models"))
    if command in {"test", "shell", "run"} and arguments[:2] != RUN_ACTIONS:
        places.append((("-m", "--model"), state / "models"))
    if command == "test":
        places.append((("--out",), state / "results"))
    if command in {"shell", "run"} and arguments[:2] != RUN_ACTIONS:
        places.append((("--endpoints",), state / "endpoints.yml"))
    missing = [(names[-1], path) for names, path in places if not _is_given(names, arguments)]
    return [*arguments, *(part for name, path in missing for part in (name, str(path)))]


def _is_given(names: tuple[str, ...], arguments: list[str]) -> bool:
    return any(argument in names for argument in arguments)


def _copy_config(arguments: list[str], state: Path) -> None:
    # Rasa writes into the config.yml it trains from; it gets one to write into.
    if str(state / "config.yml") in arguments:
        shutil.copyfile(PROJECT / "config.yml", state / "config.yml")


def _check_config(
    arguments: list[str], state: Path, refuse: Callable[[Mapping[str, Any]], None]
) -> None:
    _copy_config(arguments, state)
    for name, value in pairwise(arguments):
        if arguments[0] == "train" and name in CONFIG_OPTION:
            refuse(yaml.safe_load(Path(value).read_text(encoding="utf-8")) or {})


def _write_endpoints_without_ours(path: Path) -> None:
    # The other endpoints name classes of ours, which live in the other environment.
    endpoints = yaml.safe_load((PROJECT / "endpoints.yml").read_text(encoding="utf-8")) or {}
    kept = {name: value for name, value in endpoints.items() if name == "action_endpoint"}
    path.write_text(yaml.safe_dump(kept, allow_unicode=True), encoding="utf-8")
