"""Training: only when something has changed, refused in one line when something is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent import training
from memory import releases
from tests import small_project
from tests.agents import Shop


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the small project to change."""
    return small_project.write(tmp_path / "project")


def _change(path: Path, old: str, new: str) -> None:
    said = path.read_text(encoding="utf-8")
    assert old in said
    path.write_text(said.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    "path", ["config.yml", "domain.yml", "data/nlu/small.yml", "data/rules/small.yml"]
)
def test_every_input_changes_the_digest(project: Path, path: str) -> None:
    before = training.inputs_digest(project)
    with (project / path).open("a", encoding="utf-8") as file:
        file.write("# a word\n")
    assert training.inputs_digest(project) != before


def test_the_catalogue_and_the_actions_do_not(project: Path) -> None:
    before = training.inputs_digest(project)
    (project / "data" / "catalogue").mkdir()
    (project / "data" / "catalogue" / "products.yml").write_text("products: []", encoding="utf-8")
    (project / small_project.ACTIONS / "more.py").write_text("", encoding="utf-8")
    assert training.inputs_digest(project) == before


def test_a_new_file_and_a_renamed_one_change_the_digest(project: Path) -> None:
    before = training.inputs_digest(project)
    (project / "data" / "nlu" / "small.yml").rename(project / "data" / "nlu" / "other.yml")
    renamed = training.inputs_digest(project)
    (project / "nlu").mkdir()
    (project / "nlu" / "tokenizer.py").write_text("", encoding="utf-8")
    assert len({before, renamed, training.inputs_digest(project)}) == 3


def test_nothing_is_trained_while_the_live_release_has_the_same_inputs(
    shop: Shop, small_folder: Path, tmp_path: Path
) -> None:
    told: list[str] = []
    assert not training.train_if_needed(shop.engine, small_folder, tmp_path, told.append)
    assert told == []
    assert not (tmp_path / "models").exists()


def test_a_change_is_trained_and_published(shop: Shop, project: Path, tmp_path: Path) -> None:
    _change(project / "domain.yml", "Hello!", "Good morning!")
    told: list[str] = []
    assert training.train_if_needed(shop.engine, project, tmp_path / "home", told.append)
    assert told == ["Loading Rasa", "Training the model", "Publishing the model"]
    with shop.engine.connect() as connection:
        live = releases.live(connection)
    assert live.inputs_digest == training.inputs_digest(project)
    assert "Good morning!" in str(live.words)
    writer = shop.web_customer()
    shop.hear(writer, "hello")
    shop.answer()
    assert shop.answers(writer) == ["Good morning!"]


def test_training_leaves_the_project_as_it_was(project: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*.yml")}
    training.train_apart(project, tmp_path / "home", lambda _said: None)
    assert {path: path.read_bytes() for path in project.rglob("*.yml")} == before
    assert not (project / ".rasa").exists()


def test_a_tensorflow_component_is_refused_in_one_line(project: Path, tmp_path: Path) -> None:
    _change(project / "config.yml", "KeywordIntentClassifier", "DIETClassifier")
    with pytest.raises(training.TrainingFailed, match=r"DIETClassifier.*--stock") as refused:
        training.train_apart(project, tmp_path / "home", lambda _said: None)
    assert "\n" not in str(refused.value)


def test_a_missing_wording_is_named(project: Path, tmp_path: Path) -> None:
    _change(project / "domain.yml", "name: language, value: en", "name: language, value: fr")
    with pytest.raises(training.WordsMissing, match=r"utter_.* has no wording for language en"):
        training.train(project, tmp_path / "home", lambda _said: None)


def test_what_rasa_refuses_is_passed_on(project: Path, tmp_path: Path) -> None:
    _change(project / "config.yml", "KeywordIntentClassifier", "NoSuchClassifier")
    with pytest.raises(training.TrainingFailed, match="NoSuchClassifier"):
        training.train_apart(project, tmp_path / "home", lambda _said: None)


def test_a_broken_file_is_refused(project: Path, tmp_path: Path) -> None:
    (project / "domain.yml").write_text("intents: [", encoding="utf-8")
    with pytest.raises(training.TrainingFailed):
        training.train_apart(project, tmp_path / "home", lambda _said: None)
