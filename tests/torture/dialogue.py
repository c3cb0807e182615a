"""Random messages to the shipped shop while offers, questions and consents are open: through the
doors of a running web part, the agent's own turn, its actions and a database, on both channels. No
door breaks, each message is answered, no action fails, and nothing changes without the customer's
clear word (tests/conversations/clear_words_said.py).
"""

from __future__ import annotations

import logging
import multiprocessing
import random
import re
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent import stand_ins, training
from memory import migrate
from memory.embedded import EmbeddedServer
from memory.engine import open_engine
from tests.agents import KEPT, ROOT
from tests.conversations.clear_words_said import acts_of, folded, is_meant
from tests.conversations.doors import Doors, Passed, open_doors
from tests.conversations.random_messages import Message, Messages
from tests.conversations.real_shop import Customer, RealShop
from tests.conversations.standing import OPENED, changes, standing
from tests.postgres import fresh_database, temporary_home

REPORT = ROOT / "docs" / "reports" / "dialogue.md"
MESSAGES = 20_000
TOGETHER = 4
"""Seeds at the same time, each in a process of its own."""
A_SEED = 1_000
"""Messages of one seed."""
SEED = 20261127
TURNS = 8
"""Messages of one customer before somebody else is asked something."""
MONDAY = datetime.fromisoformat("2026-11-23T14:00:00+09:00")
_TAKEN = frozenset({200, 202})


@dataclass(kw_only=True)
class Outcome:
    """What was sent, what happened, and what must not have."""

    messages: int = 0
    without_a_clear_word: int = 0
    """Composed to say nothing that could change anything."""
    by_writer: int = 0
    """Whole sentences, whose writers said what they mean."""
    channels: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    silent_as_due: int = 0
    changed: Counter[str] = field(default_factory=Counter)
    """What came or went, after a clear word for it."""
    kept: Counter[str] = field(default_factory=Counter)
    """Facts and opinions, kept of words that stand in the message."""
    seconds: float = 0.0
    findings: list[str] = field(default_factory=list)


class Failures(logging.Handler):
    """Keeps what the agent and the web part report of what broke."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep its message."""
        self.seen.append(record.getMessage())


def full(minutes: float | None) -> bool:
    """20,000 messages, and on with other seeds for `minutes`; writes docs/reports/dialogue.md.
    True if nothing was found."""
    deadline = time.monotonic() + 60 * (minutes or 0)
    outcomes: list[Outcome] = []
    seeds = range(SEED, SEED + MESSAGES // A_SEED)
    with ProcessPoolExecutor(TOGETHER, multiprocessing.get_context("spawn")) as pool:
        while not outcomes or time.monotonic() < deadline:
            for outcome in pool.map(_apart, seeds):
                outcomes.append(outcome)
                REPORT.write_text(report(outcomes), encoding="utf-8")
            seeds = range(SEED + len(outcomes), SEED + len(outcomes) + TOGETHER)
    return not any(one.findings for one in outcomes)


def _apart(seed: int) -> Outcome:
    """The messages of one seed, in a shop and a database of their own."""
    stand_ins.install()
    with temporary_home() as home, fresh_database(EmbeddedServer(home).start()) as url:
        migrate.upgrade(url)
        engine = open_engine(url)
        shop = RealShop(engine, training.trained(ROOT, KEPT, lambda _said: None))
        try:
            outcome = run(shop, url, home, seed, A_SEED)
        finally:
            shop.close()
            engine.dispose()
    print(f"seed {seed}: {outcome.messages} messages, {len(outcome.findings)} found", flush=True)
    return outcome


def run(shop: RealShop, url: str, home: Path, seed: int, messages: int) -> Outcome:
    """So many messages of that seed, by one customer after the other."""
    chance = random.Random(seed)
    outcome = Outcome()
    sayings = Messages(chance)
    failures = Failures()
    logging.getLogger().addHandler(failures)
    began = time.monotonic()
    try:
        with open_doors(url, home, shop) as doors:
            teller = _Teller(shop, doors, outcome, failures)
            while outcome.messages < messages:
                shop.travel_to(MONDAY + timedelta(minutes=chance.randrange(10_000)))
                opened = chance.choice(list(OPENED))
                customer = OPENED[opened](shop)
                for _ in range(min(TURNS, messages - outcome.messages)):
                    customer = teller.tell(customer, sayings.next(), opened)
    finally:
        logging.getLogger().removeHandler(failures)
    outcome.seconds = time.monotonic() - began
    return outcome


class _Teller:
    """Sends one message after the other, and looks what came of it."""

    def __init__(self, shop: RealShop, doors: Doors, outcome: Outcome, failures: Failures) -> None:
        self._shop = shop
        self._doors = doors
        self._outcome = outcome
        self._failures = failures

    def tell(self, customer: Customer, message: Message, opened: str) -> Customer:
        """Returns the customer with the session they have afterwards."""
        self._count(customer, message)
        before = standing(self._shop, customer)
        where = f"{opened}, {message.kind}, {(message.raw or message.text)[:120]!r}"
        try:
            passed = self._doors.pass_through(customer, message)
            after_the_door = self._after_the_door(passed, where)
            intent = self._answer(passed, before, where) if passed.inbox_id else after_the_door
        except Exception as error:
            self._find(f"{where}: {type(error).__name__}: {error}")
            return customer
        for line in self._failures.seen:
            self._find(f"{where} ({intent}): {line}")
        self._failures.seen.clear()
        for change in changes(before, standing(self._shop, customer)):
            self._judge(passed, message, change, f"{where} ({intent}): {change}")
        return passed.customer

    def _count(self, customer: Customer, message: Message) -> None:
        self._outcome.messages += 1
        self._outcome.kinds[message.kind] += 1
        self._outcome.channels[customer.channel] += 1
        self._outcome.without_a_clear_word += message.acts == frozenset()
        self._outcome.by_writer += bool(message.acts)

    def _after_the_door(self, passed: Passed, where: str) -> str:
        """What is stored is taken, and the other way round."""
        self._outcome.statuses[passed.status] += 1
        if passed.status >= 500:
            self._find(f"{where}: {passed.status}")
        if (passed.status in _TAKEN) != (passed.inbox_id is not None):
            self._find(f"{where}: {passed.status}, stored {passed.inbox_id}")
        return f"refused with {passed.status}"

    def _answer(self, passed: Passed, before: Counter[str], where: str) -> str:
        assert passed.inbox_id is not None
        heard = self._shop.answers_to([passed.inbox_id])
        after = standing(self._shop, passed.customer)
        if not heard.answers:
            if "number stopped" in before | after or not after:
                self._outcome.silent_as_due += 1
            else:
                self._find(f"{where} ({heard.intent}): not answered")
        return heard.intent

    def _judge(self, passed: Passed, message: Message, change: str, what: str) -> None:
        if passed.inbox_id is None or not is_meant(change, passed.text, message.acts):
            self._find(what)
        elif acts_of(change):
            self._outcome.changed[re.sub(r" (sori-road|haru-20)", "", change)] += 1
        elif self._is_told(change, message, passed):
            self._outcome.kept[" ".join(change.split()[:3])] += 1
        else:
            self._find(what)

    def _is_told(self, change: str, message: Message, passed: Passed) -> bool:
        """Whether the words that a fact was read from stand in the message. An opinion is a note
        for the shop's people of whatever was said in letters."""
        if not change.startswith("+ fact"):
            return any(sign.isalpha() for sign in passed.text)
        if not message.may_tell:
            return False
        rows = self._shop.rows(
            "SELECT said FROM facts WHERE customer_id = :id AND valid_to IS NULL AND kind = :kind",
            id=passed.customer.customer_id,
            kind=change.split()[2],
        )
        return any(row.said and folded(row.said) in folded(passed.text) for row in rows)

    def _find(self, what: str) -> None:
        self._outcome.findings.append(what[:400])


def report(outcomes: list[Outcome]) -> str:
    """The page, with every finding."""
    from command.benches import machine

    whole = _together(outcomes)
    findings = [finding for one in outcomes for finding in one.findings]
    found = "\n".join(f"- {finding}" for finding in findings) or "None."
    share = 100 * whole.without_a_clear_word / whole.messages
    judged_by_words = whole.messages - whole.without_a_clear_word - whole.by_writer
    broken = sum(count for status, count in whole.statuses.items() if status >= 500)
    return (
        "# Random messages\n\n"
        f"`./dangol torture dialogue`, {datetime.now(UTC):%Y-%m-%d}, {machine()}, seeds from "
        f"{SEED} on, {TOGETHER} at a time. {whole.messages:,} messages to the shipped shop in "
        f"{whole.seconds / TOGETHER:,.0f} seconds, by "
        "customers of whom an offer, a question or a consent was open. Every one was posted over "
        "HTTP, as a chat message or a signed callback of the provider of text messages, to a "
        "running web part, and answered by the agent's turn on the shipped model, its actions and "
        "an embedded PostgreSQL.\n\n"
        f"{whole.without_a_clear_word:,} ({share:.0f} %) were composed to say nothing clear: after "
        "these, any change of what holds of the customer is a finding, but for facts and opinions "
        "that somebody told in words. "
        f"{whole.by_writer:,} were whole sentences that may change only what they are for, "
        f"and {judged_by_words:,} were cut or mixed from such sentences and must hold one of few "
        "words for each change. "
        f"{whole.silent_as_due:,} were not answered, as their number wants no texts.\n\n"
        f"Answered by the doors with 5xx: {broken}.\n\n"
        f"## Findings\n\n{found}\n\n"
        f"## What was sent\n\n{_table('kind', whole.kinds)}\n{_table('channel', whole.channels)}\n"
        f"## What the doors answered\n\n{_table('status', whole.statuses)}\n"
        "## What changed, each after a clear word for it\n\n"
        f"{_table('change', whole.changed)}\n"
        "## What was kept of what they told\n\n"
        f"{_table('what', whole.kept)}"
    )


def _together(outcomes: list[Outcome]) -> Outcome:
    whole = Outcome()
    for one in outcomes:
        whole.messages += one.messages
        whole.without_a_clear_word += one.without_a_clear_word
        whole.by_writer += one.by_writer
        whole.silent_as_due += one.silent_as_due
        whole.seconds += one.seconds
        whole.channels += one.channels
        whole.statuses += one.statuses
        whole.kinds += one.kinds
        whole.changed += one.changed
        whole.kept += one.kept
    return whole


def _table(of: str, counts: Counter[str] | Counter[int]) -> str:
    rows = "".join(f"| {what} | {count:,} |\n" for what, count in sorted(counts.items()))
    return f"| {of} | messages |\n|---|---|\n{rows}"
