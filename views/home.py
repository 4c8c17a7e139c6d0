"""App Home: what is next, what waits, and how Praxis is to speak to this person; organizers see a second part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from community.expert_records import ExpertRequest
from community.records import Member
from knowledge.gaps import Group
from views import event_details, quiet_hours, request_news, review
from views.event_details import Seen
from views.i18n import Translator, mark, translator, when
from views.text import (
    Block,
    actions,
    button,
    checkboxes,
    clip,
    confirmation,
    context_line,
    divider,
    escape,
    header,
    home,
    option,
    radio,
    section,
)
from views.typed import verbatim
from views.zones import zone_name

MOST_TROUBLES = 5
MOST_UNANSWERED = 10
BY_SPELLING = mark(
    "Answers are found by spelling alone for now, because the sentence encoder cannot be loaded. Tell whoever runs me: "
    "the log says why."
)
AS_IN_SLACK = "slack"
ANY_SUBJECT = mark("Message to {place}, {since}")
SUBJECTS = {
    "announcement": mark("Announcement to {place}, {since}"),
    "event": mark("News of an event, to {place}, {since}"),
    "reminder": mark("Reminder to {place}, {since}"),
    "answer": mark("Answer to {place}, {since}"),
    "question": mark("Question passed on to {place}, {since}"),
    "report": mark("Report to {place}, {since}"),
    "survey": mark("Survey to {place}, {since}"),
    "request": mark("News of a question passed on, to {place}, {since}"),
    "home": mark("Home tab of {place}, {since}"),
}


@dataclass(frozen=True)
class Trouble:
    """A message that did not arrive for certain. `parked`: nobody but a person can tell whether it did.

    `subject` is a key of `SUBJECTS`; `text` is there only where it is not private.
    """

    id: int
    parked: bool
    subject: str
    channel: str | None
    user: str | None
    text: str
    error: str
    since: datetime


@dataclass(frozen=True)
class Desk:
    """What waits for an organizer: questions without an answer, the most frequent first (no names), and troubles.

    `drafts` and `due` are numbers of entries: to be published, to be reviewed. `by_spelling`: the encoder is missing.
    """

    unanswered: Sequence[Group]
    troubles: Sequence[Trouble]
    drafts: int = 0
    due: int = 0
    by_spelling: bool = False


def view(
    member: Member,
    events: Sequence[Seen],
    now: datetime,
    desk: Desk | None,
    waiting: Sequence[ExpertRequest] = (),
) -> Block:
    """The Home of this person; `desk` for organizers only, `waiting` are questions that they are to answer."""
    t = translator(member.locale)
    listed = event_details.listing(member, events, now, may_create=False)["blocks"]
    blocks = [*(listed if events else [header(t("The next events")), *listed])]
    if waiting:
        blocks += [divider(), *request_news.waiting_rows(waiting, member)]
    blocks += [divider(), *_asking(t)]
    if desk is not None:
        blocks += [divider(), *_organizing(desk, member, t)]
    return home([*blocks, divider(), *_settings(member, t)])


def _asking(t: Translator) -> list[Block]:
    return [
        header(t("Ask me")),
        section(
            t(
                "Write your question in the Messages tab, mention me in a channel, or type `/praxis ask` and your "
                "question."
            )
        ),
        actions(
            button(t("What I can do"), "help.show"),
            button(t("Courses"), "course.browse"),
            button(t("My expertise"), "expertise.open"),
            button(t("My calendar"), "calendar.open"),
        ),
    ]


def _settings(member: Member, t: Translator) -> list[Block]:
    slack = t("As in Slack")
    languages = [
        option(slack, AS_IN_SLACK),
        *(option(name, code) for code, name in (("en", "English"), ("fr", "Français"))),
    ]
    notices = [
        option(t("Reminders of events"), "reminders", t("Before an event, and after it")),
        option(t("Announcements"), "announcements", t("What organizers write to members")),
    ]
    wanted = [
        name
        for name, on in (("reminders", member.wants_reminders), ("announcements", member.wants_announcements))
        if on
    ]
    return [
        header(t("Your settings")),
        section(t("*Language* in which I speak to you")),
        actions(radio("language.choose", languages, initial=member.chosen_locale or AS_IN_SLACK), id="language"),
        section(t("*Messages* that I may send you by myself")),
        actions(checkboxes("notifications.choose", notices, initial=wanted), id="notifications"),
        section(quiet_hours.said(member, t), accessory=button(t("Quiet hours"), "quiet.open")),
        context_line(
            t(
                "Times are shown in your zone ({zone}), as set in Slack.",
                zone=escape(zone_name(member.time_zone, t.locale)),
            )
        ),
    ]


def _organizing(desk: Desk, member: Member, t: Translator) -> list[Block]:
    return [
        header(t("For organizers")),
        actions(
            button(t("Create an event"), "event.create", style="primary"),
            button(t("Write an announcement"), "announcement.write"),
            button(t("Entries"), "entry.list"),
            button(t("People and roles"), "people.open"),
            button(t("Surveys"), "survey.open"),
            button(t("Programme report"), "report.show"),
            button(t("Event settings"), "settings.open"),
            id="organizing",
        ),
        *_entries(desk, t),
        *_troubles(desk, member, t),
        *_unanswered(desk, t),
    ]


def _entries(desk: Desk, t: Translator) -> list[Block]:
    lines = [t(BY_SPELLING)] if desk.by_spelling else []
    if desk.drafts:
        lines.append(t.n("{n} entry waits to be published.", "{n} entries wait to be published.", desk.drafts))
    if desk.due:
        lines.append(t.n("{n} entry is due for review.", "{n} entries are due for review.", desk.due))
    return [context_line(*lines)] if lines else []


def _unanswered(desk: Desk, t: Translator) -> list[Block]:
    figures = button(t("Figures on questions"), "figures.send")
    if not desk.unanswered:
        return [section(t("*Questions without an answer:* none."), accessory=figures)]
    return [
        review.summary(desk.unanswered, t.locale, MOST_UNANSWERED),
        context_line(t("An entry for each spares the next person who asks.")),
        actions(button(t("Review these questions"), "review.open"), figures, id="reviewing"),
    ]


def _troubles(desk: Desk, member: Member, t: Translator) -> list[Block]:
    if not desk.troubles:
        return []
    blocks = [section(t("*Messages that need a look*"))]
    for trouble in desk.troubles[:MOST_TROUBLES]:
        blocks += [
            verbatim(_described(trouble, member, t)),
            actions(
                button(t("Try again"), "delivery.retry", trouble.id),
                button(t("Discard"), "delivery.discard", trouble.id, style="danger", confirm=_sure(t)),
                id=f"trouble:{trouble.id}",
            ),
        ]
    return blocks


def _described(trouble: Trouble, member: Member, t: Translator) -> str:
    to = f"<#{trouble.channel}>" if trouble.channel and not trouble.user else f"<@{trouble.user}>"
    since = when(trouble.since, t.locale, member.time_zone)
    lines = [t(SUBJECTS.get(trouble.subject, ANY_SUBJECT), place=to, since=since)]
    if trouble.text:
        lines.append(f">{escape(clip(' '.join(trouble.text.split()), 150))}")
    if trouble.parked:
        lines.append(t("It may have arrived or not: Slack did not say."))
    else:
        lines.append(t("Slack refused it: `{error}`.", error=escape(trouble.error).replace("`", "")))
    return "\n".join(lines)


def _sure(t: Translator) -> Block:
    return confirmation(
        t("Discard this message?"),
        t("It is not sent again. This cannot be undone."),
        t("Discard"),
        t("Keep it"),
        style="danger",
    )
