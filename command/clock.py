"""`clock`: moves business time forward, for development. What falls due on the way is done by the
parts that always do it, at its own time: the clock stops there and waits for them.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from command import why
from command.words import WORDS, Language
from marketing.errors import BadInput, DangolError, Unavailable
from memory import clock, decisions, due, inbox, outbox, parts, staff_alarms
from memory import engine as memory_engine
from memory.engine import Connection, Engine
from settings import Settings

DEMO_STARTS = "23:10"
"""UTC: 08:10 in Seoul and the evening before in the US, so that an advertisement may go to both."""
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
"""A clock beyond what dates can hold would stop every part, for good."""
STUCK_AFTER = 30.0
"""Seconds in which nothing of what is waited for moves on."""
ANOTHER_TAKES_AT_MOST = 120.0
LOOK_EVERY = 0.05

_STEP = re.compile(r"([+-])([0-9]{1,6})([dhm])")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}
_PLACES = {
    "seoul": "Asia/Seoul",
    "new_york": "America/New_York",
    "los_angeles": "America/Los_Angeles",
}


class DevelopmentOnly(DangolError):
    """The clock is moved in development only: in production, time is what it is."""


class NobodyWorks(Unavailable):
    """Nobody would do what falls due, as outreach does not run: start it with ./dangol up."""


class MovedMeanwhile(Unavailable):
    """Somebody else is moving the clock and does not finish."""


class Stuck(Unavailable):
    """What fell due is not done."""


class WasMoved(DangolError):
    """The clock of this database has been moved, as in development: production needs another
    database, or its own time back (DELETE FROM clock)."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What must be done before the clock goes on."""

    messages: int
    occasions: int
    texts: int

    def __bool__(self) -> bool:
        return bool(self.messages or self.occasions or self.texts)


class ShopClock:
    """Business time, which moves forward only. Safe to share by threads and processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def now(self) -> tuple[datetime, timedelta]:
        """Business time, and how far it is ahead of real time."""
        with memory_engine.transaction(self._engine) as connection:
            return clock.business_now(connection), clock.offset(connection)

    def move(self, by: str, after_each: Callable[[], None] = lambda: None) -> None:
        """Move forward by `+3d`, `+2h`, `+30m` or to a time in ISO 8601 (without a zone: UTC);
        returns when what fell due on the way is done. `after_each` is called after each stop.
        Raises BadInput, NobodyWorks, MovedMeanwhile, Stuck."""
        with memory_engine.transaction(self._engine) as mine:
            _be_the_only_one(mine)
            target = target_of(by, self.now()[0])
            self._ask_for_workers()
            stop = self.now()[0]
            while True:
                self._go_to(stop)
                self._wait_until_done()
                after_each()
                if stop == target:
                    return
                stop = self._next_stop(target)

    def _go_to(self, moment: datetime) -> None:
        with memory_engine.transaction(self._engine) as connection:
            clock.move_to(connection, moment)

    def _next_stop(self, target: datetime) -> datetime:
        with memory_engine.transaction(self._engine) as connection:
            now = clock.business_now(connection)
            found = (
                due.next_moment(connection, until=target),
                outbox.next_release(connection, after=now, until=target),
                staff_alarms.next_moment(connection, after=now, until=target),
            )
        return min((moment for moment in found if moment is not None), default=target)

    def _ask_for_workers(self) -> None:
        with memory_engine.transaction(self._engine) as connection:
            if "outreach" not in _at_work(connection):
                raise NobodyWorks

    def _wait_until_done(self) -> None:
        """Raises Stuck if nothing moves on for a while."""
        seen, since = None, time.monotonic()
        while waiting := self._waiting():
            if waiting != seen:
                seen, since = waiting, time.monotonic()
            elif time.monotonic() - since > STUCK_AFTER:
                raise Stuck(self._told(waiting))
            time.sleep(LOOK_EVERY)

    def _waiting(self) -> Waiting:
        """Asked in the order in which work makes other work, so that none slips through."""
        with memory_engine.transaction(self._engine) as connection:
            now = clock.business_now(connection)
            has_agent = "agent" in _at_work(connection)
            return Waiting(
                messages=inbox.ready_count(connection) if has_agent else 0,
                occasions=due.count(connection, now=now),
                texts=outbox.count_on_their_way(connection, now=now)
                + staff_alarms.count_due(connection, now=now),
            )

    def _told(self, waiting: Waiting) -> str:
        left = {
            "unanswered messages": waiting.messages,
            "due occasions": waiting.occasions,
            "texts on their way": waiting.texts,
        }
        listed = ", ".join(f"{what}: {count}" for what, count in left.items() if count)
        return (
            f"The clock stopped at {self.now()[0]:%Y-%m-%d %H:%M:%S} UTC, as nothing has moved for "
            f"{STUCK_AFTER:.0f} s ({listed}): see ./dangol status and the logs."
        )


def _be_the_only_one(connection: Connection) -> None:
    deadline = time.monotonic() + ANOTHER_TAKES_AT_MOST
    while not clock.lock(connection):
        if time.monotonic() > deadline:
            raise MovedMeanwhile
        time.sleep(LOOK_EVERY)


def _at_work(connection: Connection) -> set[str]:
    """Which kinds of parts are ready: `agent` whatever the number in its name."""
    return {part.part.partition("-")[0] for part in parts.known(connection) if part.is_ready}


def target_of(given: str, now: datetime) -> datetime:
    """The moment that somebody wants it to be, in UTC. Raises BadInput."""
    step = _STEP.fullmatch(given.strip())
    if step is not None:
        sign, count, unit = step.groups()
        moment = now + timedelta(**{_UNITS[unit]: int(f"{sign}{count}")})
    else:
        moment = _moment(given)
    if moment < now:
        raise BadInput(f"Time only goes forward, and it is {now:%Y-%m-%d %H:%M:%S} UTC already.")
    if moment > LATEST:
        raise BadInput(f"That is too far: the clock goes as far as {LATEST:%Y}.")
    return moment.astimezone(UTC)


def _moment(given: str) -> datetime:
    try:
        moment = datetime.fromisoformat(given.strip())
    except ValueError as error:
        raise BadInput(
            f"{given!r} is not a time: give +3d, +2h, +30m or one like 2027-07-07T10:00+09:00."
        ) from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def begins_at(engine: Engine, settings: Settings) -> datetime:
    """The business time with which the parts will start: the demo shop's clock starts at the next
    23:10 UTC, once; elsewhere business time is real time. Raises WasMoved in production."""
    with memory_engine.transaction(engine) as connection:
        if not settings.is_development and clock.offset(connection):
            raise WasMoved
        if settings.shop == "demo" and settings.is_development and not clock.is_set(connection):
            return next_start(datetime.now(UTC))
        return clock.business_now(connection)


def begin(engine: Engine, settings: Settings, at: datetime) -> datetime:
    """Before the parts start: a demo shop's clock that was never set is set to `at`, or to now if
    that is past. Returns the business time."""
    with memory_engine.transaction(engine) as connection:
        if settings.shop == "demo" and settings.is_development and not clock.is_set(connection):
            clock.set_offset(connection, max(at - datetime.now(UTC), timedelta()))
        return clock.business_now(connection)


def next_start(now: datetime) -> datetime:
    """The next 23:10 UTC; `now` itself if it is just that."""
    hour, minute = map(int, DEMO_STARTS.split(":"))
    today = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return today if today >= now else today + timedelta(days=1)


def lines(moment: datetime, language: Language) -> list[str]:
    """A business time in UTC and where the customers are, a line each."""
    named = {"UTC": "UTC", **{WORDS[language][place]: zone for place, zone in _PLACES.items()}}
    return [
        f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}  {name}"
        for name, zone in named.items()
    ]


def summary(moment: datetime, language: Language) -> str:
    """The same in one line."""
    elsewhere = " · ".join(
        f"{moment.astimezone(ZoneInfo(zone)):%m-%d %H:%M} {WORDS[language][place]}"
        for place, zone in _PLACES.items()
    )
    return f"{WORDS[language]['shop_clock']}: {moment:%Y-%m-%d %H:%M:%S} UTC · {elsewhere}"


def show(engine: Engine, language: Language) -> None:
    """Print the business time."""
    moment, _ = ShopClock(engine).now()
    print("\n".join(lines(moment, language)))


def move(engine: Engine, by: str, language: Language, *, is_quiet: bool) -> None:
    """Move it, print what was decided on the way unless `is_quiet`, and the new business time."""
    shop_clock = ShopClock(engine)
    if is_quiet:
        shop_clock.move(by)
    else:
        shop_clock.move(by, _teller(engine, language))
    print(summary(shop_clock.now()[0], language))


def _teller(engine: Engine, language: Language) -> Callable[[], None]:
    """Prints, whenever it is called, what was decided since the last time."""
    with memory_engine.transaction(engine) as connection:
        told = decisions.newest(connection)

    def tell() -> None:
        nonlocal told
        with memory_engine.transaction(engine) as connection:
            for place, customer_id, decision in decisions.after(connection, told):
                tongue = why.tongue_for(connection, customer_id, language)
                print(why.as_words(why.decided(decision, tongue), tongue), flush=True)
                told = place

    return tell
