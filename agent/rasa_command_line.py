"""Runs Rasa's own command line in this process, with the stand-ins and the mends it needs.

Knows nothing of paths and defaults: `command/rasa.py` gives it complete arguments.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from agent import patches, stand_ins

if TYPE_CHECKING:
    from settings import Settings


def run(arguments: list[str], settings: Settings | None = None) -> int:
    """Run `rasa ARGUMENTS…` and return its exit status. `run actions` needs the settings of a
    database that answers."""
    stand_ins.install()
    import rasa.__main__
    import rasa.core.test
    import rasa_sdk.__main__

    from agent.action_server import serve

    patches.train_in_less_time()
    if settings is not None:
        rasa_sdk.__main__.main_from_args = partial(serve, settings=settings)
    rasa.core.test.evaluate_entities = _evaluate_entities_if_any
    sys.argv = ["rasa", *arguments]
    try:
        rasa.__main__.main()
    except SystemExit as finished:
        return _status(finished.code)
    return 0


def _status(code: str | int | None) -> int:
    if isinstance(code, str):
        sys.stderr.write(f"{code}\n")
        return 1
    return code or 0


def _evaluate_entities_if_any(entity_results: list[Any], *arguments: Any) -> Any:
    # Rasa compares the entities that policies found, of which ours find none; scikit-learn, from
    # 1.7 on, refuses to compare nothing with nothing.
    from rasa.nlu.test import evaluate_entities

    if any(result.tokens for result in entity_results):
        return evaluate_entities(entity_results, *arguments)
    return {}
