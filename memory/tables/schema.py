"""What all tables share: their metadata, the names of constraints, and the types of a column."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, DateTime, MetaData, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Moment = DateTime(timezone=True)
NO_OBJECT = text("'{}'::jsonb")


def one_of(column: str, *values: str) -> CheckConstraint:
    """The column holds one of these words, or nothing."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")
