"""What an event looked like when it went into a calendar."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nobody has a copy yet: there was no way to take one.
    with op.batch_alter_table("calendar_copy") as table:
        table.add_column(sa.Column("digest", sa.String(64), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("calendar_copy") as table:
        table.drop_column("digest")
