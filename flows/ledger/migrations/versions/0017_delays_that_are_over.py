"""A request knows of which rungs those above were told that the delay is over; of old delays they are not."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column("request", sa.Column("resolved", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE request SET resolved = rung"
        " WHERE status IN ('reported', 'reported-late', 'missing', 'withdrawn')"
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("request", "resolved")
