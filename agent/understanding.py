"""Understands texts without a database, for the command line: loads what that needs and no more."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from agent import patches, stand_ins, training
from agent.incoming_text import is_command, neutralised
from agent.training import Progress
from nlu.language import detect

NOT_UNDERSTOOD = "nlu_fallback"
OUT_OF_SCOPE = "out_of_scope"


def understand(
    texts: Iterable[str], *, project: Path, home: Path, progress: Progress
) -> Iterator[dict[str, Any]]:
    """One object a text: `text`, `language`, `intent`, `flow`, `confidence`, `entities`.

    `flow` is the file stem under data/nlu that holds the intent. Trains first if `home` has no
    model of the present inputs. Raises agent.training.TrainingFailed.
    """
    model = training.trained(project, home, progress)
    flows = flows_of(project)
    progress("Loading the model")
    with tempfile.TemporaryDirectory(prefix="understand-") as folder:
        processor = _load(model.path, folder)
    with asyncio.Runner() as runner:
        for text in texts:
            yield runner.run(_read(processor, text, flows))


def flows_of(project: Path) -> dict[str, str]:
    """Which flow (file stem under data/nlu) each intent belongs to."""
    flows = {NOT_UNDERSTOOD: OUT_OF_SCOPE}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for path in sorted((project / "data" / "nlu").rglob("*.yml")):
        content: Mapping[str, Any] = yaml.load(path.read_text(encoding="utf-8"), loader) or {}  # noqa: S506
        for block in content.get("nlu") or ():
            if "intent" in block:
                flows[str(block["intent"]).split("/")[0]] = path.stem
    return flows


def _load(archive: Path, folder: str) -> Any:
    """The NLU half of a Rasa agent."""
    stand_ins.install()
    from rasa.core.agent import Agent

    patches.apply()
    tempfile.tempdir = folder
    try:
        return Agent.load(archive).processor
    finally:
        tempfile.tempdir = None


async def _read(processor: Any, text: str, flows: Mapping[str, str]) -> dict[str, Any]:
    from rasa.core.channels.channel import UserMessage

    said = neutralised(text)
    parsed: dict[str, Any] = {"intent": {"name": NOT_UNDERSTOOD, "confidence": 1.0}, "entities": []}
    if not is_command(text):
        parsed = await processor.parse_message(UserMessage(said))
    intent = parsed["intent"]["name"] or NOT_UNDERSTOOD
    return {
        "text": text,
        "language": detect(text),
        "intent": intent,
        "flow": flows.get(intent, OUT_OF_SCOPE),
        "confidence": float(parsed["intent"]["confidence"]),
        "entities": [
            {key: entity[key] for key in ("entity", "value", "start", "end")}
            for entity in parsed["entities"]
        ],
    }
