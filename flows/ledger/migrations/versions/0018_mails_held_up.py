"""A mail that a server on its way says is held up is remembered as such."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from flows.ledger.tables import Instant

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column("outbox", sa.Column("delayed_at", Instant()))
    op.create_index("ix_outbox_delayed", "outbox", ["delayed_at"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_outbox_delayed", "outbox")
    op.drop_column("outbox", "delayed_at")
