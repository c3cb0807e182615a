"""Voices: how somebody felt, what kind of goods they spoke of, and what came of it.

Why: a complaint is told from an angry one, a wish of goods is found by its kind, and whoever wished
for something hears that it is there.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_VOICES = "kind IN ('complaint', 'wish', 'praise', 'answer', 'refusal', 'bought_elsewhere')"
_OCCASIONS = (
    "kind IN ('browse', 'anniversary', 'birthday', 'reconfirmation', 'reminder', 'wish_done')"
)
_FEELINGS = "sentiment IN ('positive', 'neutral', 'negative', 'angry')"


def upgrade() -> None:
    for name in ("category", "sentiment", "done_product_id"):
        op.add_column("voice_items", sa.Column(name, sa.Text()))
    op.add_column("voice_items", sa.Column("done_note", JSONB()))
    op.create_check_constraint(op.f("ck_voice_items_sentiment_known"), "voice_items", _FEELINGS)
    for table, known in (("voice_items", _VOICES), ("due", _OCCASIONS)):
        name = op.f(f"ck_{table}_kind_known")
        op.drop_constraint(name, table, type_="check")
        op.create_check_constraint(name, table, known)
