"""The scores of the bench, held against scikit-learn's and against cases counted by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from sklearn.metrics import accuracy_score, f1_score

from agent import stand_ins

stand_ins.install()

from rasa.nlu.tokenizers.tokenizer import Token  # noqa: E402

from bench.nlu import scores  # noqa: E402
from bench.nlu.data_files import OUTSIDE, Example  # noqa: E402
from bench.nlu.scores import Read, Scope  # noqa: E402

OURS = "ours"


def read(intent: str, trust: float = 1.0, is_refused: bool = False) -> Read:
    return Read(
        intent=intent, trust=trust, is_refused=is_refused, entities=[], tokens=[], seconds=0.0
    )


def asked(*intents: str) -> list[Example]:
    return [Example(text="x", intent=intent) for intent in intents]


def test_intents_are_scored_as_scikit_learn_scores_them() -> None:
    wanted = ["a", "a", "a", "b", "b", "c", "c", "c", "c", "d"]
    found = ["a", "b", "a", "b", "b", "c", "a", "c", "c", "c"]
    scored = scores.intents(asked(*wanted), [read(intent) for intent in found])
    assert scored["accuracy"] == pytest.approx(accuracy_score(wanted, found)) == 0.7
    assert scored["macro"] == pytest.approx(
        f1_score(wanted, found, average="macro", zero_division=0)
    )
    assert scored["f1"] == pytest.approx(
        f1_score(wanted, found, average="weighted", zero_division=0)
    )


def entity(name: str, text: str, words: Sequence[str], extractor: str = OURS) -> dict[str, Any]:
    start = text.index(words[0])
    end = text.index(words[-1]) + len(words[-1])
    value = text[start:end]
    return {
        "entity": name,
        "start": start,
        "end": end,
        "value": value,
        "extractor": extractor,
        "confidence_entity": 1.0,
    }


def test_entities_are_scored_by_the_token() -> None:
    text = "play hey jude by the beatles for nine"
    tokens = [Token(word, text.index(word)) for word in text.split()]
    wanted = [
        entity("song", text, ["hey", "jude"]),
        entity("artist", text, ["the", "beatles"]),
        entity("time", text, ["nine"]),
    ]
    found = [
        entity("song", text, ["hey", "jude"]),
        entity("artist", text, ["beatles"]),
        entity("artist", text, ["nine"]),
        entity("time", text, ["for"], extractor="another"),
    ]
    asked_of = [Example(text=text, intent="play", entities=wanted)]
    answered = [replace(read("play"), entities=found, tokens=tokens)]
    scored = scores.entities(asked_of, answered, OURS)
    # By hand. song: 2 tokens, both found. artist: 2 tokens, one found, one token too many: 1/2.
    # time: 1 token, not found: 0. Weighted by 2, 2, 1 tokens: (2 x 1 + 2 x 1/2 + 0) / 5.
    assert scored["f1"] == pytest.approx(0.6)
    # Of 4 tokens that were called something 3 are right, of 5 that are something 3 were found.
    assert scored["micro"] == pytest.approx(2 * 3 / (4 + 5))
    # Song and artist share a word with one of their name; "nine" is an artist too many, and a
    # time too few.
    assert scored["shared"] == pytest.approx(2 * 2 / (2 * 2 + 1 + 1))


def test_the_threshold_costs_the_stated_share_of_the_right_answers() -> None:
    trusts = [0.9, 0.1, 0.5, 0.3, 0.7]
    right = [read("a", trust) for trust in trusts]
    wrong = [read("b", -5.0), read(OUTSIDE, -9.0)]
    everything = asked(*["a"] * 6, OUTSIDE)
    assert scores.threshold(everything, [*right, *wrong], 0.2) == 0.3
    assert scores.threshold(everything, [*right, *wrong], 0.0) == 0.1
    assert scores.threshold(asked("a"), [read("b")], 0.2) == float("-inf")


def test_inside_and_outside_are_counted_apart() -> None:
    wanted = asked("a", "a", "b", "b", OUTSIDE, OUTSIDE, OUTSIDE)
    found = [
        read("a", 0.9),
        read("a", 0.4),  # right, but below the threshold
        read("a", 0.8),  # wrong
        read(OUTSIDE, 0.9),  # taken for a text of no intent
        read("a", 0.9),
        read("a", 0.1),
        read(OUTSIDE, 0.9),
    ]
    assert scores.scope(wanted, found, 0.5) == Scope(inside=1 / 4, outside=2 / 3)


def test_what_the_pipeline_refuses_itself_counts_without_a_threshold() -> None:
    wanted = asked("a", "a", OUTSIDE, OUTSIDE)
    found = [read("a", 0.0), read("a", 9.0, is_refused=True)]
    found += [read("a", 0.0), read("a", 9.0, is_refused=True)]
    assert scores.scope(wanted, found, None) == Scope(inside=0.5, outside=0.5)
