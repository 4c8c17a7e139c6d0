"""Questions without an answer: which ask for the same, what became of them, and who wants to hear of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
NAME = sa.String(24)  # one word out of a list that the code knows
WAITING = sa.text("wants_news AND told_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("question") as question:
        question.add_column(sa.Column("leader_id", ID))
        question.add_column(sa.Column("settled_as", NAME))
        question.add_column(sa.Column("settled_at", INSTANT))
        question.add_column(sa.Column("settled_entry_id", ID))
        question.add_column(sa.Column("wants_news", sa.Boolean()))
        question.add_column(sa.Column("told_at", INSTANT))
        question.create_foreign_key("fk_question_settled_entry_id", "entry", ["settled_entry_id"], ["id"])
    op.execute(sa.text("UPDATE question SET wants_news = :none").bindparams(none=False))
    with op.batch_alter_table("question") as question:
        question.alter_column("wants_news", existing_type=sa.Boolean(), nullable=False)
    op.create_index("ix_question_leader_id", "question", ["leader_id"])
    op.create_index(
        "ix_question_news", "question", ["settled_entry_id"], sqlite_where=WAITING, postgresql_where=WAITING
    )


def downgrade() -> None:
    op.drop_index("ix_question_news", table_name="question")
    op.drop_index("ix_question_leader_id", table_name="question")
    with op.batch_alter_table("question") as question:
        question.drop_constraint("fk_question_settled_entry_id", type_="foreignkey")
        for column in ("leader_id", "settled_as", "settled_at", "settled_entry_id", "wants_news", "told_at"):
            question.drop_column(column)
