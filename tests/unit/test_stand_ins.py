"""Stand-ins: Rasa imports with them; whatever is really used says so."""

from __future__ import annotations

import importlib
import importlib.util
import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from agent import stand_ins

PROJECT = Path(__file__).resolve().parents[2]
RASA_MODULES = (
    "rasa.core.agent",
    "rasa.model_training",
    "rasa.__main__",
    "rasa.core.test",
    "rasa.nlu.test",
    "rasa.validator",
    "rasa.server",
    "rasa.engine.recipes.default_components",
    "rasa_sdk.executor",
    "rasa_sdk.endpoint",
)


@pytest.fixture(autouse=True)
def installed() -> None:
    stand_ins.install()


def imported(name: str) -> Any:
    return importlib.import_module(name)


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("name", RASA_MODULES)
def test_rasa_imports(name: str) -> None:
    assert imported(name).__name__ == name


def test_in_a_fresh_process_every_root_is_asked_for_and_our_packages_warn_of_nothing() -> None:
    # A root that Rasa never imports would only hide from others that a library is absent.
    code = f"""
import importlib, sys, warnings
warnings.simplefilter("always")
import agent.stand_ins as s
s.install()
for name in {RASA_MODULES!r}:
    importlib.import_module(name)
importlib.import_module("rasa.core.tracker_store").TrackerStore.create(None)
present = {{name for name, module in sys.modules.items() if isinstance(module, s.StandInModule)}}
print(sorted(s.ROOTS - {{name.partition(".")[0] for name in present}}))
"""
    finished = run_python(code)
    assert finished.stdout.strip() == "[]", finished.stdout + finished.stderr
    assert f"{PROJECT}/agent" not in finished.stderr


def test_installing_twice_adds_one_finder() -> None:
    stand_ins.install()
    assert sys.meta_path.count(stand_ins.StandInFinder) == 1


def test_an_installed_library_is_not_stood_in_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stand_ins, "ROOTS", stand_ins.ROOTS | {"really_here"})
    (tmp_path / "really_here.py").write_text("ANSWER = 42\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert imported("really_here").ANSWER == 42


def test_other_absent_libraries_stay_absent() -> None:
    with pytest.raises(ModuleNotFoundError):
        imported("surely_not_installed_anywhere")


def test_telemetry_is_off() -> None:
    assert os.environ["RASA_TELEMETRY_ENABLED"] == "false"


def test_calling_a_stand_in_names_it() -> None:
    with pytest.raises(stand_ins.StandInUsed, match=r"tensorflow\.constant was used"):
        imported("tensorflow").constant(1)


def test_instantiating_a_subclass_of_a_stand_in_names_it() -> None:
    callback = imported("rasa.utils.tensorflow.callback").RasaTrainingLogger
    with pytest.raises(stand_ins.StandInUsed, match=r"tensorflow\.keras\.callbacks\.Callback"):
        callback(1, True)


def test_using_a_tensorflow_component_names_tensorflow() -> None:
    diet = imported("rasa.nlu.classifiers.diet_classifier")
    with pytest.raises(stand_ins.StandInUsed, match=r"keras\.Model was used"):
        diet.DIET({}, {}, False, {}, [])


def test_starting_rasas_server_names_sanic() -> None:
    with pytest.raises(stand_ins.StandInUsed, match=r"sanic\.Sanic was used"):
        imported("rasa.core.run").configure_app(input_channels=[])


def test_a_stand_in_exception_can_be_caught_but_not_raised() -> None:
    error = imported("pymongo.errors").ConnectionFailure

    def divide() -> None:
        try:
            _ = 1 / 0
        except error:
            pytest.fail("caught by a library that is not there")

    with pytest.raises(ZeroDivisionError):
        divide()
    with pytest.raises(stand_ins.StandInUsed, match=r"pymongo\.errors\.ConnectionFailure"):
        error("down")


def test_an_unreachable_event_broker_is_reported_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    # Its `except` clause names exceptions of two absent libraries.
    import asyncio

    import sqlalchemy.exc

    broker = imported("rasa.core.brokers.broker")
    exceptions = imported("rasa.shared.exceptions")

    async def unreachable(*_arguments: Any) -> None:
        raise sqlalchemy.exc.OperationalError("select 1", {}, Exception("down"))

    monkeypatch.setattr(broker, "_create_from_endpoint_config", unreachable)
    with pytest.raises(exceptions.ConnectionException):
        asyncio.run(broker.EventBroker.create(None))


def test_nothing_is_an_instance_of_a_stand_in() -> None:
    assert not isinstance(1, imported("tensorflow").Tensor)


def test_probing_libraries_find_an_absent_one_absent() -> None:
    imported("tensorflow")
    # spaCy's machine learning library asks whether TensorFlow is there, and must not believe it.
    assert imported("thinc.compat").has_tensorflow is False


def test_removed_names_are_given_back() -> None:
    import numpy
    import packaging.version

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        given_back = vars(numpy)["VisibleDeprecationWarning"]
    assert issubclass(given_back, UserWarning)
    assert not isinstance(packaging.version.Version("1"), vars(packaging.version)["LegacyVersion"])


LIGHT = {"pipeline": [{"name": "nlu.tokenizer.Tokenizer"}], "policies": [{"name": "RulePolicy"}]}


def test_a_light_pipeline_is_accepted() -> None:
    stand_ins.refuse_tensorflow_pipeline(LIGHT)


@pytest.mark.parametrize(
    ("section", "name"),
    [
        ("pipeline", "DIETClassifier"),
        ("pipeline", "ResponseSelector"),
        ("pipeline", "LanguageModelFeaturizer"),
        ("pipeline", "ConveRTFeaturizer"),
        ("pipeline", "rasa.nlu.classifiers.diet_classifier.DIETClassifier"),
        ("policies", "TEDPolicy"),
        ("policies", "UnexpecTEDIntentPolicy"),
    ],
)
def test_a_tensorflow_component_is_refused_in_one_line(section: str, name: str) -> None:
    config = {**LIGHT, section: [*LIGHT[section], {"name": name}]}
    with pytest.raises(stand_ins.TensorFlowComponentNamed, match="--stock") as refused:
        stand_ins.refuse_tensorflow_pipeline(config)
    assert name.rpartition(".")[2] in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("section", ["pipeline", "policies"])
def test_an_empty_section_is_refused_because_rasa_would_choose_tensorflow(section: str) -> None:
    with pytest.raises(stand_ins.TensorFlowComponentNamed, match=section):
        stand_ins.refuse_tensorflow_pipeline({**LIGHT, section: None})


def test_every_component_of_rasa_that_imports_tensorflow_is_refused() -> None:
    site = Path(imported("rasa").__file__).parent
    from rasa.engine.recipes.default_components import DEFAULT_COMPONENTS

    importing = {
        component.__name__
        for component in DEFAULT_COMPONENTS
        if "import tensorflow" in (site.parent / _path_of(component)).read_text()
    }
    # The language model featuriser loads its TensorFlow weights through `transformers`.
    assert importing <= stand_ins.TENSORFLOW_COMPONENTS
    assert "DIETClassifier" in importing


def _path_of(component: type) -> Path:
    return Path(*component.__module__.split(".")).with_suffix(".py")
