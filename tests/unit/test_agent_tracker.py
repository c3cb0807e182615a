"""The tracker row stays small and means the same; asked of Rasa's own tracker."""

from __future__ import annotations

from agent import stand_ins

stand_ins.install()

from rasa.shared.core import events as rasa_events  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import (  # noqa: E402
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402

from agent.tracker_store import MOST_EVENTS, bounded  # noqa: E402

DOMAIN = Domain.from_dict(
    {
        "intents": ["greet"],
        "slots": {
            name: {"type": "any", "mappings": [{"type": "custom"}]} for name in ("colour", "size")
        },
        "forms": {"size_form": {"required_slots": []}},
    }
)


def _turn(number: int) -> list[Event]:
    ranking = [{"name": "greet", "confidence": 0.9}] * 20
    parsed = {"intent": {"name": "greet", "confidence": 0.9}, "intent_ranking": ranking}
    return [
        UserUttered(f"안녕 {number}", {"name": "greet", "confidence": 0.9}, [], parsed),
        ActionExecuted("action_greet"),
        BotUttered("안녕하세요", {"elements": [{"title": "x" * 500}]}),
        ActionExecuted("action_listen"),
    ]


def _tracker(*happened: Event) -> DialogueStateTracker:
    return DialogueStateTracker.from_events(
        "cus_1", list(happened), slots=DOMAIN.slots, domain=DOMAIN
    )


def _reread(tracker: DialogueStateTracker) -> DialogueStateTracker:
    return _tracker(*rasa_events.deserialise_events(bounded(tracker)))


def _begin() -> list[Event]:
    return [
        ActionExecuted("action_session_start"),
        SessionStarted(),
        ActionExecuted("action_listen"),
    ]


def test_a_short_conversation_is_kept_whole() -> None:
    tracker = _tracker(*_begin(), SlotSet("colour", "red"), *_turn(1))
    again = _reread(tracker)
    assert [type(event) for event in again.events] == [type(event) for event in tracker.events]
    assert again.latest_message.text == "안녕 1"
    assert again.current_slot_values() == {**tracker.current_slot_values(), "colour": "red"}


def test_rankings_and_cards_are_not_kept() -> None:
    kept = bounded(_tracker(*_begin(), *_turn(1)))
    assert "intent_ranking" not in str(kept)
    assert "xxx" not in str(kept)


def test_a_long_conversation_stays_small_however_long() -> None:
    tracker = _tracker(*_begin())
    for number in range(500):
        for event in _turn(number):
            tracker.update(event, DOMAIN)
        tracker = _reread(tracker)
        assert len(tracker.events) <= MOST_EVENTS
    assert tracker.latest_message.text == "안녕 499"


def test_what_dropped_turns_had_set_stays_set() -> None:
    turns = [event for number in range(30) for event in _turn(number)]
    tracker = _tracker(
        *_begin(), SlotSet("colour", "red"), SlotSet("size", 1), SlotSet("size", None), *turns
    )
    again = _reread(tracker)
    assert again.get_slot("colour") == "red"
    assert again.get_slot("size") is None


def test_an_open_form_stays_open() -> None:
    turns = [event for number in range(30) for event in _turn(number)]
    again = _reread(_tracker(*_begin(), ActiveLoop("size_form"), *turns))
    assert again.active_loop_name == "size_form"


def test_what_is_kept_begins_at_a_turn() -> None:
    turns = [event for number in range(30) for event in _turn(number)]
    again = _reread(_tracker(*_begin(), *turns))
    first = next(place for place, event in enumerate(again.events) if type(event) is UserUttered)
    assert again.events[first - 1].action_name == "action_listen"
    assert again.latest_action_name == "action_listen"
