"""`./dangol relearn RULE`: reads every kept turn again by one rule of data/facts and shows what
would change in what is known; `--apply` changes it. What somebody had forgotten stays forgotten,
what was said while nothing was to be kept stays unkept, what other rules read is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from command import database
from marketing import told
from marketing.errors import NotFound
from marketing.places import SEOUL
from marketing.told import Told
from memory import catalogue, clock, facts, relearning
from memory.engine import Connection, Engine
from memory.relearning import Once, Said
from nlu.entity_finder import EntityFinder
from nlu.facts.finder import FactFinder
from nlu.facts.rules import read_rules
from settings import Settings

LONGEST_SAID = 300

Key = tuple[str, str, str]
"""Kind, subject and item."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """What relearning would do to one fact of a customer."""

    customer_id: str
    learnt: Told | None
    """What it becomes; None if the rule does not read it any more."""
    said: Said | None
    known: Once | None
    """What it is; None if it is not known yet."""

    def __str__(self) -> str:
        """One line: `cus_… + shoe_size 270 — “저는 270 신어요”`."""
        known = self.known
        if self.learnt is None or self.said is None:
            what = f"{known.subject} {known.kind} {known.value}" if known else ""
            return f"{self.customer_id} - {what}"
        what = f"{self.learnt.subject} {self.learnt.kind}"
        quoted = f"— “{self.said.text[:80]}”"
        if known is None:
            return f"{self.customer_id} + {what} {self.learnt.value} {quoted}"
        return f"{self.customer_id} ~ {what} {known.value} → {self.learnt.value} {quoted}"


def relearn(settings: Settings, rule: str, *, apply: bool, console: Console | None = None) -> int:
    """Show (and with `apply` make) the changes; returns how many there are. Each customer's are one
    transaction. Raises marketing.errors.NotFound for a rule that is not there."""
    reader = Rereader(rule)
    out = console or Console()
    count = 0
    with database.opened(settings) as engine:
        for change in _progressing(engine, reader, apply=apply, console=out):
            out.print(str(change), markup=False, highlight=False, soft_wrap=True)
            count += 1
    done = "changed" if apply else "would change (run with --apply to change it)"
    out.print(f"{count} {'fact' if count == 1 else 'facts'} {done}.", highlight=False)
    return count


def _progressing(
    engine: Engine, reader: Rereader, *, apply: bool, console: Console
) -> Iterator[Change]:
    with engine.connect() as connection:
        total = relearning.how_many(connection)
        zones = catalogue.store_profile(connection).get("time_zone", {})
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
            task = bar.add_task("Reading", total=total)
            for customer_id, language, time_zone in relearning.everybody(connection):
                zone = time_zone or zones.get(language or "ko", SEOUL)
                with engine.begin() as own:
                    changes = list(reader.changes(own, customer_id, zone))
                    if apply:
                        make(own, changes, now=clock.business_now(own))
                yield from changes
                bar.advance(task)


class Rereader:
    """Reads turns by one rule; the others are there too, as they silence and correct each other."""

    def __init__(self, rule: str) -> None:
        """Raises marketing.errors.NotFound."""
        rules = read_rules()
        names = sorted(one.name for one in rules.rules)
        if rule not in names:
            raise NotFound(f"There is no rule {rule!r}; there are: {', '.join(names)}.")
        self._rule = rule
        kind = next(one.kind for one in rules.rules if one.name == rule)
        self._alike = {one.name for one in rules.rules if one.kind == kind}
        self._finder = FactFinder(rules)
        self._entities = EntityFinder()

    def changes(self, connection: Connection, customer_id: str, zone: str) -> Iterator[Change]:
        """What is known of a customer by that rule beside what it reads now."""
        last: dict[Key, tuple[Told, Said]] = {}
        known = relearning.once_known(connection, customer_id)
        for said in _kept(relearning.said_by(connection, customer_id)):
            for one in self._read(said, zone, known):
                last[one.kind, one.subject, one.item] = (one, said)
        holds = {_key(one): one for one in known if one.valid_to is None}
        for key, (learnt, said) in last.items():
            if learnt.rule != self._rule:
                continue  # put right by another rule since
            now = holds.get(key)
            if not _is_settled_already(now, learnt, said, self._rule) and not _was_ended(
                known, key, said
            ):
                yield Change(customer_id=customer_id, learnt=learnt, said=said, known=now)
        for key, held in holds.items():
            if held.rule == self._rule and key not in last:
                yield Change(customer_id=customer_id, learnt=None, said=None, known=held)

    def _read(self, said: Said, zone: str, known: Sequence[Once]) -> Iterable[Told]:
        read = self._finder.find(said.text, self._entities.find(said.text))
        today = said.at.astimezone(ZoneInfo(zone)).date()
        found = told.settled(read, today=today, close=_close_then(known, said))
        return [one for one in found if one.rule in self._alike and one.kind != told.MUTED_TOPIC]


def _kept(turns: Iterable[Said]) -> Iterator[Said]:
    """Without what was said while nothing was to be remembered."""
    is_learning = True
    for said in turns:
        if said.intent in ("stop_learning", "resume_learning"):
            is_learning = said.intent == "resume_learning"
        elif is_learning:
            yield said


def _close_then(known: Sequence[Once], said: Said) -> list[str]:
    """The people of whom something was known when it was said, the last to be told of first."""
    held = [
        one
        for one in known
        if one.valid_from < said.at
        and one.source_seq != said.seq
        and (one.valid_to is None or one.valid_to > said.at)
        and one.subject != "self"
    ]
    held.sort(key=lambda one: one.valid_from, reverse=True)
    return list(dict.fromkeys(one.subject for one in held))


def _key(one: Once) -> Key:
    return one.kind, one.subject, one.item


def _is_settled_already(now: Once | None, learnt: Told, said: Said, rule: str) -> bool:
    """True if that is known, or what is known was told later or by another rule."""
    if now is None:
        return False
    is_newer = now.valid_from > said.at and now.source_seq != said.seq
    return now.value == learnt.value or is_newer or now.rule != rule


def _was_ended(known: Iterable[Once], key: Key, said: Said) -> bool:
    """True if the fact was forgotten, or told otherwise, after it was said."""
    return any(
        one.valid_to is not None and one.valid_to > said.at and _key(one) == key for one in known
    )


def make(connection: Connection, changes: Iterable[Change], *, now: datetime) -> None:
    """Learn and end what the changes say, in the caller's transaction."""
    for change in changes:
        if change.learnt is None or change.said is None:
            if change.known is not None:
                facts.close_one(connection, change.customer_id, change.known.fact_id, now=now)
            continue
        if not facts.may_learn(connection, change.customer_id):
            continue
        facts.learn(
            connection,
            change.customer_id,
            kind=change.learnt.kind,
            value=change.learnt.value,
            subject=change.learnt.subject,
            item=change.learnt.item,
            rule=change.learnt.rule,
            confidence=change.learnt.confidence,
            now=now,
            said=change.said.text[:LONGEST_SAID],
            source_seq=change.said.seq,
            told_at=change.said.at,
        )
