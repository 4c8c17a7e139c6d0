"""The roster of an event in a modal: everybody expected or recorded, a page at a time, each with a select beside."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import ceil
from types import MappingProxyType

from community.attendance import Line, Roster
from community.audit import Correction
from community.excuses import REASON_LIMIT
from community.records import Evidence, Role, Status
from views.events import Viewer, named
from views.i18n import Translator, clock, mark, translator
from views.inputs import person_input
from views.text import (
    Block,
    actions,
    button,
    clip,
    context_line,
    divider,
    escape,
    field,
    modal,
    option,
    section,
    select,
    text_input,
)
from views.typed import verbatim

PAGE = 20
MAY_SEE = (Role.facilitator,)  # and organizers, who may everything
STATUSES = {
    Status.present: mark("Present"),
    Status.late: mark("Late"),
    Status.excused: mark("Excused"),
    Status.absent: mark("Absent"),
}
_HOW = {
    Evidence.button: mark("Checked in by button, {time}."),
    Evidence.code: mark("Checked in by code, {time}."),
}


def page_of(roster: Roster, wanted: int) -> int:
    """The page nearest to the one wanted, counted from 0."""
    return max(0, min(wanted, ceil(len(roster.lines) / PAGE) - 1))


def roster_view(
    viewer: Viewer,
    roster: Roster,
    corrections: Mapping[int, Correction],
    page: int = 0,
    notice: str | None = None,
    reasons: Mapping[int, str] = MappingProxyType({}),
    turn: int = 0,
) -> Block:
    """One page of the roster; `notice` says what the last change did, or why it could not be made.

    `reasons` are what members said of their absence ahead, by their ids. With another `turn` the field for why
    something is changed is empty again.
    """
    t, event = translator(viewer.locale), roster.event
    page = page_of(roster, page)
    lines = roster.lines[page * PAGE : (page + 1) * PAGE]
    blocks = [
        *([section(notice)] if notice else []),
        verbatim(named(event, t.locale)),
        section(_totals(roster, t)),
        _why(t, turn),
        divider(),
        *(
            block
            for line in lines
            for block in _person(
                event.id, line, corrections.get(line.member.id), reasons.get(line.member.id), viewer, t
            )
        ),
    ]
    if not roster.lines:
        blocks.append(section(t("Nobody is expected yet.")))
    if moves := _page_buttons(roster, page, t):
        blocks.append(context_line(t("Page {page} of {pages}", page=page + 1, pages=ceil(len(roster.lines) / PAGE))))
        blocks.append(actions(*moves, id="roster:pages"))
    paste = button(t("Meeting list"), "meeting.paste", event.id)
    history = button(t("History"), "roster.history", event.id)
    blocks += [divider(), _add(event.id, roster, t), actions(paste, history, id=f"roster:meeting:{event.id}")]
    return modal(
        "roster.view",
        t("Roster"),
        blocks,
        submit=t("Done"),
        close=t("Close"),
        metadata=json.dumps({"event": event.id, "page": page, "turn": turn}),
    )


def _why(t: Translator, turn: int) -> Block:
    """What is typed here is kept with the next change. Slack would show it again under the same name."""
    return field(
        t("Why you change something"),
        text_input(f"why.{turn}", most=REASON_LIMIT),
        "why",
        hint=t("Kept in the history with the next change you make below. Facilitators and organizers can read it."),
        optional=True,
    )


def _totals(roster: Roster, t: Translator) -> str:
    return t(
        "Present: {present}. Late: {late}. Excused: {excused}. Absent: {absent}. Not recorded: {unknown}.",
        present=roster.count(Status.present),
        late=roster.count(Status.late),
        excused=roster.count(Status.excused),
        absent=roster.count(Status.absent),
        unknown=roster.count(None),
    )


def _person(
    event_id: int, line: Line, correction: Correction | None, reason: str | None, viewer: Viewer, t: Translator
) -> Sequence[Block]:
    choices = [option(t(name), f"{event_id}:{line.member.id}:{status}") for status, name in STATUSES.items()]
    initial = f"{event_id}:{line.member.id}:{line.status}" if line.status else None
    chooser = select("roster.status", choices, initial=initial, placeholder=t("Not recorded"))
    # Slack keeps what was chosen while the block's id stays the same: with the status in it, it shows what is recorded.
    block = section(f"*{escape(line.member.name)}*", accessory=chooser, id=f"roster:{line.member.id}:{line.status}")
    known = _how_known(line, correction, reason, viewer, t)
    return [block, context_line(*known)] if known else [block]


def _how_known(
    line: Line, correction: Correction | None, reason: str | None, viewer: Viewer, t: Translator
) -> list[str]:
    said = []
    if not line.expected:
        said.append(t("Was not expected."))
    if line.checked_in_at and line.evidence in _HOW:
        said.append(t(_HOW[line.evidence], time=clock(line.checked_in_at, t.locale, viewer.time_zone)))
    elif line.checked_in_at:
        said.append(t("Checked in, {time}.", time=clock(line.checked_in_at, t.locale, viewer.time_zone)))
    if line.evidence is Evidence.closing:
        said.append(t("Did not check in."))
    if line.evidence is Evidence.excuse:
        said.append(t("Said so ahead."))
    if reason:
        said.append(t("“{reason}”", reason=escape(clip(reason, 300))))
    if line.minutes is not None:
        said.append(t.n("{n} minute in the meeting.", "{n} minutes in the meeting.", line.minutes))
    if correction:
        at = clock(correction.at, t.locale, viewer.time_zone)
        said.append(t("Changed by {name}, {time}.", name=escape(correction.by), time=at))
        if correction.reason:
            said.append(t("“{reason}”", reason=escape(clip(correction.reason, 300))))
    return said


def _page_buttons(roster: Roster, page: int, t: Translator) -> list[Block]:
    moves = []
    if page > 0:
        moves.append(button(t("Previous page"), "roster.previous", page - 1))
    if (page + 1) * PAGE < len(roster.lines):
        moves.append(button(t("Next page"), "roster.next", page + 1))
    return moves


def _add(event_id: int, roster: Roster, t: Translator) -> Block:
    # A new id for each length of the roster empties the select after somebody was added.
    return section(
        t("Add somebody who was not expected; they are recorded as present."),
        accessory=person_input("roster.add", t("Choose a person")),
        id=f"roster:add:{event_id}:{len(roster.lines)}",
    )
