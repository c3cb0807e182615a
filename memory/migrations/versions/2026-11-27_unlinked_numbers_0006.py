"""Unlinked numbers: the ledger may say that a consent has ended with the address it was given for.

Why: a number that has turned out to be a stranger's takes its consent with it, and that is no
refusal of the person who had it.
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_KNOWN = "action IN ('requested', 'given', 'refused', 'withdrawn', 'reopened', 'ended')"


def upgrade() -> None:
    name = op.f("ck_consents_action_known")
    op.drop_constraint(name, "consents", type_="check")
    op.create_check_constraint(name, "consents", _KNOWN)
