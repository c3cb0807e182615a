"""Reads labelled texts in the three forms that are published: CLINC's JSON (parts of pairs), Rasa's
JSON (`train_…` beside `test_…`, gzipped or not) and 3i4K's lines of label, tab, text.

Recognises each by what is in it. A file that is one of them and broken is refused with its place.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from marketing.errors import BadInput

OUTSIDE = "out_of_scope"
"""The intent of what no intent is for, as data/nlu calls it."""
_CLINC_OUTSIDE = "oos"

Form = Literal["CLINC", "Rasa", "3i4K"]


@dataclass(frozen=True, kw_only=True)
class Example:
    """One labelled text; entities as Rasa's dictionaries."""

    text: str
    intent: str
    entities: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, kw_only=True)
class DataSet:
    """What is learnt, what thresholds are chosen on (where there is such a part), what is asked."""

    name: str
    form: Form
    train: Sequence[Example]
    validation: Sequence[Example]
    test: Sequence[Example]


def data_sets(path: Path) -> list[DataSet]:
    """Every data set in a file or below a folder. Raises BadInput."""
    if not path.exists():
        raise BadInput(f"{path} does not exist.")
    found = [_clinc(file, held) for file, held in _json_files(path) if _is_clinc(held)]
    rasa = {file: held for file, held in _json_files(path) if _is_rasa(held)}
    found += _paired("Rasa", {file: _rasa_examples(file, held) for file, held in rasa.items()})
    lines = {file: _line_examples(file) for file in _text_files(path)}
    found += _paired("3i4K", {file: held for file, held in lines.items() if held is not None})
    if not found:
        raise BadInput(
            f"{path} holds no labelled texts: wanted are CLINC's JSON (lists of [text, intent] "
            "under train, val, test, oos_…), Rasa's JSON (train_NAME.json[.gz] beside "
            "test_NAME.json[.gz]) or 3i4K's text (NAME_train.txt beside NAME_test.txt, label, tab "
            "and text in each line)."
        )
    return found


def _json_files(path: Path) -> Iterator[tuple[Path, Any]]:
    files = [path] if path.is_file() else sorted(path.rglob("*"))
    for file in _with_partner(path, files):
        if file.name.endswith((".json", ".json.gz")):
            yield file, _read_json(file)


def _text_files(path: Path) -> Iterator[Path]:
    files = [path] if path.is_file() else sorted(path.rglob("*"))
    for file in _with_partner(path, files):
        if file.suffix == ".txt" and _part_of(file) is not None:
            yield file


def _with_partner(path: Path, files: Iterable[Path]) -> list[Path]:
    """A file given by itself brings the other half that lies beside it."""
    if not path.is_file() or _part_of(path) is None:
        return [file for file in files if file.is_file()]
    name = _pair_name(path)
    return sorted(
        file
        for file in path.parent.iterdir()
        if file.is_file() and _part_of(file) is not None and _pair_name(file) == name
    )


def _part_of(file: Path) -> str | None:
    found = re.search(r"(?<![a-z])(train|test)(?![a-z])", file.name.lower())
    return None if found is None else found.group(1)


def _pair_name(file: Path) -> str:
    """What `train_kfold_1.json.gz` and `test_kfold_1.json.gz` have in common."""
    bare = re.sub(r"\.(json|json\.gz|txt)$", "", file.name.lower())
    return re.sub(r"[_-]?(train|test)([_-]val)?(?![a-z])", "", bare).strip("_-")


def _read_json(file: Path) -> Any:
    try:
        held = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        return json.loads(held.decode("utf-8"))
    except (OSError, EOFError, zlib.error) as error:
        raise BadInput(f"{file} cannot be unpacked: {error}.") from error
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise BadInput(f"{file} is no JSON in UTF-8: {error}.") from error


def _is_clinc(held: Any) -> bool:
    return isinstance(held, dict) and {"train", "test"} <= held.keys()


def _is_rasa(held: Any) -> bool:
    return isinstance(held, dict) and "rasa_nlu_data" in held


def _clinc(file: Path, held: Mapping[str, Any]) -> DataSet:
    parts = {
        part: [
            _clinc_example(file, part, at, one) for at, one in enumerate(_list(file, held, part))
        ]
        for part in ("train", "val", "test", "oos_train", "oos_val", "oos_test")
    }
    return _checked(
        file,
        DataSet(
            name=file.name.split(".")[0],
            form="CLINC",
            train=parts["train"] + parts["oos_train"],
            validation=parts["val"] + parts["oos_val"],
            test=parts["test"] + parts["oos_test"],
        ),
    )


def _list(file: Path, held: Mapping[str, Any], name: str) -> list[Any]:
    found = held.get(name, [])
    if not isinstance(found, list):
        raise BadInput(f"{file}: {name!r} is no list but {type(found).__name__}.")
    return found


def _clinc_example(file: Path, part: str, at: int, one: Any) -> Example:
    match one:
        case [str(text), str(intent)] if intent:
            return Example(text=text, intent=OUTSIDE if intent == _CLINC_OUTSIDE else intent)
    raise BadInput(f"{file}: {part}[{at}] is no pair of text and intent: {one!r:.80}.")


def _rasa_examples(file: Path, held: Mapping[str, Any]) -> list[Example]:
    inner = held["rasa_nlu_data"]
    if not isinstance(inner, dict) or "common_examples" not in inner:
        raise BadInput(f"{file}: rasa_nlu_data has no 'common_examples'.")
    examples = _list(file, inner, "common_examples")
    return [_rasa_example(f"{file}: common_examples[{at}]", one) for at, one in enumerate(examples)]


def _rasa_example(place: str, one: Any) -> Example:
    match one:
        case {"text": str(text), "intent": str(intent)} if intent:
            entities = one.get("entities") or []
            if not isinstance(entities, list):
                raise BadInput(f"{place}: 'entities' is no list.")
            return Example(
                text=text,
                intent=intent,
                entities=[_entity(place, text, entity) for entity in entities],
            )
    raise BadInput(f"{place} has no 'text' and 'intent': {one!r:.80}.")


def _entity(place: str, text: str, entity: Any) -> Mapping[str, Any]:
    match entity:
        case {"entity": str(name), "start": int(start), "end": int(end)}:
            if not 0 <= start < end <= len(text):
                raise BadInput(f"{place}: {name!r} is at {start}–{end} of {len(text)} characters.")
            return {"value": text[start:end], **entity}
    raise BadInput(f"{place}: an entity has 'entity', 'start' and 'end', not {entity!r:.80}.")


def _line_examples(file: Path) -> list[Example] | None:
    """None for a file whose first line is no label, tab and text: something else."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise BadInput(f"{file} is no text in UTF-8: {error}.") from error
    if not lines or not re.match(r"[^\t]+\t", lines[0]):
        return None
    return [_line_example(file, number, line) for number, line in enumerate(lines, 1) if line]


def _line_example(file: Path, number: int, line: str) -> Example:
    label, tab, text = line.partition("\t")
    if not tab or not label.strip():
        raise BadInput(f"{file}:{number}: a line is a label, a tab and a text, not {line!r:.80}.")
    return Example(text=text, intent=label.strip())


def _paired(form: Form, files: Mapping[Path, list[Example]]) -> Iterator[DataSet]:
    pairs: dict[tuple[Path, str], dict[str, Path]] = {}
    for file in files:
        part = _part_of(file)
        if part is None:
            raise BadInput(f"{file}: its name says neither 'train' nor 'test'.")
        parts = pairs.setdefault((file.parent, _pair_name(file)), {})
        if part in parts:
            raise BadInput(f"{file} and {parts[part].name} are both the {part} part.")
        parts[part] = file
    for (folder, name), parts in pairs.items():
        for part, other in (("train", "test"), ("test", "train")):
            if part not in parts:
                raise BadInput(f"{parts[other]} has no {part} part beside it.")
        one = DataSet(
            name=name or folder.name,
            form=form,
            train=files[parts["train"]],
            validation=(),
            test=files[parts["test"]],
        )
        yield _checked(parts["train"], one)


def _checked(file: Path, one: DataSet) -> DataSet:
    intents = {example.intent for example in one.train}
    if len(intents) < 2:
        raise BadInput(f"{file}: the train part has {len(intents)} intents; two are needed.")
    if not one.test:
        raise BadInput(f"{file}: the test part is empty.")
    return one
