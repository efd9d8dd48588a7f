"""Senders of doubtful mails are asked which report is meant."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from flows.ledger.tables import Instant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "inquiry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inbox_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("message_id", sa.String(length=80), nullable=False),
        sa.Column("request_ids", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["inbox.id"], name=op.f("fk_inquiry_answered_by")),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_inquiry_inbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry")),
        sa.UniqueConstraint("inbox_id", name=op.f("uq_inquiry_inbox_id")),
    )
    op.create_index("ix_inquiry_address", "inquiry", ["address"])
    op.create_index("ix_inquiry_message", "inquiry", ["message_id"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_inquiry_message", table_name="inquiry")
    op.drop_index("ix_inquiry_address", table_name="inquiry")
    op.drop_table("inquiry")
