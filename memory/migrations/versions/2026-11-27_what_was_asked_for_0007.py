"""Reminders: an occasion that a customer has asked for, and the text that tells of it.

Why: what they asked to be told later is neither an offer nor an answer; its text names its occasion
so that it can be decided about once more when it is sent.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_KINDS = "kind IN ('browse', 'anniversary', 'birthday', 'reconfirmation', 'reminder')"
_PURPOSES = (
    "purpose IN ('answer', 'stop_confirmation', 'start_confirmation', 'help', 'code',"
    " 'consent_request', 'consent_result', 'reconfirmation', 'hand_over', 'offer', 'reminder')"
)


def upgrade() -> None:
    op.add_column("outbox", sa.Column("due_id", sa.BigInteger()))
    for table, column, known in (("due", "kind", _KINDS), ("outbox", "purpose", _PURPOSES)):
        name = op.f(f"ck_{table}_{column}_known")
        op.drop_constraint(name, table, type_="check")
        op.create_check_constraint(name, table, known)
