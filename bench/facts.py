"""How well facts are read: precision and recall over labelled sentences (tests/facts), apart for
those that the rules were written against and those that they were not, and the time it takes.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from bench import Figure, figure
from marketing import told
from nlu.entity_finder import EntityFinder
from nlu.facts.finder import FactFinder
from nlu.facts.rules import read_rules

_figure = partial(figure, "facts")

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "facts"
PARTS = ("held_out", "written_against")
LANGUAGES = ("ko", "en")
LEAST_PRECISION, LEAST_RECALL = 0.95, 0.85
MOST_MILLISECONDS = 1.5


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One labelled sentence."""

    said: str
    facts: Sequence[Mapping[str, Any]]
    today: date


@dataclass(kw_only=True)
class Tally:
    """What was right, what was read wrongly and what was missed, by kind."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    without: int = 0
    """Sentences without a fact."""
    invented: int = 0
    """Those of them that gave one."""

    @property
    def precision(self) -> float:
        """Of what was read, the share that is so."""
        return _share(self.right.total(), self.wrong.total())

    @property
    def recall(self) -> float:
        """Of what was told, the share that was read."""
        return _share(self.right.total(), self.missed.total())


class Reader:
    """Reads a sentence as the agent and its actions do."""

    def __init__(self) -> None:
        """With the shipped rules and catalogue."""
        self._finder = FactFinder(read_rules())
        self._entities = EntityFinder()
        self.seconds: list[float] = []

    def read(self, sentence: Sentence) -> list[told.Told]:
        """What is told in it; notes the time that the rules took."""
        entities = self._entities.find(sentence.said)
        began = time.perf_counter()
        found = self._finder.find(sentence.said, entities)
        self.seconds.append(time.perf_counter() - began)
        return told.settled(found, today=sentence.today)


def run(_data: Path | None) -> list[Figure]:
    """Measure, with nothing from outside. The figures of DESIGN §4 `bench`."""
    reader = Reader()
    figures: list[Figure] = []
    for part in PARTS:
        for language in LANGUAGES:
            tally = tally_of(reader, sentences(part, language))
            _tell_kinds(part, language, tally)
            figures += _figures(part, language, tally)
    milliseconds = 1000 * statistics.median(reader.seconds)
    figures.append(
        _figure(
            "rules, a message, p50",
            milliseconds,
            "ms",
            aim=f"≤ {MOST_MILLISECONDS} ms",
            met=milliseconds <= MOST_MILLISECONDS,
        )
    )
    return figures


def sentences(part: str, language: str) -> list[Sentence]:
    """The labelled sentences of a file."""
    content = yaml.safe_load((FOLDER / f"{part}_{language}.yml").read_text(encoding="utf-8"))
    return [
        Sentence(said=one["said"], facts=one["facts"], today=content["today"])
        for one in content["sentences"]
    ]


def tally_of(reader: Reader, labelled: Sequence[Sentence]) -> Tally:
    """What is read of these sentences beside what is told in them."""
    tally = Tally()
    for sentence in labelled:
        wanted = Counter(_key(one) for one in sentence.facts)
        found = Counter(
            _key({"kind": one.kind, "subject": one.subject, "value": one.value, "item": one.item})
            for one in reader.read(sentence)
        )
        tally.right.update(kind for kind, *_ in (wanted & found).elements())
        tally.wrong.update(kind for kind, *_ in (found - wanted).elements())
        tally.missed.update(kind for kind, *_ in (wanted - found).elements())
        if not sentence.facts:
            tally.without += 1
            tally.invented += bool(found)
    return tally


def _key(fact: Mapping[str, Any]) -> tuple[str, str, str]:
    kind, value = str(fact["kind"]), fact["value"]
    item = str(fact.get("item") or "") if kind == "family" else ""
    return kind, str(fact["subject"]).casefold(), f"{_plain(value)} {item}".casefold()


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        said = {key: value[key] for key in sorted(value) if value[key] is not None}
        return str({key: str(one) for key, one in said.items()})
    return str(value)


def _share(right: int, other: int) -> float:
    return right / (right + other) if right + other else 1.0


def _figures(part: str, language: str, tally: Tally) -> Iterator[Figure]:
    name = f"{part.replace('_', ' ')}, {language}"
    is_held_out = part == "held_out"
    yield _figure(
        f"{name}: precision",
        tally.precision,
        "",
        aim=f"≥ {LEAST_PRECISION}" if is_held_out else None,
        met=tally.precision >= LEAST_PRECISION if is_held_out else None,
    )
    yield _figure(
        f"{name}: recall",
        tally.recall,
        "",
        aim=f"≥ {LEAST_RECALL}" if is_held_out else None,
        met=tally.recall >= LEAST_RECALL if is_held_out else None,
    )
    yield _figure(
        f"{name}: sentences without a fact that gave one",
        tally.invented,
        f"of {tally.without}",
    )


def _tell_kinds(part: str, language: str, tally: Tally) -> None:
    sys.stderr.write(f"{part}, {language}: kind · right · wrong · missed\n")
    for kind in sorted({*tally.right, *tally.wrong, *tally.missed}):
        counts = (tally.right[kind], tally.wrong[kind], tally.missed[kind])
        sys.stderr.write(f"  {kind}: {' · '.join(map(str, counts))}\n")
