"""The history of a roster in a modal: every change of somebody's attendance, with who, when and why."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import ceil

from community.audit import Step
from community.records import Event, Evidence
from views.events import Viewer, named
from views.i18n import Translator, mark, translator, when
from views.roster import STATUSES
from views.text import Block, actions, button, clip, context_line, escape, modal, section
from views.typed import verbatim

PAGE = 25
_HOW = {
    Evidence.closing: mark("Did not check in."),
    Evidence.excuse: mark("Said so ahead."),
    Evidence.minutes: mark("From the meeting’s list."),
    Evidence.button: mark("By button."),
    Evidence.code: mark("By code."),
    Evidence.organizer: mark("Corrected."),
}


def history_view(viewer: Viewer, event: Event, steps: Sequence[Step], page: int, count: int) -> Block:
    """One page of `count` changes, counted from 0."""
    t = translator(viewer.locale)
    blocks = [verbatim(named(event, t.locale))]
    for step in steps:
        blocks += [section(_what(step, t)), context_line(*_how(step, viewer, t))]
    if not steps:
        blocks.append(section(t("Nothing is recorded yet.")))
    pages = ceil(count / PAGE)
    if pages > 1:
        blocks.append(context_line(t("Page {page} of {pages}", page=page + 1, pages=pages)))
        moves = [button(t("Newer"), "roster.newer", page - 1)] if page > 0 else []
        moves += [button(t("Older"), "roster.older", page + 1)] if page + 1 < pages else []
        blocks.append(actions(*moves, id="roster:moves"))
    return modal(
        "roster.history", t("History"), blocks, close=t("Back"), metadata=json.dumps({"event": event.id, "page": page})
    )


def _what(step: Step, t: Translator) -> str:
    name = escape(step.member)
    if step.after is None:
        return t("*{name}*: the excuse was taken back", name=name)
    after = t(STATUSES[step.after])
    if step.before is None or step.before is step.after:
        return t("*{name}*: {status}", name=name, status=after)
    return t("*{name}*: {before}, then {after}", name=name, before=t(STATUSES[step.before]), after=after)


def _how(step: Step, viewer: Viewer, t: Translator) -> list[str]:
    said = [when(step.at, t.locale, viewer.time_zone), t(_HOW[step.evidence])]
    if step.by is not None and step.by != step.member:
        said.append(escape(step.by))
    if step.reason:
        said.append(t("“{reason}”", reason=escape(clip(step.reason, 300))))
    return said
