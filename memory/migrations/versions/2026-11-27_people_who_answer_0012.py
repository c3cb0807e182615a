"""People who answer: why and about what they were asked for, until when an answer is promised, and
whether its customer has been told of it; what alarms them, opens the door to them, and what they
have seen.

Why: a promise must be kept by somebody who knows of it, and whoever may see a customer's memory
leaves a line that cannot be changed (RULES AU-1).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_PURPOSES = (
    "purpose IN ('answer', 'stop_confirmation', 'start_confirmation', 'help', 'code',"
    " 'consent_request', 'consent_result', 'reconfirmation', 'hand_over', 'answer_notice',"
    " 'offer', 'reminder')"
)
_LINKS = "kind IN ('offer', 'consent', 'export', 'answer')"


def upgrade() -> None:
    _hand_overs()
    _known("outbox", "purpose", _PURPOSES)
    _known("links", "kind", _LINKS)
    _alarms()
    _tokens()
    _accesses()


def _known(table: str, column: str, known: str) -> None:
    name = op.f(f"ck_{table}_{column}_known")
    op.drop_constraint(name, table, type_="check")
    op.create_check_constraint(name, table, known)


def _hand_overs() -> None:
    for column in (
        sa.Column("reason", sa.Text(), nullable=False, server_default="asked"),
        sa.Column("topic", sa.Text()),
        sa.Column("promised_at", _MOMENT),
        sa.Column("wants_text", sa.Boolean()),
        sa.Column("answered_at", _MOMENT),
        sa.Column("told_at", _MOMENT),
    ):
        op.add_column("hand_overs", column)
    op.create_check_constraint(
        op.f("ck_hand_overs_reason_known"),
        "hand_overs",
        "reason IN ('asked', 'anger', 'misunderstood', 'value')",
    )


def _alarms() -> None:
    op.create_table(
        "staff_alarms",
        sa.Column("alarm_id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("hand_over_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, server_default="ready"),
        sa.Column("reason", sa.Text()),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.Column("retry_at", _MOMENT, nullable=False, server_default=sa.text("clock_timestamp()")),
        sa.Column("lease_until", _MOMENT),
        sa.Column("provider_id", sa.Text()),
        sa.Column("error_code", sa.Integer()),
        sa.Column("sent_at", _MOMENT),
        sa.PrimaryKeyConstraint("alarm_id", name=op.f("pk_staff_alarms")),
        sa.UniqueConstraint("key", name=op.f("uq_staff_alarms_key")),
        sa.CheckConstraint("kind IN ('waits', 'promise')", name=op.f("ck_staff_alarms_kind_known")),
        sa.CheckConstraint(
            "state IN ('ready', 'sending', 'accepted', 'rejected', 'unknown', 'cancelled')",
            name=op.f("ck_staff_alarms_state_known"),
        ),
    )
    for name, column, state in (
        ("ix_staff_alarms_ready", "due_at", "ready"),
        ("ix_staff_alarms_sending", "lease_until", "sending"),
    ):
        op.create_index(
            name, "staff_alarms", [column], postgresql_where=sa.text(f"state = '{state}'")
        )


def _tokens() -> None:
    op.create_table(
        "staff_tokens",
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("revoked_at", _MOMENT),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_staff_tokens")),
    )


def _accesses() -> None:
    op.create_table(
        "staff_accesses",
        sa.Column("access_id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("whose", sa.Text()),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("access_id", name=op.f("pk_staff_accesses")),
        sa.CheckConstraint("way IN ('api', 'command')", name=op.f("ck_staff_accesses_way_known")),
    )
    op.execute(
        """
        CREATE FUNCTION accesses_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION 'staff_accesses is append-only';
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER accesses_are_kept BEFORE UPDATE OR DELETE ON staff_accesses "
        "FOR EACH ROW EXECUTE FUNCTION accesses_are_kept()"
    )
