"""How many letters of an announcement wait is counted often: by the index.

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_waiting_letter_subject_state", "waiting_letter", ["subject", "state"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_waiting_letter_subject_state", "waiting_letter")
