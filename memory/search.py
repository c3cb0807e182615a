"""Past turns by their words: the customer's newest, and of older ones those with a rare word asked
for; a few hundred in all, however long the conversation. memory/ranking.py says which are nearest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, Integer, Text, bindparam, text

from memory.ranking import EVERY, About, Candidate, Ranked, rank, said_in

NEWEST = 400
"""Turns that are looked at, if the past is asked for."""
IN_PASSING = 100
"""Turns that are looked at if it is not; and no older ones."""
RAREST = 4
"""Words by which older ones are looked for."""
MOST_OF_A_WORD = 40
SELDOM = 0.02
"""Share of the newest turns. A word said more often finds enough among them."""

SEVERAL = 5
"""Customers who must have used a word before its frequency is kept: then it says nothing of any."""
SAMPLE = 200_000
"""Turns that are counted for the frequencies of words; of more, so many."""

COLUMNS = """
      (SELECT coalesce(json_agg(json_build_array(t.seq, t.direction, t.at, t.said)), '[]')
         FROM (SELECT t.seq, t.direction, extract(epoch FROM t.at)::float8 AS at,
                      ' ' || nullif(array_to_string(t.words, ' '), '') || ' ' AS said
                 FROM turns t WHERE t.customer_id = :customer_id AND t.seq < :seq
                 ORDER BY t.seq DESC LIMIT :newest) t) AS past,
      (SELECT coalesce(json_object_agg(f.word, f.turns), '{}') FROM word_frequencies f
         WHERE f.word = ANY(CAST(:asked AS text[]))) AS frequencies
"""
"""What a search needs of the database, as two columns of any statement. Words hold no spaces."""

_NEWEST = text(f"SELECT {COLUMNS}")

# With its values in the statement itself: a prepared one would get one plan for all customers, and
# the plan for somebody with ten turns reads all 25,000 of another.
_OLDER = text(
    """
    SELECT found.seq, found.direction, extract(epoch FROM found.at)::float8 AS at,
           ' ' || array_to_string(found.words, ' ') || ' ' AS said
      FROM unnest(CAST(:rarest AS text[])) AS asked(word),
           LATERAL (SELECT t.seq, t.direction, t.at, t.words FROM turns t
                      WHERE t.customer_id = :customer_id AND t.words @> ARRAY[asked.word]
                        AND t.seq < :seq
                      LIMIT :most) found
    """
).bindparams(
    bindparam("customer_id", type_=Text, literal_execute=True),
    bindparam("seq", type_=BigInteger, literal_execute=True),
    bindparam("most", type_=Integer, literal_execute=True),
)

_ASKED = text(
    """
    SELECT t.seq FROM (SELECT t.seq, t.direction, t.intent, t.at FROM turns t
                         WHERE t.customer_id = :customer_id AND t.seq < :seq
                         ORDER BY t.seq DESC LIMIT :newest) t
      WHERE t.direction = 'in' AND t.intent = ANY(:intents) AND t.at < :until
      ORDER BY t.seq DESC LIMIT :limit
    """
)

_TOLD = text(
    """
    SELECT t.seq, t.direction, t.text, t.intent, t.entities, t.payload, t.at FROM turns t
      WHERE t.customer_id = :customer_id AND t.seq = ANY(:seqs)
    """
)

_COUNT = text(
    """
    INSERT INTO word_frequencies (word, turns)
    SELECT said.word, count(*)
      FROM turns t TABLESAMPLE SYSTEM (:percent),
           LATERAL (SELECT DISTINCT word FROM unnest(t.words) AS word
                    UNION ALL SELECT :every) AS said
      WHERE t.words IS NOT NULL
      GROUP BY said.word
      HAVING count(DISTINCT t.customer_id) >= :several OR said.word = :every
    """
)


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """One past utterance."""

    seq: int
    direction: str
    text: str
    intent: str | None
    entities: Sequence[Mapping[str, Any]]
    payload: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Past:
    """A past turn that was found, with what was said around it, and why it was chosen."""

    spoken: Spoken
    score: float
    because: tuple[str, ...]
    before: Spoken | None
    after: Spoken | None


def parameters(about: About | None) -> dict[str, Any]:
    """What COLUMNS needs beside `customer_id` and `seq`. Nothing is read if nothing is asked."""
    return {
        "newest": _depth(about) if about is not None and about.words else 0,
        "asked": [*about.words, EVERY] if about is not None else [],
    }


def _depth(about: About) -> int:
    return IN_PASSING if about.in_passing else NEWEST


def find(
    connection: Connection,
    customer_id: str,
    about: About,
    *,
    now: datetime,
    before_seq: int,
    limit: int = 5,
) -> list[Past]:
    """The past turns before `before_seq` that are nearest to a question, the nearest first."""
    values = {"customer_id": customer_id, "seq": before_seq, **parameters(about)}
    row = connection.execute(_NEWEST, values).one()
    ranked = nearest(
        connection,
        customer_id,
        about,
        newest=candidates(row.past),
        frequencies=row.frequencies,
        now=now,
        limit=limit,
    )
    return told(connection, customer_id, ranked)


def candidates(past: Sequence[Sequence[Any]]) -> list[Candidate]:
    """The first of COLUMNS, the newest turn first."""
    return [Candidate(seq, direction, at, said or "") for seq, direction, at, said in past]


def nearest(
    connection: Connection,
    customer_id: str,
    about: About,
    *,
    newest: Sequence[Candidate],
    frequencies: Mapping[str, int],
    now: datetime,
    limit: int,
    until: datetime | None = None,
) -> list[Ranked]:
    """Up to `limit` turns from before `until` that have to do with a question, the nearest first.
    `newest` and `frequencies` are what COLUMNS gave."""
    older: list[Candidate] = []
    if len(newest) == NEWEST and not about.in_passing:
        rarest = _rarest(about.words, newest, frequencies)
        older = _older(connection, customer_id, rarest, before_seq=newest[-1].seq)
    return rank(
        newest,
        older,
        about,
        frequencies={EVERY: 0, **frequencies},
        now=now,
        limit=limit,
        without={turn.seq for turn in newest if until and turn.at >= until.timestamp()},
    )


def _rarest(
    asked: Sequence[str], newest: Sequence[Candidate], frequencies: Mapping[str, int]
) -> list[str]:
    """The words asked for that are seldom said, by this customer and by all."""
    said = said_in(asked, newest)
    every = max(1, frequencies.get(EVERY, 0))
    share = {
        word: max(said[word] / len(newest), frequencies.get(word, 0) / every) for word in asked
    }
    seldom = sorted((share[word], word) for word in share if share[word] <= SELDOM)
    return [word for _, word in seldom[:RAREST]]


def _older(
    connection: Connection, customer_id: str, rarest: Sequence[str], *, before_seq: int
) -> list[Candidate]:
    if not rarest:
        return []
    rows = connection.execute(
        _OLDER,
        {
            "customer_id": customer_id,
            "rarest": list(rarest),
            "seq": before_seq,
            "most": MOST_OF_A_WORD,
        },
    )
    found = {row.seq: Candidate(**row._mapping) for row in rows}
    return list(found.values())


def asked_lately(
    connection: Connection,
    customer_id: str,
    intents: Sequence[str],
    *,
    before_seq: int,
    until: datetime,
    limit: int = 5,
) -> list[Past]:
    """The last questions of these kinds from before `until`, the newest first, not looking back
    further than the newest turns."""
    rows = connection.execute(
        _ASKED,
        {
            "customer_id": customer_id,
            "seq": before_seq,
            "newest": NEWEST,
            "intents": list(intents),
            "until": until,
            "limit": limit,
        },
    )
    asked = [Ranked(seq=row.seq, score=0.0, because=()) for row in rows]
    return told(connection, customer_id, asked)


def told(connection: Connection, customer_id: str, ranked: Sequence[Ranked]) -> list[Past]:
    """What was said in these turns and around them."""
    if not ranked:
        return []
    wanted = {seq for one in ranked for seq in (one.seq - 1, one.seq, one.seq + 1)}
    rows = connection.execute(_TOLD, {"customer_id": customer_id, "seqs": sorted(wanted)})
    said = {row.seq: Spoken(**{**row._mapping, "entities": row.entities or ()}) for row in rows}
    return [
        Past(
            spoken=said[one.seq],
            score=one.score,
            because=one.because,
            before=said.get(one.seq - 1),
            after=said.get(one.seq + 1),
        )
        for one in ranked
        if one.seq in said
    ]


def refresh_frequencies(connection: Connection) -> None:
    """Count anew how many turns hold each word. Of a large memory a sample is counted: only shares
    matter."""
    kept = connection.scalar(
        text("SELECT sum(greatest(reltuples, 0)) FROM pg_class WHERE relname ~ '^turns_[0-9]+$'")
    )
    percent = min(100.0, 100 * SAMPLE / max(1.0, float(kept or 0)))
    connection.execute(text("DELETE FROM word_frequencies"))
    connection.execute(_COUNT, {"percent": percent, "every": EVERY, "several": SEVERAL})
