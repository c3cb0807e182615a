"""Messages that wait for their rest.

Why: "저기요" is not answered before what follows it has come.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox", sa.Column("rest_until", sa.DateTime(timezone=True)))
