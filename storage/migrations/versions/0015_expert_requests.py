"""Questions that wait for a person's answer, with their history; the daily list of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
NAME = sa.String(24)  # one word out of a list that the code knows


def upgrade() -> None:
    op.create_table(
        "expert_request",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("question_id", ID, nullable=False),
        sa.Column("asker_id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(2), nullable=False),
        sa.Column("asked_in", sa.String(32)),
        sa.Column("competency_code", sa.String(32)),
        sa.Column("state", NAME, nullable=False),
        sa.Column("holder_id", ID),
        sa.Column("channel", sa.String(32)),
        sa.Column("channel_turn", sa.Integer(), nullable=False),
        sa.Column("answer_en", sa.Text()),
        sa.Column("answer_fr", sa.Text()),
        sa.Column("draft_slug", sa.String(100)),
        sa.Column("due_at", INSTANT),
        sa.Column("times_brought_up", sa.Integer(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT),
        sa.ForeignKeyConstraint(["asker_id"], ["member.id"], name="fk_expert_request_asker_id"),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_expert_request_community_id"),
        sa.ForeignKeyConstraint(["holder_id"], ["member.id"], name="fk_expert_request_holder_id"),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name="fk_expert_request_question_id"),
        sa.PrimaryKeyConstraint("id", name="pk_expert_request"),
        sa.UniqueConstraint("question_id", name="uq_expert_request_question_id"),
    )
    op.create_index("ix_expert_request_community_id_state", "expert_request", ["community_id", "state"])
    op.create_index("ix_expert_request_state_due_at", "expert_request", ["state", "due_at"])
    op.create_table(
        "expert_request_person",
        sa.Column("id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("declined_at", INSTANT),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name="fk_expert_request_person_member_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["expert_request.id"], name="fk_expert_request_person_request_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_expert_request_person"),
        sa.UniqueConstraint("request_id", "member_id", name="uq_expert_request_person_request_id_member_id"),
    )
    op.create_index("ix_expert_request_person_member_id", "expert_request_person", ["member_id"])
    op.create_table(
        "expert_request_step",
        sa.Column("id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("member_id", ID),
        sa.Column("other_id", ID),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name="fk_expert_request_step_member_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["member.id"], name="fk_expert_request_step_other_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["expert_request.id"], name="fk_expert_request_step_request_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_expert_request_step"),
    )
    op.create_index("ix_expert_request_step_request_id", "expert_request_step", ["request_id"])
    op.create_table(
        "expert_digest",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("waiting", sa.Integer()),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_expert_digest_community_id"),
        sa.PrimaryKeyConstraint("id", name="pk_expert_digest"),
        sa.UniqueConstraint("community_id", "day", name="uq_expert_digest_community_id_day"),
    )


def downgrade() -> None:
    op.drop_table("expert_digest")
    op.drop_index("ix_expert_request_step_request_id", table_name="expert_request_step")
    op.drop_table("expert_request_step")
    op.drop_index("ix_expert_request_person_member_id", table_name="expert_request_person")
    op.drop_table("expert_request_person")
    op.drop_index("ix_expert_request_state_due_at", table_name="expert_request")
    op.drop_index("ix_expert_request_community_id_state", table_name="expert_request")
    op.drop_table("expert_request")
