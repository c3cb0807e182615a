"""The three published forms of labelled texts, as they are and broken."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from bench.nlu.data_files import OUTSIDE, Example, data_sets
from marketing.errors import BadInput

CLINC = {
    "train": [["move my money", "transfer"], ["what is my balance", "balance"]],
    "val": [["send money over", "transfer"]],
    "test": [["how much have i got", "balance"]],
    "oos_train": [["sing a song", "oos"]],
    "oos_val": [["who won the game", "oos"]],
    "oos_test": [["how tall is the tower", "oos"]],
}
WAKE: dict[str, Any] = {
    "text": "wake me at five",
    "intent": "alarm",
    "entities": [{"entity": "time", "start": 11, "end": 15, "value": "five"}],
}
PLAY: dict[str, Any] = {"text": "play a song", "intent": "music"}


def rasa(*examples: Any) -> str:
    return json.dumps({"rasa_nlu_data": {"common_examples": list(examples)}})


def test_clinc_has_a_validation_part_and_texts_of_no_intent(tmp_path: Path) -> None:
    (tmp_path / "data_full.json").write_text(json.dumps(CLINC), encoding="utf-8")
    (one,) = data_sets(tmp_path)
    assert (one.name, one.form) == ("data_full", "CLINC")
    assert one.train == [
        Example(text="move my money", intent="transfer"),
        Example(text="what is my balance", intent="balance"),
        Example(text="sing a song", intent=OUTSIDE),
    ]
    assert [example.intent for example in one.validation] == ["transfer", OUTSIDE]
    assert [example.intent for example in one.test] == ["balance", OUTSIDE]


def test_a_folder_of_folds_holds_a_set_a_fold_with_entities(tmp_path: Path) -> None:
    for fold in (1, 2):
        with gzip.open(tmp_path / f"train_kfold_{fold}.json.gz", "wt", encoding="utf-8") as file:
            file.write(rasa(WAKE, PLAY))
        (tmp_path / f"test_kfold_{fold}.json").write_text(rasa(PLAY), encoding="utf-8")
    one, other = data_sets(tmp_path)
    assert (one.name, other.name, one.form) == ("kfold_1", "kfold_2", "Rasa")
    assert one.train[0] == Example(**WAKE)
    assert one.test == [Example(**PLAY, entities=[])]
    assert one.validation == ()


def test_lines_of_label_tab_and_text(tmp_path: Path) -> None:
    (tmp_path / "fci_train_val.txt").write_text("0\t네\n1\t언제 와\t요\n", encoding="utf-8")
    (tmp_path / "fci_test.txt").write_text("1\t누구세요\n\n", encoding="utf-8")
    (one,) = data_sets(tmp_path)
    assert (one.name, one.form) == ("fci", "3i4K")
    assert one.train[1] == Example(text="언제 와\t요", intent="1")
    assert one.test == [Example(text="누구세요", intent="1")]


@pytest.mark.parametrize("given", ["train_kfold_1.json", "test_kfold_1.json"])
def test_one_file_brings_its_other_half_and_no_other_fold(tmp_path: Path, given: str) -> None:
    for name in ("train_kfold_1", "test_kfold_1", "train_kfold_2", "test_kfold_2"):
        (tmp_path / f"{name}.json").write_text(rasa(WAKE, PLAY), encoding="utf-8")
    assert [one.name for one in data_sets(tmp_path / given)] == ["kfold_1"]


def test_every_form_below_one_folder_is_found_and_other_files_are_left_alone(
    tmp_path: Path,
) -> None:
    for folder in ("clinc", "3i4k", "folds"):
        (tmp_path / folder).mkdir()
    (tmp_path / "clinc" / "full.json").write_text(json.dumps(CLINC), encoding="utf-8")
    (tmp_path / "3i4k" / "x_train.txt").write_text("0\ta\n1\tb\n", encoding="utf-8")
    (tmp_path / "3i4k" / "x_test.txt").write_text("0\ta\n", encoding="utf-8")
    (tmp_path / "folds" / "train.json").write_text(rasa(WAKE, PLAY), encoding="utf-8")
    (tmp_path / "folds" / "test.json").write_text(rasa(PLAY), encoding="utf-8")
    (tmp_path / "other.json").write_text("[1, 2]", encoding="utf-8")
    (tmp_path / "LICENSE.txt").write_text("Free for all.", encoding="utf-8")
    (tmp_path / "how_to_train.txt").write_text("Read this first.", encoding="utf-8")
    assert [one.form for one in data_sets(tmp_path)] == ["CLINC", "Rasa", "3i4K"]


def clinc_with(**parts: Any) -> str:
    return json.dumps({**CLINC, **parts})


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "no labelled texts"),
        ({"notes.json": "[]"}, "no labelled texts"),
        ({"full.json": "{"}, "no JSON"),
        ({"full.json.gz": "not packed"}, "cannot be unpacked"),
        ({"full.json": clinc_with(val=[["only a text"]])}, r"val\[0\] is no pair"),
        ({"full.json": clinc_with(test={"a": 1})}, "'test' is no list but dict"),
        ({"full.json": clinc_with(test=[], oos_test=[])}, "test part is empty"),
        ({"full.json": clinc_with(train=[["a", "b"]], oos_train=[])}, "has 1 intents"),
        ({"train.json": rasa(WAKE, PLAY)}, "has no test part"),
        ({"test.json": rasa(WAKE)}, "has no train part"),
        ({"examples.json": rasa(WAKE)}, "neither 'train' nor 'test'"),
        ({"train.json": json.dumps({"rasa_nlu_data": []})}, "no 'common_examples'"),
        ({"train.json": rasa({"text": "no intent"})}, r"common_examples\[0\] has no"),
        ({"train.json": rasa({**WAKE, "entities": 5})}, "'entities' is no list"),
        ({"train.json": rasa({**WAKE, "entities": [{"entity": "time"}]})}, "an entity has"),
        (
            {"train.json": rasa({**WAKE, "entities": [{"entity": "t", "start": 9, "end": 99}]})},
            "at 9–99 of 15 characters",
        ),
        ({"a_train.txt": "0\tyes\nno label\n", "a_test.txt": "0\ta"}, "a_train.txt:2: a line is"),
        ({"a_train.txt": "0\tyes\n1\tno\n"}, "has no test part"),
    ],
)
def test_what_is_broken_is_named(tmp_path: Path, files: dict[str, str], said: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=said):
        data_sets(tmp_path)


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="does not exist"):
        data_sets(tmp_path / "nowhere")


def test_a_text_that_is_not_in_utf_8(tmp_path: Path) -> None:
    (tmp_path / "a_train.txt").write_bytes("0\t네\n".encode("cp949"))
    with pytest.raises(BadInput, match="no text in UTF-8"):
        data_sets(tmp_path)
