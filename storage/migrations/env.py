"""Alembic's entry: runs on the connection it was handed, inside that connection's transaction."""

from __future__ import annotations

from alembic import context

from storage.base import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_type=True,
    compare_server_default=True,
    # SQLite changes a table by copying it.
    render_as_batch=True,
    # Both engines can undo DDL; the caller opened the transaction and ends it.
    transactional_ddl=True,
)
context.run_migrations()
