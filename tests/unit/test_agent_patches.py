"""Each patch of Rasa: that it is still needed, and that it changes nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from agent import stand_ins

stand_ins.install()

import rasa  # noqa: E402
from jsonschema import ValidationError  # noqa: E402
from rasa.core.actions.action import RemoteAction  # noqa: E402

from agent import patches  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
GOOD = [
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "size", "value": 270}], "responses": [{"text": "네"}]},
    {},
]
BAD = [{"events": "none"}, {"events": [{}]}, {"responses": [7]}, {"events": [{"event": 7}]}]


def test_another_version_of_rasa_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasa, "__version__", "3.6.22")
    with pytest.raises(patches.OtherRasa, match=r"3\.6\.21"):
        patches.apply()


@pytest.mark.parametrize("answer", GOOD)
def test_what_rasa_takes_is_taken(answer: dict[str, object]) -> None:
    patches.apply()
    assert RemoteAction("action_x", None)._validate_action_result(answer) is True


@pytest.mark.parametrize("answer", BAD)
def test_what_rasa_refuses_is_refused(answer: dict[str, object]) -> None:
    patches.apply()
    with pytest.raises(ValidationError):
        RemoteAction("action_x", None)._validate_action_result(answer)


def _in_fresh_process(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", f"from agent import stand_ins; stand_ins.install()\n{code}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


BUILDS = """
import jsonschema.validators as validators
from rasa.core.actions.action import RemoteAction
counted = []
for kind in {type for type in validators._META_SCHEMAS.values()}:
    original = kind.check_schema.__func__
    def check(cls, *given, original=original, **more):
        counted.append(cls)
        return original(cls, *given, **more)
    kind.check_schema = classmethod(check)
action = RemoteAction("action_x", None)
for _ in range(10):
    action._validate_action_result({"events": [], "responses": []})
print(len(counted))
"""


def test_rasa_checks_its_schema_at_every_action_and_the_patch_once() -> None:
    assert _in_fresh_process(BUILDS) == "10\n"
    assert _in_fresh_process(f"from agent import patches; patches.apply()\n{BUILDS}") == "1\n"


READS = """
from rasa.shared.utils import io
from ruamel.yaml import resolver
class Counted:
    tries = 0
    def match(self, word):
        Counted.tries += 1
        return pattern.match(word)
*known, (versions, tag, pattern, first) = resolver.implicit_resolvers
resolver.implicit_resolvers[:] = [*known, (versions, tag, Counted(), first)]
io.read_yaml("[" + "note, " * 100 + "]")
print(Counted.tries, io.read_yaml("- ab${LANG}\\n- [ab, 1, 0.5, true, ~, 2026-01-31, '1']"))
"""


def test_rasas_pattern_is_tried_more_often_with_each_word_and_with_the_patch_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANG", "C.UTF-8")
    read = "['abC.UTF-8', ['ab', 1, 0.5, True, None, datetime.date(2026, 1, 31), '1']]\n"
    assert _in_fresh_process(READS) == f"{100 * 101 // 2} {read}"
    patched = f"from agent import patches; patches.read_yaml_in_linear_time()\n{READS}"
    assert _in_fresh_process(patched) == f"100 {read}"


LOGS = """
import asyncio
from rasa.core import processor
processor.structlogger.debug("processor.message.parse", parse_data_text="secretword")
"""


def test_rasa_prints_what_customers_write_and_the_patch_does_not() -> None:
    assert "secretword" in _in_fresh_process(LOGS)
    assert _in_fresh_process(f"from agent import patches; patches.apply()\n{LOGS}") == ""
