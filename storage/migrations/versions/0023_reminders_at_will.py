"""Reminders so many minutes before the start or after the end, as organizers choose.

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Note how far off, and let an event have several."""
    with op.batch_alter_table("reminder") as table:
        table.add_column(sa.Column("minutes", sa.Integer(), nullable=False, server_default="0"))
        table.drop_constraint("uq_reminder_event_id_kind_occurrence", type_="unique")
        table.create_unique_constraint(
            "uq_reminder_event_id_kind_occurrence_minutes", ["event_id", "kind", "occurrence", "minutes"]
        )


def downgrade() -> None:
    """Take them away: an older version knows none."""
    op.execute("DELETE FROM reminder WHERE kind IN ('before', 'after')")
    with op.batch_alter_table("reminder") as table:
        table.drop_constraint("uq_reminder_event_id_kind_occurrence_minutes", type_="unique")
        table.create_unique_constraint("uq_reminder_event_id_kind_occurrence", ["event_id", "kind", "occurrence"])
        table.drop_column("minutes")
