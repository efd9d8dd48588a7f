"""One mail about several requests, each with a row of its own in the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parcel", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("carried_by", sa.Integer(), nullable=True))
        batch_op.drop_constraint(op.f("uq_outbox_message_id"), type_="unique")
        batch_op.create_foreign_key(op.f("fk_outbox_carried_by"), "outbox", ["carried_by"], ["id"])
        batch_op.create_index("ix_outbox_message", ["message_id"], unique=False)
        batch_op.create_index("ix_outbox_parcel", ["parcel"], unique=False)
        batch_op.create_index("ix_outbox_carried", ["carried_by"], unique=False)


def downgrade() -> None:
    """Take the change back; rows that travelled in another's mail go."""
    op.execute("DELETE FROM outbox WHERE carried_by IS NOT NULL")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_carried")
        batch_op.drop_index("ix_outbox_parcel")
        batch_op.drop_index("ix_outbox_message")
        batch_op.drop_constraint(op.f("fk_outbox_carried_by"), type_="foreignkey")
        batch_op.create_unique_constraint(op.f("uq_outbox_message_id"), ["message_id"])
        batch_op.drop_column("carried_by")
        batch_op.drop_column("parcel")
