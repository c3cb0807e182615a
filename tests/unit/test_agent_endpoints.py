"""endpoints.yml as Rasa's own commands read it: our classes, without a database."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from agent import stand_ins

stand_ins.install()

from rasa.core.lock_store import LockStore  # noqa: E402
from rasa.core.nlg.generator import NaturalLanguageGenerator  # noqa: E402
from rasa.core.tracker_store import TrackerStore, check_if_tracker_store_async  # noqa: E402
from rasa.core.utils import AvailableEndpoints  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import ActionExecuted  # noqa: E402

from agent.lock_store import ClaimedLockStore  # noqa: E402
from agent.nlg import LiveWords  # noqa: E402
from agent.tracker_store import OneRowTrackerStore  # noqa: E402

PATH = Path(__file__).resolve().parents[2] / "endpoints.yml"
DOMAIN = Domain.from_dict({"responses": {"utter_hello": [{"text": "Hello"}]}})


def test_rasa_finds_our_classes() -> None:
    read = AvailableEndpoints.read_endpoints(str(PATH))
    store = TrackerStore.create(read.tracker_store, DOMAIN)
    assert isinstance(store, OneRowTrackerStore)
    assert check_if_tracker_store_async(store)
    assert isinstance(LockStore.create(read.lock_store), ClaimedLockStore)
    assert isinstance(NaturalLanguageGenerator.create(read.nlg, DOMAIN), LiveWords)


def test_no_variable_is_left_to_be_set() -> None:
    assert re.findall(r"\$\{", PATH.read_text(encoding="utf-8")) == []


def test_outside_a_turn_trackers_are_kept_in_memory() -> None:
    async def keep_and_find() -> list[str]:
        store = OneRowTrackerStore(DOMAIN)
        tracker = await store.get_or_create_tracker("somebody")
        tracker.update(ActionExecuted("action_listen"))
        await store.save(tracker)
        found = await store.retrieve("somebody")
        assert found is not None
        return [event.action_name for event in found.events]

    assert asyncio.run(keep_and_find()) == ["action_listen", "action_listen"]


def test_outside_a_turn_the_words_are_those_of_the_domain() -> None:
    async def say() -> object:
        tracker = await OneRowTrackerStore(DOMAIN).get_or_create_tracker("somebody")
        return await LiveWords(domain=DOMAIN).generate("utter_hello", tracker, "cmdline")

    assert asyncio.run(say()) == {"text": "Hello"}
