"""Alembic's entry: runs on the connection that `memory.migrate` hands over, on none of its own."""

from __future__ import annotations

from alembic import context

from memory.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transaction_per_migration=False,
)
context.run_migrations()
