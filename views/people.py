"""Who may do what in the community: the modal in which organizers name others."""

from __future__ import annotations

from collections.abc import Sequence

from community.records import Member, Role
from views.i18n import Translator, mark, translator
from views.inputs import person_input
from views.text import (
    Block,
    button,
    confirmation,
    context_line,
    divider,
    escape,
    field,
    header,
    message,
    modal,
    option,
    section,
    select,
)
from views.typed import verbatim

MOST = 40  # people with a role that one modal shows
ROLES = {
    Role.organizer: mark("Organizer"),
    Role.facilitator: mark("Facilitator"),
    Role.expert: mark("Expert"),
    Role.supervisor: mark("Supervisor"),
}
MAY = {
    Role.organizer: mark("Plans events, writes announcements, names others"),
    Role.facilitator: mark("Runs events: check-in code and roster"),
    Role.expert: mark("Receives questions that are passed on"),
    Role.supervisor: mark("Follows the people of a unit"),
}
NAMED = {
    Role.organizer: mark("{person} made you an organizer. My Home tab now shows the organizers' part."),
    Role.facilitator: mark(
        "{person} made you a facilitator: you can show an event's check-in code and correct its roster."
    ),
    Role.expert: mark("{person} named you an expert: you may receive questions that I cannot answer."),
    Role.supervisor: mark("{person} named you a supervisor."),
}


def roles_modal(locale: str, held: Sequence[tuple[Member, Role]], notice: str | None = None) -> Block:
    """Who has which role, with a button to take it back, and two inputs to give one; `notice`: what was just done."""
    t = translator(locale)
    blocks: list[Block] = [section(notice)] if notice else []
    blocks += [
        header(t("Give a role")),
        field(t("Person"), person_input("person", t("Choose a person")), "member"),
        field(t("Role"), select("role", [option(t(ROLES[r]), r.value, t(MAY[r])) for r in ROLES]), "role"),
        divider(),
        header(t("Who has a role")),
        *(verbatim(_line(member, role, t), _revoke(member, role, t)) for member, role in held[:MOST]),
    ]
    if len(held) > MOST:
        rest = len(held) - MOST
        blocks.append(context_line(t.n("{n} more person has a role.", "{n} more people have a role.", rest)))
    return modal("people.grant", t("People and roles"), blocks, submit=t("Give the role"), close=t("Close"))


def granted(locale: str, member: Member, role: Role) -> str:
    """That somebody now has a role."""
    t = translator(locale)
    return t("{person} now has the role “{role}”.", person=f"<@{member.slack_user_id}>", role=t(ROLES[role]))


def revoked(locale: str, member: Member, role: Role) -> str:
    """That somebody no longer has a role."""
    t = translator(locale)
    return t("{person} no longer has the role “{role}”.", person=f"<@{member.slack_user_id}>", role=t(ROLES[role]))


def named(member: Member, role: Role, by: Member) -> Block:
    """To somebody who was given a role."""
    return message(translator(member.locale)(NAMED[role], person=f"<@{by.slack_user_id}>"))


def _line(member: Member, role: Role, t: Translator) -> str:
    return t("{name}: {role}", name=escape(member.name), role=t(ROLES[role]))


def _revoke(member: Member, role: Role, t: Translator) -> Block:
    sure = confirmation(
        t("Take this role back?"),
        t("{name} will no longer have the role “{role}”.", name=escape(member.name), role=t(ROLES[role])),
        t("Take it back"),
        t("Keep it"),
        style="danger",
    )
    label = t("Take back: {name}, {role}", name=member.name, role=t(ROLES[role]))
    return button(t("Take back"), "people.revoke", f"{member.id}:{role.value}", confirm=sure, label=label)
