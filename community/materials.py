"""What belongs to an event: material, and afterwards its recording and notes, told once to those who want it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from community import invitations, people, text
from community.errors import Invalid, NotAllowed, NotFound
from community.material_records import EventMaterial, MaterialKind, MaterialWish
from community.records import Event, Member, Role
from community.rows import HOLD, insert_new

TITLE_LIMIT = 150
LINK_LIMIT = 2_000
MOST = 30
TOLD = frozenset({MaterialKind.recording, MaterialKind.notes})


def attach(
    session: Session, by: Member, event_id: int, kind: str, title: str, link: str, now: datetime
) -> tuple[EventMaterial, list[Member]]:
    """Attach a link; returns it with those who are to be told of it: whoever wants recording and notes.

    Raises NotAllowed, NotFound, Invalid with the field.
    """
    people.require(session, by, Role.facilitator)
    event = _event(session, by.community_id, event_id, hold=True)  # or two at once would be one too many
    values = _checked(kind, title, link)
    if len(of(session, event.id)) >= MOST:
        raise Invalid("materials_many", field="title", most=MOST)
    material = EventMaterial(event_id=event.id, added_by_id=by.id, added_at=now, **values)
    session.add(material)
    session.flush()
    return material, _wishing(session, event) if material.kind in TOLD else []


def get(session: Session, by: Member, material_id: int) -> EventMaterial:
    """One of them, to correct or take away. Raises NotAllowed, NotFound `material_gone`."""
    people.require(session, by, Role.facilitator)
    material = session.get(EventMaterial, material_id, with_for_update=HOLD, populate_existing=True)
    home = session.get(Event, material.event_id) if material is not None else None
    if material is None or home is None or home.community_id != by.community_id:
        raise NotFound("material_gone")
    return material


def correct(
    session: Session, by: Member, material_id: int, kind: str, title: str, link: str
) -> tuple[EventMaterial, list[Member]]:
    """Give it another title, link or kind; returns it with those to be told where it became a recording or notes.

    Raises like `attach`, and `get`.
    """
    material = get(session, by, material_id)
    before = material.kind
    for name, value in _checked(kind, title, link).items():
        setattr(material, name, value)
    session.flush()
    new = material.kind in TOLD and before not in TOLD
    return material, _wishing(session, session.get_one(Event, material.event_id)) if new else []


def remove(session: Session, by: Member, material_id: int) -> Event:
    """Take it away; returns its event. Raises like `get`."""
    material = get(session, by, material_id)
    event = session.get_one(Event, material.event_id)
    session.delete(material)
    session.flush()
    return event


def of(session: Session, event_id: int) -> list[EventMaterial]:
    """Everything attached to the event, in the order it came."""
    statement = select(EventMaterial).where(EventMaterial.event_id == event_id).order_by(EventMaterial.id)
    return list(session.scalars(statement))


def seen_by(session: Session, member: Member, event_id: int) -> tuple[Event, list[EventMaterial]]:
    """The event and what is attached, for somebody whom it concerns. Raises NotFound, NotAllowed `material_invited`."""
    event = _event(session, member.community_id, event_id)
    if not invitations.concerns(session, event, member):
        raise NotAllowed("material_invited")
    return event, of(session, event.id)


def wish(session: Session, member: Member, event_id: int, wanted: bool, now: datetime) -> Event:
    """Want, or want no more, to be told of recording and notes. Raises like `seen_by`."""
    event = _event(session, member.community_id, event_id)
    if wanted:
        event, _ = seen_by(session, member, event_id)
        insert_new(session, MaterialWish, event_id=event.id, member_id=member.id, asked_at=now)
    else:
        mine = (MaterialWish.event_id == event.id, MaterialWish.member_id == member.id)
        session.execute(delete(MaterialWish).where(*mine))
    return event


def wishes(session: Session, event_id: int, member_id: int) -> bool:
    """Whether the member wants to be told."""
    mine = select(MaterialWish.id).where(MaterialWish.event_id == event_id, MaterialWish.member_id == member_id)
    return session.scalar(mine) is not None


def _checked(kind: str, title: str, link: str) -> dict[str, Any]:
    if kind not in set(MaterialKind):
        raise Invalid("material_unknown", field="kind")
    address = text.web_link(link, LINK_LIMIT, "link")
    if address is None:
        raise Invalid("empty", field="link")
    name = text.required(text.one_line(title), TITLE_LIMIT, "title")
    return {"kind": MaterialKind(kind), "title": name, "link": address}


def _wishing(session: Session, event: Event) -> list[Member]:
    statement = select(Member).join(MaterialWish, MaterialWish.member_id == Member.id)
    wishing = session.scalars(statement.where(MaterialWish.event_id == event.id, Member.active).order_by(Member.id))
    return [member for member in wishing if invitations.concerns(session, event, member)]


def _event(session: Session, community_id: int, event_id: int, *, hold: bool = False) -> Event:
    held = {"with_for_update": HOLD, "populate_existing": True} if hold else {}
    event = session.get(Event, event_id, **held)
    if event is None or event.community_id != community_id:
        raise NotFound("event_unknown")
    return event
