"""How questions that wait for a person are dealt with: what organizers chose, else what the settings say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from community import choices, people
from community.errors import Invalid
from community.records import Member, Role

CHANNEL, HOURS = "experts_channel", "experts_wait_hours"
LIMITS = range(1, 721)  # hours


@dataclass(frozen=True)
class Terms:
    """The channel for what nobody offered to answer (None: direct messages), and how long until it is brought up."""

    channel: str | None = None
    wait: timedelta = timedelta(hours=24)

    @property
    def hours(self) -> int:
        """The wait in whole hours."""
        return round(self.wait / timedelta(hours=1))


def terms(session: Session, community_id: int, default: Terms) -> Terms:
    """The community's choice, `default` where it made none."""
    channel = choices.get(session, community_id, CHANNEL, default.channel)
    hours = choices.get(session, community_id, HOURS, default.hours)
    return Terms(channel or None, timedelta(hours=hours))


def choose(session: Session, by: Member, channel: str | None, hours: int) -> None:
    """So from now on; no channel means direct messages. Raises NotAllowed, Invalid `experts_wait_range`."""
    people.require(session, by, Role.organizer)
    if hours not in LIMITS:
        raise Invalid("experts_wait_range", field="hours", low=LIMITS.start, high=LIMITS.stop - 1)
    choices.set(session, by.community_id, CHANNEL, channel or "")
    choices.set(session, by.community_id, HOURS, hours)
