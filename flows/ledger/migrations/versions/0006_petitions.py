"""What agencies ask for besides reporting, and requests that another agency answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from flows.ledger.tables import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "petition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("inbox_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("asked_until_on", sa.Date(), nullable=True),
        sa.Column("handed_to", sa.Text(), nullable=True),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("to_agency", sa.String(length=80), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_petition_inbox_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_petition_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition")),
        sa.UniqueConstraint("inbox_id", "request_id", name=op.f("uq_petition_inbox_id_request_id")),
    )
    op.create_index("ix_petition_request", "petition", ["request_id"])
    op.create_index("ix_petition_standing", "petition", ["standing"])
    op.add_column("request", sa.Column("acting", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.drop_column("acting")
    op.drop_index("ix_petition_standing", table_name="petition")
    op.drop_index("ix_petition_request", table_name="petition")
    op.drop_table("petition")
