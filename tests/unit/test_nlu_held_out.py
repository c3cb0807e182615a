"""Judging by machines that have not seen the examples: here and in a process of its own the same,
and nothing is left of that process whatever happens to it."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import random as random_rows

from nlu import held_out
from nlu.held_out import Examples, judge, judging

CLASSES = 3


def examples(enough: int = 10**9) -> Examples:
    labels = np.arange(60, dtype=np.int64) % CLASSES
    rows = random_rows(60, 40, density=0.2, format="csr", random_state=1)
    rows[:, 0] = labels.reshape(-1, 1)  # one column tells them apart
    fold_of = np.arange(60, dtype=np.int64) // 3 % 3
    return Examples(rows.tocsr(), labels, CLASSES, fold_of, enough, 1.0)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[str]]:
    """The processes that were started, of two processors however many there are."""
    processes: list[subprocess.Popen[str]] = []
    popen = subprocess.Popen

    def remember(*given: Any, **named: Any) -> subprocess.Popen[str]:
        processes.append(popen(*given, **named))
        return processes[-1]

    monkeypatch.setattr(held_out.subprocess, "Popen", remember)
    monkeypatch.setattr(held_out, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    return processes


def test_every_fold_is_judged_by_the_others() -> None:
    found = judge(examples())
    assert found.judged.tolist() == list(range(60))
    assert (found.decisions.argmax(axis=1) == examples().labels).mean() > 0.6


def test_folds_are_left_alone_once_enough_were_judged() -> None:
    assert judge(examples(enough=15)).judged.tolist() == [
        at for at in range(60) if at // 3 % 3 == 0
    ]


def test_a_process_judges_bit_for_bit_the_same(started: list[subprocess.Popen[str]]) -> None:
    with judging(60) as by_process:
        by_process.ask(examples())
        found = by_process.answer()
    (process,) = started
    assert process.returncode == 0
    here = judge(examples())
    assert (found.judged == here.judged).all()
    assert (found.decisions == here.decisions).all()


@pytest.mark.parametrize("when", ["before it is asked", "before it answers"])
def test_a_process_that_dies_is_not_missed(started: list[subprocess.Popen[str]], when: str) -> None:
    with judging(60) as by_process:
        (process,) = started
        if when == "before it is asked":
            process.send_signal(signal.SIGKILL)
            process.wait()
        by_process.ask(examples())
        process.send_signal(signal.SIGKILL)
        assert (by_process.answer().decisions == judge(examples()).decisions).all()


def test_the_process_ends_with_a_training_that_failed(
    started: list[subprocess.Popen[str]], tmp_path: Path
) -> None:
    with pytest.raises(ZeroDivisionError), judging(60):
        raise ZeroDivisionError
    (process,) = started
    assert process.poll() is not None


def test_few_examples_start_no_process(
    started: list[subprocess.Popen[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_out, "WORTH_A_PROCESS", 61)
    with judging(60) as here:
        here.ask(examples())
        assert len(here.answer().judged) == 60
    assert started == []


def test_only_what_was_asked_is_answered() -> None:
    with judging(0) as nothing, pytest.raises(RuntimeError, match="nothing was asked"):
        nothing.answer()
