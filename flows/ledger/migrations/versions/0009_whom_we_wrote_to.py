"""Whom we wrote to about which request, to be found by address."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change, and fill the table from the mails that were written."""
    table = op.create_table(
        "correspondent",
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_correspondent_request_id")),
        sa.PrimaryKeyConstraint("address", "request_id", name=op.f("pk_correspondent")),
    )
    op.create_index("ix_correspondent_request", "correspondent", ["request_id"])
    written = op.get_bind().execute(
        sa.text("SELECT request_id, envelope_to FROM outbox WHERE request_id IS NOT NULL")
    )
    known = {
        (address.casefold(), request_id)
        for request_id, to in written
        for address in (json.loads(to) if isinstance(to, str) else to)
    }
    if known:
        op.bulk_insert(
            table, [{"address": address, "request_id": request_id} for address, request_id in sorted(known)]
        )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_correspondent_request", table_name="correspondent")
    op.drop_table("correspondent")
