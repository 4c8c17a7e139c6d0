"""What people are told about an event: the answer to their click, and messages when something changed for them."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime

from community.records import Event, Reply, Seat
from community.rsvp import REASON_LIMIT, Answer
from views.events import Viewer, coming_buttons, facts, named
from views.i18n import Translator, translator, when
from views.text import Block, actions, button, field, message, modal, section, text_input
from views.typed import verbatim


def replied(viewer: Viewer, answer: Answer, before: Reply | None) -> str:
    """What a reply led to."""
    t, event = translator(viewer.locale), answer.event
    about = {"title": named(event, t.locale), "when": when(event, t.locale, viewer.time_zone)}
    match answer.reply:
        case Reply.going if event.hybrid and answer.seat is Seat.online:
            return t("You are taking part in {title} online, {when}.", **about)
        case Reply.going if event.hybrid:
            return t("You are going to {title}, in the room, {when}.", **about)
        case Reply.going if before is Reply.going:
            return t("You are already on the list for {title}, {when}.", **about)
        case Reply.going:
            return t("You are going to {title}, {when}.", **about)
        case Reply.waitlisted if answer.offer_ends_at:
            until = when(answer.offer_ends_at, t.locale, viewer.time_zone)
            return t("A seat at {title} is kept for you until {until}. Take it or say no.", until=until, **about)
        case Reply.waitlisted:
            return t(
                "{title} is full. You are number {position} on the waitlist, and you will get a direct message "
                "when a seat is free for you.",
                position=answer.position,
                **about,
            )
        case Reply.maybe if before is Reply.going:
            return t("You may come to {title}, {when}. Your seat is free for others meanwhile.", **about)
        case Reply.maybe:
            return t("You may come to {title}, {when}. No seat is kept for you.", **about)
        case _ if before is Reply.going:
            return t("You are no longer going to {title}; your seat is free for others.", **about)
        case _ if before is Reply.waitlisted:
            return t("You are no longer on the waitlist for {title}.", **about)
        case _:
            return t("You are not going to {title}.", **about)


def offered(viewer: Viewer, event: Event, seat: Seat, ends_at: datetime, was: datetime | None = None) -> Block:
    """A seat came free for somebody on the waitlist, and is kept for them until `ends_at`; with the move from `was`."""
    t = translator(viewer.locale)
    about = {
        "title": named(event, t.locale),
        "when": when(event, t.locale, viewer.time_zone),
        "until": when(ends_at, t.locale, viewer.time_zone),
    }
    if event.hybrid and seat is Seat.online:
        text = t("A seat online is free for you at {title}, {when}. It is kept for you until {until}.", **about)
    elif event.hybrid:
        text = t("A seat in the room is free for you at {title}, {when}. It is kept for you until {until}.", **about)
    else:
        text = t("A seat is free for you at {title}, {when}. It is kept for you until {until}.", **about)
    if was not in (None, event.starts_at):
        text = f"{_moved(viewer, event, was, t)} {text}"
    buttons = [
        button(t("Take the seat"), "rsvp.online" if seat is Seat.online else "rsvp.going", event.id, style="primary"),
        button(t("No, thank you"), "rsvp.not_going", event.id),
        button(t("Details"), "event.open", event.id),
    ]
    return message(
        text, [section(text), verbatim(facts(event, t, viewer.time_zone)), actions(*buttons, id=f"event:{event.id}")]
    )


def offer_key(event_id: int, member_id: int, number: int) -> str:
    """Key of the message about the `number`th seat offered to a member at an event."""
    return f"event:{event_id}:offer:{member_id}:{number}"


def lapsed(viewer: Viewer, event: Event) -> Block:
    """The time to take the seat is over; it goes to whoever is next."""
    t = translator(viewer.locale)
    text = t(
        "The time to take the seat at {title} is over, so you are off the waitlist. If you want to come after all, say "
        "so: you then take a free seat or the end of the waitlist.",
        title=named(event, t.locale),
    )
    buttons = [*coming_buttons(event, t), button(t("Details"), "event.open", event.id)]
    return message(text, [section(text), actions(*buttons, id=f"event:{event.id}")])


def why_not(viewer: Viewer, event: Event) -> Block:
    """The button that lets somebody say why they do not come."""
    t = translator(viewer.locale)
    return actions(button(t("Say why"), "rsvp.reason", event.id), id=f"event:{event.id}:why")


def reason_form(viewer: Viewer, event: Event, given: str | None) -> Block:
    """Why somebody does not come, for organizers alone."""
    t = translator(viewer.locale)
    return modal(
        "rsvp.reason",
        t("Why you cannot come"),
        [
            verbatim(named(event, t.locale)),
            field(
                t("Reason"),
                text_input("rsvp.reason.text", multiline=True, initial=given, most=REASON_LIMIT),
                "reason",
                hint=t("Only organizers can read it. Leave it empty to take it back."),
                optional=True,
            ),
        ],
        submit=t("Send"),
        close=t("Cancel"),
        metadata=str(event.id),
    )


def reason_kept(viewer: Viewer, event: Event) -> Block:
    """The organizers can read the reason now."""
    t = translator(viewer.locale)
    return message(t("Thank you. Organizers can read why you cannot come to {title}.", title=named(event, t.locale)))


def moved(viewer: Viewer, event: Event, was: datetime, was_minutes: int, fields: Set[str]) -> Block:
    """The event takes place at another time."""
    t = translator(viewer.locale)
    if was == event.starts_at and was_minutes != event.minutes:
        text = t("The length of {title} has changed.", title=named(event, t.locale))
    else:
        text = _moved(viewer, event, was, t)
    if fields & {"place", "link"}:
        also = t("The place or the link has changed too.")
        text = f"{text} {also}"
    return _news(viewer, event, text, replies=True)


def _moved(viewer: Viewer, event: Event, was: datetime, t: Translator) -> str:
    return t(
        "{title} was moved. It was planned for {before}; it now takes place {when}.",
        title=named(event, t.locale),
        before=when(was, t.locale, viewer.time_zone),
        when=when(event, t.locale, viewer.time_zone),
    )


def relocated(viewer: Viewer, event: Event) -> Block:
    """The event takes place elsewhere, at the same time."""
    t = translator(viewer.locale)
    return _news(
        viewer, event, t("The place or the link of {title} has changed.", title=named(event, t.locale)), replies=True
    )


def cancelled(viewer: Viewer, event: Event) -> Block:
    """The event does not take place."""
    t = translator(viewer.locale)
    text = t(
        "{title}, planned for {when}, is cancelled.",
        title=named(event, t.locale),
        when=when(event, t.locale, viewer.time_zone),
    )
    return message(text, [section(text)])


def _news(viewer: Viewer, event: Event, text: str, *, replies: bool) -> Block:
    t = translator(viewer.locale)
    buttons = [button(t("Details"), "event.open", event.id)]
    if replies:
        buttons.insert(0, button(t("Not going"), "rsvp.not_going", event.id))
    return message(
        text, [section(text), verbatim(facts(event, t, viewer.time_zone)), actions(*buttons, id=f"event:{event.id}")]
    )


def planned(viewer: Viewer, event: Event) -> Block:
    """For the organizer who created it."""
    t = translator(viewer.locale)
    text = t(
        "{title} is planned for {when}. Its card is in {channel}.",
        title=named(event, t.locale),
        when=when(event, t.locale, viewer.time_zone),
        channel=f"<#{event.channel}>",
    )
    buttons = [
        button(t("Details"), "event.open", event.id),
        button(t("Edit"), "event.edit", event.id),
        button(t("Show the code"), "event.code", event.id),
    ]
    return message(text, [section(text), actions(*buttons, id=f"event:{event.id}")])


def saved(viewer: Viewer, event: Event, told: int, changed: bool) -> str:
    """For the organizer who changed it; `told` is how many people get a message."""
    t = translator(viewer.locale)
    name = named(event, t.locale)
    if not changed:
        return t("Nothing was changed in {title}.", title=name)
    if not told:
        return t("{title} is saved and its card is up to date.", title=name)
    return t.n(
        "{title} is saved. {n} person is told of the change.",
        "{title} is saved. {n} people are told of the change.",
        told,
        title=name,
    )


def called_off(viewer: Viewer, event: Event, told: int) -> str:
    """For the organizer who cancelled it."""
    t = translator(viewer.locale)
    name = named(event, t.locale)
    return t.n(
        "{title} is cancelled. {n} person is told.",
        "{title} is cancelled. {n} people are told.",
        told,
        title=name,
    )
