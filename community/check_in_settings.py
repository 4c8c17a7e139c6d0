"""What organizers choose about checking in: of one event, and for those that are planned from then on."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy.orm import Session

from community import choices, people, reminders
from community.errors import Invalid, NotFound
from community.records import Event, EventState, Member, Role
from community.rows import locked_event

NAME = "attendance.check_in"
MOST_MINUTES = 24 * 60


@dataclass(frozen=True)
class CheckInSettings:
    """Minutes before the start, after the end, after the start; `nudge` None: nobody is nudged.

    `button` None: a press checks in unless the event only takes place in a room.
    """

    opens: int = 15
    closes: int = 0
    late: int = 10
    nudge: int | None = 10
    button: bool | None = None

    @classmethod
    def of(cls, event: Event) -> Self:
        """The event's."""
        return cls(
            event.check_in_opens_minutes,
            event.check_in_closes_minutes,
            event.late_after_minutes,
            event.nudge_after_minutes,
            event.check_in_button,
        )

    def columns(self) -> dict[str, Any]:
        """The event's columns that it decides."""
        return {
            "check_in_opens_minutes": self.opens,
            "check_in_closes_minutes": self.closes,
            "late_after_minutes": self.late,
            "nudge_after_minutes": self.nudge,
            "check_in_button": self.button,
        }


def defaults(session: Session, community_id: int) -> CheckInSettings:
    """What events that are planned from now on begin with."""
    chosen = choices.get(session, community_id, NAME, {})
    known = asdict(CheckInSettings())
    return CheckInSettings(**known | {name: value for name, value in chosen.items() if name in known})


def choose(
    session: Session, by: Member, event_id: int, chosen: CheckInSettings, now: datetime, *, for_new_ones: bool
) -> Event:
    """Check in so at this event, and with `for_new_ones` at those planned from now on.

    Raises NotAllowed, NotFound, Invalid `event_cancelled`, `event_over`, `check_in_minutes` at the field.
    """
    people.require(session, by, Role.organizer)
    for name in ("opens", "closes", "late", "nudge"):
        minutes = getattr(chosen, name)
        if minutes is not None and not 0 <= minutes <= MOST_MINUTES:
            raise Invalid("check_in_minutes", field=name, high=MOST_MINUTES)
    event = locked_event(session, by.community_id, event_id)
    if event is None:
        raise NotFound("event_unknown")
    if event.state is EventState.cancelled:
        raise Invalid("event_cancelled")
    if event.state is EventState.closed:
        raise Invalid("event_over")
    for name, value in chosen.columns().items():
        setattr(event, name, value)
    event.updated_at, event.updated_by_id = now, by.id
    session.flush()
    reminders.retime(session, event, now)
    if for_new_ones:
        choices.set(session, by.community_id, NAME, asdict(chosen))
    return event
