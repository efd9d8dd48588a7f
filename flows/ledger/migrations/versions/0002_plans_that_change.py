"""Plans that change while a cycle is under way."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column("request", sa.Column("edition", sa.Integer(), nullable=False, server_default="0"))
    # in one statement: SQLite adds a column with its reference, but no reference afterwards
    op.execute(
        "ALTER TABLE request ADD COLUMN version_id INTEGER"
        " CONSTRAINT fk_request_version_id REFERENCES plan_version (id)"
    )


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.drop_column("version_id")
        batch_op.drop_column("edition")
