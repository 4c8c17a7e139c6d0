"""When somebody who waited got a seat by being there: after the start, they had not been expected.

Revision ID: 0026
Revises: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Note it from now on; of those let in before it is not known, and they stay expected."""
    op.add_column("rsvp", sa.Column("let_in_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("rsvp") as table:
        table.drop_column("let_in_at")
