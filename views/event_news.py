"""What people are told about an event: the answer to their click, and messages when something changed for them."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime

from community.records import Event, Reply
from community.rsvp import Answer
from views.events import Viewer, facts, named
from views.i18n import translator, when
from views.text import Block, actions, button, message, section
from views.typed import verbatim


def replied(viewer: Viewer, answer: Answer, before: Reply | None) -> str:
    """What a click on Going or Not going led to."""
    t, event = translator(viewer.locale), answer.event
    about = {"title": named(event, t.locale), "when": when(event, t.locale, viewer.time_zone)}
    match answer.reply:
        case Reply.going if before is Reply.going:
            return t("You are already on the list for {title}, {when}.", **about)
        case Reply.going:
            return t("You are going to {title}, {when}.", **about)
        case Reply.waitlisted:
            return t(
                "{title} is full. You are number {position} on the waitlist, and you will get a direct message "
                "when a seat is yours.",
                position=answer.position,
                **about,
            )
        case _ if before is Reply.going:
            return t("You are no longer going to {title}; your seat is free for others.", **about)
        case _ if before is Reply.waitlisted:
            return t("You are no longer on the waitlist for {title}.", **about)
        case _:
            return t("You are not going to {title}.", **about)


def promoted(viewer: Viewer, event: Event) -> Block:
    """A seat came free for somebody on the waitlist."""
    t = translator(viewer.locale)
    text = t(
        "A seat is yours: you are going to {title}, {when}.",
        title=named(event, t.locale),
        when=when(event, t.locale, viewer.time_zone),
    )
    return _news(viewer, event, text, replies=True)


def moved(viewer: Viewer, event: Event, was: datetime, was_minutes: int, fields: Set[str]) -> Block:
    """The event takes place at another time."""
    t = translator(viewer.locale)
    if was == event.starts_at and was_minutes != event.minutes:
        text = t("The length of {title} has changed.", title=named(event, t.locale))
    else:
        text = t(
            "{title} was moved. It was planned for {before}; it now takes place {when}.",
            title=named(event, t.locale),
            before=when(was, t.locale, viewer.time_zone),
            when=when(event, t.locale, viewer.time_zone),
        )
    if fields & {"place", "link"}:
        also = t("The place or the link has changed too.")
        text = f"{text} {also}"
    return _news(viewer, event, text, replies=True)


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
