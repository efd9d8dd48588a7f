"""Mails that a person dealt with: who, when, and what was said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from flows.ledger.tables import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column("inbox", sa.Column("decided_at", Instant(), nullable=True))
    op.add_column("inbox", sa.Column("decided_by", sa.String(length=80), nullable=True))
    op.add_column("inbox", sa.Column("note", sa.Text(), nullable=True))
    op.create_index("ix_reply_inbox", "reply", ["inbox_id"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_reply_inbox", table_name="reply")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_column("note")
        batch_op.drop_column("decided_by")
        batch_op.drop_column("decided_at")
