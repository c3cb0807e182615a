"""Days of the year that a shop may speak of and a customer may not want to hear of, in the words of
data/facts/words.yml.
"""

from __future__ import annotations

from functools import lru_cache

from nlu.catalogue import CatalogueEntry, CatalogueSnapshot
from nlu.catalogue_matcher import CatalogueMatcher
from nlu.entity import Entity
from nlu.facts.rules import read_words

TYPE = "topic"


def find_occasions(text: str) -> list[Entity]:
    """Entities `topic`: `mothers_day`, `christmas` …"""
    return _matcher().find(text)


@lru_cache(maxsize=1)
def _matcher() -> CatalogueMatcher:
    entries = (
        CatalogueEntry(TYPE, topic, tuple(phrase for by in said.values() for phrase in by))
        for topic, said in read_words().types[TYPE].items()
    )
    return CatalogueMatcher(CatalogueSnapshot(tuple(entries)))
