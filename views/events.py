"""Events as people see them: the card in the channel, what is known of one, what the next ones are."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from community import windows
from community.events import description, title
from community.records import Event, EventKind, EventState, Reply, Seat
from community.rsvp import Standing
from views.i18n import Translator, mark, translator, when
from views.text import Block, actions, button, context_line, escape, header, message, section
from views.typed import bold, typed_section, verbatim

CARD_DESCRIPTION = 800
KINDS = {
    EventKind.learning_event: mark("Learning event"),
    EventKind.action_learning: mark("Action learning group"),
    EventKind.course_session: mark("Course session"),
}


class Viewer(Protocol):
    """Whoever looks: their language and zone."""

    @property
    def locale(self) -> str:
        """`en` or `fr`."""

    @property
    def time_zone(self) -> str:
        """IANA name."""


def card_key(event_id: int) -> str:
    """Key of the delivery that posts an event's card, by which it is updated."""
    return f"event:{event_id}:card"


def is_over(event: Event, now: datetime) -> bool:
    """Whether it took place."""
    return event.state is EventState.closed or event.ends_at <= now


def is_ahead(event: Event, now: datetime) -> bool:
    """Whether it is still to come or under way: afterwards nobody asks for a seat."""
    return event.state is EventState.scheduled and not is_over(event, now)


def takes_replies(event: Event, now: datetime) -> bool:
    """Whether people can still say that they are going."""
    return event.state is EventState.scheduled and now < event.starts_at


def is_open_for_check_in(event: Event, now: datetime) -> bool:
    """Whether people can check in."""
    return event.state is EventState.scheduled and windows.is_open(event, now)


def card(event: Event, standing: Standing, now: datetime) -> Block:
    """The event's card: one message that serves everybody, so English comes first and French after it."""
    en, fr = translator("en"), translator("fr")
    blocks: list[Block] = [header(title(event, "en")), *_told(event, en, now)]
    if title(event, "fr") != title(event, "en"):
        blocks.append(header(title(event, "fr")))
    blocks += _told(event, fr, now, said=description(event, "en"))
    if is_ahead(event, now) or standing.here:
        blocks.append(context_line(*(seats(event, standing, t, now) for t in (en, fr))))
    blocks.append(actions(*_card_buttons(event, now), id=f"event:{event.id}"))
    return message(" / ".join((_summary(event, en), _summary(event, fr))), blocks)


def _card_buttons(event: Event, now: datetime) -> list[Block]:
    buttons = []
    if is_open_for_check_in(event, now):
        pressing = windows.has_button(event)
        if pressing:
            buttons.append(button("Check in · Signaler ma présence", "checkin.button", event.id, style="primary"))
        style = None if pressing else "primary"
        buttons.append(button("Enter the code · Saisir le code", "checkin.enter", event.id, style=style))
    if takes_replies(event, now):
        if event.hybrid:
            buttons.append(button("In the room · Sur place", "rsvp.going", event.id))
            buttons.append(button("Online · En ligne", "rsvp.online", event.id))
        else:
            buttons.append(button("Going · Je participe", "rsvp.going", event.id))
        buttons.append(button("Maybe · Peut-être", "rsvp.maybe", event.id))
        buttons.append(button("Not going · Je ne participe pas", "rsvp.not_going", event.id))
    if is_ahead(event, now):
        buttons.append(button("Add to calendar · Ajouter au calendrier", "event.calendar", event.id))
    return [*buttons, button("Details · Détails", "event.open", event.id)]


def _told(event: Event, t: Translator, now: datetime, said: str = "") -> list[Block]:
    notice = state_notice(event, t, now)
    text = description(event, t.locale)
    return [
        *([section(notice)] if notice else []),
        verbatim(facts(event, t, event.time_zone)),
        *([typed_section(text, CARD_DESCRIPTION)] if text and text != said else []),
    ]


def _summary(event: Event, t: Translator) -> str:
    values = {"title": escape(title(event, t.locale)), "when": when(event, t.locale, event.time_zone)}
    if event.state is EventState.cancelled:
        return t("Cancelled: {title}, {when}", **values)
    return t("{title}, {when}", **values)


def state_notice(event: Event, t: Translator, now: datetime) -> str | None:
    """The sentence that says the event is cancelled, over, or was moved; None when there is nothing to say."""
    if event.state is EventState.cancelled:
        return t("*This event is cancelled.*")
    if is_over(event, now):
        return t("*This event is over.*")
    if event.revision:
        return t("*This event was moved: the date or time below is the new one.*")
    return None


def facts(event: Event, t: Translator, time_zone: str) -> str:
    """What, when, how long, where: one line each (mrkdwn)."""
    lines = [
        t("*Kind:* {kind}", kind=t(KINDS[event.kind])),
        t("*When:* {when}", when=when(event, t.locale, time_zone)),
        t("*Length:* {length}", length=length(event.minutes, t)),
    ]
    if event.course_code:
        lines.append(t("*Course:* {code}", code=escape(event.course_code)))
    if event.place:
        lines.append(t("*Where:* {place}", place=escape(event.place)))
    if event.link:
        lines.append(t("*Online:* {link}", link=f"<{escape(event.link)}>"))
    return "\n".join(lines)


def length(minutes: int, t: Translator) -> str:
    """A length in words: “45 minutes”, “2 hours”, “1 h 30 min”."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return t.n("{n} minute", "{n} minutes", rest)
    if not rest:
        return t.n("{n} hour", "{n} hours", hours)
    return t("{hours} h {minutes:02d} min", hours=hours, minutes=rest)


def seats(event: Event, standing: Standing, t: Translator, now: datetime) -> str:
    """How many go, and, until it starts, how many seats are left and how many wait: whole sentences in a row."""
    if standing.going:
        said = [t.n("{n} person is going.", "{n} people are going.", standing.going)]
    else:
        said = [t("Nobody has signed up yet.")]
    if event.hybrid and standing.going:
        room = standing.going - standing.online
        said.append(t("In the room: {room}. Online: {online}.", room=room, online=standing.online))
    if standing.here:
        said.append(t.n("{n} person has checked in.", "{n} people have checked in.", standing.here))
    if not takes_replies(event, now):
        return " ".join(said)
    if standing.maybe:
        said.append(t.n("{n} person may come.", "{n} people may come.", standing.maybe))
    said += _left_of_both(standing, t) if event.hybrid else _left(standing, t)
    if standing.waitlisted:
        said.append(t.n("{n} person is on the waitlist.", "{n} people are on the waitlist.", standing.waitlisted))
    return " ".join(said)


def _left(standing: Standing, t: Translator) -> list[str]:
    if standing.seats_left:
        return [t.n("{n} seat left.", "{n} seats left.", standing.seats_left)]
    if standing.seats_left is not None:
        return [t("No seat is left: whoever signs up now goes on the waitlist.")]
    return []


def _left_of_both(standing: Standing, t: Translator) -> list[str]:
    said = []
    if standing.seats_left:
        said.append(t.n("{n} seat left in the room.", "{n} seats left in the room.", standing.seats_left))
    elif standing.seats_left is not None:
        said.append(t("No seat is left in the room: whoever signs up for it now goes on the waitlist."))
    if standing.online_left:
        said.append(t.n("{n} seat left online.", "{n} seats left online.", standing.online_left))
    elif standing.online_left is not None:
        said.append(t("No seat is left online: whoever signs up for it now goes on the waitlist."))
    return said


def my_reply(
    reply: Reply | None, t: Translator, position: int | None = None, *, seat: Seat | None = None, late: bool = False
) -> str:
    """What the person answered so far; `seat` where there are two sorts, `late` where they cannot answer any more."""
    match reply:
        case Reply.going if seat is Seat.online:
            return t("You are taking part online.")
        case Reply.going if seat is Seat.room:
            return t("You are going, in the room.")
        case Reply.going:
            return t("You are going.")
        case Reply.maybe:
            return t("You said that you may come.")
        case Reply.not_going:
            return t("You are not going.")
        case Reply.waitlisted if position:
            return t("You are number {position} on the waitlist.", position=position)
        case Reply.waitlisted:
            return t("You are on the waitlist.")
        case _ if late:
            return t("You did not reply.")
        case _:
            return t("You have not replied yet.")


def reply_buttons(event: Event, t: Translator) -> list[Block]:
    """Every reply, in one language."""
    name = title(event, t.locale)
    return [
        *coming_buttons(event, t),
        button(t("Maybe"), "rsvp.maybe", event.id, label=t("Maybe: {title}", title=name)),
        button(t("Not going"), "rsvp.not_going", event.id, label=t("Not going: {title}", title=name)),
    ]


def coming_buttons(event: Event, t: Translator) -> list[Block]:
    """Going, or where there are two sorts of seats, in the room and online."""
    name = title(event, t.locale)
    if not event.hybrid:
        return [button(t("Going"), "rsvp.going", event.id, style="primary", label=t("Going: {title}", title=name))]
    return [
        button(t("In the room"), "rsvp.going", event.id, style="primary", label=t("In the room: {title}", title=name)),
        button(t("Online"), "rsvp.online", event.id, style="primary", label=t("Online: {title}", title=name)),
    ]


def check_in_buttons(event: Event, t: Translator) -> list[Block]:
    """Check in, where a press is enough, and Enter the code, in one language."""
    pressing = windows.has_button(event)
    press = [button(t("Check in"), "checkin.button", event.id, style="primary")] if pressing else []
    label = t("Enter the code: {title}", title=title(event, t.locale))
    style = None if pressing else "primary"
    return [*press, button(t("Enter the code"), "checkin.enter", event.id, style=style, label=label)]


def named(event: Event, locale: str) -> str:
    """The title within a sentence (mrkdwn)."""
    return bold(title(event, locale), locale)
