"""A request knows who was asked for it and is away."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column("request", sa.Column("away", sa.JSON(none_as_null=True)))


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("request", "away")
