"""How well and how fast config.yml's components understand the shop's own held-out sentences, and
published sets of labelled texts beside Rasa's `LogisticRegressionClassifier` (and DIET, if it is
given time) in the same run.

Every set is fitted on its own train part; where texts belong to no intent, the threshold is chosen
on the validation part alone. Scores are those of Rasa's own evaluator (rasa.nlu.test).
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from bench import Figure, figure
from bench.nlu import data_files, peers, pipeline, scores, shop
from bench.nlu.data_files import OUTSIDE, DataSet, Example
from bench.nlu.scores import Read

_figure = partial(figure, "nlu")

OURS = "dangol"
LOGISTIC = "Rasa logistic regression"
DIET = "Rasa DIET"
TRAINED = "TrainedEntityExtractor"
MARGIN_LOSS = 0.0225
"""Share of the right answers of the validation part that the threshold may refuse."""
TELL_EVERY = 30.0
"""Seconds between signs of life."""

AIMS: Mapping[str, Mapping[str, float]] = {
    "CLINC": {"in-scope accuracy": 0.91, "out-of-scope recall": 0.75},
    "Rasa": {
        "intent F1": 0.895,
        "entity F1": 0.85,
        "entity F1 as DIET's paper counts": 0.8512,
    },
    "3i4K": {"accuracy": 0.89, "macro F1": 0.80},
}
FIT_AIM = 15.0
"""Seconds, for CLINC."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one pipeline reached on one data set: values and their units by what they are."""

    values: Mapping[str, tuple[float, str]]


def run(data: Path | None, minutes: float | None = None) -> list[Figure]:
    """Measure every data set at `data`; without it, the shop's own model. DIET runs if `minutes`
    are given, on one fold of each set, and is ended when they are over. Raises BadInput for a
    broken file."""
    sets = [] if data is None else data_files.data_sets(data)
    os.environ.setdefault("LOG_LEVEL", "WARNING")  # no bars of Rasa's beside our own progress
    from agent import patches, stand_ins

    stand_ins.install()
    patches.apply()
    if not sets:
        _tell("bench nlu --data FOLDER measures CLINC, Rasa or 3i4K texts")
        return list(_shop())
    ends = None if minutes is None else time.monotonic() + 60 * minutes
    _warm_up(sets[0])
    figures: list[Figure] = []
    for _, folds in groupby(sets, key=lambda one: (one.form, _without_number(one))):
        figures += _measured(list(folds), ends)
    return figures


def _shop() -> Iterator[Figure]:
    with _signs_of_life("shop: training its model twice, then reading the held-out sentences"):
        archive, took, worked = shop.train()
        try:
            read = shop.read(archive)
        finally:
            shutil.rmtree(archive.parents[1])
    aim = shop.TRAINING_AIM
    yield _figure("shop: training, warm", took, "s", aim=f"≤ {aim:g} s", met=took <= aim)
    yield _figure("shop: training, warm, processor time", worked, "s")
    median = shop.median_milliseconds([s for one in read.values() for s in one.seconds])
    aim = shop.MESSAGE_AIM
    yield _figure("shop: a message, median", median, "ms", aim=f"≤ {aim:g} ms", met=median <= aim)
    for language, one in read.items():
        yield _figure(
            f"shop: flows right of {one.sentences} {language} sentences",
            one.right_flows,
            "share",
            aim=f"≥ {shop.RIGHT_AIM:g} share",
            met=one.right_flows >= shop.RIGHT_AIM,
        )
        yield _figure(
            f"shop: {language} sentences wrongly read as a yes",
            one.wrongly_consenting,
            "",
            aim="0",
            met=one.wrongly_consenting == 0,
        )


def _warm_up(one: DataSet) -> None:
    """Load what is loaded at first use, so that fitting alone is timed: a few texts of two intents
    and one in Korean."""
    by_intent = {example.intent: example for example in one.train}
    few = [*list(by_intent.values())[:2], Example(text="안녕하세요", intent="greet")]
    _run(_pipeline(), DataSet(name="warm-up", form=one.form, train=few, validation=(), test=few))


def _without_number(one: DataSet) -> str:
    return one.name.rstrip("0123456789")


def _measured(folds: Sequence[DataSet], ends: float | None) -> Iterator[Figure]:
    ours = [_outcome(OURS, one, _ours) for one in folds]
    beside = {LOGISTIC: _outcome(LOGISTIC, folds[0], _logistic)}
    if ends is not None:
        diet = _diet(folds[0], ends)
        beside |= {} if diet is None else {DIET: diet}
    yield from _side_by_side(folds[0], ours[0], beside)
    if len(folds) > 1:
        yield from _mean(folds, ours)


def _side_by_side(one: DataSet, ours: Outcome, beside: Mapping[str, Outcome]) -> Iterator[Figure]:
    for what, (value, unit) in ours.values.items():
        aim = _aim(one, what)
        bound = beside[LOGISTIC].values.get(what)
        yield _figure(
            f"{one.name}: {what}",
            value,
            unit,
            bound=None if bound is None else bound[0],
            ratio=None if bound is None or not bound[0] else value / bound[0],
            aim=None if aim is None else f"{'≤' if unit == 's' else '≥'} {aim:g} {unit}",
            met=None if aim is None else (value <= aim if unit == "s" else value >= aim),
        )
    for peer, theirs in beside.items():
        for what, (value, unit) in theirs.values.items():
            if peer != LOGISTIC or what not in ours.values:  # that is its bound already
                yield _figure(f"{one.name}: {peer}: {what}", value, unit)


def _mean(folds: Sequence[DataSet], ours: Sequence[Outcome]) -> Iterator[Figure]:
    name = _without_number(folds[0]).rstrip("_-")
    for what, (_, unit) in ours[0].values.items():
        values = [one.values[what][0] for one in ours if what in one.values]
        aim = _aim(folds[0], what)
        value = statistics.mean(values)
        yield _figure(
            f"{name}: mean of {len(values)} folds: {what}",
            value,
            unit,
            aim=None if aim is None else f"≥ {aim:g}",
            met=None if aim is None else value >= aim,
        )
        if len(values) > 1 and unit == "share":
            spread = statistics.stdev(values)
            yield _figure(f"{name}: spread of {len(values)} folds: {what}", spread, unit)


def _aim(one: DataSet, what: str) -> float | None:
    if one.form == "CLINC" and what == "fit":
        return FIT_AIM
    return AIMS[one.form].get(what)


Way = Callable[[DataSet], tuple[pipeline.Fitted, Sequence[Read], Sequence[Read]]]


def _outcome(name: str, one: DataSet, way: Way) -> Outcome:
    texts = f"{len(one.train):,} texts, then reading {len(one.validation) + len(one.test):,}"
    with _signs_of_life(f"{one.name}: {name}: fitting {texts}"):
        fitted, validation, test = way(one)
    reached = _values(one, validation, test)
    reached |= _costs(fitted.fit_seconds, fitted.processor_seconds, fitted.size)
    _tell(_line(name, one, reached))
    return Outcome(values=reached)


def _ours(one: DataSet) -> tuple[pipeline.Fitted, Sequence[Read], Sequence[Read]]:
    return _run(_pipeline(), one)


def _pipeline() -> Sequence[Mapping[str, Any]]:
    config = yaml.safe_load((peers.PROJECT / "config.yml").read_text(encoding="utf-8"))
    components: Sequence[Mapping[str, Any]] = config["pipeline"]
    return components


def _logistic(one: DataSet) -> tuple[pipeline.Fitted, Sequence[Read], Sequence[Read]]:
    with peers.logistic_as_published():
        return _run(peers.LOGISTIC, one)


def _run(
    components: Sequence[Mapping[str, Any]], one: DataSet
) -> tuple[pipeline.Fitted, Sequence[Read], Sequence[Read]]:
    with pipeline.fitted(components, one.train) as fitted:
        return fitted, _read(fitted, one.validation), _read(fitted, one.test)


def _read(fitted: pipeline.Fitted, asked: Sequence[Example]) -> list[Read]:
    return [_as_read(*fitted.read(one.text)) for one in asked]


def _as_read(message: Any, seconds: float) -> Read:
    from rasa.nlu.constants import TOKENS_NAMES
    from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME as REFUSED
    from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT

    ranking = message.get("intent_ranking") or [message.get(INTENT)]
    best = next(intent for intent in ranking if intent["name"] != REFUSED)
    return Read(
        intent=best["name"],
        trust=float(message.get("intent_margin", best["confidence"])),
        is_refused=message.get(INTENT)["name"] == REFUSED,
        entities=message.get(ENTITIES, []),
        tokens=message.get(TOKENS_NAMES[TEXT], []),
        seconds=seconds,
    )


def _values(
    one: DataSet, validation: Sequence[Read], test: Sequence[Read]
) -> dict[str, tuple[float, str]]:
    values: dict[str, tuple[float, str]] = {}
    inside = [place for place, asked in enumerate(one.test) if asked.intent != OUTSIDE]
    known = scores.intents([one.test[at] for at in inside], [test[at] for at in inside])
    where = "accuracy" if len(inside) == len(test) else "in-scope accuracy without refusing"
    values[where] = (known["accuracy"], "share")
    values["macro F1"] = (known["macro"], "share")
    values["intent F1"] = (known["f1"], "share")
    if len(inside) < len(test):
        values |= _scope_values(one, validation, test)
    extractors = {TRAINED, "DIETClassifier"} & {
        entity["extractor"] for found in test for entity in found.entities
    }
    for extractor in extractors if any(asked.entities for asked in one.test) else ():
        found = scores.entities(one.test, test, extractor)
        values["entity F1"] = (found["f1"], "share")
        values["entity precision"] = (found["precision"], "share")
        values["entity F1, every token alike"] = (found["micro"], "share")
        values["entity F1 as DIET's paper counts"] = (found["shared"], "share")
    times = [1000 * found.seconds for found in test]
    values["a message, median"] = (statistics.median(times), "ms")
    values["a message, p99"] = (statistics.quantiles(times, n=100)[98], "ms")
    return values


def _costs(seconds: float, processor_seconds: float, size: int) -> dict[str, tuple[float, str]]:
    return {
        "fit": (seconds, "s"),
        "fit, processor time": (processor_seconds, "s"),
        "model": (size / 1024**2, "MB"),
    }


def _scope_values(
    one: DataSet, validation: Sequence[Read], test: Sequence[Read]
) -> Iterator[tuple[str, tuple[float, str]]]:
    if one.validation:
        least = scores.threshold(one.validation, validation, MARGIN_LOSS)
        chosen = scores.scope(one.test, test, least)
        yield "in-scope accuracy", (chosen.inside, "share")
        yield "out-of-scope recall", (chosen.outside, "share")
    itself = scores.scope(one.test, test, None)
    yield "in-scope accuracy as it refuses itself", (itself.inside, "share")
    yield "out-of-scope recall as it refuses itself", (itself.outside, "share")


def _diet(one: DataSet, ends: float) -> Outcome | None:
    import settings as settings_module

    python = settings_module.read().home / "stock" / "bin" / "python"
    if not python.exists():
        _tell("DIET needs the published set: `./dangol rasa --stock --version` makes it; left out")
        return None
    left = ends - time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="bench-diet-") as folder,
        _signs_of_life(f"{one.name}: {DIET}: {left / 60:.0f} minutes at most"),
    ):
        asked = [*one.validation, *one.test]
        answers = peers.diet(python, Path(folder), one.train, asked, left) if left > 0 else None
    if answers is None:
        _tell(f"{one.name}: {DIET} did not end within its time; left out")
        return None
    read = list(_answered(asked, answers))
    at = len(one.validation)
    reached = _values(one, read[:at], read[at:])
    reached |= _costs(answers["fit_seconds"], answers["processor_seconds"], answers["size"])
    _tell(_line(DIET, one, reached))
    return Outcome(values=reached)


def _answered(asked: Sequence[Example], answers: Mapping[str, Any]) -> Iterator[Read]:
    from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
    from rasa.shared.nlu.constants import TEXT
    from rasa.shared.nlu.training_data.message import Message

    tokenizer = WhitespaceTokenizer(WhitespaceTokenizer.get_default_config())
    for place, one in enumerate(asked):
        yield Read(
            intent=answers["intents"][place],
            trust=answers["confidences"][place],
            is_refused=False,
            entities=answers["entities"][place],
            tokens=tokenizer.tokenize(Message(data={TEXT: one.text}), TEXT),
            seconds=answers["seconds"][place],
        )


def _line(name: str, one: DataSet, values: Mapping[str, tuple[float, str]]) -> str:
    told = ", ".join(f"{what} {value:.4g} {unit}" for what, (value, unit) in values.items())
    return f"{one.name}: {name}: {told}"


@contextmanager
def _signs_of_life(what: str) -> Iterator[None]:
    """Say what is done, and every half minute that it still is."""
    over = threading.Event()
    began = time.monotonic()

    def tell() -> None:
        while not over.wait(TELL_EVERY):
            _tell(f"{what}, {time.monotonic() - began:.0f} s so far")

    _tell(what)
    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


def _tell(progress: str) -> None:
    sys.stderr.write(f"{progress} …\n")
