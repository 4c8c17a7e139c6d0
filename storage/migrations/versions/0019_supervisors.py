"""Surveys of supervisors belong to a cohort, one for each wave."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("survey_run") as run:
        run.add_column(sa.Column("cohort_id", ID))
        run.create_foreign_key("fk_survey_run_cohort_id", "cohort", ["cohort_id"], ["id"], ondelete="CASCADE")
        run.create_unique_constraint("uq_survey_run_cohort_id_wave", ["cohort_id", "wave"])


def downgrade() -> None:
    with op.batch_alter_table("survey_run") as run:
        run.drop_constraint("uq_survey_run_cohort_id_wave", type_="unique")
        run.drop_constraint("fk_survey_run_cohort_id", type_="foreignkey")
        run.drop_column("cohort_id")
