"""`bench nlu` from the file to the figures, on sets small enough to be fitted at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bench import nlu
from command import benches
from command.__main__ import app
from marketing.errors import BadInput

PLACES = ("boston", "denver", "austin", "chicago", "oslo", "paris")


def flight(city: str) -> dict[str, Any]:
    text = f"a flight to {city} please"
    found = {"entity": "city", "value": city, "start": 12, "end": 12 + len(city)}
    return {"text": text, "intent": "fly", "entities": [found]}


FLIGHTS = [flight(city) for city in PLACES]
JOKES = [
    {"text": text, "intent": "joke"}
    for text in ("tell me a joke", "a joke please", "make me laugh", "say something funny")
]


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What the command wrote of two folds, by what it is; with a minute for DIET, whose published
    set is not there."""
    folder = tmp_path_factory.mktemp("folds")
    for fold in (1, 2):
        for part, examples in (("train", FLIGHTS + JOKES), ("test", FLIGHTS[:3] + JOKES[:2])):
            held = {"rasa_nlu_data": {"common_examples": examples}}
            file = folder / f"{part}_kfold_{fold}.json"
            file.write_text(json.dumps(held), encoding="utf-8")
    report = folder / "report.json"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DANGOL_HOME", str(folder / "home"))
        benches.run("nlu", folder, report, 1.0)
    told = json.loads(report.read_text(encoding="utf-8"))["figures"]
    by_what = {figure["what"]: figure for figure in told}
    assert len(by_what) == len(told)  # no figure twice
    return by_what


@pytest.mark.parametrize("what", ["accuracy", "intent F1", "entity F1"])
def test_what_was_learnt_word_for_word_is_found(
    figures: dict[str, dict[str, Any]], what: str
) -> None:
    assert figures[f"kfold_1: {what}"]["value"] == pytest.approx(1.0)
    assert figures[f"kfold: mean of 2 folds: {what}"]["value"] == pytest.approx(1.0)


def test_it_stands_beside_rasas_own_and_its_aim(figures: dict[str, dict[str, Any]]) -> None:
    ours = figures["kfold_1: intent F1"]
    assert 0.0 < ours["bound"] <= 1.0
    assert ours["ratio"] == pytest.approx(ours["value"] / ours["bound"])
    assert not any(nlu.LOGISTIC in what for what in figures)  # told once, as the bound
    assert ours["aim"] == "≥ 0.895 share"
    assert ours["met"] is True
    assert figures["kfold_1: fit"]["value"] > 0


def test_minutes_without_the_published_set_leave_diet_out(
    figures: dict[str, dict[str, Any]],
) -> None:
    assert not any(nlu.DIET in what for what in figures)


def test_a_broken_file_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "train.json").write_text("{", encoding="utf-8")
    with pytest.raises(BadInput):
        nlu.run(tmp_path)
    asked = CliRunner().invoke(app, ["bench", "nlu", "--data", str(tmp_path)])
    assert asked.exit_code != 0
    assert "no JSON" in asked.output or "no JSON" in str(asked.exception)


def test_minutes_are_refused_where_nothing_is_done_with_them() -> None:
    with pytest.raises(BadInput, match="--minutes"):
        benches.run("facts", None, None, 5.0)
