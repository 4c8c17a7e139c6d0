"""Takes a list of cohorts' people into the community, and invites whoever is new to what their cohort is invited to."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from community import cohort_lists, invitations
from community.cohort_lists import Taken
from community.records import Community
from delivery import outbox
from runtime.line_files import Problem, Undone, content, organizer, problems
from storage import Database
from views import invitations as letters


def run(
    database: Database, community_id: int, path: Path, now: datetime, *, dry_run: bool, whole: bool = False
) -> tuple[Taken, list[Problem]]:
    """Take the list in, all of it or, with a problem in it, nothing; `whole`: whoever is not in it is taken out.

    Raises StartError while nobody is an organizer.
    """
    found, taken = content(path), Taken()
    try:
        with database.begin() as session:
            community = session.get_one(Community, community_id)
            by = organizer(session, community_id)
            lines, troubles = cohort_lists.read(session, by, found)
            if not troubles:
                taken = cohort_lists.take_in(session, by, lines, now, whole=whole)
                _tell(session, taken)
            if troubles or dry_run:
                raise Undone
    except Undone:
        pass
    return taken, problems(path, troubles, community)


def _tell(session: Session, taken: Taken) -> None:
    for event, guests in taken.invited:
        enrolled = invitations.enrolled(session, event)
        for member in guests:
            outbox.post(
                session,
                community_id=event.community_id,
                key=letters.letter_key(event.id, member.id),
                payload=letters.letter(member, event, enrolled=member.id in enrolled),
                user=member.slack_user_id,
                subject=f"event:{event.id}",
            )
