"""`./dangol torture send`: agent, sender, web and database killed at every named point of a send
and of an inbound message, while people opt out and buy, the provider fails, and its callbacks come
twice, in any order and forged (F1, F2, F3): at most one accept of each message, nothing lost, and
no send begun after an opt-out or a purchase was committed.
"""

from __future__ import annotations

import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from agent import training
from command.phone.texts import Text, new_sid
from memory.addresses import Address
from settings import PROJECT
from tests import small_project
from tests.agents import KEPT
from tests.dying_part import DIE, DURING, POINTS, WAIT, Point
from tests.harmed_shop import HarmedShop, harmed_shop
from tests.postgres import temporary_home

SEEDS = 20
DATABASE_DIES_TOO = 4
"""Of so many runs at a point, in one the database dies instead of the process."""
FAULTS = (
    {"answer": "error", "status": 429, "code": 20429, "retry_after": 3},
    {"answer": "error", "status": 500},
    {"answer": "error", "status": 503, "accept": True},
    {"answer": "hang", "seconds": 6},
    {"answer": "drop"},
    {"answer": "drop", "accept": True},
    {"answer": "cut", "accept": True},
)
STATUSES = ("queued", "sending", "sent", "delivered")
FINAL = {"accepted", "delivered", "rejected", "refused", "cancelled", "unknown"}
_MESSAGE = re.compile(r"[?&]o=([0-9]+)&")


@dataclass
class Outcome:
    """What happened at a point, and what must not have."""

    point: Point
    runs: int = 0
    processes: int = 0
    """Killed."""
    databases: int = 0
    messages: int = 0
    unknown: int = 0
    """Of which nobody knew for a while, or does not know now."""
    found: int = 0
    """Of those: taken by the provider, and found again."""
    stopped: int = 0
    """Offers whose customer refused or bought before they were sent, and that were not."""
    broken: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class People:
    """Those of one run. Everybody has looked at a product and is due an offer."""

    plain: Sequence[Address]
    refuses: Address
    buys: Address

    @property
    def all(self) -> list[Address]:
        """Everybody."""
        return [*self.plain, self.refuses, self.buys]


def full(minutes: float | None) -> bool:
    """Every point with every seed, and on with other seeds for `minutes`; writes
    docs/reports/send.md. True if no invariant broke."""
    began = time.monotonic()
    outcomes = {point: Outcome(point) for point in POINTS}
    with TemporaryDirectory(prefix="dangol-torture-") as folder, temporary_home() as home:
        project = small_project.write(Path(folder) / "project")
        model = training.trained(project, KEPT, lambda _said: None)
        with harmed_shop(home, project, model) as shop:
            seed = 0
            while seed < SEEDS or time.monotonic() < began + 60 * (minutes or 0):
                for point in POINTS:
                    before = len(outcomes[point].broken)
                    run(shop, outcomes[point], seed)
                    for what in outcomes[point].broken[before:]:
                        print(f"{point.name}: {what}", flush=True)
                seed += 1
                print(f"seed {seed} of {SEEDS}", flush=True)
    _write_report(list(outcomes.values()), time.monotonic() - began)
    return not any(outcome.broken for outcome in outcomes.values())


def run(shop: HarmedShop, outcome: Outcome, seed: int) -> None:
    """One run at one point."""
    point = outcome.point
    chance = random.Random(f"{point.name} {seed}")
    is_database = point is POINTS[-1] or seed % DATABASE_DIES_TOO == DATABASE_DIES_TOO - 1
    people = people_of(shop)
    if point.when == DURING:
        shop.provider.fault(answer="hang", accept=True, seconds=1.0 if is_database else 6.0)
    else:
        shop.fate.arm(point, does=WAIT if is_database else DIE, skip=chance.randint(0, 1))
    for fault in chance.choices(FAULTS, k=chance.choice((0, 0, 1, 2))):
        shop.provider.fault(**fault)
    callbacks = Callbacks(shop, chance)
    happening = _happenings(shop, people, chance)
    for one in (callbacks, *happening):
        one.start()
    _harm(shop, outcome, is_database=is_database)
    for one in happening:
        one.join(90)
    if any(one.is_alive() for one in happening) or not shop.settle():
        outcome.broken.append(f"seed {seed}: never came to rest")
    callbacks.end()
    outcome.runs += 1
    found = [*callbacks.wrong, *Findings(shop, people).wrong(outcome)]
    outcome.broken += [f"seed {seed}: {what}" for what in found]


def people_of(shop: HarmedShop) -> People:
    """Four people whom nobody has heard of yet."""
    shop.provider.exchange.forget()
    return People(
        plain=[shop.customer(), shop.customer()], refuses=shop.customer(), buys=shop.customer()
    )


def _happenings(shop: HarmedShop, people: People, chance: random.Random) -> list[threading.Thread]:
    """What people do, each at a random moment: look, write (one text is delivered twice), say STOP,
    buy; the last two often just after their look."""
    anna, ben = people.plain
    size = (anna, f"my size is {chance.randint(200, 300)}", new_sid())
    looks = {who: chance.uniform(0, 0.3) for who in people.all}
    doing: list[tuple[float, Callable[..., None], tuple[Any, ...]]] = [
        *((when, shop.look, (who,)) for who, when in looks.items()),
        *((chance.uniform(0, latest), shop.text_in, size) for latest in (0.6, 0.8)),
        (chance.uniform(0, 0.6), shop.text_in, (ben, "hello", new_sid())),
        (
            looks[people.refuses] + chance.uniform(0, chance.choice((0.1, 1.5))),
            shop.text_in,
            (people.refuses, "STOP", new_sid()),
        ),
        (
            looks[people.buys] + chance.uniform(0, chance.choice((0.1, 1.5))),
            shop.buy,
            (people.buys, f"order of {people.buys.customer_id}"),
        ),
    ]
    return [threading.Timer(when, work, arguments) for when, work, arguments in doing]


def _harm(shop: HarmedShop, outcome: Outcome, *, is_database: bool) -> None:
    """Wait until somebody is at the point; kill them, or the database beneath them."""
    point = outcome.point
    is_there = shop.provider.accepted if point.when == DURING else shop.fate.is_reached
    latest = time.monotonic() + 20
    while not is_there():
        if time.monotonic() > latest:
            shop.fate.let_go()
            outcome.broken.append("the point was never reached")
            return
        time.sleep(0.005)
    if is_database:
        shop.kill_database()
        shop.fate.let_go()
        outcome.databases += 1
        return
    if point.when == DURING:
        shop.kill(point.part)
    if shop.bury(point.part):
        outcome.processes += 1
    else:
        outcome.broken.append("a part ended by itself")


class Callbacks(threading.Thread):
    """The provider's callbacks about what it has accepted: at once, when all is over, or never;
    each twice, in any order, and forged ones among them."""

    def __init__(self, shop: HarmedShop, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self.wrong: list[str] = []
        self._shop = shop
        self._chance = random.Random(chance.random())
        self._ended = threading.Event()

    def run(self) -> None:
        """Until `end`."""
        dealt_with: set[str] = set()
        late: list[Text] = []
        while not self._ended.wait(0.05):
            for text in self._shop.provider.accepted():
                if text.sid in dealt_with:
                    continue
                dealt_with.add(text.sid)
                when = self._chance.choice(("at once", "at once", "late", "never"))
                if when == "at once":
                    self._tell(text)
                elif when == "late":
                    late.append(text)
        for text in late:
            self._tell(text)

    def end(self) -> None:
        """The late ones, and no more."""
        self._ended.set()
        self.join()

    def _tell(self, text: Text) -> None:
        url = text.status_callback or ""
        calls: list[Callable[[], None]] = [
            *(lambda status=status: self._genuine(text, url, status) for status in STATUSES * 2),
            *(
                lambda status=status: self._forged(text, url, status)
                for status in ("failed", "sent")
            ),
        ]
        self._chance.shuffle(calls)
        for call in calls:
            call()

    def _genuine(self, text: Text, url: str, status: str) -> None:
        answered = self._shop.post(url, text.as_status_webhook(status))
        if answered not in (204, 503, None):
            self.wrong.append(f"a callback was answered with {answered}")

    def _forged(self, text: Text, url: str, status: str) -> None:
        """By somebody without our token; and signed, but for a message that is not its own."""
        told = text.as_status_webhook(status)
        number = int(_MESSAGE.findall(url)[0])
        others = url.replace(f"o={number}&", f"o={number + 1}&")
        for answered in (
            self._shop.post(url, told, token="guessed"),
            self._shop.post(others, told),
        ):
            if answered not in (403, 503, None):
                self.wrong.append(f"a forged callback was answered with {answered}")


class Findings:
    """What is to be found of the people of one run, when everything has come to rest."""

    def __init__(self, shop: HarmedShop, people: People) -> None:
        self._shop = shop
        self._people = people
        self._ids = [who.customer_id for who in people.all]
        self._accepts = Counter(
            int(_MESSAGE.findall(one.status_callback or "")[0]) for one in shop.provider.accepted()
        )
        self._outbox = self._rows("SELECT * FROM outbox WHERE customer_id = ANY(:ids)")
        self._commits = self._rows("SELECT * FROM commits WHERE customer_id = ANY(:ids)")

    def wrong(self, outcome: Outcome) -> list[str]:
        """Everything that is not as it must be; counts what is."""
        outcome.messages += len(self._outbox)
        lost = {"sender_died", "answer_not_understood"}
        doubtful = [
            row
            for row in self._outbox
            if row.state == "unknown" or row.reason in lost or "no_answer" in (row.reason or "")
        ]
        outcome.unknown += len(doubtful)
        outcome.found += sum(self._accepts[row.outbox_id] for row in doubtful)
        return [
            *self._about_messages(),
            *self._about_order(),
            *self._about_offers(outcome),
            *self._about_texts(),
        ]

    def _rows(self, statement: str) -> list[Any]:
        return self._shop.rows(statement, ids=self._ids)

    def _about_messages(self) -> list[str]:
        """At most one accept of each; each at an end, and accepted if and only if it was."""
        wrong = []
        for row in self._outbox:
            accepts = self._accepts[row.outbox_id]
            if row.state not in FINAL:
                wrong.append(f"a message was left {row.state}")
            if accepts != (row.state in {"accepted", "delivered"}):
                wrong.append(f"{accepts} accepts of a message that is {row.state}")
        if unknown := self._accepts.keys() - {row.outbox_id for row in self._outbox}:
            wrong.append(f"{len(unknown)} accepts of what was never written")
        return wrong

    def _about_order(self) -> list[str]:
        """No accept of what was begun to be sent after an opt-out or a purchase was committed."""
        wrong = []
        for row in self._outbox:
            if not self._accepts[row.outbox_id] or row.purpose == "stop_confirmation":
                continue
            begun = max(one.place for one in self._commits if one.outbox_id == row.outbox_id)
            ends = {"refused", "bought"} if row.message_class == "advertisement" else {"refused"}
            if any(
                one.what in ends and one.customer_id == row.customer_id and one.place < begun
                for one in self._commits
            ):
                wrong.append(f"an {row.purpose} was sent to somebody who had refused or bought")
        return wrong

    def _about_offers(self, outcome: Outcome) -> list[str]:
        """Everybody was offered once at most; who kept still, exactly once. Told in the
        conversation and on record exactly as often as the provider took it."""
        wrong = []
        plain = {who.customer_id for who in self._people.plain}
        offers = self._rows(
            "SELECT o.*, "
            "(SELECT count(*) FROM turns t WHERE t.customer_id = o.customer_id"
            "   AND t.payload -> 'offer' = to_jsonb(o.offer_id)) AS told, "
            "(SELECT count(*) FROM decisions d WHERE d.customer_id = o.customer_id"
            "   AND d.decision = 'sent') AS sent "
            "FROM offers o WHERE customer_id = ANY(:ids)"
        )
        for offer in offers:
            texts = [row for row in self._outbox if row.offer_id == offer.offer_id]
            accepts = sum(self._accepts[row.outbox_id] for row in texts)
            if len(texts) != 1:
                wrong.append(f"{len(texts)} texts of one offer")
            if offer.told != accepts or offer.sent != accepts:
                wrong.append(f"taken {accepts}, told {offer.told}, on record {offer.sent} times")
            is_open = offer.state in {"planned", "open"}
            if is_open != (offer.customer_id in plain):
                wrong.append(f"an offer was left {offer.state}")
            outcome.stopped += not accepts and offer.customer_id not in plain
        counted = Counter(offer.customer_id for offer in offers)
        for customer_id in self._ids:
            if counted[customer_id] > 1 or (customer_id in plain and not counted[customer_id]):
                wrong.append(f"{counted[customer_id]} offers to one person")
        if self._rows("SELECT 1 FROM due WHERE customer_id = ANY(:ids) AND state = 'waiting'"):
            wrong.append("an occasion was left waiting")
        return wrong

    def _about_texts(self) -> list[str]:
        """Each was stored once and answered once, and what it told was learnt once."""
        wrong = []
        inbox = self._rows("SELECT * FROM inbox WHERE customer_id = ANY(:ids)")
        if sorted(row.text.split()[0] for row in inbox) != ["STOP", "hello", "my"]:
            wrong.append(f"{len(inbox)} texts were stored, not 3")
        answers = self._rows(
            "SELECT text FROM turns WHERE customer_id = ANY(:ids) AND direction = 'out'"
            " AND NOT payload ? 'offer'"
        )
        said = sorted(row.text.splitlines()[-1].split()[0] for row in answers)
        if [word for word in said if word not in {"Hello!", "Good"}] != ["Noted:", "You"]:
            wrong.append(f"answers: {said}")
        if len(said) != 3 or any(row.state != "done" for row in inbox):
            wrong.append(f"{len(said)} answers to 3 texts")
        if len(self._rows("SELECT 1 FROM facts WHERE customer_id = ANY(:ids)")) != 1:
            wrong.append("what was told was not learnt once")
        replies = [row for row in self._outbox if row.purpose == "answer"]
        if len(replies) != 2 or any(row.state in {"refused", "cancelled"} for row in replies):
            wrong.append(f"{len(replies)} answers on their way, not 2")
        return wrong


def _write_report(outcomes: Sequence[Outcome], seconds: float) -> None:
    from command.benches import machine

    rows = [
        f"| {place} | {one.point.name} | {one.point.part} | {one.runs} | {one.processes} "
        f"| {one.databases} | {one.messages} | {one.unknown} | {one.found} | {one.stopped} "
        f"| {len(one.broken)} |"
        for place, one in enumerate(outcomes, start=1)
    ]
    totals = [
        sum(getattr(one, name) for one in outcomes)
        for name in ("runs", "processes", "databases", "messages", "unknown", "found", "stopped")
    ]
    broken = sum(len(one.broken) for one in outcomes)
    lines = [
        "# A send and an inbound message under `kill -9`",
        "",
        f"`./dangol torture send` on {datetime.now(UTC):%Y-%m-%d}, {machine()}, "
        f"{seconds / 60:.1f} minutes.",
        "",
        "Web, agent and sender run as processes on a database of their own, before a provider that "
        "fails at random (429, 500, time-outs, accepts and drops) and whose callbacks come twice, "
        "in any order and forged. In each run four people are due an offer, two write, one says "
        "STOP and one buys, each at a random moment. Who stands at the point is killed with "
        "SIGKILL; in every fourth run, and at the last point always, the database beneath them.",
        "",
        "| | point | part | runs | processes killed | databases killed | messages | doubtful "
        "| found again | offers stopped in time | broken |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
        *rows,
        f"| | **together** | | {' | '.join(str(total) for total in totals)} | {broken} |",
        "",
        "Checked after every run: at most one accept of each message, and recorded as accepted "
        "exactly when the provider has it; nothing left waiting; every text stored, understood and "
        "answered once; every offer told in the conversation and on record exactly as often as the "
        "provider took it; no accept of what was committed as being sent after an opt-out or a "
        "purchase of that customer was committed, by the order in which transactions became "
        "visible; no forged callback accepted. *Doubtful* are messages of which nobody knew for a "
        "while whether they were taken; those that were not found again were never taken.",
        *(f"- **{outcome.point.name}**: {what}" for outcome in outcomes for what in outcome.broken),
        "",
    ]
    path = PROJECT / "docs" / "reports" / "send.md"
    path.write_text("\n".join(lines), encoding="utf-8")
