"""Finds every entity of a text: the catalogue's words, measures and topics.

Takes the catalogue snapshot at the moment it reads a text, so that a new one needs no training.
"""

from __future__ import annotations

from collections.abc import Iterator

from nlu.catalogue import current_snapshot
from nlu.catalogue_matcher import CatalogueMatcher
from nlu.entity import Entity
from nlu.facts.calendar_days import find_calendar_days
from nlu.measures import find_measures
from nlu.names import find_names
from nlu.occasions import find_occasions
from nlu.quantities import find_quantities
from nlu.spoken_languages import find_languages
from nlu.topics import find_topics


class EntityFinder:
    """Keeps the matcher of the snapshot it last saw."""

    def __init__(self) -> None:
        """Without a matcher yet: the first text makes it."""
        self._matcher: CatalogueMatcher | None = None

    def find(self, text: str) -> list[Entity]:
        """All entities of the text, in text order."""
        snapshot = current_snapshot()
        if self._matcher is None or self._matcher.snapshot is not snapshot:
            self._matcher = CatalogueMatcher(snapshot)
        measures = find_measures(text)
        words = [
            word
            for word in self._matcher.find(text)
            if not any(word.entity == one.entity and word.overlaps(one) for one in measures)
        ]
        found = [*words, *measures, *find_names(text), *find_topics(text)]
        found += [*find_languages(text), *find_quantities(text)]
        found += [*find_occasions(text), *_moments(text)]
        return sorted(found, key=lambda one: (one.start, one.end))


def _moments(text: str) -> Iterator[Entity]:
    """Entities `moment`: days and months in the notation of nlu/facts/calendar_days.py."""
    for day in find_calendar_days(text):
        yield Entity("moment", day.value, day.start, day.end)
