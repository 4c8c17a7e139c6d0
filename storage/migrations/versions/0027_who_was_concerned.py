"""A reminder keeps whom it concerned when it went out or was missed.

Revision ID: 0027
Revises: 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of those that are settled already nobody knows any more."""
    op.add_column("reminder", sa.Column("concerned", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("reminder", "concerned")
