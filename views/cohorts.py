"""Cohorts as organizers see them: the list, one of them with its people, the forms."""

from __future__ import annotations

from collections.abc import Sequence

from community.cohorts import CODE_LIMIT, NAME_LIMIT, title
from community.group_records import Cohort
from community.records import Event, Member
from views.events import Viewer, named
from views.i18n import Translator, translator, written_date
from views.inputs import date_input, people_input
from views.text import (
    Block,
    actions,
    button,
    divider,
    escape,
    field,
    header,
    message,
    modal,
    paragraphs,
    section,
    text_input,
)
from views.typed import bold, verbatim

MOST = 20


def listing(locale: str, found: Sequence[tuple[Cohort, int]]) -> Block:
    """All cohorts, the newest first."""
    t = translator(locale)
    text = t("Cohorts") if found else t("There is no cohort yet.")
    blocks: list[Block] = [header(text)] if found else [section(text)]
    for cohort, people in found[:MOST]:
        blocks.append(verbatim(_told(cohort, people, t), button(t("Open"), "cohort.open", cohort.id)))
    if len(found) > MOST:
        rest = len(found) - MOST
        blocks.append(section(t.n("{n} older cohort is not shown.", "{n} older cohorts are not shown.", rest)))
    blocks.append(actions(button(t("New cohort"), "cohort.create", style="primary"), id="cohorts"))
    return message(text, blocks)


def page(locale: str, cohort: Cohort, members: Sequence[Member], notice: str | None = None) -> Block:
    """One cohort with everybody in it."""
    t = translator(locale)
    names = ", ".join(escape(member.name) for member in members)
    blocks = [
        *([section(notice)] if notice else []),
        verbatim(_told(cohort, len(members), t)),
        *(verbatim(block["text"]["text"]) for block in paragraphs(names)[:20]),
        divider(),
        actions(
            button(t("Add or remove people"), "cohort.people", cohort.id, style="primary"),
            button(t("Paste a list"), "cohort.list", cohort.id),
            button(t("Edit"), "cohort.edit", cohort.id),
            id=f"cohort:{cohort.id}",
        ),
    ]
    return modal("cohort.page", t("Cohort"), blocks, close=t("Close"), metadata=str(cohort.id))


def form(locale: str, cohort: Cohort | None) -> Block:
    """A new cohort, or one as it stands."""
    t = translator(locale)

    def text(label: str, name: str, most: int, hint: str | None = None) -> Block:
        element = text_input(f"cohort.{name}", initial=getattr(cohort, name) if cohort else None, most=most)
        return field(label, element, name, hint=hint, optional=name != "code")

    first, last = (cohort.starts_on, cohort.ends_on) if cohort else (None, None)
    blocks = [
        text(t("Code"), "code", CODE_LIMIT, t("Short, for tables, such as 2026-A.")),
        text(t("Name in English"), "name_en", NAME_LIMIT),
        text(t("Name in French"), "name_fr", NAME_LIMIT, t("A name in one language serves both.")),
        field(t("First day"), date_input("cohort.starts_on", first), "starts_on", optional=True),
        field(t("Last day"), date_input("cohort.ends_on", last), "ends_on", optional=True),
    ]
    return modal(
        "cohort.save",
        t("Edit the cohort") if cohort else t("New cohort"),
        blocks,
        submit=t("Save") if cohort else t("Create"),
        close=t("Cancel"),
        metadata=str(cohort.id) if cohort else None,
    )


def people_form(locale: str, cohort: Cohort) -> Block:
    """Who comes in and who goes."""
    t = translator(locale)
    return modal(
        "cohort.people",
        t("People of the cohort"),
        [
            verbatim(bold(title(cohort, locale), locale)),
            field(
                t("Add"),
                people_input("cohort.people.add", t("Choose people")),
                "add",
                hint=t("They are invited to the events ahead that the cohort is invited to."),
                optional=True,
            ),
            field(t("Remove"), people_input("cohort.people.remove", t("Choose people")), "remove", optional=True),
        ],
        submit=t("Save"),
        close=t("Cancel"),
        metadata=str(cohort.id),
    )


def changed(locale: str, added: int, removed: int) -> str:
    """What a change of people did."""
    t = translator(locale)
    said = []
    if added:
        said.append(t.n("{n} person was added.", "{n} people were added.", added))
    if removed:
        said.append(t.n("{n} person was removed.", "{n} people were removed.", removed))
    return " ".join(said) or t("Nothing was changed.")


def invited(viewer: Viewer, event: Event, people: int) -> str:
    """For the organizer: how many are told."""
    t = translator(viewer.locale)
    name = named(event, t.locale)
    if not people:
        return t("Everybody chosen was invited to {title} already.", title=name)
    return t.n(
        "{n} person is invited to {title} and told.", "{n} people are invited to {title} and told.", people, title=name
    )


def _told(cohort: Cohort, people: int, t: Translator) -> str:
    lines = [f"{bold(title(cohort, t.locale), t.locale)} · {escape(cohort.code)}"]
    dates = {
        name: written_date(day, t.locale)
        for name, day in (("first", cohort.starts_on), ("last", cohort.ends_on))
        if day
    }
    match sorted(dates):
        case ["first", "last"]:
            lines.append(t("From {first} to {last}", **dates))
        case ["first"]:
            lines.append(t("From {first}", **dates))
        case ["last"]:
            lines.append(t("Until {last}", **dates))
    lines.append(t.n("{n} person", "{n} people", people))
    return "\n".join(lines)
