"""Messages with files: what Slack holds already and has yet to share."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("uploaded", sa.JSON()))


def downgrade() -> None:
    op.drop_column("outbox", "uploaded")
