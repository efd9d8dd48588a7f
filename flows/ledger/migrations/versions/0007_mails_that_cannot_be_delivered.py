"""Mails that cannot be delivered, and when that was dealt with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import flows.ledger.tables

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column("outbox", sa.Column("failure_seen_at", flows.ledger.tables.Instant(), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("failure_seen_at")
