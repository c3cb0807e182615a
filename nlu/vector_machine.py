"""The linear support vector machine that tells classes of sparse rows apart.

Must be repeatable: the same rows give the same machine, bit for bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from nlu.vocabulary import Floats, Integers

_TOLERANCE = 0.3
"""Of the machine's solver. Ten times finer takes half as long again and answers no better; twice
as coarse, it answers worse where sentences are few."""


def fit(
    rows: csr_matrix, labels: Integers, classes: int, regularisation: float
) -> tuple[Floats, Floats]:
    """Weights (columns × classes) and intercepts; a class without examples never wins."""
    from sklearn.svm import LinearSVC

    machine = LinearSVC(
        C=regularisation,
        multi_class="crammer_singer",
        tol=_TOLERANCE,
        max_iter=5000,
        random_state=0,
    )
    machine.fit(rows, labels)
    seen = machine.classes_
    coefficients, offsets = machine.coef_, machine.intercept_
    if len(seen) == 2:  # scikit-learn keeps their difference
        coefficients = np.vstack([-coefficients, coefficients]) / 2
        offsets = np.concatenate([-offsets, offsets]) / 2
    weights = np.zeros((rows.shape[1], classes))
    intercept = np.full(classes, -1.0)
    weights[:, seen] = coefficients.T
    intercept[seen] = offsets
    return weights, intercept
