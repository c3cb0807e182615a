"""An agent that says it is ready has understood a text before."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent import stand_ins, training


@pytest.mark.usefixtures("small_folder")
def test_a_model_understands_once_before_it_is_in_use(
    small_model: training.TrainedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_ins.install()
    from rasa.core.processor import MessageProcessor

    from agent import in_process, patches
    from agent.model import FIRST_TEXT, Model
    from tests import small_project

    patches.apply()
    understood: list[str] = []
    parse = MessageProcessor.parse_message

    async def noted(self: MessageProcessor, message: object, **more: object) -> object:
        understood.append(str(getattr(message, "text", "")))
        return await parse(self, message, **more)

    monkeypatch.setattr(MessageProcessor, "parse_message", noted)
    Model(Path(small_model.path), None, in_process.load_actions(small_project.ACTIONS))
    assert understood == [FIRST_TEXT]
