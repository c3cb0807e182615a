"""Releases: what is live — dialogue files, words and model bytes with their checksum."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from marketing import wording
from marketing.errors import NothingLive
from memory import bell
from memory.tables import releases


@dataclass(frozen=True, kw_only=True)
class Release:
    """What is live, without the model bytes."""

    release_id: int
    inputs_digest: str
    model_digest: str
    words: Mapping[str, Sequence[wording.Variant]]


class ModelDamaged(NothingLive):
    """The stored model does not match its checksum: run ./dangol train."""


def publish(
    connection: Connection,
    *,
    inputs_digest: str,
    files: Mapping[str, str],
    words: Mapping[str, Sequence[wording.Variant]],
    model: bytes,
    now: datetime,
) -> int:
    """Write a release, make it the live one, ring the agents; returns its id."""
    connection.execute(update(releases).where(releases.c.is_live).values(is_live=False))
    release_id: int = connection.execute(
        insert(releases)
        .values(
            inputs_digest=inputs_digest,
            files=dict(files),
            words={name: list(variants) for name, variants in words.items()},
            model=model,
            model_digest=hashlib.sha256(model).hexdigest(),
            is_live=True,
            created_at=now,
        )
        .returning(releases.c.release_id)
    ).scalar_one()
    bell.ring(connection, bell.RELEASE, str(release_id))
    return release_id


def live(connection: Connection) -> Release:
    """The live release. Raises NothingLive."""
    row = connection.execute(
        select(
            releases.c.release_id,
            releases.c.inputs_digest,
            releases.c.model_digest,
            releases.c.words,
        ).where(releases.c.is_live)
    ).one_or_none()
    if row is None:
        raise NothingLive
    return Release(**row._mapping)


def live_id(connection: Connection) -> int:
    """The id of the live release. Raises NothingLive."""
    found = connection.scalar(select(releases.c.release_id).where(releases.c.is_live))
    if found is None:
        raise NothingLive
    return int(found)


def model_bytes(connection: Connection, release_id: int) -> bytes:
    """The model of a release, checked against its checksum before anyone loads it (RULES §5).
    Raises ModelDamaged."""
    row = connection.execute(
        select(releases.c.model, releases.c.model_digest).where(releases.c.release_id == release_id)
    ).one()
    model = bytes(row.model)
    if hashlib.sha256(model).hexdigest() != row.model_digest:
        raise ModelDamaged
    return model


def words(connection: Connection, release_id: int) -> Mapping[str, Sequence[wording.Variant]]:
    """All wordings of a release; it never changes, so whoever asks often may keep them."""
    found: Mapping[str, Sequence[wording.Variant]] = connection.execute(
        select(releases.c.words).where(releases.c.release_id == release_id)
    ).scalar_one()
    return found


def notice(
    connection: Connection,
    name: str,
    *,
    language: str,
    channel: str,
    values: Mapping[str, object],
) -> str | None:
    """The live wording of one response, filled in; None while nothing is live or it has none."""
    variants: Any = connection.scalar(select(releases.c.words[name]).where(releases.c.is_live))
    chosen = wording.choose(variants or (), language=language, channel=channel)
    return wording.fill(str(chosen["text"]), values) if chosen else None
