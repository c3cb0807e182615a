"""Starting the web part stays quick: what only the agents need is never loaded."""

from __future__ import annotations

import subprocess
import sys

from settings import PROJECT

HEAVY = ("rasa", "rasa_sdk", "spacy", "kiwipiepy", "sklearn", "scipy", "numpy", "apscheduler")


def test_web_loads_nothing_of_the_agents() -> None:
    script = (
        "import sys, web.server, web.application, channels.twilio.incoming;"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
