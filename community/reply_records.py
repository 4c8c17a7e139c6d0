"""Tables of replies to events: who comes, in the room or online, who waits, and who was offered a seat."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Id


class Reply(StrEnum):
    """A person's RSVP. `waitlisted` is a `going` for which no seat was free; `maybe` takes none."""

    going = "going"
    maybe = "maybe"
    not_going = "not_going"
    waitlisted = "waitlisted"


class Seat(StrEnum):
    """Where somebody takes part. Where an event is not hybrid there is one sort of seat, `room`."""

    room = "room"
    online = "online"


class Offer(StrEnum):
    """What became of the seat last offered to somebody who waited; while `open` nobody else gets it."""

    open = "open"
    taken = "taken"
    declined = "declined"
    lapsed = "lapsed"


class Rsvp(Base):
    """One person's reply to one event; `turn` numbers the waitlist, for two people can ask at one instant."""

    __tablename__ = "rsvp"
    __table_args__ = (
        UniqueConstraint("event_id", "member_id"),
        Index("ix_rsvp_event_id_reply", "event_id", "reply"),
        # Only the few that are open: looked at every second.
        Index(
            "ix_rsvp_offer_ends_at",
            "offer_ends_at",
            sqlite_where=text("offer = 'open'"),
            postgresql_where=text("offer = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    reply: Mapped[Reply]
    seat: Mapped[Seat] = mapped_column(default=Seat.room)
    turn: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(String(500))  # why not; for organizers alone
    offer: Mapped[Offer | None]
    offer_ends_at: Mapped[datetime | None]
    offers: Mapped[int] = mapped_column(default=0)  # how many there were: names their messages
    let_in_at: Mapped[datetime | None]  # when somebody who waited got a seat by being there
    updated_at: Mapped[datetime]
