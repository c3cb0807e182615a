"""Which flow an intent belongs to: the stem of the file under data/nlu that holds it.

Reads and checks the training files itself, because Rasa silently ignores one that is broken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

TRAINING_FOLDER = Path(__file__).resolve().parent.parent / "data" / "nlu"
FALLBACK_INTENT = "nlu_fallback"
FALLBACK_FLOW = "out_of_scope"

_INTENT_NAME = re.compile("[a-z][a-z0-9_]*")
_KEYS = {"version", "nlu"}


class BrokenTrainingFile(ValueError):
    """A training file cannot be used; the message names the file, the line and what is wrong."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        super().__init__(f"{path}:{line}: {problem}")
        self.path = path
        self.line = line
        self.problem = problem


@dataclass(frozen=True)
class Example:
    """One training sentence and where it stands."""

    text: str
    intent: str
    path: Path
    line: int


def read_examples(folder: Path = TRAINING_FOLDER) -> list[Example]:
    """Every training sentence under `folder`, checked.

    Raises `BrokenTrainingFile` for what is not YAML, has no examples, holds an intent of another
    file, or gives one sentence two intents.
    """
    examples: list[Example] = []
    by_text: dict[str, Example] = {}
    for path in sorted(folder.glob("*.yml")):
        for example in _examples_of(path):
            other = by_text.setdefault(example.text.casefold(), example)
            if other.intent != example.intent:
                problem = f"{example.text!r} is also in {other.path.name} as {other.intent}"
                raise BrokenTrainingFile(path, example.line, problem)
            examples.append(example)
    return examples


def flow_by_intent(folder: Path = TRAINING_FOLDER) -> Mapping[str, str]:
    """Flow of every intent, `nlu_fallback` included. Raises as `read_examples` does."""
    first: dict[str, Example] = {}
    for example in read_examples(folder):
        other = first.setdefault(example.intent, example)
        if other.path != example.path:
            problem = f"intent {example.intent} is already in {other.path.name}: one flow, one file"
            raise BrokenTrainingFile(example.path, example.line, problem)
    flows = {intent: example.path.stem for intent, example in first.items()}
    return {**flows, FALLBACK_INTENT: FALLBACK_FLOW}


def _examples_of(path: Path) -> Iterator[Example]:
    root = _compose(path)
    fields = _fields(path, root, "the file")
    unknown = sorted(set(fields) - _KEYS)
    if unknown:
        raise BrokenTrainingFile(path, _line(fields[unknown[0]]), f"unknown key {unknown[0]!r}")
    blocks = fields.get("nlu")
    if not isinstance(blocks, yaml.SequenceNode) or not blocks.value:
        raise BrokenTrainingFile(path, _line(root), "no list of intents under 'nlu:'")
    for block in blocks.value:
        yield from _examples_of_intent(path, block)


def _examples_of_intent(path: Path, block: yaml.Node) -> Iterator[Example]:
    fields = _fields(path, block, "an intent")
    if set(fields) != {"intent", "examples"}:
        problem = f"an intent has 'intent' and 'examples', not {sorted(fields)}"
        raise BrokenTrainingFile(path, _line(block), problem)
    intent, examples = fields["intent"], fields["examples"]
    if not isinstance(intent.value, str) or not _INTENT_NAME.fullmatch(intent.value):
        raise BrokenTrainingFile(path, _line(intent), "an intent's name is lower_case")
    if not isinstance(examples, yaml.ScalarNode) or examples.style != "|":
        problem = "examples are a block of text: 'examples: |' and a line '- …' each"
        raise BrokenTrainingFile(path, _line(examples), problem)
    first_line = _line(examples) + 1
    lines = examples.value.rstrip("\n").split("\n")
    for number, line in enumerate(lines, start=first_line):
        if not re.match(r"- \s*\S", line):
            raise BrokenTrainingFile(path, number, f"an example begins with '- ', not {line!r}")
        yield Example(line[2:].strip(), intent.value, path, number)


def _compose(path: Path) -> yaml.Node:
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        raise BrokenTrainingFile(path, line, error.problem or "not YAML") from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise BrokenTrainingFile(path, 1, str(error)) from error
    if root is None:
        raise BrokenTrainingFile(path, 1, "the file is empty")
    return root


def _fields(path: Path, node: yaml.Node, what: str) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise BrokenTrainingFile(path, _line(node), f"{what} is not a mapping")
    fields: dict[str, yaml.Node] = {}
    for key, value in node.value:
        if key.value in fields:
            raise BrokenTrainingFile(path, _line(key), f"{key.value!r} stands twice")
        fields[key.value] = value
    return fields


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
