"""Which label follows which, and the likeliest run of labels for a text.

Knows nothing of entities: a label is a number. Needs only numpy.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from nlu.vocabulary import Floats, Integers

_UNSEEN = 0.1
"""What a pair of labels that was never seen counts for."""
_STRONGEST = 4.0
"""No pair says more than this, for or against."""
_WEIGHT = 0.07
"""What a log-odds of 1 is worth beside a decision value (chosen on two held-out fifths of the
first fold of the NLU benchmark; 0.05 to 0.1 do as well)."""


def learn_following(labelled: Iterable[Sequence[int]], labels: int) -> Floats:
    """From row to column: the log-odds that the second label follows the first, beside how
    frequent it is after any."""
    pairs = np.full((labels, labels), _UNSEEN)
    for text in labelled:
        np.add.at(pairs, (text[:-1], text[1:]), 1.0)
    after_first = pairs / pairs.sum(axis=1, keepdims=True)
    after_any = pairs.sum(axis=0) / pairs.sum()
    odds: Floats = np.clip(np.log(after_first / after_any), -_STRONGEST, _STRONGEST)
    return odds


def likeliest_run(decisions: Floats, following: Floats) -> list[int]:
    """One label for each row of decision values, so that their sum with what follows what is the
    largest (Viterbi, 1967); nothing for no rows."""
    if len(decisions) == 0:
        return []
    steps = _WEIGHT * following
    best = decisions[0]
    came_from: list[Integers] = []
    for row in decisions[1:]:
        sums = best[:, np.newaxis] + steps
        came_from.append(sums.argmax(axis=0))
        best = sums.max(axis=0) + row
    run = [int(best.argmax())]
    for origins in reversed(came_from):
        run.append(int(origins[run[-1]]))
    return run[::-1]
