"""How much of what answers a question recall brings back, beside PostgreSQL's own full-text search
and bare BM25, on LoCoMo's conversations (Maharana et al. 2024; evaluate only, never ship): evidence
recall (share of the evidence turns) and hits (any of them), and how long it takes.

One index holds one conversation: each becomes a customer of its own in the real tables, the first
speaker as the customer, the second as the shop.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bench import Figure, figure
from memory import customers, migrate, search, turns
from memory.embedded import EmbeddedServer
from memory.engine import Connection, Engine, open_engine
from memory.ranking import About, bm25, inverse_frequency
from memory.turns import Unread, Utterance
from nlu.looking_back import looking_back
from nlu.search_words import search_words
from tests.postgres import fresh_database, temporary_home

_figure = partial(figure, "recall")
Ranking = Sequence[tuple[int, float]]
"""Turns by `seq` with their scores, the best first."""

KINDS = {1: "several turns", 2: "time", 3: "inference", 4: "one turn", 5: "wrong premise"}
"""LoCoMo's categories of questions."""
PUBLISHED = {
    ("turn", 10): 0.731,  # turns with their neighbours' words; all ten conversations, BM25
    ("session", 5): 0.883,
    ("session", 10): 0.938,
}
FURTHER_DOWN = 60
"""Turns from which sessions are ranked."""
SESSION_FADES = 0.7
"""What each further turn of a session counts for it."""
ROUNDS = 3


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question, and the turns that answer it."""

    text: str
    kind: int
    evidence: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """One index."""

    customer_id: str
    speakers: tuple[str, str]
    session_of: Mapping[int, int]
    words: Mapping[int, Sequence[str]]
    questions: Sequence[Question]
    now: datetime


def run(data: Path | None) -> list[Figure]:
    """Measure on `locomo*.json` below `data`; nothing without. The figures of DESIGN §4 `bench`."""
    files = sorted(data.rglob("locomo*.json")) if data is not None and data.is_dir() else []
    files = [data] if data is not None and data.is_file() else files
    if not files:
        _tell("bench recall needs --data with LoCoMo's JSON below it; nothing was measured")
        return []
    with temporary_home(on_disk=True) as home, fresh_database(EmbeddedServer(home).start()) as url:
        migrate.upgrade(url)
        engine = open_engine(url)
        try:
            return _measured(engine, [one for path in files for one in _loaded(engine, path)])
        finally:
            engine.dispose()


def _loaded(engine: Engine, path: Path) -> Iterator[Conversation]:
    _tell(f"Loading {path.name}")
    for sample in json.loads(path.read_text(encoding="utf-8")):
        with engine.begin() as connection:
            yield _load(connection, sample)
    with engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE turns")


def _load(connection: Connection, sample: Mapping[str, Any]) -> Conversation:
    said = sample["conversation"]
    speakers = (said["speaker_a"], said["speaker_b"])
    began = _moment(said["session_1_date_time"])
    customer_id = customers.create(connection, now=began)
    seq_of: dict[str, int] = {}
    session_of: dict[int, int] = {}
    read: list[Unread] = []
    last = began
    for session, spoken, last in _in_order(said):
        (seq,) = turns.append(
            connection,
            customer_id,
            [Utterance(text=_text(spoken))],
            direction="in" if spoken["speaker"] == speakers[0] else "out",
            channel="web",
            language="en",
            at=last,
        )
        seq_of[spoken["dia_id"]] = seq
        session_of[seq] = session
        read.append(Unread(customer_id=customer_id, seq=seq, text=_text(spoken)))
    words = [search_words(one.text) for one in read]
    turns.keep_words(connection, read, words)
    return Conversation(
        customer_id=customer_id,
        speakers=speakers,
        session_of=session_of,
        words={one.seq: found for one, found in zip(read, words, strict=True)},
        questions=list(_questions(sample["qa"], seq_of)),
        now=last + timedelta(days=1),
    )


def _in_order(said: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any], datetime]]:
    """Session, turn and time of each; the data dates sessions, so turns are a minute apart."""
    sessions = sorted(int(key[8:]) for key in said if re.fullmatch(r"session_\d+", key))
    for session in sessions:
        began = _moment(said[f"session_{session}_date_time"])
        for place, spoken in enumerate(said[f"session_{session}"]):
            yield session, spoken, began + timedelta(minutes=place)


def _moment(written: str) -> datetime:
    return datetime.strptime(written, "%I:%M %p on %d %B, %Y").replace(tzinfo=UTC)


def _text(spoken: Mapping[str, Any]) -> str:
    """What was said, and what the picture shared with it shows."""
    caption = spoken.get("blip_caption")
    return f"{spoken['text']} ({caption})" if caption else str(spoken["text"])


def _questions(asked: Iterable[Mapping[str, Any]], seq_of: Mapping[str, int]) -> Iterator[Question]:
    """Those whose evidence is among the turns."""
    for one in asked:
        named = re.findall(r"D\d+:\d+", " ".join(one.get("evidence") or ()))
        evidence = frozenset(seq_of[name] for name in named if name in seq_of)
        if evidence:
            yield Question(text=one["question"], kind=one["category"], evidence=evidence)


Way = Callable[[Connection, Conversation, Question], Ranking]


def _ours(connection: Connection, of: Conversation, question: Question) -> Ranking:
    about = _about(of, question)
    found = search.find(
        connection, of.customer_id, about, now=of.now, before_seq=10**6, limit=FURTHER_DOWN
    )
    return [(one.spoken.seq, one.score) for one in found]


def _about(of: Conversation, question: Question) -> About:
    """As the agent makes it; a speaker named says whose words are meant, as "I" and "you" do."""
    back = looking_back(question.text, of.now)
    named = [name in question.text for name in of.speakers]
    by = {(True, False): "in", (False, True): "out"}.get((named[0], named[1]))
    words = search_words(question.text)
    return About(words=words, said_by=by, since=back.since, until=back.until)


def _bare_bm25(_: Connection, of: Conversation, question: Question) -> Ranking:
    """The same words and nothing else."""
    return _by_bm25(of.words, question)


def _by_bm25(texts: Mapping[int, Sequence[str]], question: Question) -> Ranking:
    held = [set(words) for words in texts.values()]
    weights = {
        word: inverse_frequency(sum(word in words for words in held), len(held))
        for word in search_words(question.text)
    }
    scores = zip(texts, bm25(list(texts.values()), weights), strict=True)
    return sorted((one for one in scores if one[1] > 0), key=lambda one: (-one[1], -one[0]))


def _full_text(configuration: str) -> Way:
    """`to_tsvector … ts_rank`, any of the words, as PostgreSQL comes."""
    statement = f"""
        WITH asked AS (SELECT replace(plainto_tsquery('{configuration}', %(text)s)::text,
                                      '&', '|')::tsquery AS query)
        SELECT seq, ts_rank(to_tsvector('{configuration}', text), query) AS score
          FROM turns, asked
          WHERE customer_id = %(customer)s AND to_tsvector('{configuration}', text) @@ query
          ORDER BY score DESC, seq DESC LIMIT {FURTHER_DOWN}
    """  # noqa: S608 - of our own constants

    def ranked(connection: Connection, of: Conversation, question: Question) -> Ranking:
        values = {"text": question.text, "customer": of.customer_id}
        rows = connection.exec_driver_sql(statement, values)
        return [(row.seq, row.score) for row in rows]

    return ranked


WAYS: Mapping[str, Way] = {
    "recall": _ours,
    "bare BM25": _bare_bm25,
    "full text, english": _full_text("english"),
    "full text, simple": _full_text("simple"),
}
BESIDE = "full text, english"


def _measured(engine: Engine, conversations: Sequence[Conversation]) -> list[Figure]:
    asked = [(one, question) for one in conversations for question in one.questions]
    _tell(f"Asking {len(asked)} questions of {len(conversations)} conversations")
    shares: dict[tuple[str, ...], list[float]] = defaultdict(list)
    seconds: dict[str, list[float]] = defaultdict(list)
    with engine.connect() as connection:
        for of, question in asked:
            for name, way in WAYS.items():
                _count(shares, name, of, question, way(connection, of, question))
        for _ in range(ROUNDS):
            for of, question in asked:
                for name, way in {"recall": _briefly, BESIDE: WAYS[BESIDE]}.items():
                    began = time.perf_counter()
                    way(connection, of, question)
                    seconds[name].append(time.perf_counter() - began)
    return [*_recalled(shares), *_by_kind(shares), *_latency(seconds)]


def _briefly(connection: Connection, of: Conversation, question: Question) -> Ranking:
    """What a turn would ask for: words of the question read, and ten turns with their texts."""
    about = _about(of, question)
    search.find(connection, of.customer_id, about, now=of.now, before_seq=10**6, limit=10)
    return ()


def _count(
    shares: dict[tuple[str, ...], list[float]],
    name: str,
    of: Conversation,
    question: Question,
    found: Ranking,
) -> None:
    for most in (5, 10):
        best = {seq for seq, _ in found[:most]}
        with_neighbours = best | {
            beside
            for seq in best
            for beside in (seq - 1, seq + 1)
            if of.session_of.get(beside) == of.session_of[seq]
        }
        sessions = set(_sessions(of, found)[:most])
        units = {
            "turn": question.evidence & best,
            "turn with its neighbours": question.evidence & with_neighbours,
            "session": {seq for seq in question.evidence if of.session_of[seq] in sessions},
        }
        for unit, brought in units.items():
            share = len(brought) / len(question.evidence)
            shares["R", name, unit, str(most)].append(share)
            shares["hit", name, unit, str(most)].append(float(bool(brought)))
            shares["R", name, unit, str(most), KINDS[question.kind]].append(share)


def _sessions(of: Conversation, found: Ranking) -> list[int]:
    """Sessions by what their turns score together, each further one less."""
    scores: dict[int, list[float]] = defaultdict(list)
    for seq, score in found:
        scores[of.session_of[seq]].append(score)
    pooled = {
        session: sum(score * SESSION_FADES**place for place, score in enumerate(ranked))
        for session, ranked in scores.items()
    }
    return sorted(pooled, key=lambda session: -pooled[session])


def _recalled(shares: Mapping[tuple[str, ...], Sequence[float]]) -> Iterator[Figure]:
    for measure in ("R", "hit"):
        for unit in ("turn", "turn with its neighbours", "session"):
            for most in (5, 10):
                for name in WAYS:
                    yield _beside(shares, measure, name, unit, most)


def _beside(
    shares: Mapping[tuple[str, ...], Sequence[float]], measure: str, name: str, unit: str, most: int
) -> Figure:
    value = statistics.mean(shares[measure, name, unit, str(most)])
    bound = statistics.mean(shares[measure, BESIDE, unit, str(most)])
    aim = PUBLISHED.get((unit, most)) if (measure, name) == ("R", "recall") else None
    return _figure(
        f"{name}: {unit} {measure}@{most}",
        value,
        "share",
        bound=bound,
        ratio=value / bound if bound else None,
        aim=None if aim is None else f"> {aim}",
        met=None if aim is None else value > aim,
    )


def _by_kind(shares: Mapping[tuple[str, ...], Sequence[float]]) -> Iterator[Figure]:
    for kind in KINDS.values():
        for name in WAYS:
            found = shares.get(("R", name, "turn", "10", kind))
            if found:
                what = f"{name}: turn R@10, {kind} ({len(found)} questions)"
                yield _figure(what, statistics.mean(found), "share")


def _latency(seconds: Mapping[str, Sequence[float]]) -> Iterator[Figure]:
    for name, measured in seconds.items():
        cuts = statistics.quantiles(measured, n=100)
        yield _figure(f"{name}: latency p50", 1000 * cuts[49], "ms")
        is_ours = name == "recall"
        yield _figure(
            f"{name}: latency p99",
            1000 * cuts[98],
            "ms",
            aim="≤ 15 ms" if is_ours else None,
            met=1000 * cuts[98] <= 15 if is_ours else None,
        )


def _tell(progress: str) -> None:
    sys.stderr.write(f"{progress} …\n")
