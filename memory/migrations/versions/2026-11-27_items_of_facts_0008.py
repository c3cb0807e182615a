"""Colours and activities that were told before several of them could hold at once.

Why: each has become an item of its own, and a colour is one that is liked.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TOLD_AGAIN_SINCE = sa.text(
    """
    UPDATE facts AS old SET valid_to = greatest(told.valid_from, old.valid_from)
      FROM facts AS told
     WHERE old.kind = :before AND old.item = '' AND old.valid_to IS NULL
       AND told.customer_id = old.customer_id AND told.subject = old.subject
       AND told.kind IN (:now, :opposite) AND told.valid_to IS NULL
       AND told.item = lower(old.value #>> '{}')
    """
)
_NAMED = sa.text(
    "UPDATE facts SET kind = :now, item = lower(value #>> '{}') WHERE kind = :before AND item = ''"
)


def upgrade() -> None:
    connection = op.get_bind()
    for before, now, opposite in (
        ("colour", "colour_liked", "colour_disliked"),
        ("activity", "activity", "activity"),
    ):
        kinds = {"before": before, "now": now}
        connection.execute(_TOLD_AGAIN_SINCE, {**kinds, "opposite": opposite})
        connection.execute(_NAMED, kinds)
