"""Alembic's way into the ledger: migrations run on the connection they are handed."""

from __future__ import annotations

from alembic import context

from flows.ledger.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
)
context.run_migrations()
