"""A video meeting's list: pasted, read, and asked about where a name is not sure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from community.attendance_records import MeetingQuestion
from community.meetings import ASKED, SHARE, Outcome
from community.records import Event, Member
from views.events import Viewer, named
from views.i18n import Translator, translator
from views.text import Block, clip, context_line, divider, escape, field, modal, option, section, select, text_input

MOST_TEXT = 3_000  # Slack's own limit of a text input
NOBODY = "nobody"
NAMES = 20  # of those who are listed by name


def paste_form(viewer: Viewer, event: Event) -> Block:
    """Where the list is pasted."""
    t = translator(viewer.locale)
    return modal(
        "meeting.read",
        t("Meeting list"),
        [
            section(t("Who was in the video meeting of {title}?", title=named(event, t.locale))),
            field(
                t("The list, with its header line"),
                text_input("meeting.text", multiline=True, most=MOST_TEXT),
                "text",
                hint=t(
                    "Open the CSV file that Teams, Zoom, Webex or Meet gives you and paste it. Longer lists come part "
                    "by part, each with the header line; name and minutes in every line will do."
                ),
            ),
            context_line(
                t(
                    "Whoever was there for {share} % of the event or longer is recorded as present, unless something "
                    "better is known.",
                    share=SHARE,
                )
            ),
        ],
        submit=t("Read"),
        close=t("Cancel"),
        metadata=str(event.id),
    )


def result(
    viewer: Viewer, outcome: Outcome, questions: Sequence[MeetingQuestion], members: Mapping[int, Member]
) -> Block:
    """What was recorded; below it each name that is not sure, with who it may be."""
    t = translator(viewer.locale)
    blocks = [section(named(outcome.event, t.locale)), *_told(outcome, t)]
    if questions:
        blocks += [divider(), section(t("*Who is this?* I do not guess: choose, or leave it at nobody."))]
        blocks += [_asked(question, members, t) for question in questions[:ASKED]]
        if len(questions) > ASKED:
            blocks.append(context_line(t("There are more names; they follow after these.")))
    return modal(
        "meeting.settle" if questions else "meeting.done",
        t("Meeting list"),
        blocks,
        submit=t("Save") if questions else None,
        close=t("Close"),
        metadata=str(outcome.event.id),
    )


def _told(outcome: Outcome, t: Translator) -> list[Block]:
    number = len(outcome.recorded)
    said = [t.n("{n} person is recorded from the meeting.", "{n} people are recorded from the meeting.", number)]
    if outcome.otherwise:
        people = _listed([member.name for member in outcome.otherwise])
        said.append(t("Recorded otherwise on the roster, which stands: {people}.", people=people))
    if outcome.brief:
        people = _listed([member.name for member in outcome.brief])
        said.append(t("In the meeting for too short a time: {people}.", people=people))
    if outcome.unknown:
        said.append(t("Nobody here is called so: {people}.", people=_listed(outcome.unknown)))
    return [section(line) for line in said]


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(escape(clip(name, 80)) for name in names[:NAMES])
    return f"{shown}, …" if len(names) > NAMES else shown


def _asked(question: MeetingQuestion, members: Mapping[int, Member], t: Translator) -> Block:
    known = [members[member_id] for member_id in question.candidates if member_id in members]
    choices = [option(member.name, member.id) for member in known]
    choices.append(option(t("Nobody of these"), NOBODY))
    label = t.n("{name}, {n} minute", "{name}, {n} minutes", question.minutes, name=clip(question.name, 100))
    return field(label, select("meeting.who", choices, initial=NOBODY), f"who:{question.id}")
