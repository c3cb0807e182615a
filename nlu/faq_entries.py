"""Questions and answers that a marketer writes, from data/faq, checked: a mistake is told with its
file, its line, its entry and what to do, because a broken one would be answered by silence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from nlu.language import has_hangul

FOLDER = Path(__file__).resolve().parent.parent / "data" / "faq"
LANGUAGES = ("ko", "en")
BLANKS = frozenset({"shop_name", "shop_phone", "shop_email"})
"""What may stand in braces in an answer."""
LONGEST = 600
LONGEST_BY_TEXT = 300
"""Characters of an answer, and of one that is sent as a text message."""

_ID = re.compile("[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_BLANK = re.compile(r"\{([^{}]*)\}")
_KEYS = {"id", "questions", "answer", "sms"}


class BrokenFaq(ValueError):
    """Questions and answers cannot be used; the message names the file, the line, the entry and
    what to do."""

    def __init__(self, path: Path, line: int, entry: str | None, problem: str) -> None:
        where = f"{path}:{line}: entry {entry}: " if entry else f"{path}:{line}: "
        super().__init__(f"{where}{problem}")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One question, in several wordings, and its answer."""

    id: str
    questions: Mapping[str, Sequence[str]]
    """By language; the first is how it is told."""
    answer: Mapping[str, str]
    sms: Mapping[str, str]
    """A shorter answer for text messages, by language, where there is one."""


def read_entries(folder: Path = FOLDER) -> list[Entry]:
    """Every entry of `folder`, in the order of files and lines; none if there is no such folder.
    Raises BrokenFaq."""
    entries: list[Entry] = []
    ids: set[str] = set()
    asked: dict[str, str] = {}
    for path in sorted(folder.glob("*.yml")):
        for line, written in _listed(path):
            entry = _entry(path, line, written)
            if entry.id in ids:
                raise BrokenFaq(path, line, entry.id, "there are two of that id: rename one")
            ids.add(entry.id)
            for question in (one for by in entry.questions.values() for one in by):
                other = asked.setdefault(question.casefold(), entry.id)
                if other != entry.id:
                    problem = f"{question!r} is asked in {other}, too: leave it in one of them"
                    raise BrokenFaq(path, line, entry.id, problem)
            entries.append(entry)
    return entries


def to_json(entries: Sequence[Entry]) -> str:
    """The entries as they are kept with a model."""
    return json.dumps([asdict(one) for one in entries], ensure_ascii=False)


def from_json(kept: str) -> list[Entry]:
    """What `to_json` has made."""
    return [Entry(**one) for one in json.loads(kept)]


def _listed(path: Path) -> Iterator[tuple[int, Any]]:
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BrokenFaq(path, line, None, f"it is no YAML: {error.problem}") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BrokenFaq(path, 1, None, f"it cannot be read: {error}") from error
    if not isinstance(root, yaml.MappingNode) or [key.value for key, _ in root.value] != ["faq"]:
        raise BrokenFaq(path, 1, None, "it must hold a list 'faq:' and nothing else")
    listed = root.value[0][1]
    if not isinstance(listed, yaml.SequenceNode):
        raise BrokenFaq(path, 1, None, "'faq:' must be a list: a line '- id: …' for each entry")
    for node in listed.value:
        yield node.start_mark.line + 1, yaml.SafeLoader("").construct_document(node)


def _entry(path: Path, line: int, written: Any) -> Entry:
    if not isinstance(written, dict):
        raise BrokenFaq(path, line, None, "an entry has 'id', 'questions' and 'answer'")
    named = written.get("id")
    if not isinstance(named, str) or not _ID.fullmatch(named):
        problem = f"an 'id' is a short name in lower case with hyphens, not {named!r}"
        raise BrokenFaq(path, line, None, problem)

    def wrong(problem: str) -> BrokenFaq:
        return BrokenFaq(path, line, named, problem)

    unknown = sorted(str(key) for key in set(written) - _KEYS)
    if unknown:
        raise wrong(f"unknown {', '.join(unknown)}: there are only {', '.join(sorted(_KEYS))}")
    if found := _wrong_questions(written.get("questions")) or _wrong_answers(written):
        raise wrong(found)
    return Entry(
        id=named,
        questions=written["questions"],
        answer=written["answer"],
        sms=written.get("sms") or {},
    )


def _wrong_questions(questions: Any) -> str | None:
    if not isinstance(questions, dict) or set(questions) != set(LANGUAGES):
        return "'questions' needs 'ko' and 'en', a list of wordings each"
    for language, wordings in questions.items():
        if not isinstance(wordings, list) or not wordings:
            return f"questions.{language} needs at least one wording, a line '- …' each"
        for one in wordings:
            if not isinstance(one, str) or not one.strip():
                return f"questions.{language}: {one!r} is no text: put it in quotes"
            if has_hangul(one) is not (language == "ko"):
                return f"questions.{language}: {one!r} is in the other language: move it"
    return None


def _wrong_answers(written: Mapping[str, Any]) -> str | None:
    answer, sms = written.get("answer"), written.get("sms", {})
    if not isinstance(answer, dict) or set(answer) != set(LANGUAGES):
        return "'answer' needs 'ko' and 'en'"
    if not isinstance(sms, dict) or not set(sms) <= set(LANGUAGES):
        return "'sms' has 'ko', 'en' or both; leave it out where the answer is short"
    for name, texts, longest in (("answer", answer, LONGEST), ("sms", sms, LONGEST_BY_TEXT)):
        for language, text in texts.items():
            problem = _wrong_text(text, language, longest)
            if problem:
                return f"{name}.{language} {problem}"
    for language, text in answer.items():
        if len(text) > LONGEST_BY_TEXT and language not in sms:
            return f"answer.{language} is too long for a text message: add sms.{language}"
    return None


def _wrong_text(text: Any, language: str, longest: int) -> str | None:
    if not isinstance(text, str) or not text.strip():
        return "is no text: write the answer in quotes"
    if has_hangul(text) is not (language == "ko"):
        return "is in the other language: swap them"
    if len(text) > longest:
        return f"is longer than {longest} characters: shorten it"
    unknown = sorted(set(_BLANK.findall(text)) - BLANKS)
    if unknown or _BLANK.sub("", text).count("{") or _BLANK.sub("", text).count("}"):
        return f"may hold in braces only {', '.join(sorted(BLANKS))}"
    return None
