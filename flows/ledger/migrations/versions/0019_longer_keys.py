"""Keys of mails and bulletins hold the longest ids that the language allows. SQLite does not count letters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("outbox", "key", type_=sa.String(700))
        op.alter_column("bulletin", "key", type_=sa.String(700))


def downgrade() -> None:
    """Leave the columns as they are: longer ones do no harm, and keys would not fit any more."""
