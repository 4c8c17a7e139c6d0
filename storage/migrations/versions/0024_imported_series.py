"""A series may come from a calendar: its name there, what that said last, and the dates that it leaves out.

Revision ID: 0024
Revises: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    with op.batch_alter_table("series") as table:
        table.add_column(sa.Column("left_out", sa.JSON(none_as_null=True), nullable=True))
        table.add_column(sa.Column("uid", sa.String(255), nullable=True))
        table.add_column(sa.Column("imported", sa.JSON(none_as_null=True), nullable=True))
        table.create_unique_constraint("uq_series_community_id_uid", ["community_id", "uid"])
    op.execute("UPDATE series SET left_out = '[]'")
    with op.batch_alter_table("series") as table:
        table.alter_column("left_out", existing_type=sa.JSON(none_as_null=True), nullable=False)


def downgrade() -> None:
    """Take them away: the series stay."""
    with op.batch_alter_table("series") as table:
        table.drop_constraint("uq_series_community_id_uid", type_="unique")
        table.drop_column("imported")
        table.drop_column("uid")
        table.drop_column("left_out")
