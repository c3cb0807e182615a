"""Rasa's tracker of the customer whose turn is open: one JSONB row, recalled and written with
the turn. It is a scratch pad (DESIGN rule 8): what it cannot read it starts afresh, and it
stays small however long the conversation. Outside a turn (stock commands) it is kept in memory.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core import events as rasa_events
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from agent.slots import memory_slots
from memory import current
from memory.current import CurrentTurn

log = logging.getLogger(__name__)

MOST_EVENTS = 36
"""About five turns. Longer trackers are cut at a turn; what they set stays set."""

SESSION = timedelta(hours=1)
"""Silence after which Rasa starts over with what memory holds."""

OPEN_FOR = timedelta(hours=24)
"""Business time for which a question stays open beyond its session, so that a number or a size is
still understood; later it is asked what is meant."""
STAYING_OPEN = frozenset(
    {
        *("bought_what", "category", "code", "mute_topic", "order_size", "phone", "product"),
        *("remind_when", "shoe_size", "topic", "which_offer"),
    }
)
"""Questions that may be answered hours later. None of them takes a mere yes, which counts only
straight after what it agrees to."""
_OF_A_QUESTION = ("open_question", "question_about")


class OneRowTrackerStore(InMemoryTrackerStore):
    """The open turn's tracker; in memory where no turn is open."""

    def __init__(
        self, domain: Any = None, event_broker: Any = None, host: object = None, **_options: Any
    ) -> None:
        """As Rasa builds a store named in endpoints.yml; `host` and the options are not used."""
        super().__init__(domain, event_broker)
        self.latest: DialogueStateTracker | None = None
        """The tracker last saved in a turn."""
        self.row: dict[str, Any] | None = None
        """Its row; None until the open turn has saved it."""

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker of this session, with the slots that memory fills for this turn."""
        open_turn = current.opened_now()
        if open_turn is None:
            return await super().retrieve(sender_id)
        self.row = None
        tracker = self._read(open_turn.recalled.tracker, open_turn) or self._begin(open_turn)
        self._fill(tracker, open_turn)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep what is to become the row; the turn writes it down with its answers."""
        open_turn = current.opened_now()
        if open_turn is None:
            await super().save(tracker)
            return
        self.latest = tracker
        self.row = {"at": open_turn.now.isoformat(), "events": bounded(tracker)}

    def _read(
        self, kept: Mapping[str, Any] | None, open_turn: CurrentTurn
    ) -> DialogueStateTracker | None:
        if kept is None:
            return None
        try:
            silent_for = open_turn.now - datetime.fromisoformat(kept["at"])
            if silent_for > OPEN_FOR:
                return None
            events = [_from_json(event) for event in kept["events"]]
            tracker = self._from_events(open_turn, events)
            return tracker if silent_for <= SESSION else self._begin_after(tracker, open_turn)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            log.warning(
                "A tracker could not be read and was begun afresh.",
                extra={
                    "action": "tracker_discarded",
                    "customer_id": open_turn.customer_id,
                    "error": type(error).__name__,
                },
            )
            return None

    def _begin(self, open_turn: CurrentTurn) -> DialogueStateTracker:
        """A new session. Rasa's own session start copies every slot ever set; ours carries none,
        because memory fills them anew."""
        return self._from_events(
            open_turn,
            [
                ActionExecuted("action_session_start"),
                SessionStarted(),
                ActionExecuted("action_listen"),
            ],
        )

    def _begin_after(
        self, before: DialogueStateTracker, open_turn: CurrentTurn
    ) -> DialogueStateTracker:
        """A new session that knows the question which the one before has left open."""
        tracker = self._begin(open_turn)
        if before.get_slot(_OF_A_QUESTION[0]) in STAYING_OPEN:
            for name in _OF_A_QUESTION:
                tracker.update(SlotSet(name, before.get_slot(name)), self.domain)
        return tracker

    def _from_events(
        self, open_turn: CurrentTurn, happened: Sequence[Event]
    ) -> DialogueStateTracker:
        known = {slot.name for slot in self.domain.slots}
        tracker = DialogueStateTracker(open_turn.customer_id, self.domain.slots)
        for event in happened:
            if not isinstance(event, SlotSet) or event.key in known:
                tracker.update(event, self.domain)
        return tracker

    def _fill(self, tracker: DialogueStateTracker, open_turn: CurrentTurn) -> None:
        for name, value in memory_slots(open_turn, tracker.slots).items():
            if tracker.slots[name].value != value:
                tracker.update(SlotSet(name, value), self.domain)


def bounded(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """The events to keep, as JSON: the last MOST_EVENTS of the session from the beginning of a
    turn, after the slots and the form that the dropped ones had left."""
    happened = list(tracker.events)
    if len(happened) <= MOST_EVENTS:
        return [_as_json(event) for event in happened]
    first = _turn_boundary(happened)
    dropped = DialogueStateTracker(tracker.sender_id, tracker.slots.values())
    for slot in dropped.slots.values():
        slot.reset()
    for event in happened[:first]:
        dropped.update(event)
    left: list[Event] = [ActionExecuted("action_session_start"), SessionStarted()]
    left += [SlotSet(name, slot.value) for name, slot in dropped.slots.items() if slot.has_been_set]
    if dropped.active_loop is not None:
        left.append(rasa_events.ActiveLoop(dropped.active_loop.name))
    left.append(ActionExecuted("action_listen"))
    return [_as_json(event) for event in [*left, *happened[first:]]]


def _turn_boundary(happened: Sequence[Event]) -> int:
    starts = [place for place, event in enumerate(happened) if isinstance(event, UserUttered)]
    recent = [place for place in starts if place >= len(happened) - MOST_EVENTS // 2]
    return recent[0] if recent else starts[-1]


@functools.cache
def _kind(name: str) -> Any:
    """Rasa looks through all its classes of events for every event it reads; once is enough."""
    return Event.resolve_by_type(name)


def _from_json(kept: Mapping[str, Any]) -> Event:
    """Raises ValueError for an event that Rasa does not know."""
    return _kind(kept["event"])._from_parameters(kept)


def _as_json(event: Event) -> dict[str, Any]:
    """The event without what only weighs: rankings, cards and the values of wordings."""
    kept: dict[str, Any] = event.as_dict()
    if kept["event"] == "user":
        parsed = kept["parse_data"]
        kept["parse_data"] = {
            name: parsed[name] for name in ("intent", "entities", "text") if name in parsed
        }
        kept.pop("metadata", None)
    elif kept["event"] == "bot":
        kept["data"] = {}
    return kept
