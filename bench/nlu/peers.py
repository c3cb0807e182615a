"""What this project's pipeline is measured beside: Rasa's own pipelines, and how to run them.

`LogisticRegressionClassifier` runs here with one argument left out that scikit-learn has dropped.
DIET runs in the published set, in a process of its own that is ended when its time is over:
`python -m bench.nlu.peers TRAIN TEST ANSWERS`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.nlu.data_files import Example
from bench.nlu.pipeline import fitted

_FEATURES: Sequence[Mapping[str, Any]] = (
    {"name": "WhitespaceTokenizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
)
LOGISTIC: Sequence[Mapping[str, Any]] = (*_FEATURES, {"name": "LogisticRegressionClassifier"})
DIET: Sequence[Mapping[str, Any]] = (
    *_FEATURES,
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "DIETClassifier", "epochs": 100},
)
PROJECT = Path(__file__).resolve().parents[2]


@contextmanager
def logistic_as_published() -> Iterator[None]:
    """Let Rasa's classifier be made with a scikit-learn that no longer takes `multi_class`, whose
    value there ("auto") is how it now always is."""
    from rasa.nlu.classifiers import logistic_regression_classifier as module

    published = module.LogisticRegression

    def without_dropped(**given: Any) -> Any:
        dropped = {"multi_class", "l1_ratio"} - published().get_params().keys()
        kept = {name: value for name, value in given.items() if name not in dropped}
        return published(**{name: value for name, value in kept.items() if value is not None})

    module.LogisticRegression = without_dropped
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "lbfgs failed to converge")  # as Rasa bounds it
            yield
    finally:
        module.LogisticRegression = published


def diet(
    python: Path, folder: Path, train: Sequence[Example], test: Sequence[Example], seconds: float
) -> dict[str, Any] | None:
    """What DIET answered (`intents`, `confidences`, `entities` and `seconds` of each text, and
    what it cost: `fit_seconds`, `processor_seconds`, `size`), or None if it had not ended after
    `seconds`. `python` is that of the published set."""
    paths = [folder / name for name in ("train.json", "test.json", "answers.json")]
    for path, examples in zip(paths, (train, test), strict=False):
        path.write_text(json.dumps([asdict(one) for one in examples]), encoding="utf-8")
    environment = {
        **os.environ,
        "PYTHONPATH": str(PROJECT),
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "2",
    }
    command = [str(python), "-m", "bench.nlu.peers", *map(str, paths)]
    try:
        subprocess.run(command, env=environment, cwd=PROJECT, timeout=seconds, check=True)
    except subprocess.TimeoutExpired:
        return None
    answers: dict[str, Any] = json.loads(paths[2].read_text(encoding="utf-8"))
    return answers


def _answer(train: Path, test: Path, answers: Path) -> None:
    from rasa.shared.nlu.constants import ENTITIES, INTENT

    learnt, asked = (
        [Example(**one) for one in json.loads(path.read_text(encoding="utf-8"))]
        for path in (train, test)
    )
    with fitted(DIET, learnt) as ready:
        read = [ready.read(one.text) for one in asked]
        found = {
            "intents": [message.get(INTENT)["name"] for message, _ in read],
            "confidences": [float(message.get(INTENT)["confidence"]) for message, _ in read],
            "entities": [_plain(message.get(ENTITIES, [])) for message, _ in read],
            "seconds": [took for _, took in read],
            "fit_seconds": ready.fit_seconds,
            "processor_seconds": ready.processor_seconds,
            "size": ready.size,
        }
    answers.write_text(json.dumps(found), encoding="utf-8")


def _plain(entities: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    kept = ("entity", "value", "start", "end", "extractor")
    return [{name: entity[name] for name in kept if name in entity} for entity in entities]


if __name__ == "__main__":
    _answer(*map(Path, sys.argv[1:]))
