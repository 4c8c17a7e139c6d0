"""What attendance counts for: points for each status, as the organizers chose them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from community import choices, people
from community.errors import Invalid
from community.records import Member, Role, Status

NAME = "attendance.points"
DEFAULT = {Status.present: 2, Status.late: 1, Status.excused: 1, Status.absent: 0}
MOST = 100


def of(session: Session, community_id: int) -> dict[Status, int]:
    """Points for each status: 2 for present, 1 for late and excused, 0 for absent unless organizers chose others."""
    chosen = choices.get(session, community_id, NAME, {})
    return {status: int(chosen.get(status.value, points)) for status, points in DEFAULT.items()}


def choose(session: Session, by: Member, points: Mapping[Status, int]) -> None:
    """Count attendance so from now on, events of the past too. Raises NotAllowed, Invalid `points_range`."""
    people.require(session, by, Role.organizer)
    for status, number in points.items():
        if not 0 <= number <= MOST:
            raise Invalid("points_range", field=f"points_{status.value}", high=MOST)
    choices.set(session, by.community_id, NAME, {status.value: number for status, number in points.items()})
