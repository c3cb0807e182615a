"""What the shop's own model costs and understands: trained as `./dangol train` does, in a process
that has done so once before, and asked the held-out sentences of tests/conversations/nlu_held_out.
"""

from __future__ import annotations

import asyncio
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from agent import training
from agent.incoming_text import neutralised
from agent.understanding import NOT_UNDERSTOOD, flows_of
from bench.nlu.peers import PROJECT

TRAINING_AIM = 8.0
"""Seconds."""
MESSAGE_AIM = 5.0
"""Milliseconds, the median."""
RIGHT_AIM = 0.94
"""Share of the held-out sentences of a language whose flow is right."""
CONSENTING = frozenset({"accept_offer", "affirm", "buy", "give_consent"})
"""Intents that nothing else may be read as."""
_HELD_OUT = PROJECT / "tests" / "conversations" / "nlu_held_out"


@dataclass(frozen=True, kw_only=True)
class Read:
    """What was made of the held-out sentences of one language."""

    sentences: int
    right_flows: float
    """Share."""
    wrongly_consenting: int
    """Sentences of another intent that were read as one of `CONSENTING`."""
    seconds: Sequence[float]
    """Of each sentence."""


def train() -> tuple[Path, float, float]:
    """The model's archive, which the caller deletes with its folder; seconds by the clock and of
    processor time that the second of two trainings took, with nothing kept but the process."""
    home = Path(tempfile.mkdtemp(prefix="bench-nlu-shop-"))
    took = worked = 0.0
    model = None
    for _ in range(2):
        shutil.rmtree(home / "rasa-cache", ignore_errors=True)
        began, began_working = time.perf_counter(), time.process_time()
        model = training.train(PROJECT, home, lambda _: None)
        took, worked = time.perf_counter() - began, time.process_time() - began_working
    assert model is not None
    return model.path, took, worked


def read(archive: Path) -> Mapping[str, Read]:
    """By the name of the held-out file: korean, english."""
    from rasa.core.agent import Agent

    flows = flows_of(PROJECT)
    return asyncio.run(_read_all(Agent.load(archive), flows))


async def _read_all(agent: Any, flows: Mapping[str, str]) -> Mapping[str, Read]:
    """In one event loop, as an agent does: to begin and end one takes a seventh of a message."""
    await agent.parse_message("안녕하세요, hello 1")  # loads the morpheme analyser
    return {
        name: await _read(agent, flows, list(_sentences(name))) for name in ("korean", "english")
    }


async def _read(agent: Any, flows: Mapping[str, str], asked: Sequence[tuple[str, str]]) -> Read:
    right = consenting = 0
    seconds = []
    for text, intent in asked:
        began = time.perf_counter()
        parsed = await agent.parse_message(neutralised(text))
        seconds.append(time.perf_counter() - began)
        found = parsed["intent"]["name"] or NOT_UNDERSTOOD
        right += flows[found] == flows[intent]
        consenting += found in CONSENTING and found != intent
    return Read(
        sentences=len(asked),
        right_flows=right / len(asked),
        wrongly_consenting=consenting,
        seconds=seconds,
    )


def _sentences(name: str) -> Iterator[tuple[str, str]]:
    groups = yaml.safe_load((_HELD_OUT / f"{name}.yml").read_text(encoding="utf-8"))
    for group in groups:
        yield from ((text, group["intent"]) for text in group["texts"])


def median_milliseconds(seconds: Sequence[float]) -> float:
    """Of all sentences."""
    return 1000 * statistics.median(seconds)
