"""When an address last wrote is looked up: one that does is not dead."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_index("ix_inbox_sender", "inbox", ["sender", "received_at"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_inbox_sender", "inbox")
