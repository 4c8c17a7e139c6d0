"""Inviting people to an event: the form, the letter, and guests from outside the list."""

from __future__ import annotations

from collections.abc import Sequence

from community.group_records import GuestRequest
from community.records import Event, Member
from views.events import Viewer, facts, named, reply_buttons
from views.i18n import translator, when
from views.inputs import channels_input, people_input, several_looked_up
from views.text import Block, actions, button, checkboxes, escape, field, message, modal, option, section
from views.typed import verbatim


def form(viewer: Viewer, event: Event, *, cohorts: bool) -> Block:
    """Whom to invite, and on which terms; `cohorts` where there are any."""
    t = translator(viewer.locale)
    blocks = [verbatim(named(event, t.locale))]
    if cohorts:
        blocks.append(
            field(
                t("Cohorts"), several_looked_up("invite.cohorts", t("Choose cohorts")), "cohorts",
                hint=t("Whoever joins one later is invited too."), optional=True,
            )
        )  # fmt: skip
    terms = [
        option(t("Expected without a reply"), "enrolled", t("They are enrolled, and absent if they do not come")),
        option(t("Only those invited may come"), "only", t("Others can ask to come as guests")),
    ]
    if event.series_id is not None:
        terms.append(
            option(t("For the following ones of the series too"), "following", t("They are told of this one alone"))
        )
    blocks += [
        field(
            t("Channels"), channels_input("invite.channels", t("Choose channels")), "channels",
            hint=t("Those who are in them now."), optional=True,
        ),
        field(
            t("User groups"), several_looked_up("invite.groups", t("Choose user groups")), "groups",
            hint=t("Those who are in them now."), optional=True,
        ),
        field(t("People"), people_input("invite.people", t("Choose people")), "people", optional=True),
        field(
            t("Terms"),
            checkboxes("invite.terms", terms, initial=["only"] if event.by_invitation else []),
            "terms",
            optional=True,
        ),
    ]  # fmt: skip
    return modal("event.invite", t("Invite"), blocks, submit=t("Invite"), close=t("Cancel"), metadata=str(event.id))


def group_options(groups: Sequence[tuple[str, str]]) -> list[Block]:
    """User groups as (id, name)."""
    return [option(name, group) for group, name in groups[:100]]


def letter(viewer: Viewer, event: Event, *, enrolled: bool) -> Block:
    """For somebody invited."""
    t = translator(viewer.locale)
    about = {"title": named(event, t.locale), "when": when(event, t.locale, viewer.time_zone)}
    if enrolled:
        text = t("You are enrolled in {title}, {when}. If you cannot come, please say so.", **about)
    else:
        text = t("You are invited to {title}, {when}. Are you going?", **about)
    buttons = [*reply_buttons(event, t), button(t("Details"), "event.open", event.id)]
    return message(
        text, [section(text), verbatim(facts(event, t, viewer.time_zone)), actions(*buttons, id=f"event:{event.id}")]
    )


def letter_key(event_id: int, member_id: int) -> str:
    """Key of an invitation: nobody is invited to an event twice."""
    return f"event:{event_id}:invited:{member_id}"


def asked(viewer: Viewer, event: Event) -> str:
    """For the guest: an organizer decides."""
    return translator(viewer.locale)(
        "I asked the organizers whether you may come to {title}. You will get a direct message.",
        title=named(event, viewer.locale),
    )


def request(viewer: Viewer, event: Event, guest: Member, asked_for: GuestRequest) -> Block:
    """For an organizer: somebody asks to come."""
    t = translator(viewer.locale)
    text = t(
        "{name} is not on the list of {title}, {when}, and asks to come as a guest.",
        name=escape(guest.name),
        title=named(event, t.locale),
        when=when(event, t.locale, viewer.time_zone),
    )
    buttons = [
        button(t("Let them come"), "guest.approve", asked_for.id, style="primary"),
        button(t("Decline"), "guest.decline", asked_for.id),
        button(t("Replies"), "event.replies", event.id),
    ]
    return message(text, [section(text), actions(*buttons, id=f"guest:{asked_for.id}")])


def welcome(viewer: Viewer, event: Event) -> Block:
    """For a guest who may come."""
    t = translator(viewer.locale)
    about = {"title": named(event, t.locale), "when": when(event, t.locale, viewer.time_zone)}
    text = t("You may come to {title}, {when}, as a guest. Are you going?", **about)
    buttons = [*reply_buttons(event, t), button(t("Details"), "event.open", event.id)]
    return message(text, [section(text), actions(*buttons, id=f"event:{event.id}")])


def declined(viewer: Viewer, event: Event) -> Block:
    """For a guest for whom there is no seat."""
    return message(
        translator(viewer.locale)(
            "There is no seat for guests at {title}. Thank you for asking.", title=named(event, viewer.locale)
        )
    )


def decided(viewer: Viewer, guest: Member, approved: bool) -> Block:
    """For the organizer who decided."""
    t = translator(viewer.locale)
    if approved:
        return message(t("{name} may come and is told.", name=escape(guest.name)))
    return message(t("{name} is told that there is no seat for guests.", name=escape(guest.name)))
