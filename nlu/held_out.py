"""What machines make of training examples that they have not seen.

Such a machine takes as long as the one that is kept, and needs nothing of it: with a second
processor and examples enough, both are trained side by side, the judging one in a process of its
own (scikit-learn's solver draws from one stream of random numbers a process, so that threads would
not be repeatable). `python -m nlu.held_out` is that process.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nlu.vector_machine import fit

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from nlu.vocabulary import Floats, Integers

WORTH_A_PROCESS = 10_000
"""With fewer examples, to start a process takes as long as it saves."""
_PROJECT = Path(__file__).resolve().parents[1]
_EXAMPLES, _FOUND = "examples.npz", "found.npz"
_BEGIN = "begin\n"


@dataclass(frozen=True)
class HeldOut:
    """What machines that had not seen the examples made of them."""

    judged: Integers
    """Which examples: all, or those of as many folds as were enough."""
    decisions: Floats
    """One row a judged example, one column a class."""


@dataclass(frozen=True)
class Examples:
    """Rows with their classes, dealt out to folds."""

    rows: csr_matrix
    labels: Integers
    classes: int
    fold_of: Integers
    enough: int
    """Once this many examples were judged, the other folds are left alone."""
    regularisation: float

    def save(self, path: Path) -> None:
        """As an archive of NumPy's."""
        np.savez(
            path,
            values=self.rows.data,
            columns=self.rows.indices,
            starts=self.rows.indptr,
            shape=self.rows.shape,
            labels=self.labels,
            classes=self.classes,
            fold_of=self.fold_of,
            enough=self.enough,
            regularisation=self.regularisation,
        )

    @classmethod
    def load(cls, path: Path) -> Examples:
        """What `save` wrote."""
        from scipy.sparse import csr_matrix

        with np.load(path) as kept:
            rows = (kept["values"], kept["columns"], kept["starts"])
            return cls(
                rows=csr_matrix(rows, shape=tuple(kept["shape"])),
                labels=kept["labels"],
                classes=int(kept["classes"]),
                fold_of=kept["fold_of"],
                enough=int(kept["enough"]),
                regularisation=float(kept["regularisation"]),
            )


def judge(examples: Examples) -> HeldOut:
    """Decision values of fold after fold, each judged by a machine of all the others."""
    labels, fold_of = examples.labels, examples.fold_of
    decisions = np.zeros((len(labels), examples.classes))
    judged = 0
    while judged <= fold_of.max(initial=-1) and (fold_of < judged).sum() < examples.enough:
        out = fold_of == judged
        judged += 1
        if out.any() and len(np.unique(labels[~out])) >= 2:
            rows, of_rows = examples.rows[~out], labels[~out]
            weights, intercept = fit(rows, of_rows, examples.classes, examples.regularisation)
            decisions[out] = examples.rows[out] @ weights + intercept
    at = np.flatnonzero(fold_of < judged)
    return HeldOut(at, decisions[at])


class Judge:
    """Is asked once, and then answers."""

    def __init__(self, folder: Path, process: subprocess.Popen[str] | None) -> None:
        """Without a process it judges when its answer is wanted."""
        self._folder = folder
        self._process = process
        self._asked: Examples | None = None

    def ask(self, examples: Examples) -> None:
        """Begin to judge them, if there is a process for it."""
        self._asked = examples
        if self._process is not None and self._process.stdin is not None:
            examples.save(self._folder / _EXAMPLES)
            with suppress(BrokenPipeError):  # it has died: its answer will be missed
                self._process.stdin.write(_BEGIN)
                self._process.stdin.close()

    def answer(self) -> HeldOut:
        """Of the examples that were asked about. Raises RuntimeError if none were."""
        if self._asked is None:
            raise RuntimeError("nothing was asked")
        if self._process is None or self._process.wait() != 0:
            return judge(self._asked)
        with np.load(self._folder / _FOUND) as found:
            return HeldOut(found["judged"], found["decisions"])


@contextmanager
def judging(examples: int) -> Iterator[Judge]:
    """A judge of so many examples. If it has a process, that is over when the block is."""
    with tempfile.TemporaryDirectory(prefix="held-out-") as folder:
        if examples < WORTH_A_PROCESS or (os.cpu_count() or 1) < 2:
            yield Judge(Path(folder), None)
            return
        command = [sys.executable, "-m", "nlu.held_out", folder]
        with subprocess.Popen(command, cwd=_PROJECT, stdin=subprocess.PIPE, text=True) as process:
            try:
                yield Judge(Path(folder), process)
            finally:
                process.kill()


def _judge_when_told(folder: Path) -> None:
    import sklearn.svm  # noqa: F401  # loaded while the examples are still being read

    if sys.stdin.readline() == _BEGIN:
        found = judge(Examples.load(folder / _EXAMPLES))
        np.savez(folder / _FOUND, judged=found.judged, decisions=found.decisions)


if __name__ == "__main__":
    try:
        _judge_when_told(Path(sys.argv[1]))
    except KeyboardInterrupt:
        sys.exit(130)
