"""Announcements: the form, the preview, what people receive, and how far delivery has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from community.announcements import ROLES, TEXT_LIMIT
from community.cohorts import title
from community.group_records import Cohort
from community.records import Announcement, Role
from views.events import Viewer
from views.i18n import Translator, mark, translator, when
from views.inputs import channel_input, several_looked_up
from views.text import (
    Block,
    actions,
    button,
    checkboxes,
    clip,
    context_line,
    divider,
    escape,
    field,
    header,
    message,
    modal,
    option,
    radio,
    section,
    select,
    text_input,
)
from views.typed import typed, typed_sections

PEOPLE = {
    Role.organizer: mark("Organizers"),
    Role.facilitator: mark("Facilitators"),
    Role.expert: mark("Experts"),
    Role.supervisor: mark("Supervisors"),
}


@dataclass(frozen=True)
class Progress:
    """Deliveries of one announcement; `parked` may or may not have arrived.

    `waiting` are for people who hear of it later, after quiet hours or on another day; `late` ones waited until they
    were of no use.
    """

    sent: int
    failed: int
    pending: int
    parked: int
    waiting: int = 0
    late: int = 0

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen by itself."""
        return not self.pending and not self.waiting


def subject(announcement_id: int) -> str:
    """What its deliveries belong to."""
    return f"announcement:{announcement_id}"


def status_key(announcement_id: int) -> str:
    """Key of the delivery that posts its status card."""
    return f"announcement:{announcement_id}:status"


def groups(locale: str, cohorts: Sequence[Cohort]) -> dict[str, str]:
    """Names of the groups that can be written to, by the value that stands for each in the form."""
    t = translator(locale)
    roles = {f"role:{role.value}": t(PEOPLE[role]) for role in ROLES}
    return roles | {f"cohort:{cohort.id}": title(cohort, t.locale) for cohort in cohorts}


def write_form(locale: str, filled: Mapping[str, Any] | None = None) -> Block:
    """The form in which an organizer writes one; `filled` is by the name of the field."""
    t, filled = translator(locale), filled or {}
    everybody = option(t("Everybody gets it, at once"), "mandatory", t("Whatever they chose; for direct messages"))
    audience = filled.get("audience", "channel")
    kinds = [
        option(t("In a channel"), "channel"),
        option(t("To every member, by direct message"), "members"),
        option(t("To cohorts or roles, by direct message"), "groups"),
    ]
    mentions = [
        option(t("Nobody"), "none"),
        option(t("@here: whoever is in the channel and active"), "here"),
        option(t("@channel: everybody in the channel"), "channel"),
    ]

    def text(label: str, name: str) -> Block:
        element = text_input(f"announcement.{name}", multiline=True, initial=filled.get(name), most=TEXT_LIMIT)
        return field(label, element, name)

    return modal(
        "announcement.write",
        t("Write an announcement"),
        [
            text(t("Text in English"), "text_en"),
            text(t("Text in French"), "text_fr"),
            field(t("Where"), radio("announcement.audience", kinds, initial=audience), "audience"),
            field(
                t("Channel"),
                channel_input("announcement.channel", filled.get("channel"), t("Choose a channel")),
                "channel",
                hint=t("Only for an announcement in a channel."),
                optional=True,
            ),
            field(
                t("Cohorts or roles"),
                several_looked_up("announcement.groups", t("Choose cohorts or roles")),
                "groups",
                hint=t("Only for an announcement to cohorts or roles."),
                optional=True,
            ),
            field(
                t("Mandatory"),
                checkboxes(
                    "announcement.mandatory",
                    [everybody],
                    initial=filled.get("mandatory") or (),
                ),
                "mandatory",
                optional=True,
            ),
            field(
                t("Whom to notify"),
                select("announcement.mention", mentions, initial=filled.get("mention", "none")),
                "mention",
                hint=t("Only for an announcement in a channel."),
            ),
        ],
        submit=t("Preview"),
        close=t("Cancel"),
    )


def for_channel(announcement: Announcement, author: str) -> Block:
    """What a channel gets: the mention that was confirmed, English, then French."""
    mention = f"<!{announcement.mention}>" if announcement.mention in ("channel", "here") else ""
    en, fr = translator("en"), translator("fr")
    blocks = [
        *([section(mention)] if mention else []),
        *typed_sections(announcement.text_en),
        divider(),
        *typed_sections(announcement.text_fr),
        context_line(_from(en, author), _from(fr, author)),
    ]
    text = f"{mention} {_short(announcement.text_en)}\n\n{_short(announcement.text_fr)}".strip()
    return message(text, blocks)


def for_member(announcement: Announcement, locale: str, author: str) -> Block:
    """What a member gets by direct message, in their language."""
    t = translator(locale)
    written = announcement.text_fr if t.locale == "fr" else announcement.text_en
    note = t("You can turn announcements off in my Home tab.")
    return message(_short(written), [*typed_sections(written), context_line(_from(t, author), note)])


def _from(t: Translator, author: str) -> str:
    return t("Announcement from {name}", name=escape(author))


def _short(written: str) -> str:
    return clip(typed(written), 1800)


def preview(
    locale: str, announcement: Announcement, author: str, recipients: int, cohorts: Sequence[Cohort] = ()
) -> Block:
    """What will be sent, as it will be seen, to whom and how many; its submit button sends it."""
    t = translator(locale)
    if announcement.audience["kind"] == "channel":
        shown = for_channel(announcement, author)["blocks"]
        where = t("This will be posted in {channel}:", channel=f"<#{announcement.audience['channel']}>")
        blocks = [section(f"*{where}*"), divider(), *shown]
    else:
        where = t.n(
            "This will go to {n} person by direct message, in their language.",
            "This will go to {n} people by direct message, each in their language.",
            recipients,
        )
        blocks = [section(f"*{where}*")]
        if announcement.audience["kind"] == "groups":
            named = ", ".join(escape(name) for name in _chosen(locale, announcement.audience, cohorts))
            blocks.append(context_line(t("To: {groups}", groups=named)))
        for language, name in (("en", t("In English:")), ("fr", t("In French:"))):
            blocks += [divider(), context_line(name), *for_member(announcement, language, author)["blocks"]]
    return modal(
        "announcement.confirm",
        t("Preview"),
        blocks,
        submit=t("Send now"),
        close=t("Back"),
        metadata=str(announcement.id),
    )


def _chosen(locale: str, audience: Mapping[str, Any], cohorts: Sequence[Cohort]) -> list[str]:
    values = [f"role:{name}" for name in audience["roles"]] + [f"cohort:{number}" for number in audience["cohorts"]]
    names = groups(locale, cohorts)
    return [names[value] for value in values]


def status_card(viewer: Viewer, announcement: Announcement, progress: Progress) -> Block:
    """For its author: how many got it, how many did not, and what can be done about those."""
    t = translator(viewer.locale)
    confirmed_at = announcement.confirmed_at or announcement.created_at
    text = t("Announcement of {when}", when=when(confirmed_at, t.locale, viewer.time_zone))
    written = announcement.text_fr if t.locale == "fr" else announcement.text_en
    lines = [
        t("Sent: {n}", n=progress.sent),
        t("Failed: {n}", n=progress.failed),
        t("Waiting to be sent: {n}", n=progress.pending),
    ]
    if progress.waiting:
        lines.append(t("Later, after quiet hours or on another day: {n}", n=progress.waiting))
    if progress.late:
        lines.append(t("Not sent, for it waited too long: {n}", n=progress.late))
    if progress.parked:
        lines.append(t("Perhaps sent: {n}. My Home tab says what to do about these.", n=progress.parked))
    buttons = [button(t("Refresh"), "announcement.refresh", announcement.id)]
    if progress.failed:
        buttons.insert(0, button(t("Retry the failed ones"), "announcement.retry", announcement.id, style="primary"))
    done = t("Delivery is finished.") if progress.finished else t("Delivery is under way.")
    return message(
        f"{text}. {done}",
        [
            header(t("Your announcement")),
            section(text),
            *typed_sections(clip(written, 200)),
            section("\n".join([done, *lines])),
            actions(*buttons, id=f"announcement:{announcement.id}"),
        ],
    )


def already_sent(locale: str) -> str:
    """For whoever confirms twice."""
    t = translator(locale)
    return t("This announcement is already on its way; it was not sent a second time.")
