"""What a table said of a course, and when somebody changed it in Slack.

Revision ID: 0025
Revises: 0024
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.base import UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is known yet of courses that are there: the next table counts, as before."""
    with op.batch_alter_table("course") as table:
        table.add_column(sa.Column("imported", sa.JSON(none_as_null=True), nullable=True))
        table.add_column(sa.Column("changed_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    """Take them away: an older version has the table count always."""
    with op.batch_alter_table("course") as table:
        table.drop_column("changed_at")
        table.drop_column("imported")
