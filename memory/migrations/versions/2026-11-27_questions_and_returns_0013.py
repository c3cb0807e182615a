"""Unanswered questions, lines of an order that were given back, and what a person has said once.

Why: whoever writes the questions and answers sees what was asked in vain, in the customers' words;
and of an order that was given back in part only what came back is not proposed again; and a reply
that is posted again is not said twice.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_NAME = "ck_voice_items_kind_known"
_BEFORE = "'complaint', 'wish', 'praise', 'answer', 'refusal', 'bought_elsewhere'"


def upgrade() -> None:
    op.drop_constraint(op.f(_NAME), "voice_items", type_="check")
    op.create_check_constraint(op.f(_NAME), "voice_items", f"kind IN ({_BEFORE}, 'question')")
    op.add_column(
        "hand_overs",
        sa.Column("said_keys", JSONB(), nullable=False, server_default=sa.text("'{}'")),
    )
    op.add_column(
        "order_lines",
        sa.Column("given_back", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("order_lines", "given_back")
    op.drop_column("hand_overs", "said_keys")
    op.execute("DELETE FROM voice_items WHERE kind = 'question'")
    op.drop_constraint(op.f(_NAME), "voice_items", type_="check")
    op.create_check_constraint(op.f(_NAME), "voice_items", f"kind IN ({_BEFORE})")
