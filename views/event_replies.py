"""Who replied what to an event, for its organizers: names, places in line, and why people do not come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from community.records import Event, Reply, Rsvp, Seat
from views.events import Viewer, named
from views.i18n import Translator, translator, when
from views.text import Block, clip, escape, modal, paragraphs, section
from views.typed import verbatim

MOST_REASONS = 60
REASON_SHOWN = 300


@dataclass(frozen=True)
class Replied:
    """One person's reply."""

    name: str
    row: Rsvp


def replies_view(viewer: Viewer, event: Event, replied: Sequence[Replied], silent: Sequence[str]) -> Block:
    """Everybody by reply; `silent` are those invited or in the channel who have not replied."""
    t = translator(viewer.locale)
    blocks = [verbatim(named(event, t.locale))]
    if event.hybrid:
        blocks += _people(t("*In the room:*"), _names(replied, Reply.going, Seat.room))
        blocks += _people(t("*Online:*"), _names(replied, Reply.going, Seat.online))
    else:
        blocks += _people(t("*Going:*"), _names(replied, Reply.going))
    blocks += _people(t("*Maybe:*"), _names(replied, Reply.maybe))
    waiting = sorted((r for r in replied if r.row.reply is Reply.waitlisted), key=lambda r: r.row.turn or 0)
    blocks += _lines(t("*On the waitlist, the next first:*"), [_waiting(r, event, viewer, t) for r in waiting])
    blocks += _lines(t("*Not going:*"), [_declined(r, t) for r in replied if r.row.reply is Reply.not_going])
    blocks += _people(t("*No reply yet:*"), [escape(name) for name in silent])
    if len(blocks) == 1:
        blocks.append(section(t("Nobody has replied yet.")))
    return modal("event.replies", t("Replies"), blocks, close=t("Close"))


def _names(replied: Sequence[Replied], reply: Reply, seat: Seat | None = None) -> list[str]:
    return [escape(r.name) for r in replied if r.row.reply is reply and seat in (None, r.row.seat)]


def _people(lead: str, names: Sequence[str]) -> list[Block]:
    return (
        [verbatim(b["text"]["text"]) for b in paragraphs(f"{lead} {len(names)}\n{', '.join(names)}")] if names else []
    )


def _lines(lead: str, lines: Sequence[str]) -> list[Block]:
    text = "\n".join(f"• {line}" for line in lines[:MOST_REASONS])
    return [verbatim(b["text"]["text"]) for b in paragraphs(f"{lead} {len(lines)}\n{text}")] if lines else []


def _waiting(replied: Replied, event: Event, viewer: Viewer, t: Translator) -> str:
    row, name = replied.row, escape(replied.name)
    if row.offer_ends_at:
        return t(
            "{name}: a seat is kept until {until}", name=name, until=when(row.offer_ends_at, t.locale, viewer.time_zone)
        )
    if event.hybrid and row.seat is Seat.online:
        return t("{name}: for a seat online", name=name)
    if event.hybrid:
        return t("{name}: for a seat in the room", name=name)
    return name


def _declined(replied: Replied, t: Translator) -> str:
    name = escape(replied.name)
    if not replied.row.reason:
        return name
    reason = escape(clip(" ".join(replied.row.reason.split()), REASON_SHOWN))
    return t("{name}: {reason}", name=name, reason=reason)
