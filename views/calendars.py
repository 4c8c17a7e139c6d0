"""What people read about their calendar: with an event's file, and where their own calendar is to be found."""

from __future__ import annotations

from datetime import datetime

from community.records import Event, EventState
from views.events import Viewer, named
from views.i18n import Translator, translator, when
from views.text import Block, actions, button, confirmation, context_line, modal, section


def with_file(viewer: Viewer, event: Event, *, renewed: bool = False) -> str:
    """What is said with an event's file (mrkdwn); `renewed` when the person has an older one."""
    t = translator(viewer.locale)
    about = {"title": named(event, t.locale), "when": when(event, t.locale, viewer.time_zone)}
    if event.state is EventState.cancelled:
        return t("{title}, {when}, is cancelled: open the file, and it leaves your calendar.", **about)
    if renewed:
        return t("{title}, {when}, has changed: open the file, and your calendar has it as it is now.", **about)
    return t(
        "{title}, {when}: open the file, and it is in your calendar. When the event changes you get a new one.", **about
    )


def page(viewer: Viewer, since: datetime | None, *, possible: bool) -> Block:
    """What the person can do about their calendar; `since` when it has a secret address, `possible` where it can."""
    t = translator(viewer.locale)
    if not possible:
        text = t(
            "Each event’s card has a button *Add to calendar*: you get a file to open, and a new one when the event "
            "changes. Where Praxis has an address of its own on the Web, you could also subscribe to a calendar with "
            "all your events; here it has none."
        )
        return _modal(t, [section(text)])
    blocks = [
        section(
            t(
                "Your calendar program can show all events that you are going to, may come to or wait for, and keep "
                "them up to date. For that it needs an address that only you know."
            )
        )
    ]
    if since is None:
        blocks.append(actions(button(t("Make an address"), "calendar.make", style="primary"), id="calendar"))
        return _modal(t, blocks)
    made = when(since, t.locale, viewer.time_zone)
    blocks += [
        section(t("You have had an address since {when}. It was shown once; Praxis does not know it.", when=made)),
        actions(
            button(t("Make a new address"), "calendar.make", confirm=_sure(t, t("Make a new address"))),
            button(t("Turn it off"), "calendar.stop", style="danger", confirm=_sure(t, t("Turn it off"))),
            id="calendar",
        ),
    ]
    return _modal(t, blocks)


def made(viewer: Viewer, url: str) -> Block:
    """The secret address, shown this once. No button here: what is pressed is written down, with all that is shown."""
    t = translator(viewer.locale)
    return _modal(
        t,
        [
            section(t("This is your calendar’s address. Copy it now: it is not shown again.")),
            section(f"```{url}```"),
            section(
                t(
                    "In Outlook choose *Add calendar*, *Subscribe from web*; in Google Calendar *Other calendars*, "
                    "*From URL*; in Apple Calendar *File*, *New Calendar Subscription*."
                )
            ),
            context_line(
                t(
                    "Whoever has it can read which events you go to. If somebody else got hold of it, make a new one "
                    "under *My calendar*: this one then opens nothing any more."
                )
            ),
        ],
    )


def _modal(t: Translator, blocks: list[Block]) -> Block:
    return modal("calendar.page", t("My calendar"), blocks, close=t("Close"))


def _sure(t: Translator, yes: str) -> Block:
    return confirmation(
        t("Give up the address?"),
        t("Calendar programs that use it stop showing your events. This cannot be undone."),
        yes,
        t("Keep it"),
        style="danger",
    )
