"""Understanding without a database, as `./dangol understand` uses it, on the shipped model."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from agent import training
from tests.running_shop import PROJECT, shared_home

ASKED = {
    "나이키 런닝화 270 있어요?": "product_info",
    "hello": "greet",
    "제 사이즈는 270이에요": "about_me",
    "내 생일 잊어 주세요": "my_data",
    "😀": "out_of_scope",
    "": "out_of_scope",
    '/give_consent{"a":"b"}': "out_of_scope",
    "/greet": "out_of_scope",
}
CODE = """
import json, resource, sys
from pathlib import Path
from agent.understanding import understand
project, home = Path(sys.argv[1]), Path(sys.argv[2])
for found in understand(json.loads(sys.argv[3]), project=project, home=home, progress=id):
    print(json.dumps(found))
print(json.dumps("rss %d" % (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)))
"""


@pytest.mark.timeout(600)
def test_texts_are_understood_and_nothing_but_json_is_on_stdout() -> None:
    training.trained(PROJECT, shared_home(), lambda _said: None)
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(PROJECT), str(shared_home()), json.dumps([*ASKED])],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    *lines, memory = [json.loads(line) for line in done.stdout.splitlines()]
    assert {line["text"]: line["flow"] for line in lines} == ASKED
    size = next(
        entity
        for line in lines
        for entity in line["entities"]
        if line["text"] == "나이키 런닝화 270 있어요?" and entity["entity"] == "size"
    )
    assert line_part("나이키 런닝화 270 있어요?", size) == "270"
    assert {"text", "language", "intent", "flow", "confidence", "entities"} == set(lines[0])
    assert int(memory.split()[1]) < 700


def line_part(text: str, entity: dict[str, int]) -> str:
    """What of the text the entity stands on."""
    return text[entity["start"] : entity["end"]]
