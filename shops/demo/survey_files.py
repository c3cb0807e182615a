"""Reads `data/surveys/*.yml`: what the shop would like to know of its customers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from shops.demo.fields import LANGUAGES, Fields, read_yaml
from shops.store import AskedOf, Survey, SurveyOption

SHORT_NAME = "[a-z0-9]+(_[a-z0-9]+)*"
MOST_OPTIONS = 5
"""A text message that is answered by number has room for no more."""


def read_surveys(folder: Path, categories: Sequence[str]) -> tuple[Survey, ...]:
    """Every survey of a folder, by the names of the files; none if there is no folder. Raises
    CatalogueError naming the file and the field."""
    taken: set[str] = set()
    found = []
    for path in sorted(folder.glob("*.yml")):
        fields = read_yaml(path, ("survey",)).inside(
            "survey", ("id", "question", "from", "until"), ("options", "asked_of", "team")
        )
        survey = _survey(fields, categories)
        if survey.id in taken:
            raise fields.refusal("id", f"{survey.id!r} is another survey's")
        taken.add(survey.id)
        found.append(survey)
    return tuple(found)


def _survey(fields: Fields, categories: Sequence[str]) -> Survey:
    begins, ends = fields.day("from"), fields.day("until")
    if ends < begins:
        raise fields.refusal("until", "must not be before `from`")
    return Survey(
        id=fields.text("id", SHORT_NAME, "a short name such as wide_kids_boots"),
        question=fields.words("question"),
        options=_options(fields) if fields.has("options") else (),
        asked_of=_asked_of(fields, categories),
        team=fields.text("team") if fields.has("team") else None,
        asked_from=begins,
        asked_until=ends,
    )


def _options(fields: Fields) -> tuple[SurveyOption, ...]:
    found = tuple(
        SurveyOption(
            id=one.text("id", SHORT_NAME, "a short name such as would_buy"),
            label=one.words("label"),
        )
        for one in fields.records("options", "id", ("id", "label"))
    )
    if not 2 <= len(found) <= MOST_OPTIONS:
        raise fields.refusal("options", f"must be 2 to {MOST_OPTIONS}")
    if len({one.id for one in found}) < len(found):
        raise fields.refusal("options", "the same id is there twice")
    return found


def _asked_of(fields: Fields, categories: Sequence[str]) -> AskedOf:
    if not fields.has("asked_of"):
        return AskedOf()
    told = fields.inside("asked_of", (), ("languages", "bought"))
    languages = told.texts("languages") if told.has("languages") else ()
    bought = told.texts("bought") if told.has("bought") else ()
    for key, named, known in (("languages", languages, LANGUAGES), ("bought", bought, categories)):
        for one in named:
            if one not in known:
                raise told.refusal(key, f"{one!r} is none of {', '.join(known)}")
    return AskedOf(languages=languages, bought=bought)
