"""How long people waited for a person's answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from community.expert_records import ExpertRequest, RequestState


@dataclass(frozen=True)
class PassedOn:
    """A question asked of a person: about which competency, and how long the answer took; None where there is none."""

    competency: str | None
    waited: timedelta | None


def passed_on(session: Session, community_id: int, since: datetime) -> dict[int, PassedOn]:
    """Questions passed on since then, by their id."""
    request = ExpertRequest
    found = session.execute(
        select(request.question_id, request.competency_code, request.state, request.opened_at, request.closed_at).where(
            request.community_id == community_id, request.opened_at >= since
        )
    )
    return {
        number: PassedOn(code, closed - opened if closed and state is RequestState.answered else None)
        for number, code, state, opened, closed in found
    }
