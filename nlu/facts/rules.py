"""The rules of facts, read from data/facts and checked: a mistake is told with its file, its rule
and what to do, because a rule that never matches would be noticed by nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nlu.facts import notation
from nlu.facts.notation import Written

FOLDER = Path(__file__).resolve().parents[2] / "data" / "facts"
WORDS_FILE = "words.yml"
LANGUAGES = ("ko", "en")
LEVELS = ("say", "say_when_proven", "never")
READINGS = (
    *("size", "day", "money", "number", "term", "text", "name", "constant", "city"),
    *("intention", "promise", "pet", "time", "family"),
)
RECOGNISED = (
    "size", "width", "money", "day", "age", "number", "time", "colour", "brand", "activity",
    "category", "product", "name", "phone", "code",
)  # fmt: skip
"""Types that are recognised without words of words.yml."""
_NEEDED = {"rule", "kind", "level", "value"}
_OPTIONAL = {"item", "of", "ages_out", "negated", "unless", "matches", "does_not_match", "type"}
_OPTIONAL |= {"even_asked", "even_past", "even_denied", "even_supposed", "even_heard", *LANGUAGES}


class BrokenRules(ValueError):
    """A file of rules cannot be used; the message names the file, the rule and what to do."""

    def __init__(self, path: Path, rule: str | None, problem: str) -> None:
        where = f"{path}: rule {rule}: " if rule else f"{path}: "
        super().__init__(f"{where}{problem}")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How one kind of fact is told."""

    name: str
    kind: str
    level: str
    reading: str
    """How the value is read: one of READINGS."""
    types: tuple[str, ...]
    """Types of the words that can be the value."""
    item: bool
    """Whether several hold at once, told apart by their value."""
    of: str | None
    """Whose it always is; None if it is whoever is spoken of."""
    negated: str | None
    """The kind it becomes where the sentence denies it; None if nothing."""
    even_asked: bool
    even_past: bool
    even_denied: bool
    even_supposed: bool
    even_heard: bool
    """Of somebody close whose own words are passed on ("아들이 260 신는대요")."""
    patterns: Mapping[str, Sequence[Written]]
    """By language."""
    unless: Mapping[str, frozenset[str]]
    """Lemmas and `<types>`, by language, that keep the rule silent where one is in the clause;
    `<planned>` and `<done>` are of what is still to come and what is over."""
    matches: Sequence[Mapping[str, Any]]
    does_not_match: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Words:
    """The words that rules speak of by their type, and those that change what a clause means."""

    types: Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]]
    """Type → value → language → how it is said."""
    marks: Mapping[str, Mapping[str, frozenset[str]]]
    """`ignored`, `denies`, `past`, `supposes`, `hearsay`, `now` → language → lemmas."""
    lemmas: Mapping[str, str]
    """An English form → its lemma."""


@dataclass(frozen=True, kw_only=True)
class RuleSet:
    """Everything under data/facts."""

    rules: Sequence[Rule]
    words: Words


def read_rules(folder: Path = FOLDER) -> RuleSet:
    """Every rule of `folder` and its words. Raises BrokenRules."""
    words = _words(folder / WORDS_FILE)
    rules: list[Rule] = []
    for path in sorted(folder.glob("*.yml")):
        if path.name == WORDS_FILE:
            continue
        for written in _listed(path):
            rule = _rule(path, written)
            if any(rule.name == other.name for other in rules):
                raise BrokenRules(path, rule.name, "there are two of that name: rename one")
            rules.append(rule)
            _check_types(path, rule, {*RECOGNISED, *words.types})
            _check_words(path, rule, words)
    return RuleSet(rules=tuple(rules), words=words)


def read_words(folder: Path = FOLDER) -> Words:
    """The words alone. Raises BrokenRules."""
    return _words(folder / WORDS_FILE)


def _check_words(path: Path, rule: Rule, words: Words) -> None:
    for language, patterns in rule.patterns.items():
        ignored = words.marks.get("ignored", {}).get(language, frozenset())
        for written in patterns:
            never = sorted(written.words & ignored)
            if never:
                problem = f"{written.text!r}: {', '.join(never)} is ignored: leave it out"
                raise BrokenRules(path, rule.name, f"{language}: {problem}")


def _check_types(path: Path, rule: Rule, known: set[str]) -> None:
    named = {kind for by in rule.patterns.values() for one in by for kind in one.types}
    unknown = sorted((named | set(rule.types)) - known)
    if unknown:
        problem = f"there is no type {', '.join(unknown)}: add it to {WORDS_FILE} under 'types'"
        raise BrokenRules(path, rule.name, problem)


def _load(path: Path) -> dict[str, Any]:
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 safe
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BrokenRules(path, None, f"it cannot be read as YAML: {error}") from error
    if not isinstance(content, dict):
        raise BrokenRules(path, None, "it must be a mapping")
    return content


def _listed(path: Path) -> Sequence[Mapping[str, Any]]:
    content = _load(path)
    rules = content.get("facts")
    if set(content) != {"facts"} or not isinstance(rules, list) or not rules:
        raise BrokenRules(
            path, None, "it must hold a list of rules under 'facts:' and nothing else"
        )
    if not all(isinstance(one, dict) for one in rules):
        raise BrokenRules(path, None, "every rule must be a mapping that begins with 'rule:'")
    return rules


def _rule(path: Path, written: Mapping[str, Any]) -> Rule:
    name = written.get("rule")
    _check_keys(path, name, written)
    if written["level"] not in LEVELS:
        raise BrokenRules(path, name, f"'level' must be one of {', '.join(LEVELS)}")
    if written["value"] not in READINGS:
        raise BrokenRules(path, name, f"'value' must be one of {', '.join(READINGS)}")
    patterns = {tongue: _patterns(path, name, written, tongue) for tongue in LANGUAGES}
    if not any(patterns.values()):
        raise BrokenRules(path, name, "it looks for nothing: add patterns under 'ko' or 'en'")
    matches = written.get("matches", [])
    if not matches or not written.get("does_not_match"):
        problem = "it needs examples: 'matches' ({said, value}) and 'does_not_match' (sentences)"
        raise BrokenRules(path, name, problem)
    if any(not isinstance(one, dict) or set(one) - {"said", "value", "of"} for one in matches):
        raise BrokenRules(path, name, "every example under 'matches' has 'said', 'value', 'of'")
    return Rule(
        name=str(name),
        kind=str(written["kind"]),
        level=written["level"],
        reading=written["value"],
        types=tuple(str(written.get("type", "")).split()),
        item=bool(written.get("item", False)),
        of=written.get("of"),
        negated=written.get("negated"),
        even_asked=bool(written.get("even_asked", False)),
        even_past=bool(written.get("even_past", False)),
        even_denied=bool(written.get("even_denied", False)),
        even_supposed=bool(written.get("even_supposed", False)),
        even_heard=bool(written.get("even_heard", False)),
        patterns=patterns,
        unless={
            tongue: frozenset(map(str, (written.get("unless") or {}).get(tongue, ())))
            for tongue in LANGUAGES
        },
        matches=matches,
        does_not_match=written["does_not_match"],
    )


def _check_keys(path: Path, name: Any, written: Mapping[str, Any]) -> None:
    if not isinstance(name, str) or not name.isidentifier():
        raise BrokenRules(path, None, f"'rule:' must be a name like shoe_size, not {name!r}")
    missing = sorted(_NEEDED - set(written))
    if missing:
        raise BrokenRules(path, name, f"add {', '.join(missing)}")
    unknown = sorted(set(written) - _NEEDED - _OPTIONAL)
    if unknown:
        known = ", ".join(sorted(_NEEDED | _OPTIONAL))
        raise BrokenRules(path, name, f"there is no {', '.join(unknown)}; there are {known}")


def _patterns(
    path: Path, name: Any, written: Mapping[str, Any], language: str
) -> Sequence[Written]:
    given = written.get(language) or []
    if not isinstance(given, list):
        raise BrokenRules(path, name, f"'{language}' must be a list of patterns")
    found: list[Written] = []
    for text in given:
        try:
            found.extend(notation.read(str(text)))
        except notation.BadPattern as error:
            raise BrokenRules(path, name, f"{language}: {error}") from error
    return tuple(found)


def _words(path: Path) -> Words:
    content = _load(path)
    unknown = sorted(set(content) - {"types", "marks", "lemmas"})
    if unknown:
        raise BrokenRules(path, None, f"there is no {', '.join(unknown)}")
    lemmas = {
        str(form): str(lemma)
        for lemma, forms in (content.get("lemmas") or {}).items()
        for form in str(forms).split()
    }
    return Words(
        types=content.get("types") or {},
        marks={
            mark: {tongue: frozenset(str(by.get(tongue, "")).split()) for tongue in LANGUAGES}
            for mark, by in (content.get("marks") or {}).items()
        },
        lemmas=lemmas,
    )
