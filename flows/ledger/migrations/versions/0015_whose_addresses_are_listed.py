"""Whose addresses stand in the directories of applied plans, to be found by address."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_PEOPLE = ("head", "deputy", "focal_point")


def upgrade() -> None:
    """Apply the change, and fill the table from the plans as they stand."""
    table = op.create_table(
        "listing",
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("plan_id", sa.String(length=80), nullable=False),
        sa.Column("agency", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("address", "plan_id", "agency", name=op.f("pk_listing")),
    )
    op.create_index("ix_listing_plan", "listing", ["plan_id"])
    standing = op.get_bind().execute(
        sa.text(
            "SELECT plan.plan_id, plan_version.bundle FROM plan "
            "JOIN plan_version ON plan_version.id = plan.version_id"
        )
    )
    for plan_id, bundle in standing.all():
        rows = [
            {"address": address, "plan_id": plan_id, "agency": name}
            for name, agency in _agencies(bundle)
            for address in sorted(_addresses(agency))
        ]
        if rows:
            op.bulk_insert(table, rows)


def _agencies(bundle: str) -> list[tuple[str, dict[str, object]]]:
    """The agencies of a version; of one that cannot be read, none."""
    try:
        held = json.loads(bundle)
    except ValueError:
        return []
    agencies = held.get("agencies") if isinstance(held, dict) else None
    return list(agencies.items()) if isinstance(agencies, dict) else []


def _addresses(agency: dict[str, object]) -> set[str]:
    people = [one for name in _PEOPLE if isinstance(one := agency.get(name), dict)]
    aliases = agency.get("aliases")
    known = [agency.get("mailbox"), *(one.get("mailbox") for one in people)]
    known += aliases if isinstance(aliases, list) else []
    return {one.casefold() for one in known if isinstance(one, str)}


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_listing_plan", table_name="listing")
    op.drop_table("listing")
