"""Typed codes, and consents that have grown old: a code is known as typed before its turn comes,
and a consent is spoken of again every two years.

Why: a session that a code has proven must change its token in the request that brought the code;
Korean law wants every consent to advertisements confirmed every two years.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("codes", sa.Column("typed_at", sa.DateTime(timezone=True), nullable=True))
    _allow("due", "kind", "browse", "anniversary", "birthday", "reconfirmation")
    _allow(
        "outbox",
        "purpose",
        "answer",
        "stop_confirmation",
        "start_confirmation",
        "help",
        "code",
        "consent_request",
        "consent_result",
        "reconfirmation",
        "hand_over",
        "offer",
    )


def _allow(table: str, column: str, *values: str) -> None:
    name = op.f(f"ck_{table}_{column}_known")
    listed = ", ".join(f"'{value}'" for value in values)
    op.drop_constraint(name, table, type_="check")
    op.create_check_constraint(name, table, f"{column} IN ({listed})")
