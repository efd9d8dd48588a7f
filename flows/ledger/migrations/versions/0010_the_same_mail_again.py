"""What tells that a mail came before by another way: its Message-ID, and what it says."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column("inbox", sa.Column("message_id", sa.String(length=512), nullable=True))
    op.add_column("inbox", sa.Column("said_hash", sa.String(length=64), nullable=True))
    op.create_index("ix_inbox_message", "inbox", ["message_id"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_inbox_message", table_name="inbox")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_column("said_hash")
        batch_op.drop_column("message_id")
