"""An entry's source as each language names it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("entry_text", sa.Column("source", sa.Text()))


def downgrade() -> None:
    op.drop_column("entry_text", "source")
