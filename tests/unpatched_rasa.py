"""What tests of the patches call: code in a process of its own, forked from one that has loaded
Rasa and patched nothing (tests/fork_server.py).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from agent import stand_ins

stand_ins.install()

# Loaded here so that every process forked from the server has it.
import rasa.core.actions.action  # noqa: E402
import rasa.core.processor  # noqa: E402
import rasa.engine.storage.local_model_storage  # noqa: E402
import rasa.graph_components.providers.domain_provider  # noqa: E402
import rasa.shared.nlu.training_data.formats.rasa_yaml  # noqa: E402, F401


def run(code: str, printed: str) -> None:
    """Run `code`; what it prints is the content of the file `printed`."""
    with Path(printed).open("wb") as file:
        os.dup2(file.fileno(), 1)
    try:
        exec(code, {})  # noqa: S102 - the test's own
    finally:
        sys.stdout.flush()
