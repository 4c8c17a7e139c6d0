"""The review queue: questions without an answer, those that ask for the same together, without a name."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from knowledge.answering import Answer, Shown
from knowledge.gaps import Group, Page, Wording
from knowledge.records import Outcome
from knowledge.store import KnownEntry
from knowledge.text import fold
from views.i18n import Translator, translator, written_date
from views.inputs import looked_up
from views.text import (
    Block,
    actions,
    button,
    clean,
    clip,
    confirmation,
    context_line,
    divider,
    escape,
    modal,
    option,
    section,
    select,
)
from views.typed import bold, typed, verbatim

GROUPS = 5  # on a page
DAYS = (30, 90, 365, 0)  # 0: all
MOST_OPTIONS = 90


@dataclass(frozen=True)
class Place:
    """What is looked at: questions of the last `days` (0: all), and which page of them."""

    days: int = 90
    page: int = 0

    @staticmethod
    def read(metadata: object) -> Place:
        """As a view remembers it; what it does not say is as at first."""
        try:
            known = json.loads(str(metadata or "{}"))
            days, page = int(known.get("days", 90)), int(known.get("page", 0))
        except (ValueError, TypeError, AttributeError):
            return Place()
        return Place(days if days in DAYS else 90, max(0, min(page, 100_000)))


def queue(
    page: Page, nearest: Mapping[int, Answer], place: Place, locale: str, time_zone: str, notice: str | None = None
) -> Block:
    """The modal. `nearest` holds what each group would be answered with now, by its leader."""
    t = translator(locale)
    blocks = [verbatim(notice)] if notice else []
    blocks += [actions(_period(place, t), id="review.period"), section(_count(page, t))]
    for group in page.groups:
        blocks += [divider(), *_group(group, nearest.get(group.leader), t, time_zone)]
    turns = []
    if place.page:
        turns.append(button(t("Previous"), "review.previous", place.page - 1))
    if (place.page + 1) * GROUPS < page.total:
        turns.append(button(t("Next"), "review.next", place.page + 1))
    if turns:
        blocks += [divider(), actions(*turns, id="review.turn")]
    kept = json.dumps({"days": place.days, "page": place.page})
    return modal("review", t("Review"), blocks, close=t("Close"), metadata=kept)


def _period(place: Place, t: Translator) -> Block:
    options = [option(t.n("Last {n} day", "Last {n} days", days), days) for days in DAYS if days]
    return select("review.period", [*options, option(t("Since the beginning"), 0)], initial=place.days)


def _count(page: Page, t: Translator) -> str:
    if not page.total:
        return t("*No question waits here.* Whatever finds no answer, or a poor one, comes onto this list.")
    asked = t.n("*{n} question* without an answer", "*{n} questions* without an answer", page.questions)
    if page.total == 1:
        return t("{questions}. Nobody sees here who asked.", questions=asked)
    groups = t.n("{n} group", "{n} groups", page.total)
    return t("{questions}, in {groups}, the largest first. Nobody sees here who asked.", questions=asked, groups=groups)


def _group(group: Group, nearest: Answer | None, t: Translator, time_zone: str) -> list[Block]:
    day = written_date(group.last_asked_at.astimezone(ZoneInfo(time_zone)).date(), t.locale)
    lead = t.n("{n} question, last on {date}", "{n} questions, last on {date}", group.count, date=day)
    quoted = "\n".join(f">{typed(clip(' '.join(clean(word.text).split()), 300))}" for word in group.wordings)
    name = f"{group.leader}:{group.newest}"
    blocks = [verbatim(f"*{lead}*\n{quoted}")]
    if group.waiting:
        waits = t.n("{n} person wants to be told", "{n} people want to be told", group.waiting)
        blocks.append(context_line(waits))
    like = _like(nearest)
    if like:
        said = (
            t("It would be answered by now with: {title}", title=bold(like.title, t.locale))
            if nearest and nearest.outcome is Outcome.answered
            else t("The nearest entry: {title}", title=bold(like.title, t.locale))
        )
        blocks.append(context_line(said))
    elements = [looked_up("gap.phrase", None, t("Add as phrasing of …"))]
    if like:
        label = t("Add as phrasing of {title}", title=clean(like.title))
        elements.append(button(t("Add to the nearest"), "gap.nearest", like.entry_id, label=label))
    elements.append(button(t("New entry"), "gap.entry", name))
    elements.append(button(t("Not ours"), "gap.not_ours", name, confirm=_sure(t)))
    return [*blocks, actions(*elements, id=f"gap:{name}")]


def _like(nearest: Answer | None) -> Shown | None:
    if nearest is None:
        return None
    return nearest.answer or (nearest.suggestions[0] if nearest.suggestions else None)


def _sure(t: Translator) -> Block:
    return confirmation(
        t("Not ours?"),
        t(
            "These questions leave the list, and who wished to hear of them is told so. What is asked like them later "
            "comes back."
        ),
        t("Not ours"),
        t("Keep it"),
    )


def phrased(title: str, added: int, waiting: int, locale: str) -> str:
    """What became of a group that asks for an entry."""
    t = translator(locale)
    if not added:
        said = t("{title} had these phrasings already. The questions left the list.", title=bold(title, t.locale))
    else:
        said = t.n(
            "{n} phrasing was added to {title}. It answers from now on.",
            "{n} phrasings were added to {title}. It answers from now on.",
            added,
            title=bold(title, t.locale),
        )
    return _with_told(said, waiting, t)


def not_ours(waiting: int, locale: str) -> str:
    """What became of a group that this community does not answer."""
    t = translator(locale)
    return _with_told(t("Taken off the list: not ours."), waiting, t)


def _with_told(said: str, waiting: int, t: Translator) -> str:
    return f"{said} {t.n('{n} person is told.', '{n} people are told.', waiting)}" if waiting else said


def entry_options(entries: Sequence[KnownEntry], words: str, locale: str) -> list[Block]:
    """Entries whose title in either language has all the words, by title."""
    wanted = fold(words).split()
    found = [
        (entry.in_(locale).title, entry.entry_id)
        for entry in entries
        if all(word in fold(" ".join(text.title for text in entry.texts.values())) for word in wanted)
    ]
    return [option(title, number) for title, number in sorted(found, key=lambda item: fold(item[0]))][:MOST_OPTIONS]


def summary(groups: Sequence[Group], locale: str, most: int) -> Block:
    """The largest groups as Home lists them."""
    t = translator(locale)
    lead = t("*Questions without an answer*, the most frequent first")
    lines = [f"• {_line(group.wordings[0], group.count, t)}" for group in groups[:most] if group.wordings]
    return verbatim("\n".join([lead, *lines]))


def _line(wording: Wording, count: int, t: Translator) -> str:
    text = escape(clip(" ".join(wording.text.split()), 200))
    return text if count == 1 else t.n("{text} ({n} time)", "{text} ({n} times)", count, text=text)


def place_after(values: Mapping[str, Any], place: Place) -> Place:
    """Where a chosen period leads: to its first page."""
    chosen = str(values.get("review.period") or "")
    return Place.read(json.dumps({"days": int(chosen) if chosen.isascii() and chosen.isdigit() else place.days}))
