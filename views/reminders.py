"""Direct messages of the clock: an event is near; it is over, and this is who came."""

from __future__ import annotations

from community.attendance import Roster
from community.records import Event, Member, ReminderKind, Reply, Status
from views.events import Viewer, coming_buttons, facts, named, reply_buttons
from views.i18n import Translator, translator, when
from views.text import Block, actions, button, context_line, divider, escape, message, section
from views.typed import verbatim

FIXES = 15  # of those absent, how many can be corrected at once


def reminder(viewer: Viewer, event: Event, kind: ReminderKind, reply: Reply | None, *, full: bool = False) -> Block:
    """Before an event, to somebody who comes, may come or has not replied."""
    t = translator(viewer.locale)
    said = [_near(viewer, event, kind, t)]
    if reply is Reply.going:
        said.append(t("You are going. If you cannot come after all, please say so: somebody else may want the seat."))
        buttons = [button(t("Not going"), "rsvp.not_going", event.id)]
    elif reply is Reply.maybe:
        said.append(t("You said that you may come. Are you going?"))
        buttons = [*coming_buttons(event, t), button(t("Not going"), "rsvp.not_going", event.id)]
    else:
        said.append(
            t("You have not replied yet. No seat is left: if you would like to come, you are put on the waitlist.")
            if full
            else t("You have not replied yet. Are you going?")
        )
        buttons = reply_buttons(event, t)
    buttons.append(button(t("Details"), "event.open", event.id))
    text = " ".join(said)
    return message(
        text,
        [section(text), verbatim(facts(event, t, viewer.time_zone)), actions(*buttons, id=f"event:{event.id}")],
    )


def afterwards(viewer: Viewer, event: Event) -> Block:
    """After an event, to somebody who was there."""
    t = translator(viewer.locale)
    text = t("Thank you for coming to {title}. Its details are below.", title=named(event, t.locale))
    return message(text, [section(text), actions(button(t("Details"), "event.open", event.id), id=f"event:{event.id}")])


def summary_key(event: Event, member: Member) -> str:
    """Key of the delivery that brings the roster in short, by which it is updated."""
    return f"reminder:{event.id}:{ReminderKind.attendance_close.value}:{event.revision}:{member.id}"


def _fixes(roster: Roster, t: Translator) -> list[Block]:
    """For each who is absent: one press when they were there after all, or had an excuse."""
    absent = [line for line in roster.lines if line.status is Status.absent]
    if not absent:
        return []
    number = roster.event.id
    blocks: list[Block] = [divider(), section(t("*Recorded as absent.* Was somebody there, or excused?"))]
    for line in absent[:FIXES]:
        who = f"{number}:{line.member.id}"
        name = line.member.name
        there, excused = t("Was there: {name}", name=name), t("Excused: {name}", name=name)
        blocks.append(section(f"*{escape(name)}*", id=f"fix:{who}"))
        blocks.append(
            actions(
                button(t("Was there"), "roster.was_there", f"{who}:present", label=there),
                button(t("Excused"), "roster.was_excused", f"{who}:excused", label=excused),
                id=f"fix:{who}:how",
            )
        )
    if len(absent) > FIXES:
        more = len(absent) - FIXES
        blocks.append(
            context_line(t.n("{n} more person is in the roster.", "{n} more people are in the roster.", more))
        )
    return [*blocks, divider()]


def _near(viewer: Viewer, event: Event, kind: ReminderKind, t: Translator) -> str:
    values = {"title": named(event, t.locale), "when": when(event, t.locale, viewer.time_zone)}
    if kind in (ReminderKind.hour_before, ReminderKind.ten_minutes_before):
        return t("{title} starts soon: {when}.", **values)
    return t("A reminder: {title} takes place on {when}.", **values)


def roster_summary(viewer: Viewer, roster: Roster) -> Block:
    """For organizers and facilitators, once an event is over and its attendance settled."""
    t = translator(viewer.locale)
    text = t("{title} is over, and attendance is recorded.", title=named(roster.event, t.locale))
    count = {status: roster.count(status) for status in Status}
    said = {
        Status.present: t.n("{n} person was on time.", "{n} people were on time.", count[Status.present]),
        Status.late: t.n("{n} person came late.", "{n} people came late.", count[Status.late]),
        Status.excused: t.n("{n} person is excused.", "{n} people are excused.", count[Status.excused]),
        Status.absent: t.n("{n} person was absent.", "{n} people were absent.", count[Status.absent]),
    }
    figures = [said[status] for status in Status if count[status]]
    figures = figures or [t("Nobody was expected, and nobody checked in.")]
    return message(
        " ".join([text, *figures]),
        [
            section(text),
            section("\n".join(f"• {figure}" for figure in figures)),
            *_fixes(roster, t),
            section(t("If something is not as it was, correct it in the roster.")),
            actions(button(t("Roster"), "roster.open", roster.event.id), id=f"event:{roster.event.id}:manage"),
        ],
    )
