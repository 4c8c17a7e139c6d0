"""Material, recording and notes of an event: the list, the form, the message to those who want it."""

from __future__ import annotations

from collections.abc import Sequence

from community.material_records import EventMaterial, MaterialKind
from community.materials import TITLE_LIMIT
from community.records import Event
from views.events import Viewer, named
from views.i18n import Translator, mark, translator
from views.inputs import link_input
from views.text import (
    Block,
    actions,
    button,
    confirmation,
    escape,
    field,
    message,
    modal,
    option,
    section,
    select,
    text_input,
)
from views.typed import bold, verbatim

KINDS = {
    MaterialKind.material: mark("Material"),
    MaterialKind.recording: mark("Recording"),
    MaterialKind.notes: mark("Notes"),
}


def page(viewer: Viewer, event: Event, found: Sequence[EventMaterial], *, wished: bool, may_attach: bool) -> Block:
    """Everything attached, and whether the person wants to be told of recording and notes."""
    t = translator(viewer.locale)
    blocks = [verbatim(named(event, t.locale))]
    for material in found:
        change = button(t("Change"), "material.change", material.id, label=t("Change: {title}", title=material.title))
        blocks.append(verbatim(_line(material, t), change if may_attach else None))
    if not found:
        blocks.append(section(t("Nothing is attached yet.")))
    if wished:
        buttons = [button(t("Do not tell me"), "material.unwish", event.id)]
        blocks.append(section(t("You will be told once of each recording and of notes.")))
    else:
        buttons = [button(t("Tell me of recording and notes"), "material.wish", event.id)]
    if may_attach:
        buttons.append(button(t("Attach a link"), "material.add", event.id))
    blocks.append(actions(*buttons, id=f"material:{event.id}"))
    return modal("material.page", t("Material"), blocks, close=t("Close"), metadata=str(event.id))


def form(viewer: Viewer, event: Event) -> Block:
    """A link to attach."""
    t = translator(viewer.locale)
    hint = t("Of recordings and notes those who want it are told, once.")
    return modal(
        "material.attach",
        t("Attach a link"),
        [verbatim(named(event, t.locale)), *_inputs(None, t, hint)],
        submit=t("Attach"),
        close=t("Cancel"),
        metadata=str(event.id),
    )


def change_form(viewer: Viewer, event: Event, material: EventMaterial) -> Block:
    """A link as it stands, to correct or to take away."""
    t = translator(viewer.locale)
    sure = confirmation(
        t("Remove it?"),
        t("Nobody sees it here any more. This cannot be undone."),
        t("Remove"),
        t("Keep it"),
        style="danger",
    )
    return modal(
        "material.correct",
        t("Change a link"),
        [
            verbatim(named(event, t.locale)),
            *_inputs(material, t, t("Nobody is told a second time.")),
            actions(
                button(t("Remove"), "material.remove", material.id, style="danger", confirm=sure),
                id=f"material:{material.id}:remove",
            ),
        ],
        submit=t("Save"),
        close=t("Cancel"),
        metadata=str(material.id),
    )


def _inputs(material: EventMaterial | None, t: Translator, hint: str) -> list[Block]:
    kinds = [option(t(name), kind.value) for kind, name in KINDS.items()]
    kind, title, link = (material.kind, material.title, material.link) if material else (MaterialKind.material, "", "")
    return [
        field(t("What it is"), select("material.kind", kinds, initial=kind.value), "kind"),
        field(t("Title"), text_input("material.title", initial=title, most=TITLE_LIMIT), "title"),
        field(t("Link"), link_input("material.link", link or None), "link", hint=hint),
    ]


def news(viewer: Viewer, event: Event, material: EventMaterial) -> Block:
    """For somebody who wants to hear: the recording or the notes are there."""
    t = translator(viewer.locale)
    text = t("There is something new on {title}:", title=named(event, t.locale))
    return message(text, [section(text), verbatim(_line(material, t))])


def news_key(material: EventMaterial, member_id: int) -> str:
    """Key of the message about one link to one person; its number may have been that of one taken away."""
    return f"material:{material.id}:{material.added_at.timestamp():.6f}:{member_id}"


def _line(material: EventMaterial, t: Translator) -> str:
    line = t("{kind}: {title}", kind=t(KINDS[material.kind]), title=bold(material.title, t.locale))
    return f"{line}\n<{escape(material.link)}>"
