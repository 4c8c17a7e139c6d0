"""Whose bot received a request; stored payloads are found by who uses them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
USED = sa.text("payload_id IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("inbox") as inbox:
        inbox.add_column(sa.Column("community_id", ID))
        inbox.create_foreign_key("fk_inbox_community_id", "community", ["community_id"], ["id"])
    op.create_index("ix_outbox_payload_id", "outbox", ["payload_id"], sqlite_where=USED, postgresql_where=USED)


def downgrade() -> None:
    op.drop_index("ix_outbox_payload_id", table_name="outbox")
    with op.batch_alter_table("inbox") as inbox:
        inbox.drop_constraint("fk_inbox_community_id", type_="foreignkey")
        inbox.drop_column("community_id")
