"""Scores what a pipeline made of texts: intents and entities by Rasa's own evaluator, in-scope
accuracy and out-of-scope recall at a threshold that was chosen on another part.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.nlu.data_files import OUTSIDE, Example
from nlu.training import quantile


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a pipeline made of one text."""

    intent: str
    """The best intent, whether trusted or not."""
    trust: float
    """The higher, the likelier the text is for any intent: a margin or a confidence."""
    is_refused: bool
    """Whether the pipeline itself refused it."""
    entities: Sequence[dict[str, Any]]
    tokens: Sequence[Any]
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Scope:
    """How well texts that are for no intent are told apart."""

    inside: float
    """Share of the texts inside that got their intent, and were not refused."""
    outside: float
    """Share of the texts outside that were refused."""


def intents(asked: Sequence[Example], read: Sequence[Read]) -> dict[str, float]:
    """`accuracy`, `macro` and `f1` (Rasa's figure: weighted by how many texts an intent has)."""
    from rasa.nlu.test import IntentEvaluationResult, evaluate_intents

    results = [
        IntentEvaluationResult(one.intent, found.intent, one.text, found.trust)
        for one, found in zip(asked, read, strict=True)
    ]
    scored = evaluate_intents(results, None, False, False, True, report_as_dict=True)
    macro = scored["report"]["macro avg"]["f1-score"]
    return {"accuracy": scored["accuracy"], "macro": macro, "f1": scored["f1_score"]}


def entities(asked: Sequence[Example], read: Sequence[Read], extractor: str) -> dict[str, float]:
    """`f1` and `precision` of one extractor, over the tokens of entities; Rasa weighs each kind by
    how many tokens it has. `micro` counts every token alike. `shared` counts entities: one is found
    if another of its kind shares a word with it (Vanzo et al., 2019; so do Bunk et al., 2020, in
    whose paper DIET's published figure is).
    """
    from rasa.nlu.test import EntityEvaluationResult, evaluate_entities

    extracted = [
        [entity for entity in found.entities if entity["extractor"] == extractor] for found in read
    ]
    results = [
        EntityEvaluationResult(list(one.entities), theirs, list(found.tokens), one.text)
        for one, theirs, found in zip(asked, extracted, read, strict=True)
    ]
    scored = evaluate_entities(results, {extractor}, None, False, False, True, report_as_dict=True)[
        extractor
    ]
    micro = scored["report"].get("micro avg", scored["report"].get("accuracy"))
    return {
        "f1": scored["f1_score"],
        "precision": scored["precision"],
        "micro": micro["f1-score"] if isinstance(micro, dict) else float(micro),
        "shared": _shared(asked, extracted),
    }


def _shared(asked: Sequence[Example], extracted: Sequence[Sequence[Mapping[str, Any]]]) -> float:
    met = missed = invented = 0
    for one, theirs in zip(asked, extracted, strict=True):
        found = [_shares_a_word(entity, theirs) for entity in one.entities]
        met += sum(found)
        missed += len(found) - sum(found)
        invented += sum(not _shares_a_word(entity, one.entities) for entity in theirs)
    return 2 * met / max(2 * met + missed + invented, 1)


def _shares_a_word(entity: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> bool:
    return any(
        other["entity"] == entity["entity"]
        and other["start"] < entity["end"]
        and entity["start"] < other["end"]
        for other in others
    )


def threshold(asked: Sequence[Example], read: Sequence[Read], loss: float) -> float:
    """The trust below which `loss` of the right answers inside the scope lie."""
    right = [
        found.trust
        for one, found in zip(asked, read, strict=True)
        if one.intent == found.intent != OUTSIDE
    ]
    return quantile(np.asarray(right), loss)


def scope(asked: Sequence[Example], read: Sequence[Read], least: float | None) -> Scope:
    """With everything below `least` refused; None: what the pipeline itself refused."""
    inside: list[float] = []
    outside: list[float] = []
    for one, found in zip(asked, read, strict=True):
        unsure = found.is_refused if least is None else found.trust < least
        is_refused = unsure or found.intent == OUTSIDE
        if one.intent == OUTSIDE:
            outside.append(is_refused)
        else:
            inside.append(not is_refused and found.intent == one.intent)
    return Scope(inside=statistics.mean(inside), outside=statistics.mean(outside))
