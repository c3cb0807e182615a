"""Many customers, many turns, and agents that are killed at any moment: every message is answered
once, in its order, and what it says is learnt once.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from agent import training
from memory import migrate
from memory.embedded import EmbeddedServer
from memory.engine import open_engine
from tests import small_project
from tests.agents import KEPT, ROOT, Shop, Writer
from tests.postgres import fresh_database, temporary_home

REPORT = ROOT / "docs" / "reports" / "turn.md"
SEEDS = (20261122, 7, 99)
"""Of the full count."""


@dataclass(kw_only=True)
class Outcome:
    """What an ordeal did and what it found."""

    seed: int
    customers: int
    turns: int
    kills: int = 0
    seconds: float = 0
    attempts: int = 0
    """Turns that a kill cut short and that were begun again."""
    faults: list[str] = field(default_factory=list)


def full(minutes: float | None) -> bool:
    """200 customers × 20 turns for each seed, and on with other seeds for `minutes`; writes
    docs/reports/turn.md. True if nothing was lost, doubled or out of order."""
    deadline = time.monotonic() + 60 * (minutes or 0)
    outcomes = [_apart(seed) for seed in SEEDS]
    while time.monotonic() < deadline:
        outcomes.append(_apart(random.randrange(10**9)))
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(_report(outcomes), encoding="utf-8")
    return not any(outcome.faults for outcome in outcomes)


def ordeal(
    shop: Shop, *, seed: int, customers: int, turns: int, most_kills: int, processes: int = 2
) -> Outcome:
    """Let `customers` write `turns` messages each, while agents are killed and started again."""
    chance = random.Random(seed)
    outcome = Outcome(seed=seed, customers=customers, turns=turns)
    began = time.monotonic()
    writers = [
        shop.texting_customer() if number % 2 else shop.web_customer()
        for number in range(customers)
    ]
    said = {
        writer.customer_id: [str(size) for size in chance.sample(range(100, 400), turns)]
        for writer in writers
    }
    agents = {f"agent-{number}": shop.start(name=f"agent-{number}") for number in range(processes)}
    waiting = [writer for writer in writers for _ in range(turns)]
    chance.shuffle(waiting)
    told = dict.fromkeys(said, 0)
    while waiting or shop.waiting():
        for _ in range(min(len(waiting), chance.randint(1, max(2, customers)))):
            writer = waiting.pop()
            size = said[writer.customer_id][told[writer.customer_id]]
            shop.hear(writer, f"my size is {size}")
            told[writer.customer_id] += 1
        time.sleep(chance.uniform(0.05, 1.2))
        name = chance.choice(list(agents))
        if outcome.kills < most_kills:
            agents[name].kill()
            agents[name].join(20)
            agents[name] = shop.start(name=name)
            outcome.kills += 1
    for process in agents.values():
        process.kill()
        process.join(20)
    outcome.seconds = time.monotonic() - began
    outcome.attempts = int(shop.rows("SELECT sum(attempts) AS n FROM inbox")[0].n)
    for writer in writers:
        outcome.faults += _faults(shop, writer, said[writer.customer_id])
    return outcome


def _faults(shop: Shop, writer: Writer, sizes: list[str]) -> list[str]:
    """What is wrong with one customer's conversation; expected from what they wrote alone."""
    expected = [f"Noted: {size}." for size in sizes]
    if writer.channel == "sms":
        expected[0] = f"Dangol automatic reply.\n{expected[0]}"
    faults = []
    if (answers := shop.answers(writer)) != expected:
        faults.append(f"{writer.customer_id}: {_difference(answers, expected)}")
    learnt = shop.rows(
        "SELECT value FROM facts WHERE customer_id = :id ORDER BY fact_id", id=writer.customer_id
    )
    if [str(row.value) for row in learnt] != sizes:
        faults.append(f"{writer.customer_id}: {len(learnt)} facts learnt, not {len(sizes)}")
    sent = shop.rows(
        "SELECT body FROM outbox WHERE customer_id = :id ORDER BY outbox_id", id=writer.customer_id
    )
    if [row.body for row in sent] != (expected if writer.channel == "sms" else []):
        faults.append(f"{writer.customer_id}: {len(sent)} texts to be sent")
    return faults


def _difference(answers: list[str], expected: list[str]) -> str:
    lost = [answer for answer in expected if answer not in answers]
    doubled = [answer for answer in set(answers) if answers.count(answer) > 1]
    return f"lost {lost}, doubled {doubled}" if lost or doubled else "out of order"


def _apart(seed: int) -> Outcome:
    """An ordeal on a server and a database of its own."""
    with (
        TemporaryDirectory(prefix="dangol-torture-") as folder,
        temporary_home() as home,
        fresh_database(EmbeddedServer(home).start()) as url,
    ):
        project = small_project.write(Path(folder) / "project")
        model = training.trained(project, KEPT, lambda _said: None)
        migrate.upgrade(url)
        engine = open_engine(url)
        training.publish(engine, project, model)
        shop = Shop(engine=engine, url=url, home=Path(folder), project=project)
        try:
            return ordeal(shop, seed=seed, customers=200, turns=20, most_kills=60)
        finally:
            engine.dispose()


def _report(outcomes: list[Outcome]) -> str:
    rows = "\n".join(
        f"| {one.seed} | {one.customers} | {one.customers * one.turns} | {one.kills} "
        f"| {one.attempts} | {one.seconds:.0f} | {len(one.faults)} |"
        for one in outcomes
    )
    faults = "\n".join(f"- {fault}" for one in outcomes for fault in one.faults) or "None."
    return (
        "# Turns under kill -9\n\n"
        f"`./dangol torture turn`, {datetime.now(UTC):%Y-%m-%d}. Two agent processes answer "
        "customers on the web and by text message, and are killed with SIGKILL at random moments "
        "and started again. No customer tells the same size twice, so that an answer, a fact or a "
        "text that is lost, doubled or out of order shows.\n\n"
        "| seed | customers | turns | kills | turns begun again | seconds | faults |\n"
        "|---|---|---|---|---|---|---|\n"
        f"{rows}\n\n## Faults\n\n{faults}\n"
    )
